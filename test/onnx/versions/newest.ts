import {
  fixed,
  float,
  float16,
  type Given,
  int8,
  int16,
  int64,
  uint8,
  type VersionCase,
} from './case.js';

function shifted(direction: string, x: Given, by: Given, y: readonly number[]): VersionCase {
  return {
    op: 'BitShift',
    versions: [28],
    inputs: [x, by],
    attributes: { direction: { s: direction } },
    outputs: [y],
  };
}

function range(bounds: readonly Given[], y: readonly number[]): VersionCase[] {
  return [bounds, bounds.map(fixed)].map((inputs) => {
    return { op: 'Range', versions: [27], inputs, outputs: [y] };
  });
}

/** Forms of the newest operators that the standard's own tests do not show. */
export const newest: readonly VersionCase[] = [
  ...range([5, 1, 1].map(int16), []),
  ...range([1, 4, -2].map(int64), []),
  ...range([4, 1, -2].map(int64), [4, 2]),
  ...range([1, 2, 0.5].map(float), [1, 1.5]),
  ...range([2, 1, 0.5].map(float), []),
  ...range([10, 4, -3].map(float16), [10, 7]),
  shifted('LEFT', int8([1, -1, 64, 3, 3]), int8([7, 1, 1, 8, -1]), [-128, -2, -128, 0, 0]),
  shifted('RIGHT', int8([-128, 64, -5, 5, -5]), int8([7, 1, 100, 8, -1]), [-1, 32, -1, 0, -1]),
  shifted('LEFT', uint8([1, 255, 3]), fixed(uint8([7, 8, 200])), [128, 0, 0]),
  shifted('RIGHT', uint8([128, 255, 3]), uint8([7, 8, 200]), [1, 0, 0]),
  { op: 'Celu', versions: [12], inputs: [float([-1, 2])], outputs: [[Math.exp(-1) - 1, 2]] },
  {
    op: 'SpaceToDepth',
    versions: [28],
    inputs: [
      int8([
        [
          [
            [1, 2],
            [5, 6],
          ],
          [
            [3, 4],
            [7, 8],
          ],
        ],
      ]),
    ],
    attributes: { blocksize: { i: 2 }, mode: { s: 'CRD' } },
    outputs: [[[1, 2, 5, 6, 3, 4, 7, 8].map((x) => [[x]])]],
  },
  // The lowest four bits of what no double holds.
  {
    op: 'Cast',
    versions: [25],
    inputs: [{ type: 7, shape: [2], data: ['4611686018427387911', '-9223372036854775803'] }],
    attributes: { to: { i: 22 } },
    outputs: [[7, 5]],
  },
  // The result has the type of the scale; 0.6 and 0.8 times the root of 2 are halves before it.
  {
    op: 'RMSNormalization',
    versions: [23],
    inputs: [float16([[3, 4]]), float([1, 10])],
    attributes: { epsilon: { f: 0 } },
    outputs: [[[0.8486328125, 11.318359375]]],
  },
  // 1 / (1 + exp(-1)) as a half.
  {
    op: 'Attention',
    versions: [23],
    inputs: [float([[[[1]]]]), float([[[[0], [1]]]]), float([[[[0], [1]]]])],
    attributes: { softmax_precision: { i: 10 } },
    outputs: [[[[[0.73095703125]]]]],
  },
];
