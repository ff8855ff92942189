import { table } from '../case.js';
import { nested } from './nested.js';

const square = nested([1, 1, 2, 2], [1, 2, 3, 4]);

export const regions = table({
  RoiAlign: [
    {
      inputs: [square, nested([1, 4], [0, 0, 2, 2]), [0]],
      attrs: { output_height: 1, output_width: 1, sampling_ratio: 2 },
      outputs: [nested([1, 1, 1, 1], [2.5])],
    },
    {
      title: 'the largest terms',
      inputs: [square, nested([1, 4], [0, 0, 1, 1]), [0]],
      attrs: {
        mode: 'max',
        sampling_ratio: 1,
        coordinate_transformation_mode: 'output_half_pixel',
      },
      outputs: [nested([1, 1, 1, 1], [1])],
    },
    {
      inputs: [square, nested([1, 4], [0, 0, 1, 1]), [1]],
      error: 'INVALID_ARGUMENT',
      message: 'batch index',
    },
    {
      inputShapes: [[1, 3, 8, 8], [null, 4], [null]],
      attrs: { output_height: 2, output_width: 3 },
      outputShapes: [[null, 3, 2, 3]],
    },
  ],
  RoiAlignGrad: [
    {
      inputs: [square, nested([1, 4], [0, 0, 2, 2]), [0], nested([1, 1, 1, 1], [8])],
      attrs: { sampling_ratio: 1 },
      outputs: [nested([1, 1, 2, 2], [2, 2, 2, 2]), nested([1, 4], [4, 8, 4, 8])],
    },
    {
      inputs: [square, nested([1, 4], [0, 0, 2, 2]), [0], nested([1, 1, 1, 2], [8, 1])],
      error: 'INVALID_ARGUMENT',
      message: 'expected grad of shape [1, 1, 1, 1]',
    },
    {
      inputShapes: [[1, 3, 8, 8], [null, 4], [null], null],
      outputShapes: [
        [1, 3, 8, 8],
        [null, 4],
      ],
    },
  ],
  NonMaxSuppression: [
    {
      inputs: [
        nested([1, 3, 4], [0, 0, 1, 1, 0, 0.1, 1, 1.1, 0, 10, 1, 11]),
        nested([1, 1, 3], [0.9, 0.75, 0.6]),
        3,
        0.5,
        0,
      ],
      outputs: [
        [
          [0, 0, 0],
          [0, 0, 2],
        ],
      ],
    },
    {
      title: 'boxes by their centres',
      inputs: [
        nested([1, 2, 4], [0.5, 0.5, 1, 1, 0.5, 0.6, 1, 1]),
        nested([1, 1, 2], [0.2, 0.7]),
        1,
        0.5,
        0.5,
      ],
      attrs: { center_point_box: 1 },
      outputs: [[[0, 0, 1]]],
    },
    {
      inputs: [nested([1, 1, 4], [0, 0, 1, 1]), nested([1, 1, 1], [1]), null, null, null],
      outputs: [[]],
      shapes: { outputs: [[0, 3]] },
    },
    { inputs: [[[1]], [[1]], 1, 1, 1], error: 'INVALID_ARGUMENT', message: 'rank' },
    {
      inputShapes: [
        [1, 5, 4],
        [1, 2, 5],
      ],
      outputShapes: [[null, 3]],
    },
  ],
});
