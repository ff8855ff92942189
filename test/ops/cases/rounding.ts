import { table } from '../case.js';

export const rounding = table({
  Floor: [
    {
      inputs: [
        [
          [-1.75, 0.25, 2.125],
          [0.625, -0.75, 1.25],
        ],
      ],
      outputs: [
        [
          [-2, 0, 2],
          [0, -1, 1],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [[NaN, Infinity, -Infinity, 0]],
      outputs: [[NaN, Infinity, -Infinity, 0]],
      title: 'NaN and infinity',
    },
    { inputs: [0.25], outputs: [0], title: 'rank 0' },
    { inputShapes: [[null, 3]], outputShapes: [[null, 3]] },
    { inputShapes: [null], outputShapes: [null] },
  ],
  Ceil: [
    {
      inputs: [
        [
          [-1.75, 0.25, 2.125],
          [0.625, -0.75, 1.25],
        ],
      ],
      outputs: [
        [
          [-1, 1, 3],
          [1, -0, 2],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [[NaN, Infinity, -Infinity, 0]],
      outputs: [[NaN, Infinity, -Infinity, 0]],
      title: 'NaN and infinity',
    },
    { inputs: [0.25], outputs: [1], title: 'rank 0' },
    { inputShapes: [[null, 3]], outputShapes: [[null, 3]] },
    { inputShapes: [null], outputShapes: [null] },
  ],
  Round: [
    {
      inputs: [
        [
          [-1.75, 0.25, 2.125],
          [0.625, -0.75, 1.25],
        ],
      ],
      outputs: [
        [
          [-2, 0, 2],
          [1, -1, 1],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [[NaN, Infinity, -Infinity, 0]],
      outputs: [[NaN, Infinity, -Infinity, 0]],
      title: 'NaN and infinity',
    },
    { inputs: [[0.5, 1.5, 2.5, -0.5, -1.5]], outputs: [[0, 2, 2, -0, -2]] },
    { inputs: [0.25], outputs: [0], title: 'rank 0' },
    { inputShapes: [[null, 3]], outputShapes: [[null, 3]] },
    { inputShapes: [null], outputShapes: [null] },
  ],
  Rint: [
    {
      inputs: [
        [
          [-1.75, 0.25, 2.125],
          [0.625, -0.75, 1.25],
        ],
      ],
      outputs: [
        [
          [-2, 0, 2],
          [1, -1, 1],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [[NaN, Infinity, -Infinity, 0]],
      outputs: [[NaN, Infinity, -Infinity, 0]],
      title: 'NaN and infinity',
    },
    { inputs: [[0.5, 1.5, 2.5, -0.5, -1.5]], outputs: [[0, 2, 2, -0, -2]] },
    { inputs: [0.25], outputs: [0], title: 'rank 0' },
    { inputShapes: [[null, 3]], outputShapes: [[null, 3]] },
    { inputShapes: [null], outputShapes: [null] },
  ],
  Trunc: [
    {
      inputs: [
        [
          [-1.75, 0.25, 2.125],
          [0.625, -0.75, 1.25],
        ],
      ],
      outputs: [
        [
          [-1, 0, 2],
          [0, -0, 1],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [[NaN, Infinity, -Infinity, 0]],
      outputs: [[NaN, Infinity, -Infinity, 0]],
      title: 'NaN and infinity',
    },
    { inputs: [0.25], outputs: [0], title: 'rank 0' },
    { inputShapes: [[null, 3]], outputShapes: [[null, 3]] },
    { inputShapes: [null], outputShapes: [null] },
  ],
});
