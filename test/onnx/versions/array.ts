import { fixed, float, int8, int64, type VersionCase } from './case.js';

const x = float([
  [1, 2],
  [3, 4],
]);
const image = float([
  [
    [
      [1, 2],
      [3, 4],
    ],
  ],
]);
const larger = [
  [
    [
      [1, 1, 2, 2],
      [1, 1, 2, 2],
      [3, 3, 4, 4],
      [3, 3, 4, 4],
    ],
  ],
];
const padded = [
  [0, 0, 0],
  [0, 1, 2],
  [0, 3, 4],
];
const scales = fixed(float([1, 1, 2, 2]));

export const arrays: readonly VersionCase[] = [
  {
    op: 'Cast',
    versions: [1],
    inputs: [float([1.5])],
    attributes: { to: { s: 'INT64' } },
    outputs: [[1]],
  },
  {
    op: 'Cast',
    versions: [6, 19],
    inputs: [float([1.5])],
    attributes: { to: { i: 7 } },
    outputs: [[1]],
  },
  { op: 'CastLike', versions: [21], inputs: [float([1.5]), int64([0])], outputs: [[1]] },
  {
    op: 'Concat',
    versions: [1],
    inputs: [x, x],
    outputs: [
      [
        [1, 2, 1, 2],
        [3, 4, 3, 4],
      ],
    ],
  },
  {
    op: 'Concat',
    versions: [11],
    inputs: [x, x],
    attributes: { axis: { i: 0 } },
    outputs: [
      [
        [1, 2],
        [3, 4],
        [1, 2],
        [3, 4],
      ],
    ],
  },
  {
    op: 'Constant',
    versions: [12],
    inputs: [],
    attributes: { value_floats: { floats: [1, 2] } },
    outputs: [[1, 2]],
  },
  {
    op: 'ConstantOfShape',
    versions: [21],
    inputs: [int64([2])],
    attributes: { value: { t: { dims: [1], floats: [3] } } },
    outputs: [[3, 3]],
  },
  {
    op: 'DepthToSpace',
    versions: [1, 11],
    inputs: [float([[[[1]], [[2]], [[3]], [[4]]]])],
    attributes: { blocksize: { i: 2 } },
    outputs: [
      [
        [
          [
            [1, 2],
            [3, 4],
          ],
        ],
      ],
    ],
  },
  {
    op: 'SpaceToDepth',
    versions: [1],
    inputs: [image],
    attributes: { blocksize: { i: 2 } },
    outputs: [[[[[1]], [[2]], [[3]], [[4]]]]],
  },
  {
    op: 'Dropout',
    versions: [1, 6],
    inputs: [x],
    attributes: { is_test: { i: 1 } },
    outputs: [
      [
        [1, 2],
        [3, 4],
      ],
    ],
  },
  {
    op: 'Dropout',
    versions: [10, 12, 13],
    inputs: [x],
    outputs: [
      [
        [1, 2],
        [3, 4],
      ],
    ],
  },
  {
    op: 'EyeLike',
    versions: [9],
    inputs: [x],
    attributes: { k: { i: 1 } },
    outputs: [
      [
        [0, 1],
        [0, 0],
      ],
    ],
  },
  { op: 'Flatten', versions: [9, 11, 21, 23, 24], inputs: [image], outputs: [[[1, 2, 3, 4]]] },
  {
    op: 'Identity',
    versions: [14, 21],
    inputs: [x],
    outputs: [
      [
        [1, 2],
        [3, 4],
      ],
    ],
  },
  {
    op: 'Pad',
    versions: [1],
    inputs: [x],
    attributes: { paddings: { ints: [1, 1, 0, 0] } },
    outputs: [padded],
  },
  {
    op: 'Pad',
    versions: [11, 13, 19, 21, 23],
    inputs: [x, fixed(int64([1, 1, 0, 0]))],
    outputs: [padded],
  },
  {
    op: 'Reshape',
    versions: [1],
    inputs: [x],
    attributes: { shape: { ints: [4] } },
    outputs: [[1, 2, 3, 4]],
  },
  { op: 'Shape', versions: [1], inputs: [image], outputs: [[1, 1, 2, 2]] },
  { op: 'Size', versions: [1, 21, 24], inputs: [image], outputs: [4] },
  {
    op: 'Split',
    versions: [1, 11],
    inputs: [float([1, 2, 3])],
    attributes: { split: { ints: [1, 2] } },
    outputs: [[1], [2, 3]],
  },
  {
    op: 'Split',
    versions: [18],
    inputs: [float([1, 2, 3, 4, 5])],
    attributes: { num_outputs: { i: 4 } },
    outputs: [[1, 2], [3, 4], [5], []],
  },
  {
    op: 'Squeeze',
    versions: [11],
    inputs: [float([[1, 2]])],
    attributes: { axes: { ints: [-2] } },
    outputs: [[1, 2]],
  },
  {
    op: 'Tile',
    versions: [1],
    inputs: [x, fixed(int64(2)), fixed(int64(1))],
    outputs: [
      [
        [1, 2, 1, 2],
        [3, 4, 3, 4],
      ],
    ],
  },
  {
    op: 'Transpose',
    versions: [21],
    inputs: [x],
    outputs: [
      [
        [1, 3],
        [2, 4],
      ],
    ],
  },
  {
    op: 'Upsample',
    versions: [1],
    inputs: [image],
    attributes: { width_scale: { f: 2 }, height_scale: { f: 2 } },
    outputs: [larger],
  },
  {
    op: 'Upsample',
    versions: [7],
    inputs: [image],
    attributes: { scales: { floats: [1, 1, 2, 2] } },
    outputs: [larger],
  },
  { op: 'Upsample', versions: [10], inputs: [image, scales], outputs: [larger] },
  { op: 'Resize', versions: [10], inputs: [image, scales], outputs: [larger] },
  { op: 'Resize', versions: [11, 13, 18], inputs: [image, undefined, scales], outputs: [larger] },
  {
    op: 'DequantizeLinear',
    versions: [10, 13, 19, 21, 23, 24],
    inputs: [int8([-3, 5]), float(0.5), int8(1)],
    outputs: [[-2, 2]],
  },
  {
    op: 'QuantizeLinear',
    versions: [13, 19, 21, 23, 24],
    inputs: [float([-2, 2, 100]), float(0.5), int8(1)],
    outputs: [[-3, 5, 127]],
  },
];
