import { broadcasting } from '../broadcasting.js';
import { table } from '../case.js';

export const power = table({
  SquaredDifference: [
    {
      inputs: [
        [
          [-1.5, 0.25, 2],
          [0.5, -0.75, 1.25],
        ],
        [2, -0.5, 1.5],
      ],
      outputs: [
        [
          [12.25, 0.5625, 0.25],
          [2.25, 0.0625, 0.0625],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [
        [NaN, 1, Infinity, Infinity, -1, 0],
        [1, NaN, Infinity, 2, Infinity, 0],
      ],
      outputs: [[NaN, NaN, NaN, Infinity, Infinity, 0]],
      title: 'NaN and infinity',
    },
    {
      inputs: [
        [
          [7, 9],
          [4, 3],
        ],
        [[2], [3]],
      ],
      outputs: [
        [
          [25, 49],
          [1, 0],
        ],
      ],
      dtypes: ['int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64'],
      title: 'integers',
    },
    {
      inputs: [
        [3, -3],
        [2, 2],
      ],
      outputs: [[1, 25]],
      dtypes: ['int8', 'int16', 'int32', 'int64'],
      title: 'signed integers',
    },
    ...broadcasting,
  ],
  Maximum: [
    {
      inputs: [
        [
          [-1.5, 0.25, 2],
          [0.5, -0.75, 1.25],
        ],
        [2, -0.5, 1.5],
      ],
      outputs: [
        [
          [2, 0.25, 2],
          [2, -0.5, 1.5],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [
        [NaN, 1, Infinity, Infinity, -1, 0],
        [1, NaN, Infinity, 2, Infinity, 0],
      ],
      outputs: [[NaN, NaN, Infinity, Infinity, Infinity, 0]],
      title: 'NaN and infinity',
    },
    {
      inputs: [
        [
          [7, 9],
          [4, 3],
        ],
        [[2], [3]],
      ],
      outputs: [
        [
          [7, 9],
          [4, 3],
        ],
      ],
      dtypes: ['int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64'],
      title: 'integers',
    },
    {
      inputs: [
        [7, -7, 7, -7],
        [2, 2, -2, -2],
      ],
      outputs: [[7, 2, 7, -2]],
      dtypes: ['int8', 'int16', 'int32', 'int64'],
      title: 'signed integers',
    },
    ...broadcasting,
  ],
  Minimum: [
    {
      inputs: [
        [
          [-1.5, 0.25, 2],
          [0.5, -0.75, 1.25],
        ],
        [2, -0.5, 1.5],
      ],
      outputs: [
        [
          [-1.5, -0.5, 1.5],
          [0.5, -0.75, 1.25],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [
        [NaN, 1, Infinity, Infinity, -1, 0],
        [1, NaN, Infinity, 2, Infinity, 0],
      ],
      outputs: [[NaN, NaN, Infinity, 2, -1, 0]],
      title: 'NaN and infinity',
    },
    {
      inputs: [
        [
          [7, 9],
          [4, 3],
        ],
        [[2], [3]],
      ],
      outputs: [
        [
          [2, 2],
          [3, 3],
        ],
      ],
      dtypes: ['int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64'],
      title: 'integers',
    },
    {
      inputs: [
        [7, -7, 7, -7],
        [2, 2, -2, -2],
      ],
      outputs: [[2, -7, -2, -7]],
      dtypes: ['int8', 'int16', 'int32', 'int64'],
      title: 'signed integers',
    },
    ...broadcasting,
  ],
  Pow: [
    {
      inputs: [
        [
          [1.5, 0.25, 2],
          [0.5, 4, 1.25],
        ],
        [2, -0.5, 1.5],
      ],
      outputs: [
        [
          [2.25, 2, 2.8284271247461903],
          [0.25, 0.5, 1.3975424859373686],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [
        [NaN, 1, Infinity, Infinity, -1, 0],
        [1, NaN, Infinity, 2, Infinity, 0],
      ],
      outputs: [[NaN, 1, Infinity, Infinity, 1, 1]],
      title: 'NaN and infinity',
    },
    {
      inputs: [
        [
          [7, 9],
          [4, 3],
        ],
        [[2], [3]],
      ],
      outputs: [
        [
          [49, 81],
          [64, 27],
        ],
      ],
      dtypes: ['int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64'],
      title: 'integers',
    },
    {
      inputs: [[2], [-1]],
      dtypes: ['int8', 'int16', 'int32', 'int64'],
      error: 'INVALID_ARGUMENT',
      message: 'negative integer powers',
    },
    ...broadcasting,
  ],
});
