import { table } from '../case.js';

const x = [
  [1, 5, 5],
  [4, 0, 2],
];

export const scan = table({
  ArgMax: [
    { inputs: [x, 1], outputs: [[1, 0]] },
    { inputs: [x, 0], types: { output_type: 'int32' }, outputs: [[1, 0, 0]] },
    { inputs: [[1, Number.NaN, 7], -1], outputs: [1] },
    { inputs: [[], 0], error: 'INVALID_ARGUMENT', message: 'empty' },
    { inputs: [3, 0], error: 'INVALID_ARGUMENT', message: 'rank' },
    { inputShapes: [[null, 3], { value: 0 }], outputShapes: [[3]] },
    { inputShapes: [[null, 3], []], outputShapes: [[null]] },
  ],
  ArgMin: [
    { inputs: [x, 1], outputs: [[0, 1]] },
    { inputs: [x, -2], outputs: [[0, 1, 1]] },
    { inputs: [[1, Number.NaN, -7], 0], outputs: [1] },
  ],
  Cumsum: [
    {
      inputs: [x, 1],
      outputs: [
        [
          [1, 6, 11],
          [4, 4, 6],
        ],
      ],
      gradient: [0],
    },
    {
      inputs: [x, 0],
      attrs: { exclusive: true },
      outputs: [
        [
          [0, 0, 0],
          [1, 5, 5],
        ],
      ],
      gradient: [0],
    },
    {
      inputs: [x, -1],
      attrs: { reverse: true },
      outputs: [
        [
          [11, 10, 5],
          [6, 2, 2],
        ],
      ],
      gradient: [0],
    },
    { inputs: [[], 0], outputs: [[]] },
    { inputs: [x, 2], error: 'INVALID_ARGUMENT', message: 'axis' },
    { inputShapes: [[null, 3], { value: 0 }], outputShapes: [[null, 3]] },
  ],
  Cumprod: [
    { inputs: [[1, 2, 3, 4], 0], outputs: [[1, 2, 6, 24]], gradient: [0] },
    {
      inputs: [[1, 2, 3, 4], 0],
      attrs: { exclusive: true, reverse: true },
      outputs: [[24, 12, 4, 1]],
      gradient: [0],
    },
    {
      title: 'a zero in each line, in one line two',
      inputs: [
        [
          [2, 0, 3, 2],
          [0, 2, 0, 3],
          [2, 1, 3, 0],
        ],
        1,
      ],
      outputs: [
        [
          [2, 0, 0, 0],
          [0, 0, 0, 0],
          [2, 2, 6, 0],
        ],
      ],
      gradient: [0],
    },
    {
      inputs: [[2, 0, 3, 0, 2], 0],
      attrs: { exclusive: true, reverse: true },
      outputs: [[0, 0, 0, 2, 1]],
      gradient: [0],
    },
    { inputs: [[[3]], 1], attrs: { exclusive: true }, outputs: [[[1]]], gradient: [0] },
    { inputs: [[], 0], outputs: [[]] },
  ],
  LinearScan: [
    {
      inputs: [[2, 3, 4], [1, 10, 100], 0],
      outputs: [[0, 1, 13]],
      gradient: [0, 1],
    },
    {
      inputs: [
        [
          [2, 0],
          [3, 5],
          [0, -1],
        ],
        [
          [1, 10],
          [2, 20],
          [3, 30],
        ],
        -2,
      ],
      attrs: { reverse: true },
      outputs: [
        [
          [11, 170],
          [3, 30],
          [0, 0],
        ],
      ],
      gradient: [0, 1],
    },
    { inputs: [[[2, 3]], [[4, 5]], 0], outputs: [[[0, 0]]], gradient: [0, 1] },
    { inputs: [[], [], 0], outputs: [[]] },
    { inputs: [[1], [1], 1], error: 'INVALID_ARGUMENT', message: 'axis' },
    { inputShapes: [[null, 3], [2, null], { value: 0 }], outputShapes: [[2, 3]] },
  ],
});
