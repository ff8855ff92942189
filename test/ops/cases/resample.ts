import { ndarray } from '../../../lib/ndArray.js';
import { table } from '../case.js';
import { nested } from './nested.js';

const { NaN: nan } = Number;
const floats = (...values: number[]) => ndarray(values, { dtype: 'float32' });
const ints = (...values: number[]) => ndarray(values, { dtype: 'int64' });
const square = nested([1, 1, 2, 2], [1, 2, 3, 4]);

export const resample = table({
  Resize: [
    {
      title: 'nearest by scales',
      inputs: [square, null, floats(1, 1, 2, 3), null],
      outputs: [
        nested(
          [1, 1, 4, 6],
          [1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 3, 3, 3, 4, 4, 4],
        ),
      ],
    },
    {
      title: 'linear, corners aligned',
      inputs: [[1, 3, 5], null, null, ints(5)],
      attrs: { mode: 'linear', coordinate_transformation_mode: 'align_corners' },
      outputs: [[1, 2, 3, 4, 5]],
    },
    {
      title: 'cubic at whole places',
      inputs: [[1, 2, 4, 8], null, floats(1), null],
      attrs: { mode: 'cubic' },
      outputs: [[1, 2, 4, 8]],
    },
    {
      title: 'cubic to one pixel as PyTorch does',
      inputs: [[1, 2, 4, 8], null, null, ints(1)],
      attrs: { mode: 'cubic', coordinate_transformation_mode: 'pytorch_half_pixel' },
      outputs: [[1]],
    },
    {
      title: 'nearest at halves by a scale that float32 rounds up',
      inputs: [[1, 2, 3, 4, 5], null, floats(0.8), null],
      attrs: { nearest_mode: 'round_prefer_ceil', coordinate_transformation_mode: 'asymmetric' },
      outputs: [[1, 2, 4, 5]],
    },
    {
      title: 'linear with antialias',
      inputs: [[0, 4, 8, 12], null, null, ints(2)],
      attrs: { mode: 'linear', antialias: true },
      outputs: [[2.5, 9.5]],
      dtypes: ['float32', 'float64', 'float16', 'bfloat16'],
    },
    {
      title: 'cropped, with values from outside',
      inputs: [[1, 2, 3], floats(0, 2), null, ints(3)],
      attrs: {
        mode: 'linear',
        coordinate_transformation_mode: 'tf_crop_and_resize',
        extrapolation_value: 9,
      },
      outputs: [[1, 3, 9]],
    },
    {
      title: 'in proportion',
      inputs: [nested([2, 4], [1, 2, 3, 4, 5, 6, 7, 8]), null, null, ints(4, 4)],
      attrs: { keep_aspect_ratio_policy: 'not_larger' },
      outputs: [nested([2, 4], [1, 2, 3, 4, 5, 6, 7, 8])],
    },
    {
      inputs: [nested([2, 2], [1, 2, 3, 4]), null, null, ints(3)],
      attrs: { axes: [1], nearest_mode: 'ceil', coordinate_transformation_mode: 'asymmetric' },
      outputs: [nested([2, 3], [1, 2, 2, 3, 4, 4])],
    },
    {
      inputs: [[nan, 1], null, floats(2), null],
      outputs: [[nan, nan, 1, 1]],
      dtypes: ['float32', 'float64', 'float16', 'bfloat16'],
    },
    { inputs: [[1], null, null, null], error: 'INVALID_ARGUMENT', message: 'either scales' },
    { inputs: [[1], null, floats(-1), null], error: 'INVALID_ARGUMENT', message: 'scales[0]' },
    {
      inputShapes: [[1, 3, 4, 4], [0], { value: floats(1, 1, 2, 0.5) }],
      outputShapes: [[1, 3, 8, 2]],
    },
    { inputShapes: [[null, 4], [0], [2]], outputShapes: [[null, null]] },
  ],
  ResizeGrad: [
    {
      inputs: [ints(2), [1, 2, 4, 8], null, null, ints(4)],
      outputs: [[3, 12]],
      gradient: [1],
    },
    {
      inputs: [ints(2), [1, 2, 4], null, null, ints(4)],
      error: 'INVALID_ARGUMENT',
      message: 'expected grad of shape [4], got [3]',
    },
    { inputShapes: [{ value: ints(2, 3) }, null, [0], [0], [2]], outputShapes: [[2, 3]] },
  ],
  GridSample: [
    {
      inputs: [square, nested([1, 1, 3, 2], [-1, -1, 0, 0, 1, 1])],
      attrs: { align_corners: true },
      outputs: [nested([1, 1, 1, 3], [1, 2.5, 4])],
    },
    {
      title: 'nearest at the border',
      inputs: [square, nested([1, 1, 2, 2], [-3, -3, 3, 3])],
      attrs: { mode: 'nearest', padding_mode: 'border' },
      outputs: [nested([1, 1, 1, 2], [1, 4])],
    },
    {
      title: 'zeros outside',
      inputs: [square, nested([1, 1, 2, 2], [-3, -3, 3, 3])],
      outputs: [nested([1, 1, 1, 2], [0, 0])],
    },
    {
      title: 'cubic, reflected',
      inputs: [square, nested([1, 1, 1, 2], [-1, -1])],
      attrs: { mode: 'cubic', padding_mode: 'reflection', align_corners: true },
      outputs: [nested([1, 1, 1, 1], [1])],
    },
    {
      title: 'a line',
      inputs: [nested([1, 1, 3], [1, 2, 4]), nested([1, 2, 1], [-1, 0.5])],
      attrs: { align_corners: true },
      outputs: [nested([1, 1, 2], [1, 3])],
    },
    { inputs: [square, nested([1, 1, 1, 1], [0])], error: 'INVALID_ARGUMENT', message: 'last dim' },
    {
      inputShapes: [
        [2, 3, 4, 5],
        [2, 6, null, 2],
      ],
      outputShapes: [[2, 3, 6, null]],
    },
  ],
  GridSampleGrad: [
    {
      inputs: [square, nested([1, 1, 1, 2], [0.5, -0.5]), nested([1, 1, 1, 1], [2])],
      attrs: { align_corners: true },
      outputs: [nested([1, 1, 2, 2], [0.375, 1.125, 0.125, 0.375]), nested([1, 1, 1, 2], [1, 2])],
    },
    {
      inputs: [square, nested([1, 1, 1, 2], [0, 0]), nested([1, 1, 1, 2], [2, 3])],
      error: 'INVALID_ARGUMENT',
      message: 'expected grad of shape',
    },
    {
      inputShapes: [[2, 3, 4, 5], [2, 6, null, 2], null],
      outputShapes: [
        [2, 3, 4, 5],
        [2, 6, null, 2],
      ],
    },
  ],
  Col2Im: [
    {
      inputs: [nested([1, 4, 4], [1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4]), [3, 3], [2, 2]],
      outputs: [nested([1, 1, 3, 3], [1, 3, 2, 4, 10, 6, 3, 7, 4])],
      gradient: [0],
    },
    {
      title: 'with strides and pads',
      inputs: [nested([1, 2, 3], [1, 2, 3, 4, 5, 6]), [4], [2]],
      attrs: { strides: [2], pads: [1, 1] },
      outputs: [nested([1, 1, 4], [4, 2, 5, 3])],
      gradient: [0],
    },
    { inputs: [nested([1, 3, 4], Array(12).fill(1)), [3, 3], [2, 2]], error: 'INVALID_ARGUMENT' },
    {
      inputShapes: [[2, 12, null], { value: [5, 5] }, { value: [2, 2] }],
      outputShapes: [[2, 3, 5, 5]],
    },
    { inputShapes: [[2, 12, 4], [2], [2]], outputShapes: [null] },
  ],
  Col2ImGrad: [
    {
      inputs: [nested([1, 1, 4], [1, 2, 3, 4]), [4], [2]],
      attrs: { strides: [2], pads: [1, 1] },
      outputs: [nested([1, 2, 3], [0, 2, 4, 1, 3, 0])],
      gradient: [0],
    },
    {
      inputs: [nested([1, 1, 3], [1, 2, 3]), [4], [2]],
      error: 'INVALID_ARGUMENT',
      message: 'not of the image_shape',
    },
    { inputShapes: [[2, 3, 5], [1], [1]], outputShapes: [[2, null, null]] },
  ],
  MaxPoolWithIndices: [
    {
      inputs: [nested([1, 2, 2, 2], [1, 4, 3, 2, 5, 5, 7, 6])],
      attrs: { ksize: [2, 2], strides: [1, 1], dilations: [1, 1], pads: [0, 0, 0, 0] },
      outputs: [nested([1, 2, 1, 1], [4, 7]), nested([1, 2, 1, 1], [1, 6])],
      gradient: true,
    },
    {
      title: 'by columns, padded',
      inputs: [nested([1, 1, 2, 3], [1, 2, 3, 4, 5, 6])],
      attrs: {
        ksize: [2, 2],
        strides: [2, 2],
        dilations: [1, 1],
        pads: [1, 1, 1, 1],
        storage_order: 1,
      },
      outputs: [nested([1, 1, 2, 2], [1, 3, 4, 6]), nested([1, 1, 2, 2], [0, 4, 1, 5])],
      gradient: true,
    },
    {
      inputs: [nested([1, 1, 3], [1, nan, nan])],
      attrs: { ksize: [3], strides: [1], dilations: [1], pads: [0, 0] },
      outputs: [nested([1, 1, 1], [nan]), nested([1, 1, 1], [1])],
      dtypes: ['float32', 'float64'],
    },
    {
      inputs: [nested([1, 1, 3], [1, 2, 3])],
      attrs: { ksize: [4], strides: [1], dilations: [1], pads: [0, 0] },
      error: 'INVALID_ARGUMENT',
      message: 'window',
    },
    {
      inputShapes: [[null, 3, 7]],
      attrs: { ksize: [3], strides: [2], dilations: [1], pads: [0, 0] },
      outputShapes: [
        [null, 3, 3],
        [null, 3, 3],
      ],
    },
  ],
});
