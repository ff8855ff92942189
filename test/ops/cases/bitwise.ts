import { broadcasting } from '../broadcasting.js';
import { table } from '../case.js';

export const bitwise = table({
  BitwiseAnd: [
    {
      inputs: [
        [
          [12, 10, 7],
          [1, 2, 3],
        ],
        [3, 2, 1],
      ],
      outputs: [
        [
          [0, 2, 1],
          [1, 2, 1],
        ],
      ],
    },
    {
      inputs: [
        [-12, -1, 64],
        [3, 2, 1],
      ],
      outputs: [[0, 2, 0]],
      dtypes: ['int8'],
    },
    ...broadcasting,
  ],
  BitwiseOr: [
    {
      inputs: [
        [
          [12, 10, 7],
          [1, 2, 3],
        ],
        [3, 2, 1],
      ],
      outputs: [
        [
          [15, 10, 7],
          [3, 2, 3],
        ],
      ],
    },
    {
      inputs: [
        [-12, -1, 64],
        [3, 2, 1],
      ],
      outputs: [[-9, -1, 65]],
      dtypes: ['int8'],
    },
    ...broadcasting,
  ],
  BitwiseXor: [
    {
      inputs: [
        [
          [12, 10, 7],
          [1, 2, 3],
        ],
        [3, 2, 1],
      ],
      outputs: [
        [
          [15, 8, 6],
          [2, 0, 2],
        ],
      ],
    },
    {
      inputs: [
        [-12, -1, 64],
        [3, 2, 1],
      ],
      outputs: [[-9, -3, 65]],
      dtypes: ['int8'],
    },
    ...broadcasting,
  ],
  LeftShift: [
    {
      inputs: [
        [
          [12, 10, 7],
          [1, 2, 3],
        ],
        [3, 2, 1],
      ],
      outputs: [
        [
          [96, 40, 14],
          [8, 8, 6],
        ],
      ],
    },
    {
      inputs: [
        [-12, -1, 64],
        [3, 2, 1],
      ],
      outputs: [[-96, -4, -128]],
      dtypes: ['int8'],
    },
    { inputs: [[1], [64]], error: 'INVALID_ARGUMENT', message: 'shift' },
    {
      inputs: [[1], [-1]],
      dtypes: ['int8', 'int16', 'int32', 'int64'],
      error: 'INVALID_ARGUMENT',
      message: 'shift',
    },
    ...broadcasting,
  ],
  RightShift: [
    {
      inputs: [
        [
          [12, 10, 7],
          [1, 2, 3],
        ],
        [3, 2, 1],
      ],
      outputs: [
        [
          [1, 2, 3],
          [0, 0, 1],
        ],
      ],
    },
    {
      inputs: [
        [-12, -1, 64],
        [3, 2, 1],
      ],
      outputs: [[-2, -1, 32]],
      dtypes: ['int8'],
    },
    { inputs: [[1], [64]], error: 'INVALID_ARGUMENT', message: 'shift' },
    {
      inputs: [[1], [-1]],
      dtypes: ['int8', 'int16', 'int32', 'int64'],
      error: 'INVALID_ARGUMENT',
      message: 'shift',
    },
    ...broadcasting,
  ],
  Invert: [
    { inputs: [[0, 5, -7]], outputs: [[-1, -6, 6]], dtypes: ['int8', 'int16', 'int32', 'int64'] },
    { inputs: [[0, 5]], outputs: [[255, 250]], dtypes: ['uint8'] },
    { inputs: [[0]], outputs: [[4294967295]], dtypes: ['uint32'] },
    { inputs: [[1]], outputs: [[65534]], dtypes: ['uint16'] },
    { inputs: [[0n]], outputs: [[18446744073709551615n]], dtypes: ['uint64'] },
    { inputShapes: [[null]], outputShapes: [[null]] },
  ],
});
