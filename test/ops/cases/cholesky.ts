import { table } from '../case.js';

export const cholesky = table({
  Cholesky: [
    {
      inputs: [
        [
          [4, 2],
          [2, 5],
        ],
      ],
      outputs: [
        [
          [2, 0],
          [1, 2],
        ],
      ],
      gradient: true,
    },
    { inputs: [[[[4]], [[9]]]], outputs: [[[[2]], [[3]]]], gradient: true },
    {
      inputs: [
        [
          [1, 2],
          [2, 4],
        ],
      ],
      error: 'INVALID_ARGUMENT',
      message: 'Cholesky decomposition was not successful. The input might not be valid.',
    },
    {
      inputs: [
        [
          [1, 2, 3],
          [4, 5, 6],
        ],
      ],
      error: 'INVALID_ARGUMENT',
      message: 'must be square',
    },
    { inputs: [[]], shapes: { inputs: [[0, 0]], outputs: [[0, 0]] }, outputs: [[]] },
    { inputShapes: [[null, 3, 3]], outputShapes: [[null, 3, 3]] },
  ],
  CholeskyGrad: [
    { inputs: [[[2]], [[1]]], outputs: [[[0.25]]], gradient: true },
    {
      inputs: [
        [
          [2, 0],
          [1, 3],
        ],
        [
          [1, 5],
          [2, -1],
        ],
      ],
      outputs: [null],
      shapes: {
        inputs: [
          [2, 2],
          [2, 2],
        ],
      },
      title: 'what stands above the diagonal does not count',
      dtypes: ['float32', 'float64'],
    },
    {
      inputs: [
        [
          [
            [2, 0, 0],
            [1, 3, 0],
            [-1, 0.5, 1],
          ],
        ],
        [
          [
            [1, 0, 0],
            [2, -1, 0],
            [0.5, 3, -2],
          ],
        ],
      ],
      outputs: [null],
      gradient: true,
    },
    {
      inputs: [[], []],
      shapes: {
        inputs: [
          [0, 0],
          [0, 0],
        ],
        outputs: [[0, 0]],
      },
      outputs: [[]],
    },
    {
      inputShapes: [
        [null, 2, 2],
        [null, 2, 2],
      ],
      outputShapes: [[null, 2, 2]],
    },
  ],
});
