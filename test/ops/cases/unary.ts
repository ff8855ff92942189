import { table } from '../case.js';

export const unary = table({
  Neg: [
    {
      inputs: [
        [
          [-1.5, 0.25, 2],
          [0.5, -0.75, 1.25],
        ],
      ],
      outputs: [
        [
          [1.5, -0.25, -2],
          [-0.5, 0.75, -1.25],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [[NaN, Infinity, -Infinity, 0]],
      outputs: [[NaN, -Infinity, Infinity, -0]],
      title: 'NaN and infinity',
    },
    { inputs: [[-3, 0, 5]], outputs: [[3, 0, -5]], title: 'signed integers' },
    { inputs: [[-128, 100]], outputs: [[-128, -100]], dtypes: ['int8'] },
    { inputs: [0.25], outputs: [-0.25], title: 'rank 0' },
    { inputShapes: [[null, 3]], outputShapes: [[null, 3]] },
    { inputShapes: [null], outputShapes: [null] },
  ],
  Abs: [
    {
      inputs: [
        [
          [-1.5, 0.25, 2],
          [0.5, -0.75, 1.25],
        ],
      ],
      outputs: [
        [
          [1.5, 0.25, 2],
          [0.5, 0.75, 1.25],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [[NaN, Infinity, -Infinity, 0]],
      outputs: [[NaN, Infinity, Infinity, 0]],
      title: 'NaN and infinity',
    },
    { inputs: [[3, 0, 7, 1]], outputs: [[3, 0, 7, 1]], title: 'small integers' },
    { inputs: [[-3, 0, 5]], outputs: [[3, 0, 5]], title: 'signed integers' },
    { inputs: [0.25], outputs: [0.25], title: 'rank 0' },
    { inputShapes: [[null, 3]], outputShapes: [[null, 3]] },
    { inputShapes: [null], outputShapes: [null] },
  ],
  Sign: [
    {
      inputs: [
        [
          [-1.5, 0.25, 2],
          [0.5, -0.75, 1.25],
        ],
      ],
      outputs: [
        [
          [-1, 1, 1],
          [1, -1, 1],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [[NaN, Infinity, -Infinity, 0]],
      outputs: [[NaN, 1, -1, 0]],
      title: 'NaN and infinity',
    },
    { inputs: [[3, 0, 7, 1]], outputs: [[1, 0, 1, 1]], title: 'small integers' },
    { inputs: [[-3, 0, 5]], outputs: [[-1, 0, 1]], title: 'signed integers' },
    { inputs: [0.25], outputs: [1], title: 'rank 0' },
    { inputShapes: [[null, 3]], outputShapes: [[null, 3]] },
    { inputShapes: [null], outputShapes: [null] },
  ],
  Square: [
    {
      inputs: [
        [
          [-1.5, 0.25, 2],
          [0.5, -0.75, 1.25],
        ],
      ],
      outputs: [
        [
          [2.25, 0.0625, 4],
          [0.25, 0.5625, 1.5625],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [[NaN, Infinity, -Infinity, 0]],
      outputs: [[NaN, Infinity, Infinity, 0]],
      title: 'NaN and infinity',
    },
    { inputs: [[3, 0, 7, 1]], outputs: [[9, 0, 49, 1]], title: 'small integers' },
    { inputs: [[-3, 0, 5]], outputs: [[9, 0, 25]], title: 'signed integers' },
    { inputs: [0.25], outputs: [0.0625], title: 'rank 0' },
    { inputShapes: [[null, 3]], outputShapes: [[null, 3]] },
    { inputShapes: [null], outputShapes: [null] },
  ],
  Reciprocal: [
    {
      inputs: [
        [
          [-1.5, 0.25, 2],
          [0.5, -0.75, 1.25],
        ],
      ],
      outputs: [
        [
          [-0.6666666666666666, 4, 0.5],
          [2, -1.3333333333333333, 0.8],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [[NaN, Infinity, -Infinity, 0]],
      outputs: [[NaN, 0, -0, Infinity]],
      title: 'NaN and infinity',
    },
    { inputs: [0.25], outputs: [4], title: 'rank 0' },
    { inputShapes: [[null, 3]], outputShapes: [[null, 3]] },
    { inputShapes: [null], outputShapes: [null] },
  ],
  Inv: [
    {
      inputs: [
        [
          [-1.5, 0.25, 2],
          [0.5, -0.75, 1.25],
        ],
      ],
      outputs: [
        [
          [-0.6666666666666666, 4, 0.5],
          [2, -1.3333333333333333, 0.8],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [[NaN, Infinity, -Infinity, 0]],
      outputs: [[NaN, 0, -0, Infinity]],
      title: 'NaN and infinity',
    },
    { inputs: [0.25], outputs: [4], title: 'rank 0' },
    { inputShapes: [[null, 3]], outputShapes: [[null, 3]] },
    { inputShapes: [null], outputShapes: [null] },
  ],
  IsNan: [
    { inputs: [[1, NaN, Infinity, -Infinity, 0]], outputs: [[false, true, false, false, false]] },
    { inputShapes: [[null, 3]], outputShapes: [[null, 3]] },
  ],
  IsInf: [
    { inputs: [[1, NaN, Infinity, -Infinity, 0]], outputs: [[false, false, true, true, false]] },
    { inputShapes: [[null, 3]], outputShapes: [[null, 3]] },
  ],
  IsFinite: [
    { inputs: [[1, NaN, Infinity, -Infinity, 0]], outputs: [[true, false, false, false, true]] },
    { inputShapes: [[null, 3]], outputShapes: [[null, 3]] },
  ],
});
