import type { Case } from './case.js';

/** The rows that every op on two inputs that broadcast has: shapes, and shapes that do not fit. */
export const broadcasting: readonly Case[] = [
  { inputShapes: [[null, 3], [3]], outputShapes: [[null, 3]] },
  {
    inputShapes: [
      [4, 1, null],
      [5, 1],
    ],
    outputShapes: [[4, 5, null]],
  },
  { inputShapes: [null, [2]], outputShapes: [null] },
  {
    inputs: [
      [1, 2],
      [1, 2, 3],
    ],
    error: 'INVALID_ARGUMENT',
  },
];
