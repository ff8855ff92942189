import { float, float16, floats, int8, int64, type VersionCase } from './case.js';

const square = float([
  [1, 2],
  [3, 4],
]);
const none = int64([]);
const lower = {
  auto_pad: { s: 'SAME_LOWER' },
  kernel_shape: { ints: [3, 2] },
  strides: { ints: [2, 2] },
};
const keep = { noop_with_empty_axes: { i: 1 } };

/** Axes, bounds and shapes that are fed: run with unknown dims, even their number is unknown. */
export const late: readonly VersionCase[] = [
  { op: 'ReduceSum', versions: [13], inputs: [square, none], outputs: [[[10]]] },
  { op: 'ReduceMax', versions: [18, 20], inputs: [square, int64([-1])], outputs: [[[2], [4]]] },
  {
    op: 'ReduceL1',
    versions: [18],
    inputs: [float([[-1, 2]]), none],
    attributes: keep,
    outputs: [[[1, 2]]],
  },
  {
    op: 'ReduceSumSquare',
    versions: [18],
    inputs: [square, none],
    attributes: { keepdims: { i: 0 } },
    outputs: [30],
  },
  {
    op: 'Unsqueeze',
    versions: [13],
    inputs: [square, int64([0, -1])],
    outputs: [
      [
        [
          [[1], [2]],
          [[3], [4]],
        ],
      ],
    ],
  },
  {
    op: 'Squeeze',
    versions: [13],
    inputs: [float([[[1], [2]]]), int64([-1, 0])],
    outputs: [[1, 2]],
  },
  {
    op: 'Slice',
    versions: [13],
    inputs: [square, int64([1]), int64([2]), int64([-1])],
    outputs: [[[2], [4]]],
  },
  { op: 'Slice', versions: [10], inputs: [square, int64([-1]), int64([9])], outputs: [[[3, 4]]] },
  {
    op: 'Pad',
    versions: [19],
    inputs: [square, int64([1, 0]), float(9), int64([-1])],
    outputs: [
      [
        [9, 1, 2],
        [9, 3, 4],
      ],
    ],
  },
  {
    op: 'Reshape',
    versions: [14],
    inputs: [square, int64([0, 1, -1])],
    outputs: [[[[1, 2]], [[3, 4]]]],
  },
  {
    op: 'ArgMax',
    versions: [13],
    inputs: [float([[7, 7, 1]])],
    attributes: { axis: { i: 1 }, select_last_index: { i: 1 } },
    outputs: [[[1]]],
  },
  {
    op: 'Attention',
    versions: [23],
    inputs: [floats(1, 4, 2, 3), floats(1, 2, 2, 3), floats(1, 2, 2, 3)],
    outputs: 24,
  },
  ...['MaxPool', 'AveragePool', 'LpPool'].map((op): VersionCase => {
    return { op, versions: [11, 22], inputs: [floats(1, 1, 4, 5)], attributes: lower, outputs: 22 };
  }),
  {
    op: 'AveragePool',
    versions: [11, 22],
    inputs: [floats(1, 1, 4, 5)],
    attributes: { ...lower, count_include_pad: { i: 1 } },
    outputs: 22,
  },
  {
    op: 'Conv',
    versions: [11, 22],
    inputs: [floats(1, 2, 4, 5), floats(3, 2, 3, 2), floats(3)],
    attributes: lower,
    outputs: 22,
  },
  {
    op: 'ConvTranspose',
    versions: [11, 22],
    inputs: [floats(1, 2, 3), floats(2, 1, 3)],
    attributes: { strides: { ints: [2] }, output_shape: { ints: [9] } },
    outputs: 22,
  },
  {
    op: 'ConvTranspose',
    versions: [11, 22],
    inputs: [float([[[1, 2]]]), float([[[1, 1]]])],
    attributes: { dilations: { ints: [2] }, output_padding: { ints: [1] } },
    outputs: [[[[1, 2, 1, 2, 0]]]],
  },
  // 2.25 / 0.3 is 7.5 as a half, and less in float32.
  {
    op: 'QuantizeLinear',
    versions: [23],
    inputs: [float16([2.25]), float16(0.3), int8(0)],
    outputs: [[8]],
  },
  {
    op: 'QuantizeLinear',
    versions: [23],
    inputs: [float16([2.25]), float16(0.3), int8(0)],
    attributes: { precision: { i: 1 } },
    outputs: [[7]],
  },
];
