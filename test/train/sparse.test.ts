import {
  add,
  Graph,
  gather,
  gatherNd,
  gradients,
  IndexedSlices,
  identity,
  indexedSlices,
  mul,
  type Operation,
  Session,
  square,
  sum,
  type Tensor,
  Trace,
  train,
  type Variable,
  variable,
} from '../../lib/index.js';

const table = Array.from({ length: 6 }, (_, i) => [i + 1, -i, 0.5 * i]);

/** The sum of squares of rows 4, 1 and 4, and of row 2: rows 0, 3 and 5 are not looked up. */
function lookedUp(w: Variable): Tensor<'float32'> {
  const x = w.value as Tensor<'float32'>;
  return add(sum(square(gather(x, [[4, 1, 4]], 0))), sum(square(gather(x, [2], 0))));
}

function rows(value: unknown): number[][] {
  return value as number[][];
}

test('the gradient of lookups is slices, also of several', () => {
  const graph = new Graph();
  const { slices, dense } = graph.asDefault(() => {
    const w = variable(table, { dtype: 'float32' });
    const [dense] = gradients(lookedUp(w), w, { unconnected: 'zero' });
    return { slices: indexedSlices(dense!)!, dense: dense! };
  });
  using session = new Session(graph);
  session.initializeSync();
  const got = session.runSync({ slices, dense });
  expect(got.slices).toBeInstanceOf(IndexedSlices);
  expect([...got.slices.indices.data].map(Number)).toEqual([2, 4, 1, 4]);
  expect(got.slices.values.shape).toEqual([4, 3]);
  expect([...got.slices.denseShape.data].map(Number)).toEqual([6, 3]);
  const expected = table.map((row, i) => row.map((x) => [0, 2, 2, 0, 4, 0][i]! * x + 0));
  expect(rows(got.dense.toArray()).map((row) => row.map((x) => x + 0))).toEqual(expected);
});

const ways: Record<string, (w: Variable<'float32'>) => Tensor<'float32'>> = {
  'reads of their own': (w) =>
    add(sum(square(gather(w.read(), [4, 1], 0))), sum(square(gather(w.read(), [2], 0)))),
  'another name': (w) => sum(square(gather(identity(w.read()), [4, 2, 1], 0))),
  'an axis counted from the end': (w) => sum(square(gather(w.read(), [4, 2, 1], -2))),
  'tuples of one': (w) =>
    sum(
      square(
        gatherNd(w.read(), [
          [[4], [2]],
          [[1], [1]],
        ]),
      ),
    ),
  'the sum of two': (w) => sum(square(add(gather(w.read(), [4, 1], 0), gather(w.read(), 2, 0)))),
};

test.each(Object.keys(ways))('the gradient is slices through %s', (way) => {
  const graph = new Graph();
  const [dense, whole] = graph.asDefault(() => {
    const w = variable(table, { dtype: 'float32' });
    const slices = indexedSlices(gradients(ways[way]!(w), w, { unconnected: 'zero' })[0]!)!;
    // A product with 1 keeps slices from being found.
    const copy = mul(w.read(), 1);
    const same = { read: () => copy } as unknown as Variable<'float32'>;
    const [other] = gradients(ways[way]!(same), copy, { unconnected: 'zero' });
    return [slices.toDense(), other!];
  });
  using session = new Session(graph);
  session.initializeSync();
  const [a, b] = session.runSync([dense, whole]);
  expect(a.toArray()).toEqual(b.toArray());
  expect([0, 3, 5].map((row) => rows(a.toArray())[row]!.every((x) => x === 0))).toEqual(
    Array(3).fill(true),
  );
});

test('other gradients are none', () => {
  new Graph().asDefault(() => {
    const w = variable(table, { dtype: 'float32' });
    const x = w.value as Tensor<'float32'>;
    const of = (y: Tensor) => indexedSlices(gradients(y, w, { unconnected: 'zero' })[0]!);
    expect(of(sum(square(x)))).toBeNull();
    expect(of(add(sum(x), sum(gather(x, [1], 0))))).toBeNull();
    expect(of(sum(gather(x, [1], 1)))).toBeNull();
    expect(of(sum(gather(mul(x, 2), [1], 0)))).toBeNull();
    expect(() => indexedSlices(1 as unknown as Tensor)).toThrow(/Expected a tensor for gradient/);
  });
});

/** The table after steps by the slices, and by the same gradient as a dense tensor. */
function afterSteps(
  make: () => train.Optimizer,
  steps = 3,
): { sparse: number[][]; dense: number[][] } {
  const of = (change: (gradient: Tensor<'float32'>) => Tensor<'float32'>) => {
    const graph = new Graph();
    const { w, step } = graph.asDefault(() => {
      const w = variable(table, { dtype: 'float32' });
      const optimizer = make();
      const [pair] = optimizer.computeGradients(lookedUp(w));
      const gradient = change(pair!.gradient as Tensor<'float32'>);
      return { w, step: optimizer.applyGradients([{ gradient, variable: w }]) };
    });
    using session = new Session(graph);
    session.initializeSync();
    for (let i = 0; i < steps; i++) session.runSync(step as Operation);
    return rows(session.runSync(w).toArray());
  };
  return { sparse: of((gradient) => gradient), dense: of((gradient) => mul(gradient, 1)) };
}

test.each([
  ['sgd', () => train.sgd(0.1)],
  ['adagrad', () => train.adagrad(0.1)],
  ['adam', () => train.adam(0.1)],
  ['lamb', () => train.lamb(0.1)],
  ['sgd with decay', () => train.sgd(0.1, { weightDecay: 0.1 })],
])('%s moves by slices as by the whole gradient, bit for bit', (_, make) => {
  const { sparse, dense } = afterSteps(make);
  expect(sparse).toEqual(dense);
  expect(sparse).not.toEqual(table);
});

test.each([
  ['momentum', () => train.momentum(0.1)],
  ['rmsProp', () => train.rmsProp(0.1)],
  ['centered rmsProp', () => train.rmsProp(0.1, { centered: true })],
  ['adadelta', () => train.adadelta(0.1)],
  ['ftrl', () => train.ftrl(0.1, { l1: 0.01 })],
  ['lazy adam', () => train.adam(0.1, { lazy: true })],
])('%s leaves rows that are not named, moves the others as the whole gradient', (_, make) => {
  const { sparse, dense } = afterSteps(make);
  for (const row of [0, 3, 5]) expect(sparse[row]).toEqual(table[row]);
  for (const row of [1, 2, 4]) expect(sparse[row]).toEqual(dense[row]);
});

test.each([
  ['by value', { clipValue: 0.5 }],
  ['by norm', { clipNorm: 1 }],
  ['by global norm', { globalClipNorm: 2 }],
])('slices clipped %s are those of the whole gradient', (_, options) => {
  const { sparse, dense } = afterSteps(() => train.sgd(0.1, options));
  for (const [i, row] of sparse.entries()) {
    for (const [k, x] of row.entries()) expect(x).toBeCloseTo(dense[i]![k]!, 5);
  }
  expect(sparse).not.toEqual(table);
});

test('slices stay sparse through clipping and loss scales: no step makes the table', () => {
  const graph = new Graph();
  const step = graph.asDefault(() => {
    const w = variable(table, { dtype: 'float32' });
    const optimizer = train.sgd(0.1, { clipValue: 1, clipNorm: 1, globalClipNorm: 1 });
    const scaled = train.lossScale(optimizer);
    const pairs = scaled.computeGradients(lookedUp(w));
    expect(indexedSlices(pairs[0]!.gradient!)).not.toBeNull();
    return optimizer.applyGradients(pairs);
  });
  using session = new Session(graph);
  session.initializeSync();
  const trace = new Trace();
  session.runSync(step, { trace });
  expect(trace.steps.map(({ op }) => op)).not.toContain('GatherV2Grad');
});
