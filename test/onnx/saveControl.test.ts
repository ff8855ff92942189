import {
  cond,
  constant,
  Graph,
  placeholder,
  scan,
  type Tensor,
  whileLoop,
} from '../../lib/index.js';
import { both } from './saved.js';

test('branches and loops read values from outside', () => {
  const graph = new Graph();
  const { x, count, big, power } = graph.asDefault(() => {
    const x = placeholder('float32', [2], { name: 'x' });
    const count = placeholder('int32', [], { name: 'count' });
    const factor = x.add(1);
    const big = cond(
      x.sum().greater(3),
      () => factor.mul(x),
      () => x,
    );
    const power = whileLoop(
      (i) => i.less(count),
      (i, y) => [
        i.add(1),
        cond(
          i.equal(1),
          () => y.add(factor),
          () => y.mul(factor),
        ),
      ],
      [constant(0, { dtype: 'int32' }), factor],
    )[1];
    return { x, count, big, power };
  });
  for (const values of [
    [1, 1],
    [2, 5],
  ]) {
    const { own, got } = both(graph, { big, power }, [
      [x, values],
      [count, 3],
    ]);
    expect(got).toEqual(own);
  }
});

test('a loop that never runs and one with a limit', () => {
  const graph = new Graph();
  const { x, y } = graph.asDefault(() => {
    const x = placeholder('int64', [], { name: 'x' });
    const y = whileLoop(
      (i) => i.less(10),
      (i) => [i.add(1)],
      [x],
      {
        maximumIterations: 3,
      },
    )[0];
    return { x, y };
  });
  for (const [start, end] of [
    [0, 3],
    [9, 10],
    [11, 11],
  ]) {
    const { own, got } = both(graph, { y }, [[x, start]]);
    expect(got).toEqual(own);
    expect(own).toEqual([['y', 'int64', BigInt(end!)]]);
  }
});

test('scans go over slices in both directions and collect', () => {
  const graph = new Graph();
  const { xs, w, forwards, backwards } = graph.asDefault(() => {
    const xs = placeholder('float32', [null, 2], { name: 'xs' });
    const w = placeholder('float32', [2], { name: 'w' });
    const step = (a: Tensor<'float32'>, x: Tensor<'float32'>) => a.mul(w).add(x);
    const start = constant([1, 2]);
    return {
      xs,
      w,
      forwards: scan(step, xs, start),
      backwards: scan(step, xs, start, { reverse: true }),
    };
  });
  const rows = [
    [1, 2],
    [3, 4],
    [5, 6],
  ];
  const { own, got } = both(graph, { forwards, backwards }, [
    [xs, rows],
    [w, [2, 3]],
  ]);
  expect(got).toEqual(own);
});
