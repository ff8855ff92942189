import { table } from '../case.js';
import { counted, nested } from './nested.js';

const grid = counted([1, 2, 2, 1], (i) => 10 * i);

export const image = table({
  ResizeNearestNeighbor: [
    {
      inputs: [counted([1, 2, 2, 2]), [4, 2]],
      outputs: [nested([1, 4, 2, 2], [0, 1, 2, 3, 0, 1, 2, 3, 4, 5, 6, 7, 4, 5, 6, 7])],
      gradient: [0],
    },
    {
      inputs: [counted([1, 1, 1, 3]), [2, 5]],
      types: { Tsize: 'int64' },
      attrs: { data_format: 'NCHW', half_pixel_centers: true },
      outputs: [nested([1, 1, 2, 5], [0, 0, 1, 2, 2, 0, 0, 1, 2, 2])],
      gradient: [0],
    },
    {
      inputs: [counted([1, 1, 3, 1]), [1, 5]],
      attrs: { align_corners: true },
      outputs: [nested([1, 1, 5, 1], [0, 1, 1, 2, 2])],
    },
    {
      title: 'nearest modes',
      inputs: [counted([1, 1, 4, 1]), [1, 2]],
      attrs: { coordinate_transformation_mode: 'half_pixel', nearest_mode: 'round_prefer_floor' },
      outputs: [nested([1, 1, 2, 1], [0, 2])],
    },
    {
      inputs: [counted([1, 1, 4, 1]), [1, 2]],
      attrs: { coordinate_transformation_mode: 'half_pixel', nearest_mode: 'ceil' },
      outputs: [nested([1, 1, 2, 1], [1, 3])],
    },
    {
      title: 'scales',
      inputs: [counted([1, 1, 4, 1]), [1, 2]],
      attrs: {
        coordinate_transformation_mode: 'asymmetric',
        nearest_mode: 'floor',
        scales: [1, 0.6],
      },
      outputs: [nested([1, 1, 2, 1], [0, 1])],
    },
    { inputs: [grid, [0, 1]], error: 'INVALID_ARGUMENT', message: 'positive' },
    { inputs: [[1], [1, 1]], error: 'INVALID_ARGUMENT', message: 'rank' },
    {
      inputs: [grid, [1, 1]],
      attrs: { align_corners: true, half_pixel_centers: true },
      error: 'INVALID_ARGUMENT',
      message: 'both',
    },
    { inputShapes: [[null, 2, 2, null], { value: [4, 6] }], outputShapes: [[null, 4, 6, null]] },
    {
      inputShapes: [[null, 3, 2, 2], [2]],
      attrs: { data_format: 'NCHW' },
      outputShapes: [[null, 3, null, null]],
    },
  ],
  ResizeNearestNeighborGrad: [
    {
      inputs: [counted([1, 4, 2, 1]), [2, 2]],
      outputs: [nested([1, 2, 2, 1], [2, 4, 10, 12])],
      gradient: [0],
    },
    { inputShapes: [[null, 4, 4, 1], { value: [2, 2] }], outputShapes: [[null, 2, 2, 1]] },
  ],
  ResizeBilinear: [
    {
      inputs: [grid, [4, 4]],
      outputs: [
        nested([1, 4, 4, 1], [0, 5, 10, 10, 10, 15, 20, 20, 20, 25, 30, 30, 20, 25, 30, 30]),
      ],
    },
    {
      inputs: [grid, [3, 3]],
      attrs: { align_corners: true },
      outputs: [nested([1, 3, 3, 1], [0, 5, 10, 10, 15, 20, 20, 25, 30])],
      dtypes: ['float32', 'uint8'],
      gradient: [0],
    },
    {
      inputs: [counted([1, 1, 1, 2], (i) => 8 * i), [1, 4]],
      attrs: { half_pixel_centers: true, data_format: 'NCHW' },
      outputs: [nested([1, 1, 1, 4], [0, 2, 6, 8])],
    },
    {
      inputs: [counted([1, 1, 2, 2], (i) => 8 * i), [1, 1]],
      types: { Tsize: 'int64' },
      attrs: { coordinate_transformation_mode: 'pytorch_half_pixel' },
      outputs: [nested([1, 1, 1, 2], [0, 8])],
    },
    { inputs: [grid, [4]], error: 'INVALID_ARGUMENT', message: 'height and width' },
    { inputShapes: [[null, 2, 2, null], { value: [4, 6] }], outputShapes: [[null, 4, 6, null]] },
  ],
  ResizeBilinearGrad: [
    {
      inputs: [nested([1, 1, 4, 1], [1, 2, 3, 4]), nested([1, 1, 2, 1], [0, 0])],
      outputs: [nested([1, 1, 2, 1], [2, 8])],
      gradient: [0],
    },
    {
      inputs: [counted([1, 1, 4, 1]), counted([1, 1, 2, 2])],
      error: 'INVALID_ARGUMENT',
      message: 'do not belong',
    },
    {
      inputShapes: [
        [1, 4, 4, 1],
        [1, null, 2, 1],
      ],
      outputShapes: [[1, null, 2, 1]],
    },
  ],
});
