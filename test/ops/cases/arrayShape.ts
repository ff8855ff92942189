import { ndarray } from '../../../lib/ndArray.js';
import { table } from '../case.js';
import { counted, nested } from './nested.js';

const strings = ndarray(['a', '', 'b\0c', 'd'], { shape: [2, 2] });

export const arrayShape = table({
  Shape: [
    { inputs: [counted([2, 3])], outputs: [[2, 3]] },
    { inputs: [5], outputs: [[]], shapes: { outputs: [[0]] } },
    { inputs: [counted([2, 3])], attrs: { out_type: 'int64' }, outputs: [[2, 3]] },
    { inputs: [strings], outputs: [[2, 2]], dtypes: ['string'] },
    { inputShapes: [[null, 3]], outputShapes: [[2]] },
    { inputShapes: [null], outputShapes: [[null]] },
  ],
  ShapeN: [
    { inputs: [{ list: [counted([2, 3]), [1]] }], outputs: [[2, 3], [1]] },
    { inputShapes: [{ list: [[null], null] }], outputShapes: [[1], [null]] },
  ],
  Size: [
    { inputs: [counted([2, 3])], outputs: [6] },
    { inputs: [[]], outputs: [0], attrs: { out_type: 'int64' } },
    { inputs: [strings], outputs: [4], dtypes: ['string'] },
    { inputShapes: [[null]], outputShapes: [[]] },
  ],
  Rank: [
    { inputs: [counted([2, 3])], outputs: [2] },
    { inputs: [1], outputs: [0] },
    { inputs: ['x'], outputs: [0], dtypes: ['string'] },
    { inputs: [strings], outputs: [2], dtypes: ['string'] },
    { inputShapes: [null], outputShapes: [[]] },
  ],
  Reshape: [
    { inputs: [counted([2, 3]), [3, 2]], outputs: [counted([3, 2])], gradient: true },
    { inputs: [counted([2, 3]), [3, -1]], types: { Tshape: 'int64' }, outputs: [counted([3, 2])] },
    { inputs: [1, [1, 1]], outputs: [[[1]]] },
    { inputs: [[1], []], outputs: [1], shapes: { inputs: [[1], [0]] } },
    { inputs: [[], [0, 3]], outputs: [[]], shapes: { inputs: [[3, 0]], outputs: [[0, 3]] } },
    { inputs: [strings, [4]], outputs: [['a', '', 'b\0c', 'd']], dtypes: ['string'] },
    {
      inputs: [
        [1, 2, 3],
        [2, -1],
      ],
      error: 'INVALID_ARGUMENT',
      message: 'not a multiple',
    },
    { inputs: [[1, 2, 3], [2]], error: 'INVALID_ARGUMENT', message: 'Cannot reshape' },
    {
      inputs: [
        [1, 2],
        [-1, -1],
      ],
      error: 'INVALID_ARGUMENT',
      message: 'at most one dim',
    },
    { inputs: [[1, 2], [-2]], error: 'INVALID_ARGUMENT', message: 'negative' },
    { inputShapes: [[2, 3], { value: [-1] }], outputShapes: [[6]] },
    { inputShapes: [[null, 3], { value: [-1, 3] }], outputShapes: [[null, 3]] },
    { inputShapes: [[2, 3], [2]], outputShapes: [[null, null]] },
    { inputShapes: [[0, 3], [2]], outputShapes: [[null, null]] },
    { inputShapes: [[2, 3], [null]], outputShapes: [null] },
  ],
  Squeeze: [
    { inputs: [nested([1, 2, 1], [0, 1])], outputs: [[0, 1]], gradient: true },
    { inputs: [nested([1, 2, 1], [0, 1])], attrs: { squeeze_dims: [-1] }, outputs: [[[0, 1]]] },
    { inputs: [[1]], outputs: [1] },
    { inputs: [ndarray(['x'])], outputs: ['x'], dtypes: ['string'] },
    {
      inputs: [[1, 0]],
      attrs: { squeeze_dims: [0] },
      error: 'INVALID_ARGUMENT',
      message: 'dim[0]',
    },
    { inputShapes: [[1, null]], outputShapes: [null] },
    { inputShapes: [[1, null]], attrs: { squeeze_dims: [0] }, outputShapes: [[null]] },
    { inputShapes: [null], outputShapes: [null] },
  ],
  ExpandDims: [
    { inputs: [counted([2, 3]), 1], outputs: [counted([2, 1, 3])], gradient: true },
    { inputs: [[0, 1], -1], types: { Tdim: 'int64' }, outputs: [[[0], [1]]] },
    { inputs: [1, 0], outputs: [[1]] },
    { inputs: [ndarray(['x']), 0], outputs: [[['x']]], dtypes: ['string'] },
    { inputs: [[1], 2], error: 'INVALID_ARGUMENT', message: 'got 2' },
    { inputShapes: [[null, 3], { value: -2 }], outputShapes: [[null, 1, 3]] },
    { inputShapes: [[null, 3], []], outputShapes: [[null, null, null]] },
    { inputShapes: [null, []], outputShapes: [null] },
  ],
  Transpose: [
    {
      inputs: [counted([2, 3]), [1, 0]],
      outputs: [nested([3, 2], [0, 3, 1, 4, 2, 5])],
      gradient: [0],
    },
    {
      title: 'blocks with rests',
      inputs: [counted([19, 21], (i) => i % 100), [1, 0]],
      outputs: [counted([21, 19], (i) => (Math.floor(i / 19) + (i % 19) * 21) % 100)],
    },
    {
      title: 'planes to pixels',
      inputs: [counted([1, 3, 37], (i) => i), [0, 2, 1]],
      outputs: [counted([1, 37, 3], (i) => Math.floor(i / 3) + (i % 3) * 37)],
    },
    {
      title: 'pixels to planes',
      inputs: [counted([1, 37, 3], (i) => i), [0, 2, 1]],
      outputs: [counted([1, 3, 37], (i) => (i % 37) * 3 + Math.floor(i / 37))],
    },
    { inputs: [1, []], outputs: [1], shapes: { inputs: [[], [0]] } },
    {
      inputs: [strings, [1, 0]],
      outputs: [ndarray(['a', 'b\0c', '', 'd'], { shape: [2, 2] })],
      dtypes: ['string'],
    },
    { inputs: [counted([2, 2]), [0, 0]], error: 'INVALID_ARGUMENT', message: 'twice' },
    { inputs: [counted([2, 2]), [0, 2]], error: 'INVALID_ARGUMENT', message: 'perm holds 2' },
    { inputs: [counted([2, 2]), [0]], error: 'INVALID_ARGUMENT', message: 'permutation of 2' },
    { inputShapes: [[null, 3], { value: [1, 0] }], outputShapes: [[3, null]] },
    { inputShapes: [[2, 3], [2]], outputShapes: [[null, null]] },
    { inputShapes: [null, [2]], outputShapes: [[null, null]] },
    { inputShapes: [null, [null]], outputShapes: [null] },
  ],
  InvertPermutation: [
    { inputs: [[2, 0, 1]], outputs: [[1, 2, 0]] },
    { inputs: [[0, 0]], error: 'INVALID_ARGUMENT', message: 'duplicated' },
    { inputs: [[0, 2]], error: 'INVALID_ARGUMENT', message: 'x[1] is 2' },
    { inputShapes: [[null]], outputShapes: [[null]] },
  ],
  BroadcastTo: [
    {
      inputs: [nested([2, 1], [0, 1]), [2, 3]],
      outputs: [nested([2, 3], [0, 0, 0, 1, 1, 1])],
      gradient: [0],
    },
    {
      inputs: [
        [0, 1],
        [2, 2],
      ],
      types: { Tidx: 'int64' },
      outputs: [nested([2, 2], [0, 1, 0, 1])],
    },
    { inputs: [1, [2]], outputs: [[1, 1]], gradient: [0] },
    { inputs: [ndarray(['x']), [2]], outputs: [['x', 'x']], dtypes: ['string'] },
    { inputs: [[0, 1], [3]], error: 'INVALID_ARGUMENT', message: 'cannot broadcast' },
    { inputs: [[[0, 1]], [2]], error: 'INVALID_ARGUMENT', message: 'fewer dims' },
    { inputShapes: [[1, 3], [2]], outputShapes: [[null, null]] },
    { inputShapes: [null, { value: [2, 3] }], outputShapes: [[2, 3]] },
  ],
  BroadcastArgs: [
    { inputs: [[2, 1], [3]], outputs: [[2, 3]] },
    { inputs: [[2], [3]], error: 'INVALID_ARGUMENT', message: 'cannot be broadcast' },
    { inputShapes: [[2], [3]], outputShapes: [[3]] },
    { inputShapes: [[null], [3]], outputShapes: [[null]] },
  ],
  BroadcastGradientArgs: [
    { inputs: [[2, 1], [3]], outputs: [[1], [0]] },
    { inputs: [[4], [4]], outputs: [[], []] },
    { inputShapes: [[2], [null]], outputShapes: [[null], [null]] },
  ],
  SumTo: [
    {
      inputs: [counted([2, 3]), [2, 1]],
      outputs: [nested([2, 1], [3, 12])],
      gradient: [0],
    },
    { inputs: [counted([2, 3]), [3]], outputs: [[3, 5, 7]], gradient: [0] },
    { inputs: [counted([2, 3]), []], outputs: [15], shapes: { inputs: [[2, 3], [0]] } },
    {
      inputs: [counted([2, 3, 4]), [1, 3, 1]],
      types: { Tidx: 'int32' },
      outputs: [nested([1, 3, 1], [60, 92, 124])],
    },
    {
      title: 'more columns than one block',
      inputs: [counted([3, 100], (i) => i % 2), [100]],
      outputs: [counted([100], (i) => 3 * (i % 2))],
    },
    { inputs: [counted([1, 20]), [1, 1]], outputs: [[[190]]] },
    { inputs: [[], [1]], outputs: [[0]], shapes: { inputs: [[0]] } },
    { inputs: [counted([2, 3]), [2]], error: 'INVALID_ARGUMENT', message: 'cannot sum' },
    { inputShapes: [[null, 3], { value: [3] }], outputShapes: [[3]] },
    { inputShapes: [null, [2]], outputShapes: [[null, null]] },
  ],
});
