import { ndarray } from '../../../lib/ndArray.js';
import { table } from '../case.js';
import { counted, nested } from './nested.js';

const abc = ndarray(['a', 'b', 'c']);
const { NaN: nan } = Number;

export const arrayScatter = table({
  ScatterNd: [
    {
      inputs: [[[2], [0], [2]], [1, 0, 2], [3]],
      types: { Tshape: 'int64' },
      outputs: [[0, 0, 3]],
      gradient: [1],
    },
    {
      inputs: [[[1]], [[1, 0]], [2, 2]],
      types: { Tindices: 'int64' },
      outputs: [nested([2, 2], [0, 0, 1, 0])],
      gradient: [1],
    },
    { inputs: [[[3]], [1], [3]], error: 'INVALID_ARGUMENT', message: 'expected a value in [0, 3)' },
    { inputs: [[[0]], [1, 1], [3]], error: 'INVALID_ARGUMENT', message: 'updates has shape' },
    { inputShapes: [[null, 1], [null, 2], { value: [3, 2] }], outputShapes: [[3, 2]] },
    { inputShapes: [null, null, [2]], outputShapes: [[null, null]] },
  ],
  TensorScatterUpdate: [
    {
      inputs: [
        [1, 0, 1],
        [[1], [1]],
        [0, 1],
      ],
      outputs: [[1, 1, 1]],
    },
    {
      inputs: [counted([2, 2]), [[1]], [[5, 6]]],
      types: { Tindices: 'int64' },
      outputs: [nested([2, 2], [0, 1, 5, 6])],
      gradient: [0, 2],
    },
    { inputs: [abc, [[1]], ndarray(['x'])], outputs: [['a', 'x', 'c']], dtypes: ['string'] },
    { inputs: [[0, 1], [[2]], [1]], error: 'INVALID_ARGUMENT', message: 'is 2' },
    {
      inputShapes: [
        [null, 2],
        [1, 1],
        [1, 2],
      ],
      outputShapes: [[null, 2]],
    },
  ],
  TensorScatterAdd: [
    {
      inputs: [
        [1, 2, 3],
        [[1], [1]],
        [4, 5],
      ],
      outputs: [[1, 11, 3]],
      gradient: [0, 2],
    },
    { inputs: [[0, 1], [[2]], [1]], error: 'INVALID_ARGUMENT', message: 'is 2' },
    {
      inputShapes: [
        [null, 2],
        [1, 1],
        [1, 2],
      ],
      outputShapes: [[null, 2]],
    },
  ],
  TensorScatterSub: [
    {
      inputs: [
        [1, 9, 3],
        [[1], [1]],
        [4, 5],
      ],
      outputs: [[1, 0, 3]],
      gradient: [0],
    },
    { inputs: [[0, 1], [[2]], [1]], error: 'INVALID_ARGUMENT', message: 'is 2' },
    {
      inputShapes: [
        [null, 2],
        [1, 1],
        [1, 2],
      ],
      outputShapes: [[null, 2]],
    },
  ],
  TensorScatterMul: [
    {
      inputs: [
        [1, 2, 3],
        [[1], [1]],
        [4, 5],
      ],
      outputs: [[1, 40, 3]],
      gradient: [0, 2],
    },
    {
      title: 'with zeros',
      inputs: [
        [2, 3, 4],
        [[0], [1], [1], [2], [2], [2]],
        [0, 0, 3, 0, 2, 0],
      ],
      outputs: [[0, 0, 0]],
      gradient: [0, 2],
      onceOnly: true,
    },
    { inputs: [[0, 1], [[2]], [1]], error: 'INVALID_ARGUMENT', message: 'is 2' },
    {
      inputShapes: [
        [null, 2],
        [1, 1],
        [1, 2],
      ],
      outputShapes: [[null, 2]],
    },
  ],
  TensorScatterMin: [
    {
      inputs: [
        [1, 6, 3],
        [[1], [1], [0]],
        [4, 5, 2],
      ],
      outputs: [[1, 4, 3]],
      gradient: [0, 2],
    },
    {
      inputs: [
        [1, nan, 3],
        [[1], [2]],
        [4, nan],
      ],
      outputs: [[1, nan, nan]],
    },
    { inputs: [[0, 1], [[2]], [1]], error: 'INVALID_ARGUMENT', message: 'is 2' },
    {
      inputShapes: [
        [null, 2],
        [1, 1],
        [1, 2],
      ],
      outputShapes: [[null, 2]],
    },
  ],
  TensorScatterMax: [
    {
      inputs: [
        [1, 6, 3],
        [[1], [0], [0]],
        [4, 5, 2],
      ],
      outputs: [[5, 6, 3]],
      gradient: [0, 2],
    },
    {
      inputs: [
        [1, nan, 3],
        [[1], [2]],
        [4, nan],
      ],
      outputs: [[1, nan, nan]],
    },
    { inputs: [[0, 1], [[2]], [1]], error: 'INVALID_ARGUMENT', message: 'is 2' },
    {
      inputShapes: [
        [null, 2],
        [1, 1],
        [1, 2],
      ],
      outputShapes: [[null, 2]],
    },
  ],
});
