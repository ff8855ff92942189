import {
  add,
  cast,
  cond,
  constant,
  fold,
  Graph,
  gather,
  gradients,
  indexedSlices,
  jsFunction,
  less,
  map,
  matMul,
  mul,
  type NDArray,
  placeholder,
  randomUniform,
  reshape,
  Session,
  scan,
  sin,
  stopGradient,
  sum,
  type Tensor,
  variable,
  whileLoop,
} from '../../lib/index.js';
import { expectClose, type Feeds } from './differences.js';

/** Gradients of the first and of the second order agree with central differences. */
function expectBoth(y: Tensor<'float64'>, xs: readonly Tensor<'float64'>[], feeds: Feeds): void {
  expectClose(y, xs, feeds);
  for (const grad of gradients(y, xs, { unconnected: 'zero' }) as Tensor<'float64'>[]) {
    expectClose(mul(grad, grad), xs, feeds);
  }
}

const step = (w: Tensor<'float64'>) => (h: Tensor<'float64'>, x: Tensor<'float64'>) =>
  sin(add(reshape(matMul(reshape(h, [1, 2]), w), [2]), mul(x, h)));

test('gradients of a scan, of both orders, forwards and back, of any length', () => {
  new Graph().asDefault(() => {
    const xs = placeholder('float64', [null, 2]);
    const [h, w] = [placeholder('float64', [2]), placeholder('float64', [2, 2])];
    const feeds = (rows: number[][]): Feeds => [
      [xs, rows],
      [h, [0.5, -1]],
      [
        w,
        [
          [1, -0.5],
          [0.75, 0.5],
        ],
      ],
    ];
    const all = scan(step(w), xs, h);
    const back = scan(step(w), xs, h, { reverse: true });
    const rows = [
      [0.1, 0.7],
      [0.3, -0.2],
      [-0.4, 0.6],
    ];
    expectBoth(all, [xs, h, w], feeds(rows));
    expectBoth(back, [xs, h, w], feeds(rows));
    expectBoth(all, [xs, h, w], feeds(rows.slice(0, 1)));
    expectBoth(fold(step(w), xs, h), [xs, h, w], feeds(rows));
    using session = new Session(xs.graph);
    const grads = gradients(fold(step(w), xs, h), [xs, h, w]).map((grad) => grad!);
    const none = session.runSync(grads, {
      feeds: [[xs, new Float64Array()], ...feeds([]).slice(1)],
    });
    expect(none.map((v) => v.shape)).toEqual([[0, 2], [2], [2, 2]]);
    expect(none.slice(1).map((v) => v.toArray())).toEqual([
      [1, 1],
      [
        [0, 0],
        [0, 0],
      ],
    ]);
  });
});

test('gradients of a map, of its elements and of what is around', () => {
  new Graph().asDefault(() => {
    const x = placeholder('float64', [null, 2]);
    const k = placeholder('float64', []);
    const [a, b] = map((row) => [mul(sin(row), k), mul(row, row)], x);
    const feeds: Feeds = [
      [
        x,
        [
          [0.5, -1],
          [2, 0.25],
        ],
      ],
      [k, 1.5],
    ];
    expectBoth(a!, [x, k], feeds);
    expectBoth(mul(a!, b!), [x, k], feeds);
  });
});

test('gradients of both orders through loops, branches and scans in each other', () => {
  new Graph().asDefault(() => {
    const x = placeholder('float64', [2, 2]);
    const [h, k] = [placeholder('float64', [2]), placeholder('float64', [])];
    const n = placeholder('int32', []);
    const inner = (from: Tensor<'float64'>) =>
      fold(
        (a, row) =>
          cond(
            less(k, 1),
            () => sin(mul(a, row)),
            () => add(mul(a, k), row),
          ),
        x,
        from,
      );
    const [, y] = whileLoop(
      (i) => less(i, n),
      (i, a) => [add(i, 1), mul(inner(a), k)],
      [constant(0, { dtype: 'int32' }), h],
    );
    const feeds = (count: number, by: number): Feeds => [
      [n, count],
      [
        x,
        [
          [0.5, -1],
          [0.8, 0.25],
        ],
      ],
      [h, [1, 0.5]],
      [k, by],
    ];
    for (const count of [0, 1, 3]) expectClose(y, [x, h, k], feeds(count, 0.7));
    expectBoth(y, [x, h, k], feeds(2, 0.7));
    expectBoth(y, [x, h, k], feeds(2, 1.2));
  });
});

test('gradients through what a loop collects', () => {
  new Graph().asDefault(() => {
    const x = placeholder('float64', [null]);
    const [, rows] = whileLoop(
      (i) => less(i, 3),
      (i, h) => [[add(i, 1), sin(mul(h, x))], mul(h, h)],
      [constant(0, { dtype: 'int32' }), x],
      { collect: true },
    );
    expectBoth(rows, [x], [[x, [0.5, -1, 2]]]);
    const weights = constant([[1], [10], [100]], { dtype: 'float64' });
    expectClose(mul(rows, weights), [x], [[x, [0.5, -1]]]);
  });
});

test('the gradient of a variable that a scan reads, with others that stay', () => {
  const graph = new Graph();
  using session = new Session(graph);
  graph.asDefault(() => {
    const w = variable([2, 3], { name: 'w' });
    const table = variable(
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      { name: 'table' },
    );
    const y = scan(
      (a, i) => add(mul(a, w.read()), gather(table, i, 0)),
      constant([2, 0, 2], { dtype: 'int32' }),
      constant([0, 0]),
    );
    session.initializeSync();
    const got = session.runSync(gradients(y, [w, table]).map((grad) => grad!));
    expect(got[0]!.toArray()).toEqual([26, 44]);
    expect(got[1]!.toArray()).toEqual([
      [3, 4],
      [0, 0],
      [8, 14],
    ]);
  });
});

test('lookups in a loop have sparse gradients, dense parts beside them', () => {
  const graph = new Graph({ seed: 1 });
  using session = new Session(graph);
  graph.asDefault(() => {
    const table = variable(
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      { name: 'table' },
    );
    const words = constant(
      [
        [2, 0],
        [2, 2],
      ],
      { dtype: 'int32' },
    );
    const read = scan(
      (a, i) => mul(add(a, gather(table, i, 0)), 2),
      words,
      constant([
        [0, 0],
        [0, 0],
      ]),
    );
    const [slices] = gradients(read, [table]);
    const found = indexedSlices(slices!);
    session.initializeSync();
    expect(session.runSync(found!.indices).toArray()).toEqual([2n, 0n, 2n, 2n]);
    expect(session.runSync(slices!).toArray()).toEqual([
      [6, 6],
      [0, 0],
      [10, 10],
    ]);
    const [, looped] = whileLoop(
      (i) => less(i, 2),
      (i, a) => [add(i, 1), add(mul(a, gather(table, i, 0)), sum(table, [0]))],
      [constant(0, { dtype: 'int32' }), constant([1, 1])],
    );
    const [mixed] = gradients(looped, [table]);
    expect(indexedSlices(mixed!)).toBeNull();
    // d/dt of (t0 + s) t1 + s with s = t0 + t1 + t2
    expect(session.runSync(mixed!).toArray()).toEqual([
      [2 * 3 + 1, 2 * 4 + 1],
      [3 + 1 + 1 + 9, 4 + 1 + 2 + 12],
      [3 + 1, 4 + 1],
    ]);
  });
});

test('draws and calls of a step are kept for its gradient', () => {
  const graph = new Graph({ seed: 3 });
  using session = new Session(graph);
  graph.asDefault(() => {
    const x = constant([1, 1, 1, 1]);
    const k = constant(2);
    const draws = map((v) => mul(mul(randomUniform([]), v), k), x);
    const [byX, byK] = gradients(draws, [x, k]);
    const [values, gradX, gradK] = session.runSync([draws, byX!, byK!]).map((v) => v.toArray());
    expect(gradX).toEqual(values);
    const sum = (values as number[]).reduce((all, v) => all + v, 0);
    expect(gradK).toBeCloseTo(sum / 2, 5);
    let calls = 0;
    const same = (t: NDArray) => {
      calls += 1;
      return t;
    };
    const host = fold(
      (a, v) => {
        const [given] = jsFunction(same, [cast(v, 'int32')], ['int32'], { shapes: [[]] });
        return mul(mul(a, cast(given, 'float32')), k);
      },
      constant([2, 3]),
      constant(1),
    );
    expect(session.runSync(gradients(host, [k])[0]!).item()).toBe(24);
    expect(calls).toBe(2);
  });
});

test('a path that stops inside a step', () => {
  new Graph().asDefault(() => {
    const [x, h] = [constant([1, 2, 3]), constant(1)];
    const y = fold((a, v) => add(stopGradient(a), v), x, h);
    using session = new Session(x.graph);
    const [byX, byH] = gradients(y, [x, h]);
    const got = session.runSync([byX!, byH!]).map((v) => v.toArray());
    expect(got).toEqual([[0, 0, 1], 0]);
  });
});
