import { ndarray } from '../../../lib/ndArray.js';
import { table } from '../case.js';
import { nested } from './nested.js';

const { NaN: nan } = Number;

export const spectrum = table({
  MatrixDeterminant: [
    { inputs: [nested([2, 2, 2], [1, 2, 3, 4, 0, 1, 1, 0])], outputs: [[-2, -1]], gradient: true },
    { inputs: [nested([3, 3], [2, 0, 1, 1, 3, 2, 1, 1, 4])], outputs: [18], gradient: true },
    { inputs: [nested([2, 2], [1, 2, 2, 4])], outputs: [0] },
    { inputs: [nested([1, 1], [nan])], outputs: [nan] },
    { inputs: [nested([2, 3], [1, 2, 3, 4, 5, 6])], error: 'INVALID_ARGUMENT', message: 'square' },
    { inputShapes: [[null, 3, 3]], outputShapes: [[null]] },
  ],
  MatrixInverse: [
    {
      inputs: [nested([2, 2, 2], [1, 2, 3, 4, 0, 1, 2, 0])],
      outputs: [nested([2, 2, 2], [-2, 1, 1.5, -0.5, 0, 0.5, 1, 0])],
      gradient: true,
    },
    {
      inputs: [nested([2, 2], [2, 1, 0, 4])],
      attrs: { adjoint: true },
      outputs: [nested([2, 2], [0.5, 0, -0.125, 0.25])],
      gradient: true,
    },
    { inputs: [nested([1, 1], [nan])], outputs: [nested([1, 1], [nan])] },
    { inputs: [[]], shapes: { inputs: [[0, 0]], outputs: [[0, 0]] }, outputs: [[]] },
    {
      inputs: [nested([2, 2], [1, 2, 2, 4])],
      error: 'INVALID_ARGUMENT',
      message: 'Input is not invertible.',
    },
    { inputs: [nested([2, 3], [1, 2, 3, 4, 5, 6])], error: 'INVALID_ARGUMENT', message: 'square' },
    { inputShapes: [[null, 3, 3]], outputShapes: [[null, 3, 3]] },
  ],
  UniqueSlices: [
    {
      inputs: [[2, 1, 1, 3, 2]],
      outputs: [
        [1, 2, 3],
        [1, 0, 3],
        [1, 0, 0, 2, 1],
        [2, 2, 1],
      ],
    },
    {
      title: 'in order of appearance',
      inputs: [[2, 1, 1, 3, 2]],
      attrs: { sorted: false },
      outputs: [
        [2, 1, 3],
        [0, 1, 3],
        [0, 1, 1, 2, 0],
        [2, 2, 1],
      ],
    },
    {
      title: 'rows and columns',
      inputs: [nested([3, 2], [1, 0, 1, 0, 2, 3])],
      outputs: [nested([2, 2], [1, 0, 2, 3]), [0, 2], [0, 0, 1], [2, 1]],
    },
    {
      inputs: [nested([2, 3], [1, 0, 1, 2, 0, 2])],
      attrs: { axis: 1 },
      outputs: [nested([2, 2], [0, 1, 0, 2]), [1, 0], [1, 0, 1], [1, 2]],
    },
    {
      inputs: [[nan, 1, nan]],
      outputs: [
        [1, nan],
        [1, 0],
        [1, 0, 1],
        [1, 2],
      ],
    },
    {
      inputs: [ndarray(['b', 'a', 'b'])],
      outputs: [
        ['a', 'b'],
        [1, 0],
        [1, 0, 1],
        [1, 2],
      ],
      dtypes: ['string'],
    },
    {
      title: 'none comes twice',
      inputs: [nested([2, 3], [3, 0, 1, 2, 0.5, 2.5])],
      attrs: { axis: 1 },
      outputs: [nested([2, 3], [0, 1, 3, 0.5, 2.5, 2]), [1, 2, 0], [2, 0, 1], [1, 1, 1]],
      gradient: true,
    },
    { inputs: [1], error: 'INVALID_ARGUMENT', message: 'rank' },
    { inputShapes: [[3, 4]], outputShapes: [[null, 4], [null], [null], [null]] },
  ],
  DFT: [
    {
      inputs: [nested([1, 4, 1], [1, 2, 3, 4]), null, null],
      outputs: [nested([1, 4, 2], [10, 0, -2, 2, -2, 0, -2, -2])],
      gradient: [0],
    },
    {
      title: 'a length that is no power of two',
      inputs: [nested([1, 3, 1], [1, 1, 4]), null, null],
      outputs: [nested([1, 3, 2], [6, 0, -1.5, 2.598076211353316, -1.5, -2.598076211353316])],
      gradient: [0],
    },
    {
      title: 'half of it',
      inputs: [nested([1, 4, 1], [1, 2, 3, 4]), null, null],
      attrs: { onesided: true },
      outputs: [nested([1, 3, 2], [10, 0, -2, 2, -2, 0])],
      gradient: [0],
    },
    {
      title: 'and back',
      inputs: [nested([1, 3, 2], [10, 0, -2, 2, -2, 0]), null, null],
      attrs: { onesided: true, inverse: true },
      outputs: [nested([1, 4, 1], [1, 2, 3, 4])],
      gradient: [0],
    },
    {
      title: 'inverse, along the first axis',
      inputs: [nested([2, 1, 2], [1, 0, 3, 0]), null, 0],
      attrs: { inverse: true },
      outputs: [nested([2, 1, 2], [2, 0, -1, 0])],
      gradient: [0],
    },
    {
      title: 'filled up',
      inputs: [nested([1, 1, 1], [2]), 2, -2],
      outputs: [nested([1, 2, 2], [2, 0, 2, 0])],
      gradient: [0],
    },
    {
      inputs: [nested([1, 2, 3], [1, 2, 3, 4, 5, 6]), null, null],
      error: 'INVALID_ARGUMENT',
      message: 'last dim',
    },
    {
      inputs: [nested([1, 2, 1], [1, 2]), 0, null],
      error: 'INVALID_ARGUMENT',
      message: 'dft_length',
    },
    { inputShapes: [[2, 8, 1]], attrs: { onesided: true }, outputShapes: [[2, 5, 2]] },
    { inputShapes: [[2, null, 1]], outputShapes: [[2, null, 2]] },
  ],
  DFTGrad: [
    {
      inputs: [[1, 4, 1], nested([1, 3, 2], [1, 5, 2, 3, 4, 7]), null, null],
      attrs: { onesided: true },
      outputs: [nested([1, 4, 1], [7, -6, 3, 0])],
      gradient: [1],
    },
    {
      inputs: [[2], nested([1, 2, 2], [1, 2, 3, 4]), null, null],
      error: 'INVALID_ARGUMENT',
      message: 'rank',
    },
    { inputShapes: [{ value: [2, 3, 1] }, null, null, null], outputShapes: [[2, 3, 1]] },
  ],
});
