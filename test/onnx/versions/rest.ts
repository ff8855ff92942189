import { fixed, float, type VersionCase } from './case.js';

const image = float([
  [
    [
      [1, 2, 3, 4],
      [5, 6, 7, 8],
      [9, 10, 11, 12],
      [13, 14, 15, 16],
    ],
  ],
]);
const small = [
  [1, 2],
  [3, 4],
];
const zeros = [
  [0, 0],
  [0, 0],
];

export const rest: readonly VersionCase[] = [
  {
    op: 'DeformConv',
    versions: [19],
    inputs: [float([[small]]), fixed(float([[[[2]]]])), float([[zeros, zeros]])],
    outputs: [[[small.map((row) => row.map((value) => 2 * value))]]],
  },
  {
    op: 'MaxRoiPool',
    versions: [1, 22],
    inputs: [image, float([[0, 0, 0, 3, 3]])],
    attributes: { pooled_shape: { ints: [2, 2] } },
    outputs: [
      [
        [
          [
            [6, 8],
            [14, 16],
          ],
        ],
      ],
    ],
  },
  {
    op: 'Multinomial',
    versions: [7, 22],
    inputs: [float([[0, -1000]])],
    attributes: { sample_size: { i: 3 } },
    outputs: [[[0, 0, 0]]],
  },
];
