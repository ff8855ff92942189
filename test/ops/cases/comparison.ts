import { type Case, table } from '../case.js';

type Compare = <T extends number | bigint>(a: T, b: T) => boolean;

const plain = [
  [1, 2, 3],
  [3, 2, 1],
];
const middle = [1, 2, 1];
const special = [
  [NaN, 1, Infinity, Infinity, -1, 0],
  [1, NaN, Infinity, 2, Infinity, 0],
] as const;
/** Two of them are one number in float64. */
const wide = [
  [-1n, 5n, 9007199254740992n],
  [1n, 5n, 9007199254740993n],
] as const;

/** The rows of an op that does what JavaScript's operator does. */
function rows(compare: Compare): Case[] {
  return [
    {
      inputs: [plain, middle],
      outputs: [plain.map((row) => row.map((a, i) => compare(a, middle[i]!)))],
    },
    {
      inputs: special,
      outputs: [special[0].map((a, i) => compare(a, special[1][i]!))],
      title: 'NaN and infinity',
    },
    {
      inputs: wide,
      outputs: [wide[0].map((a, i) => compare(a, wide[1][i]!))],
      dtypes: ['int64'],
    },
    { inputShapes: [[null, 3], [3]], outputShapes: [[null, 3]] },
    { inputShapes: [null, [2]], outputShapes: [null] },
  ];
}

const booleans = (outputs: readonly boolean[]): Case => ({
  inputs: [
    [true, false],
    [true, true],
  ],
  outputs: [outputs],
  dtypes: ['bool'],
});

export const comparison = table({
  Equal: [...rows((a, b) => a === b), booleans([true, false])],
  NotEqual: [...rows((a, b) => a !== b), booleans([false, true])],
  Less: rows((a, b) => a < b),
  LessEqual: rows((a, b) => a <= b),
  Greater: rows((a, b) => a > b),
  GreaterEqual: rows((a, b) => a >= b),
  ApproximateEqual: [
    {
      inputs: [
        [1, 2, 3],
        [1, 3, 3],
      ],
      outputs: [[true, false, true]],
      attrs: { tolerance: 0.25 },
    },
    {
      inputs: [
        [1, 1, NaN],
        [1.125, 1.5, 1],
      ],
      outputs: [[true, false, false]],
      attrs: { tolerance: 0.25 },
    },
    { inputShapes: [[null], [3]], outputShapes: [[3]] },
  ],
});
