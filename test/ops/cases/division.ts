import { broadcasting } from '../broadcasting.js';
import { table } from '../case.js';

export const division = table({
  RealDiv: [
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
          [-0.75, -0.5, 1.3333333333333333],
          [0.25, 1.5, 0.8333333333333334],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [
        [NaN, 1, Infinity, Infinity, -1, 0],
        [1, NaN, Infinity, 2, Infinity, 0],
      ],
      outputs: [[NaN, NaN, NaN, Infinity, -0, NaN]],
      title: 'NaN and infinity',
    },
    ...broadcasting,
  ],
  Div: [
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
          [-0.75, -0.5, 1.3333333333333333],
          [0.25, 1.5, 0.8333333333333334],
        ],
      ],
      gradient: true,
      dtypes: ['float16', 'bfloat16', 'float32', 'float64'],
    },
    {
      inputs: [
        [NaN, 1, Infinity, Infinity, -1, 0],
        [1, NaN, Infinity, 2, Infinity, 0],
      ],
      outputs: [[NaN, NaN, NaN, Infinity, -0, NaN]],
      title: 'NaN and infinity',
      dtypes: ['float16', 'bfloat16', 'float32', 'float64'],
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
          [3, 4],
          [1, 1],
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
      outputs: [[3, -3, -3, 3]],
      dtypes: ['int8', 'int16', 'int32', 'int64'],
      title: 'signed integers',
    },
    {
      inputs: [
        [1, 2],
        [1, 0],
      ],
      dtypes: ['int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64'],
      error: 'INVALID_ARGUMENT',
      message: 'division by zero',
    },
    { inputs: [[-128], [-1]], outputs: [[-128]], dtypes: ['int8'] },
    ...broadcasting,
  ],
  FloorDiv: [
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
          [-1, -1, 1],
          [0, 1, 0],
        ],
      ],
    },
    {
      inputs: [
        [NaN, 1, Infinity, Infinity, -1, 0],
        [1, NaN, Infinity, 2, Infinity, 0],
      ],
      outputs: [[NaN, NaN, NaN, Infinity, -0, NaN]],
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
          [3, 4],
          [1, 1],
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
      outputs: [[3, -4, -4, 3]],
      dtypes: ['int8', 'int16', 'int32', 'int64'],
      title: 'signed integers',
    },
    {
      inputs: [
        [1, 2],
        [1, 0],
      ],
      dtypes: ['int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64'],
      error: 'INVALID_ARGUMENT',
      message: 'division by zero',
    },
    { inputs: [[-128], [-1]], outputs: [[-128]], dtypes: ['int8'] },
    ...broadcasting,
  ],
  TruncateDiv: [
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
          [-0, -0, 1],
          [0, 1, 0],
        ],
      ],
    },
    {
      inputs: [
        [NaN, 1, Infinity, Infinity, -1, 0],
        [1, NaN, Infinity, 2, Infinity, 0],
      ],
      outputs: [[NaN, NaN, NaN, Infinity, -0, NaN]],
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
          [3, 4],
          [1, 1],
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
      outputs: [[3, -3, -3, 3]],
      dtypes: ['int8', 'int16', 'int32', 'int64'],
      title: 'signed integers',
    },
    {
      inputs: [
        [1, 2],
        [1, 0],
      ],
      dtypes: ['int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64'],
      error: 'INVALID_ARGUMENT',
      message: 'division by zero',
    },
    { inputs: [[-128], [-1]], outputs: [[-128]], dtypes: ['int8'] },
    ...broadcasting,
  ],
});
