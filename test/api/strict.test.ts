import { addOp, Graph, ndarray, placeholder, Session, type Tensor } from '../../lib/index.js';

const passes = ['channels_last', 'rewrite', 'rewrite_again', 'fuse_elementwise', 'pack_weights'];

// Sums along rows round otherwise than sums down columns: a layout must not turn one into the other.
const sums: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  Mean: (x) => addOp('Mean', [x, [-1]], { keep_dims: true }).outputs[0]!,
  Sum: (x) => addOp('Sum', [x, [1]], { keep_dims: true }).outputs[0]!,
  LogSumExp: (x) => addOp('LogSumExp', [x, [2]], { keep_dims: true }).outputs[0]!,
  Softmax: (x) => addOp('Softmax', [x], { axis: 1 }).outputs[0]!,
};

test.each(Object.entries(sums))('a strict session keeps the order of %s', (_, sum) => {
  const graph = new Graph();
  const [x, y] = graph.asDefault(() => {
    const x = placeholder('float32', [1, 24, 9, 11]);
    const attrs = {
      strides: [1, 1, 2, 2],
      padding: 'SAME',
      data_format: 'NCHW',
      ksize: [1, 1, 2, 2],
    };
    const pooled = addOp('MaxPool', [x], attrs).outputs[0]!;
    return [x, sum(pooled)];
  });
  const size = 24 * 9 * 11;
  const values = Float32Array.from({ length: size }, (_, i) => Math.sin(i * i) * 3);
  const feeds = new Map([[x, ndarray(values).reshape([1, 24, 9, 11])]]);
  using strict = new Session(graph, { strict: true });
  using plain = new Session(graph, { strict: true, disabledPasses: passes });
  expect(strict.runSync(y, { feeds }).data).toEqual(plain.runSync(y, { feeds }).data);
});

test('a strict session multiplies by a transposed matrix as it stands', () => {
  const graph = new Graph();
  const [x, y] = graph.asDefault(() => {
    const x = placeholder('float32', [1, 67]);
    const w = ndarray(Float32Array.from({ length: 9 * 67 }, (_, i) => Math.sin(i * i)));
    return [x, addOp('MatMul', [x, w.reshape([9, 67])], { transpose_b: true }).outputs[0]!];
  });
  const feeds = new Map([[x, ndarray([Array.from({ length: 67 }, (_, i) => Math.cos(i))])]]);
  using strict = new Session(graph, { strict: true });
  using plain = new Session(graph, { strict: true, disabledPasses: passes });
  expect(strict.runSync(y, { feeds }).data).toEqual(plain.runSync(y, { feeds }).data);
});
