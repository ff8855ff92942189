import {
  add,
  concat,
  constant,
  gather,
  gradients,
  less,
  mul,
  ones,
  square,
  stack,
  type Tensor,
  tile,
  variable,
  whileLoop,
} from '../../lib/index.js';
import { engineError, inGraph, mistyped, typeError } from './inGraph.js';

const zero = () => constant(0, { dtype: 'int32' });

inGraph('while-001: counts to 10000', ({ session }) => {
  const [n] = whileLoop(
    (n) => less(n, 10000),
    (n) => [add(n, 1)],
    [zero()],
  );
  expect(session.runSync(n).item()).toBe(10000);
});

inGraph('while-002: several variables that depend on each other', ({ session }) => {
  const [, , , o] = whileLoop(
    (i) => less(i, 100),
    (i, m, c, o) => [add(i, 1), add(m, 1), add(c, 1), add(add(o, add(m, 1)), add(c, 1))],
    [zero(), zero(), zero(), zero()],
  );
  expect(session.runSync(o).item()).toBe(10100);
});

inGraph('while-003: what is outside is gathered in the loop', ({ session }) => {
  const x = constant([1, 2, 3, 4, 5, 6], { dtype: 'int32' });
  const sumFrom = (start: Tensor<'int32'>) =>
    whileLoop(
      (i) => less(i, 6),
      (i, o) => [add(i, 1), add(o, gather(x, i, 0))],
      [zero(), start],
    )[1];
  expect(session.runSync(sumFrom(sumFrom(zero()))).item()).toBe(42);
});

inGraph('while-004: a variable grows when its invariant lets it', ({ session }) => {
  const [, list] = whileLoop(
    (i) => less(i, 6),
    (i, c) => [add(i, 1), concat([c, stack([add(i, 1)])], 0)],
    [zero(), constant([0], { dtype: 'int32' })],
    { shapeInvariants: [undefined, [null]] },
  );
  expect(list.shape).toEqual([null]);
  expect(session.runSync(list).toArray()).toEqual([0, 1, 2, 3, 4, 5, 6]);
});

inGraph('while-005: maximumIterations', ({ session }) => {
  const x = constant([1, 2, 3, 4, 5], { dtype: 'int32' });
  const loop = (maximumIterations: number) =>
    whileLoop(
      (i) => less(i, 10),
      (i, v) => [add(i, 1), add(v, i)],
      [zero(), x],
      { maximumIterations },
    )[1];
  expect(session.runSync(loop(3)).toArray()).toEqual([4, 5, 6, 7, 8]);
  expect(session.runSync(loop(0)).toArray()).toEqual([1, 2, 3, 4, 5]);
  expect(() => loop(-1)).toThrow(typeError('Expected a non-negative integer'));
});

inGraph('while-006: a shape that changes needs an invariant', () => {
  const loop = () =>
    whileLoop(
      (i) => less(i, 5),
      (i, j) => [add(i, 1), tile(j, [2, 1])],
      [zero(), ones([2, 2])],
    );
  expect(loop).toThrow(
    engineError(
      'INVALID_ARGUMENT',
      'enters the loop with shape [2, 2], but has shape [4, 2] after one iteration',
      'use the `shape_invariants` argument',
    ),
  );
});

inGraph('while-007: as many results as variables', () => {
  const more = (i: Tensor<'int32'>): [Tensor<'int32'>] => mistyped([add(i, 1), i]);
  expect(() => whileLoop((i) => less(i, 5), more, [zero()])).toThrow(
    engineError('INVALID_ARGUMENT', 'same nested structure', '[*] and [*, *]'),
  );
});

inGraph('while-008: the gradient of repeated squares', ({ session }) => {
  const v = constant(2);
  const [r] = whileLoop(
    (v) => less(v, 100),
    (v) => [square(v)],
    [v],
  );
  expect(session.runSync(gradients(r, [v])[0]!).item()).toBe(1024);
});

inGraph('while-009: gradients by a captured tensor and by a variable', ({ session }) => {
  const [a, v] = [constant(3), constant(2)];
  const [r] = whileLoop(
    (v) => less(v, 100),
    (v) => [mul(v, a)],
    [v],
  );
  const found = gradients(r, [a, v]).map((grad) => session.runSync(grad!).item());
  expect(found).toEqual([216, 81]);
});

inGraph('while-010: gradients by variables that feed each other', ({ session }) => {
  const [x, y] = [constant(3), constant(2)];
  const [rx, ry] = whileLoop(
    (x) => less(x, 100),
    (x, y) => [mul(x, add(x, y)), add(x, y)],
    [x, y],
  );
  const found = [
    ...gradients([rx, ry], [x]),
    ...gradients([rx, ry], [y]),
    ...gradients([rx], [x]),
    ...gradients([rx], [y]),
  ];
  expect(found.map((grad) => session.runSync(grad!).item())).toEqual([304, 124, 295, 120]);
});

inGraph('while-013: the gradient of loops in a loop', ({ session }) => {
  const v = constant(1);
  const inner = (s: Tensor<'float32'>) =>
    whileLoop(
      (i) => less(i, 4),
      (i, x) => [add(i, 1), mul(x, 2)],
      [zero(), s],
    )[1];
  const [r] = whileLoop(
    (x) => less(x, 128),
    (x) => [mul(inner(x), inner(x))],
    [v],
  );
  expect(session.runSync(gradients(r, [v])[0]!).item()).toBe(512);
});

inGraph('while-016: variables change in the order of the body', ({ graph, session }) => {
  const [a, b] = [variable(0), variable(0)];
  const [n] = whileLoop(
    (i) => less(i, 10),
    (i) => {
      const first = a.assignAdd(1);
      const second = graph.controlDependencies([first], () => b.assignAdd(a));
      return [graph.controlDependencies([second], () => add(i, 1))];
    },
    [zero()],
  );
  session.initializeSync();
  session.runSync(n);
  expect(session.runSync([a, b]).map((v) => v.item())).toEqual([10, 55]);
});
