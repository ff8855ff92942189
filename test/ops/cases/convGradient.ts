import { table, type ValueCase } from '../case.js';
import { type ConvGeometry, convCases, gradientCases } from '../reference/conv.js';

const planes: readonly ConvGeometry[] = [
  { batch: 2, size: [4, 5], kernel: [3, 3], channels: 2, outputs: 3, padding: 'SAME' },
  { batch: 1, size: [7, 6], kernel: [3, 2], channels: 4, outputs: 6, strides: [2, 3], groups: 2 },
  {
    batch: 1,
    size: [6, 7],
    kernel: [2, 2],
    channels: 3,
    outputs: 2,
    strides: [1, 2],
    dilations: [2, 3],
    padding: [
      [1, 0],
      [2, 1],
    ],
  },
  { batch: 2, size: [6, 8], kernel: [2, 2], channels: 3, outputs: 4, strides: [2, 2] },
  { batch: 1, size: [7, 10], kernel: [2, 3], channels: 3, outputs: 4, strides: [2, 3] },
  { batch: 0, size: [4, 4], kernel: [3, 3], channels: 2, outputs: 3 },
];
const solids: readonly ConvGeometry[] = [
  {
    batch: 2,
    size: [3, 4, 3],
    kernel: [2, 3, 2],
    channels: 2,
    outputs: 3,
    strides: [1, 2, 1],
    padding: 'SAME',
  },
];
/** One channel per group: its filter's shape is [height, width, channels, multiplier]. */
const depthwise: readonly (readonly [ConvGeometry, number])[] = [
  [
    { batch: 2, size: [5, 6], kernel: [3, 3], channels: 5, outputs: 5, groups: 5, padding: 'SAME' },
    1,
  ],
  [
    {
      batch: 1,
      size: [7, 7],
      kernel: [3, 3],
      channels: 20,
      outputs: 20,
      groups: 20,
      strides: [2, 2],
    },
    1,
  ],
  [
    {
      batch: 1,
      size: [4, 5],
      kernel: [2, 3],
      channels: 3,
      outputs: 6,
      groups: 3,
      dilations: [2, 1],
    },
    2,
  ],
  [{ batch: 1, size: [4, 5], kernel: [3, 3], channels: 1, outputs: 4, groups: 1 }, 4],
];

function rows(list: readonly ConvGeometry[], which: 0 | 1): ValueCase[] {
  return list.flatMap((g) => [gradientCases(g)[which], gradientCases(g, true)[which]]);
}

const filterOf = (g: ConvGeometry, times: number) => [...g.kernel, g.channels, times];

/** The row with shape `filter` for input or output i, and for its sizes. */
function withFilter(row: ValueCase, i: number | 'sizes', filter: number[]): ValueCase {
  const inputs = [...(row.shapes?.inputs ?? [])];
  if (i !== 'sizes') {
    inputs[i] = filter;
    return { ...row, shapes: { ...row.shapes, inputs } };
  }
  const values = [...row.inputs];
  values[1] = filter;
  return { ...row, inputs: values, shapes: { inputs, outputs: [filter] } };
}

export const convGradient = table({
  DepthwiseConv2dNative: [
    ...depthwise.flatMap(([g, times]) =>
      convCases(g, { gradient: true }).map((row) => withFilter(row, 1, filterOf(g, times))),
    ),
    {
      inputShapes: [
        [null, 8, 8, 3],
        [3, 3, 3, 2],
      ],
      outputShapes: [[null, 6, 6, 6]],
    },
    { inputShapes: [null, null], outputShapes: [[null, null, null, null]] },
    {
      inputs: [[[[[1, 2]]]], [[[[1]]]]],
      error: 'INVALID_ARGUMENT',
      message: 'the input has 2 channels, the filter 1',
    },
  ],
  Conv2DBackpropInput: [
    ...rows(planes, 0),
    { inputShapes: [{ value: [2, 5, 5, 3] }, null, null], outputShapes: [[2, 5, 5, 3]] },
    { inputShapes: [[4], [3, 3, 1, 1], null], outputShapes: [[null, null, null, null]] },
    {
      inputs: [[1, 4, 4, 1], [[[[1]]]], [[[[1]]]]],
      error: 'INVALID_ARGUMENT',
      message: 'out_backprop has shape [1, 1, 1, 1], the convolution gives [1, 4, 4, 1]',
    },
  ],
  Conv2DBackpropFilter: [
    ...rows(planes, 1),
    { inputShapes: [null, { value: [3, 3, 1, 2] }, null], outputShapes: [[3, 3, 1, 2]] },
  ],
  Conv3DBackpropInputV2: rows(solids, 0),
  Conv3DBackpropFilterV2: rows(solids, 1),
  DepthwiseConv2dNativeBackpropInput: depthwise.flatMap(([g, times]) =>
    rows([g], 0).map((row) => withFilter(row, 1, filterOf(g, times))),
  ),
  DepthwiseConv2dNativeBackpropFilter: depthwise.flatMap(([g, times]) =>
    rows([g], 1).map((row) => withFilter(row, 'sizes', filterOf(g, times))),
  ),
  BiasAdd: [
    {
      inputs: [
        [
          [1, 2],
          [3, 4],
        ],
        [10, 20],
      ],
      outputs: [
        [
          [11, 22],
          [13, 24],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [[[[[1, 2]], [[3, 4]]]], [10, 20]],
      outputs: [[[[[11, 12]], [[23, 24]]]]],
      attrs: { data_format: 'NCHW' },
      gradient: true,
    },
    { inputs: [[], [1, 2]], outputs: [[]], shapes: { inputs: [[0, 2]], outputs: [[0, 2]] } },
    { inputShapes: [[null, 3], [3]], outputShapes: [[null, 3]] },
    { inputShapes: [null, null], outputShapes: [null] },
    { inputs: [[[1, 2]], [1]], error: 'INVALID_ARGUMENT', message: 'the bias has 1 elements' },
    {
      inputs: [
        [1, 2],
        [1, 2],
      ],
      error: 'INVALID_ARGUMENT',
    },
  ],
  BiasAddGrad: [
    {
      inputs: [
        [
          [1, 2],
          [3, 4],
        ],
      ],
      outputs: [[4, 6]],
      gradient: true,
    },
    {
      inputs: [
        [
          [
            [1, 2],
            [3, 4],
          ],
        ],
      ],
      outputs: [[3, 7]],
      attrs: { data_format: 'NCW' },
      gradient: true,
    },
    { inputs: [[]], outputs: [[0, 0]], shapes: { inputs: [[0, 2]] } },
    { inputShapes: [[null, 3]], outputShapes: [[3]] },
  ],
});
