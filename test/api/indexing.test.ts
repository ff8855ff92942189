import {
  add,
  constant,
  Graph,
  gather,
  gradients,
  less,
  ndarray,
  oneHot,
  pad,
  placeholder,
  Session,
  type Tensor,
  type TensorRange,
  variable,
  where,
  whileLoop,
} from '../../lib/index.js';

const inGraph = (name: string, build: (run: (x: Tensor) => unknown) => void) =>
  test(name, () => {
    const graph = new Graph();
    graph.asDefault(() => {
      using session = new Session(graph);
      build((x) => session.runSync(x).toArray());
    });
  });

const values = ndarray(
  Float32Array.from({ length: 24 }, (_, i) => i),
  { shape: [2, 3, 4] },
);

inGraph('at takes of a tensor what slice takes of an array', (run) => {
  const x = constant(values);
  const ranges: readonly (readonly Exclude<TensorRange, Tensor>[])[] = [
    [],
    [0],
    [-1, 2, -4],
    [null, [1, -1]],
    ['...', 0],
    [1, '...', [null, null, -2]],
    [
      [null, null, -1],
      [5, 9],
    ],
    [[-1], null, [undefined, 2]],
  ];
  for (const given of ranges) {
    const part = values.slice(...(given as Parameters<typeof values.slice>));
    const tensor = x.at(...given);
    expect(tensor.shape).toEqual(part.shape);
    expect(run(tensor)).toEqual(part.toArray());
  }
});

inGraph('indices may be tensors, in loops too, and gradients go through them', (run) => {
  const x = constant([1, 2, 4]);
  const last = constant(2n, { dtype: 'int64' });
  expect(run(x.at(last))).toBe(4);
  expect(run(x.at([constant(1, { dtype: 'int32' }), last]))).toEqual([2]);
  const [, sum] = whileLoop(
    (i) => less(i, 3),
    (i, total) => [add(i, 1), add(total, x.at(i))],
    [constant(0, { dtype: 'int32' }), constant(0)],
  );
  expect(run(sum)).toBe(7);
  const [dx] = gradients(x.at([1]).square(), [x]);
  expect(run(dx!)).toEqual([0, 4, 8]);
});

test('variables have at, and mistakes are named', () => {
  const graph = new Graph();
  graph.asDefault(() => {
    const v = variable([1, 2, 3]);
    using session = new Session(graph);
    session.initializeSync();
    expect(session.runSync(v.at([null, -1])).toArray()).toEqual([1, 2]);
    expect(() => v.at(3)).toThrow(/slice index 3 .*out of/i);
    expect(() => v.at(0, 0)).toThrow(/StridedSlice/);
    expect(() => v.at(0.5)).toThrow('Expected an integer');
    expect(() => v.at([0, 1, 0])).toThrow(/stride/);
    expect(() => v.at('0' as never)).toThrow('Expected an index, [start, stop, step], null or ...');
    expect(() => v.at(constant(0.5) as never)).toThrow();
  });
});

inGraph('where chooses, or finds', (run) => {
  const mask = constant([true, false]);
  expect(run(where(mask, [1, 2], 0))).toEqual([1, 0]);
  expect(run(where(mask))).toEqual([[0n]]);
  expect(where(mask, 1, 0, { name: 'chosen' }).name).toBe('chosen:0');
  expect(where(mask, { name: 'found' }).name).toBe('found:0');
  expect(() => Reflect.apply(where, undefined, [mask, constant(1)])).toThrow(
    'Expected a tensor or a value, as x is one, for y but received undefined',
  );
  expect(() => Reflect.apply(where, undefined, [mask, { nam: 'a' }])).toThrow("received 'nam'");
});

inGraph('inputs that TensorFlow has defaults for may be left out', (run) => {
  const rows = constant([
    [3, 1],
    [2, 5],
  ]);
  expect(run(gather(rows, [1]))).toEqual([[2, 5]]);
  expect(run(rows.argMax())).toEqual([0n, 1n]);
  expect(run(rows.cumsum())).toEqual([
    [3, 1],
    [5, 6],
  ]);
  const hot: Tensor<'float32'> = oneHot([1, 5], 3);
  expect(run(hot)).toEqual([
    [0, 1, 0],
    [0, 0, 0],
  ]);
  expect(run(pad(constant([1n]), [[1, 1]]))).toEqual([0n, 1n, 0n]);
  expect(placeholder('float32', [null, 2]).gather(0).shape).toEqual([2]);
});
