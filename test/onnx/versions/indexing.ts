import { bool, fixed, float, int64, type VersionCase } from './case.js';

const x = float([
  [1, 2],
  [3, 4],
]);

/** What takes elements out or puts them in by their places. */
export const indexing: readonly VersionCase[] = [
  {
    op: 'Compress',
    versions: [9],
    inputs: [x, bool([false, true])],
    attributes: { axis: { i: 0 } },
    outputs: [[[3, 4]]],
  },
  { op: 'Gather', versions: [11], inputs: [x, int64([-1])], outputs: [[[3, 4]]] },
  { op: 'GatherElements', versions: [11], inputs: [x, int64([[1, 0]])], outputs: [[[3, 2]]] },
  { op: 'GatherND', versions: [11, 12], inputs: [x, int64([[1, 0]])], outputs: [[3]] },
  {
    op: 'NonZero',
    versions: [9],
    inputs: [
      float([
        [0, 2],
        [3, 0],
      ]),
    ],
    outputs: [
      [
        [0, 1],
        [1, 0],
      ],
    ],
  },
  {
    op: 'OneHot',
    versions: [9],
    inputs: [int64([0, 2]), fixed(int64([3])), float([0, 5])],
    outputs: [
      [
        [5, 0, 0],
        [0, 0, 5],
      ],
    ],
  },
  ...['Scatter', 'ScatterElements'].map((op): VersionCase => {
    const versions = op === 'Scatter' ? [11] : [11, 13, 16];
    const inputs = [x, int64([[1, 0]]), float([[8, 9]])];
    return {
      op,
      versions,
      inputs,
      outputs: [
        [
          [1, 9],
          [8, 4],
        ],
      ],
    };
  }),
  {
    op: 'ScatterND',
    versions: [11, 13, 16],
    inputs: [x, int64([[1]]), float([[8, 9]])],
    outputs: [
      [
        [1, 2],
        [8, 9],
      ],
    ],
  },
  {
    op: 'Slice',
    versions: [10],
    inputs: [x, int64([1]), int64([-9]), fixed(int64([1])), int64([-1])],
    outputs: [
      [
        [2, 1],
        [4, 3],
      ],
    ],
  },
];
