import { table } from '../case.js';

export const comparison = table({
  Equal: [
    {
      inputs: [
        [
          [1, 2, 3],
          [3, 2, 1],
        ],
        [1, 2, 1],
      ],
      outputs: [
        [
          [true, true, false],
          [false, true, true],
        ],
      ],
    },
    {
      inputs: [
        [NaN, 1, Infinity, Infinity, -1, 0],
        [1, NaN, Infinity, 2, Infinity, 0],
      ],
      outputs: [[false, false, true, false, false, true]],
      title: 'NaN and infinity',
    },
    {
      inputs: [
        [true, false],
        [true, true],
      ],
      outputs: [[true, false]],
      dtypes: ['bool'],
    },
    {
      inputs: [
        [-1n, 5n, 9007199254740992n],
        [1n, 5n, 9007199254740993n],
      ],
      outputs: [[false, true, false]],
      dtypes: ['int64'],
    },
    { inputShapes: [[null, 3], [3]], outputShapes: [[null, 3]] },
    { inputShapes: [null, [2]], outputShapes: [null] },
  ],
  NotEqual: [
    {
      inputs: [
        [
          [1, 2, 3],
          [3, 2, 1],
        ],
        [1, 2, 1],
      ],
      outputs: [
        [
          [false, false, true],
          [true, false, false],
        ],
      ],
    },
    {
      inputs: [
        [NaN, 1, Infinity, Infinity, -1, 0],
        [1, NaN, Infinity, 2, Infinity, 0],
      ],
      outputs: [[true, true, false, true, true, false]],
      title: 'NaN and infinity',
    },
    {
      inputs: [
        [true, false],
        [true, true],
      ],
      outputs: [[false, true]],
      dtypes: ['bool'],
    },
    {
      inputs: [
        [-1n, 5n, 9007199254740992n],
        [1n, 5n, 9007199254740993n],
      ],
      outputs: [[true, false, true]],
      dtypes: ['int64'],
    },
    { inputShapes: [[null, 3], [3]], outputShapes: [[null, 3]] },
    { inputShapes: [null, [2]], outputShapes: [null] },
  ],
  Less: [
    {
      inputs: [
        [
          [1, 2, 3],
          [3, 2, 1],
        ],
        [1, 2, 1],
      ],
      outputs: [
        [
          [false, false, false],
          [false, false, false],
        ],
      ],
    },
    {
      inputs: [
        [NaN, 1, Infinity, Infinity, -1, 0],
        [1, NaN, Infinity, 2, Infinity, 0],
      ],
      outputs: [[false, false, false, false, true, false]],
      title: 'NaN and infinity',
    },
    {
      inputs: [
        [-1n, 5n, 9007199254740992n],
        [1n, 5n, 9007199254740993n],
      ],
      outputs: [[true, false, true]],
      dtypes: ['int64'],
    },
    { inputShapes: [[null, 3], [3]], outputShapes: [[null, 3]] },
    { inputShapes: [null, [2]], outputShapes: [null] },
  ],
  LessEqual: [
    {
      inputs: [
        [
          [1, 2, 3],
          [3, 2, 1],
        ],
        [1, 2, 1],
      ],
      outputs: [
        [
          [true, true, false],
          [false, true, true],
        ],
      ],
    },
    {
      inputs: [
        [NaN, 1, Infinity, Infinity, -1, 0],
        [1, NaN, Infinity, 2, Infinity, 0],
      ],
      outputs: [[false, false, true, false, true, true]],
      title: 'NaN and infinity',
    },
    {
      inputs: [
        [-1n, 5n, 9007199254740992n],
        [1n, 5n, 9007199254740993n],
      ],
      outputs: [[true, true, true]],
      dtypes: ['int64'],
    },
    { inputShapes: [[null, 3], [3]], outputShapes: [[null, 3]] },
    { inputShapes: [null, [2]], outputShapes: [null] },
  ],
  Greater: [
    {
      inputs: [
        [
          [1, 2, 3],
          [3, 2, 1],
        ],
        [1, 2, 1],
      ],
      outputs: [
        [
          [false, false, true],
          [true, false, false],
        ],
      ],
    },
    {
      inputs: [
        [NaN, 1, Infinity, Infinity, -1, 0],
        [1, NaN, Infinity, 2, Infinity, 0],
      ],
      outputs: [[false, false, false, true, false, false]],
      title: 'NaN and infinity',
    },
    {
      inputs: [
        [-1n, 5n, 9007199254740992n],
        [1n, 5n, 9007199254740993n],
      ],
      outputs: [[false, false, false]],
      dtypes: ['int64'],
    },
    { inputShapes: [[null, 3], [3]], outputShapes: [[null, 3]] },
    { inputShapes: [null, [2]], outputShapes: [null] },
  ],
  GreaterEqual: [
    {
      inputs: [
        [
          [1, 2, 3],
          [3, 2, 1],
        ],
        [1, 2, 1],
      ],
      outputs: [
        [
          [true, true, true],
          [true, true, true],
        ],
      ],
    },
    {
      inputs: [
        [NaN, 1, Infinity, Infinity, -1, 0],
        [1, NaN, Infinity, 2, Infinity, 0],
      ],
      outputs: [[false, false, true, true, false, true]],
      title: 'NaN and infinity',
    },
    {
      inputs: [
        [-1n, 5n, 9007199254740992n],
        [1n, 5n, 9007199254740993n],
      ],
      outputs: [[false, true, false]],
      dtypes: ['int64'],
    },
    { inputShapes: [[null, 3], [3]], outputShapes: [[null, 3]] },
    { inputShapes: [null, [2]], outputShapes: [null] },
  ],
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
