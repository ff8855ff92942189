import { table } from '../case.js';

export const select = table({
  SelectV2: [
    {
      inputs: [
        [true, false, true],
        [
          [1, 2, 3],
          [4, 5, 6],
        ],
        [[7], [8]],
      ],
      outputs: [
        [
          [1, 7, 3],
          [4, 8, 6],
        ],
      ],
      gradient: [1, 2],
    },
    {
      inputs: [
        [true, false, true],
        [NaN, 1, Infinity],
        [1, NaN, 0],
      ],
      outputs: [[NaN, NaN, Infinity]],
    },
    {
      inputs: [
        [true, false, true],
        [true, true, false],
        [false, false, true],
      ],
      outputs: [[true, false, false]],
      dtypes: ['bool'],
    },
    { inputShapes: [[3], [null, 3], []], outputShapes: [[null, 3]] },
  ],
  ClipByValue: [
    {
      inputs: [
        [
          [-1.5, 0.25, 2.5],
          [5, 0.75, 1.25],
        ],
        0,
        2,
      ],
      outputs: [
        [
          [0, 0.25, 2],
          [2, 0.75, 1.25],
        ],
      ],
      gradient: true,
    },
    { inputs: [[1, 5, 9], 2, 6], outputs: [[2, 5, 6]] },
    {
      inputs: [
        [
          [-1.5, 0.25, 2.5],
          [5, 0.75, 1.25],
        ],
        [-1, 0.5, 3],
        6,
      ],
      outputs: [
        [
          [-1, 0.5, 3],
          [5, 0.75, 3],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [[NaN, Infinity, -Infinity], 0, 1],
      outputs: [[NaN, 1, 0]],
      title: 'NaN and infinity',
    },
    { inputShapes: [[null, 3], [], []], outputShapes: [[null, 3]] },
  ],
});
