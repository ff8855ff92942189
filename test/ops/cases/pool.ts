import { table, type ValueCase } from '../case.js';
import { average, maximum, type PoolGeometry, poolCases } from '../reference/pool.js';

const nan = Number.NaN;
const flat = { batch: 2, channels: 3 } as const;

const planes = [
  { ...flat, size: [5, 6], kernel: [2, 3], strides: [2, 1] },
  { ...flat, size: [5, 4], kernel: [3, 3], strides: [2, 2], padding: 'SAME' },
  {
    ...flat,
    size: [6, 6],
    kernel: [2, 2],
    dilations: [2, 1],
    padding: [
      [1, 0],
      [0, 1],
    ],
  },
  { batch: 1, channels: 70, size: [2, 2], kernel: [2, 2] },
] as const;
const solids = [
  { ...flat, size: [3, 4, 3], kernel: [2, 2, 2], strides: [1, 2, 1] },
  { batch: 1, channels: 2, size: [3, 3, 3], kernel: [3, 2, 3], padding: 'SAME' },
] as const;
const empty = [
  { batch: 0, channels: 3, size: [4, 4], kernel: [2, 2] },
  { batch: 2, channels: 0, size: [4, 4], kernel: [2, 2] },
] as const;

const shapes = [
  {
    inputShapes: [[null, null, 7, 3]],
    attrs: { ksize: [2, 2], strides: [2, 2] },
    outputShapes: [[null, null, 3, 3]],
  },
  { inputShapes: [null], attrs: { ksize: [2, 2] }, outputShapes: [[null, null, null, null]] },
] as const;
const errors = [
  { inputs: [[[[[1]]]]], attrs: { ksize: [3, 3] }, error: 'INVALID_ARGUMENT' },
  { inputs: [[[[[1]]]]], attrs: { ksize: [2, 1, 1, 1] }, error: 'UNIMPLEMENTED' },
  { inputs: [[1, 2]], attrs: { ksize: [1, 1] }, error: 'INVALID_ARGUMENT' },
] as const;
const spoiled = [
  {
    inputs: [[[[[1], [nan], [2], [3]]]]],
    outputs: [[[[[nan], [nan], [3]]]]],
    attrs: { ksize: [1, 2] },
  },
];

/** Rows of a gradient, or of its gradient, by central differences alone. */
function maxGradients(list: readonly PoolGeometry[], second: boolean): ValueCase[] {
  return list
    .flatMap((g) => poolCases(g, maximum))
    .map((row) => {
      const [x, y] = [row.inputs[0]!, row.outputs[0]!];
      const [big, small] = [row.shapes!.inputs![0]!, row.shapes!.outputs![0]!];
      return {
        inputs: [x, y, second ? x : y],
        outputs: [null],
        attrs: row.attrs!,
        shapes: { inputs: [big, small, second ? big : small] },
        gradient: [2],
      };
    });
}

export const pool = table({
  MaxPool: [
    ...planes.flatMap((g) => poolCases(g, maximum, { gradient: true })),
    ...empty.flatMap((g) => poolCases(g, maximum)),
    ...shapes,
    ...errors,
    ...spoiled,
    { inputs: [[[[[-5]]]]], outputs: [[[[[-5]]]]], attrs: { ksize: [3, 3], padding: 'SAME' } },
  ],
  AvgPool: [
    ...planes.flatMap((g) => poolCases(g, average, { gradient: true, tolerance: 4 })),
    ...empty.flatMap((g) => poolCases(g, average)),
    ...shapes,
    ...errors,
    {
      inputs: [[[[[nan], [2], [4], [3]]]]],
      outputs: [[[[[nan], [3], [3.5]]]]],
      attrs: { ksize: [1, 2] },
    },
    {
      inputs: [[[[[4], [8]]]]],
      outputs: [[[[[2], [4]]]]],
      attrs: { ksize: [2, 1], padding: 'SAME', count_include_pad: true },
      gradient: true,
    },
  ],
  MaxPool3D: solids.flatMap((g) => poolCases(g, maximum, { gradient: true })),
  AvgPool3D: solids.flatMap((g) => poolCases(g, average, { gradient: true, tolerance: 4 })),
  MaxPoolGrad: [
    {
      inputs: [[[[[1], [3], [3], [2]]]], [[[[3], [3], [3]]]], [[[[10], [20], [40]]]]],
      outputs: [[[[[0], [30], [40], [0]]]]],
      attrs: { ksize: [1, 2] },
    },
    ...maxGradients(planes, false),
    {
      inputShapes: [[null, 4, 4, 1], null, null],
      attrs: { ksize: [2, 2] },
      outputShapes: [[null, 4, 4, 1]],
    },
  ],
  AvgPoolGrad: [
    {
      inputs: [[1, 1, 4, 1], [[[[10], [20], [40]]]]],
      outputs: [[[[[5], [15], [30], [20]]]]],
      attrs: { ksize: [1, 2] },
      gradient: true,
    },
    {
      inputs: [
        [1, 2, 2, 1],
        [
          [
            [[8], [12]],
            [[4], [16]],
          ],
        ],
      ],
      outputs: [
        [
          [
            [[2], [5]],
            [[3], [10]],
          ],
        ],
      ],
      attrs: { ksize: [2, 2], padding: 'SAME', count_include_pad: true },
      gradient: true,
    },
    {
      inputShapes: [{ value: [2, 4, 4, 1] }, [null, 3, 3, 1]],
      attrs: { ksize: [2, 2] },
      outputShapes: [[2, 4, 4, 1]],
    },
  ],
  MaxPool3DGrad: [
    {
      inputs: [[[[[[1], [3], [3], [2]]]]], [[[[[3], [3], [3]]]]], [[[[[10], [20], [40]]]]]],
      outputs: [[[[[[0], [30], [40], [0]]]]]],
      attrs: { ksize: [1, 1, 2] },
    },
    ...maxGradients(solids, false),
  ],
  MaxPoolGradGrad: [
    {
      inputs: [[[[[1], [3], [3], [2]]]], [[[[3], [3], [3]]]], [[[[10], [20], [40], [80]]]]],
      outputs: [[[[[20], [20], [40]]]]],
      attrs: { ksize: [1, 2] },
      gradient: [2],
    },
    {
      inputs: [[[[[1], [nan]]]], [[[[nan]]]], [[[[10], [20]]]]],
      outputs: [[[[[20]]]]],
      attrs: { ksize: [1, 2] },
    },
    ...maxGradients(planes, true),
    {
      inputShapes: [[null, 4, 4, 1], null, null],
      attrs: { ksize: [2, 2] },
      outputShapes: [[null, 3, 3, 1]],
    },
    {
      inputs: [[[[[1], [3]]]], [[[[3], [3]]]], [[[[10], [20]]]]],
      attrs: { ksize: [1, 2] },
      error: 'INVALID_ARGUMENT',
      message: 'orig_output has shape',
    },
  ],
  MaxPool3DGradGrad: [
    {
      inputs: [[[[[[1], [3], [3], [2]]]]], [[[[[3], [3], [3]]]]], [[[[[10], [20], [40], [80]]]]]],
      outputs: [[[[[[20], [20], [40]]]]]],
      attrs: { ksize: [1, 1, 2] },
      gradient: [2],
    },
    ...maxGradients(solids, true),
  ],
  AvgPool3DGrad: [
    {
      inputs: [[1, 1, 1, 4, 1], [[[[[10], [20], [40]]]]]],
      outputs: [[[[[[5], [15], [30], [20]]]]]],
      attrs: { ksize: [1, 1, 2] },
      gradient: true,
    },
  ],
});
