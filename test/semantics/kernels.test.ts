import {
  addOp,
  constant,
  logSoftmax,
  ndarray,
  type Session,
  softmax,
  softmaxCrossEntropyWithLogits,
  sparseSoftmaxCrossEntropyWithLogits,
  type Tensor,
  topK,
} from '../../lib/index.js';
import { engineError, inGraph } from './inGraph.js';

const counted = (dims: readonly number[]) => {
  const length = dims.reduce((all, dim) => all * dim, 1);
  return ndarray(Float32Array.from({ length }, (_, i) => i + 1)).reshape(dims);
};
const list = (session: Session, fetch: Tensor) => [...session.runSync(fetch)];
const outputs = (session: Session, fetch: readonly Tensor[]) =>
  session.runSync(fetch).map((value) => value.toArray());

const convolutions = {
  'k-conv-1': [
    [1, 2, 3, 3],
    [1, 1, 3, 3],
    [1, 1],
    'VALID',
    [30, 36, 42, 66, 81, 96, 102, 126, 150, 138, 171, 204, 174, 216, 258, 210, 261, 312],
  ],
  'k-conv-3': [
    [1, 2, 3, 3],
    [1, 2, 3, 3],
    [1, 1],
    'VALID',
    [231, 252, 273, 384, 423, 462, 690, 765, 840, 843, 936, 1029],
  ],
  'k-conv-4': [[1, 2, 3, 3], [2, 2, 3, 3], [2, 2], 'SAME', [2271, 2367, 2463, 1230, 1305, 1380]],
  'k-conv-5': [[1, 3, 6, 1], [2, 2, 1, 1], [1, 2], 'VALID', [58, 78, 98, 118, 138, 158]],
  'k-conv-6': [[1, 7, 7, 1], [2, 2, 1, 1], [3, 3], 'VALID', [65, 95, 275, 305]],
} as const;
for (const [id, [image, filter, strides, padding, expected]] of Object.entries(convolutions)) {
  inGraph(`${id}: conv2d`, ({ session }) => {
    const attrs = { strides: [1, ...strides, 1], padding };
    const y = addOp('Conv2D', [counted(image), counted(filter)], attrs).outputs[0]!;
    expect(list(session, y)).toEqual([...expected]);
  });
}

const backprops = {
  'k-convbp-1': [[1, 2, 3, 1], [2, 2, 1, 1], [1, 1, 2, 1], 1, 'VALID', [1, 4, 4, 3, 10, 8]],
  'k-convbp-2': [
    [1, 4, 4, 1],
    [1, 1, 1, 1],
    [1, 2, 2, 1],
    2,
    'SAME',
    [1, 0, 2, 0, 0, 0, 0, 0, 3, 0, 4, 0, 0, 0, 0, 0],
  ],
} as const;
for (const [id, [image, filter, grad, stride, padding, expected]] of Object.entries(backprops)) {
  inGraph(`${id}: the gradient of conv2d by its input`, ({ session }) => {
    const sizes = constant([...image], { dtype: 'int32' });
    const attrs = { strides: [1, stride, stride, 1], padding };
    const inputs = [sizes, counted(filter), counted(grad)];
    expect(list(session, addOp('Conv2DBackpropInput', inputs, attrs).outputs[0]!)).toEqual([
      ...expected,
    ]);
  });
}

const pools = {
  'k-avgpool-1': [[1, 3, 3, 3], [2, 2], 2, 'VALID', [7, 8, 9]],
  'k-avgpool-2': [[1, 2, 4, 3], [2, 2], 2, 'SAME', [8.5, 9.5, 10.5, 14.5, 15.5, 16.5]],
  'k-avgpool-3': [[1, 2, 2, 1], [1, 2], 1, 'SAME', [1.5, 2, 3.5, 4]],
} as const;
for (const [id, [image, window, stride, padding, expected]] of Object.entries(pools)) {
  inGraph(`${id}: avgPool`, ({ session }) => {
    const attrs = { ksize: [1, ...window, 1], strides: [1, stride, stride, 1], padding };
    expect(list(session, addOp('AvgPool', [counted(image)], attrs).outputs[0]!)).toEqual([
      ...expected,
    ]);
  });
}

const logits = [
  [1, 1, 1, 1],
  [1, 2, 3, 4],
];

inGraph('k-softmax: softmax', ({ session }) => {
  const expected = [0.25, 0.25, 0.25, 0.25, 0.0320586, 0.08714432, 0.23688282, 0.64391426];
  for (const [i, y] of list(session, softmax(logits)).entries()) {
    expect(y).toBeCloseTo(expected[i]!, 5);
  }
});

inGraph('k-logsoftmax: logSoftmax', ({ session }) => {
  const expected = [-3.4401897, -2.4401897, -1.4401897, -0.4401897];
  for (const [i, y] of list(session, logSoftmax([logits[1]!])).entries()) {
    expect(y).toBeCloseTo(expected[i]!, 5);
  }
});

inGraph('k-logsoftmax-of: logSoftmax of the greatest number', ({ session }) => {
  const max = 3.4028234663852886e38;
  expect(list(session, logSoftmax([[max, 1, 2, 3]]))).toEqual([0, -max, -max, -max]);
});

inGraph('k-xent: softmaxCrossEntropyWithLogits of one class', ({ session }) => {
  const both = softmaxCrossEntropyWithLogits([[1], [-1], [0]], [[-1], [0], [1]]);
  const [loss, backprop] = outputs(session, Object.values(both));
  expect(loss).toEqual([0, 0, 0].map((zero) => expect.closeTo(zero)));
  expect(backprop).toEqual([[2], [1], [0]]);
});

inGraph('k-sxent-bad: a label that is no class', ({ session }) => {
  const labels = constant([4, 3, 0, -1], { dtype: 'int32' });
  const rows = [1, 2, 3, 4].map(() => [1, 2, 3, 4]);
  const { loss } = sparseSoftmaxCrossEntropyWithLogits(rows, labels);
  expect(() => session.runSync(loss)).toThrow(
    engineError('INVALID_ARGUMENT', 'Received a label value of 4'),
  );
});

inGraph('k-topk-tie: of equal values that with the lower index is first', ({ session }) => {
  expect(list(session, topK([0.1, 0.3, 0.3, 0.2], 4).indices)).toEqual([1, 2, 3, 0]);
});

inGraph('k-topk-big: more than there are', () => {
  expect(() => topK([[1, 2]], 4)).toThrow(
    engineError('INVALID_ARGUMENT', 'must have last dimension >= k = 4'),
  );
});

const op = (type: string, inputs: readonly unknown[], attrs = {}) =>
  addOp(type, inputs, attrs).outputs;

inGraph('k-intopk, k-intopk-bad: inTopK', ({ session }) => {
  const row = [0.1, 0.3, 0.2, 0.2];
  expect(outputs(session, op('InTopKV2', [[row, row], [2, 3], 2]))).toEqual([[true, true]]);
  expect(outputs(session, op('InTopKV2', [[row, row], [2, 4], 2]))).toEqual([[true, false]]);
});

inGraph('k-uniqueaxis: distinct rows and columns', ({ session }) => {
  const x = constant(
    [
      [1, 0, 0],
      [1, 0, 0],
      [2, 0, 0],
    ],
    { dtype: 'int32' },
  );
  expect(outputs(session, op('UniqueV2', [x, [0]]))).toEqual([
    [
      [1, 0, 0],
      [2, 0, 0],
    ],
    [0, 0, 1],
  ]);
  expect(outputs(session, op('UniqueV2', [x, [1]]))).toEqual([
    [
      [1, 0],
      [1, 0],
      [2, 0],
    ],
    [0, 1, 1],
  ]);
});
