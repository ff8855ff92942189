import { broadcasting } from '../broadcasting.js';
import { table } from '../case.js';

export const arithmetic = table({
  AddV2: [
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
          [0.5, -0.25, 3.5],
          [2.5, -1.25, 2.75],
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
          [9, 11],
          [7, 6],
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
      outputs: [[9, -5, 5, -9]],
      dtypes: ['int8', 'int16', 'int32', 'int64'],
      title: 'signed integers',
    },
    {
      inputs: [
        [127, -128],
        [1, -1],
      ],
      outputs: [[-128, 127]],
      dtypes: ['int8'],
      title: 'wraps',
    },
    ...broadcasting,
  ],
  Sub: [
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
          [-3.5, 0.75, 0.5],
          [-1.5, -0.25, -0.25],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [
        [NaN, 1, Infinity, Infinity, -1, 0],
        [1, NaN, Infinity, 2, Infinity, 0],
      ],
      outputs: [[NaN, NaN, NaN, Infinity, -Infinity, 0]],
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
          [5, 7],
          [1, 0],
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
      outputs: [[5, -9, 9, -5]],
      dtypes: ['int8', 'int16', 'int32', 'int64'],
      title: 'signed integers',
    },
    ...broadcasting,
  ],
  Mul: [
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
          [-3, -0.125, 3],
          [1, 0.375, 1.875],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [
        [NaN, 1, Infinity, Infinity, -1, 0],
        [1, NaN, Infinity, 2, Infinity, 0],
      ],
      outputs: [[NaN, NaN, Infinity, Infinity, -Infinity, 0]],
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
          [14, 18],
          [12, 9],
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
      outputs: [[14, -14, -14, 14]],
      dtypes: ['int8', 'int16', 'int32', 'int64'],
      title: 'signed integers',
    },
    ...broadcasting,
  ],
  AddN: [
    {
      inputs: [
        {
          list: [
            [1, 2],
            [3, 4],
            [5, 6],
          ],
        },
      ],
      outputs: [[9, 12]],
      gradient: true,
    },
    { inputs: [{ list: [[1, 2]] }], outputs: [[1, 2]], gradient: true },
    { inputs: [{ list: Array.from({ length: 70 }, (_, i) => [i % 2, 1]) }], outputs: [[35, 70]] },
    {
      inputs: [
        {
          list: [
            [NaN, Infinity],
            [1, 1],
          ],
        },
      ],
      outputs: [[NaN, Infinity]],
    },
    {
      inputs: [
        {
          list: [
            [1, 2],
            [1, 2, 3],
          ],
        },
      ],
      error: 'INVALID_ARGUMENT',
    },
    {
      inputShapes: [
        {
          list: [
            [null, 2],
            [3, null],
          ],
        },
      ],
      outputShapes: [[3, 2]],
    },
  ],
});
