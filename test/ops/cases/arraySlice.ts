import { ndarray } from '../../../lib/ndArray.js';
import { table } from '../case.js';
import { counted, nested } from './nested.js';

const abc = ndarray(['a', 'b', 'c']);

export const arraySlice = table({
  Slice: [
    {
      inputs: [counted([3, 4]), [1, 0], [2, 2]],
      outputs: [nested([2, 2], [4, 5, 8, 9])],
      gradient: [0],
    },
    {
      inputs: [counted([3, 4]), [0, 2], [-1, -1]],
      types: { Index: 'int64' },
      outputs: [nested([3, 2], [2, 3, 6, 7, 10, 11])],
    },
    { inputs: [[0, 1], [2], [0]], outputs: [[]] },
    { inputs: [1, [], []], outputs: [1], shapes: { inputs: [[], [0], [0]] } },
    { inputs: [abc, [1], [-1]], outputs: [['b', 'c']], dtypes: ['string'] },
    { inputs: [[0, 1], [1], [2]], error: 'INVALID_ARGUMENT', message: 'Expected size[0]' },
    { inputs: [[0, 1], [3], [0]], error: 'INVALID_ARGUMENT', message: 'Expected begin[0]' },
    { inputs: [[0, 1], [-1], [1]], error: 'INVALID_ARGUMENT', message: 'begin[0]' },
    {
      inputs: [
        [0, 1],
        [0, 0],
        [1, 1],
      ],
      error: 'INVALID_ARGUMENT',
      message: 'per dim',
    },
    {
      inputShapes: [[null, 4], { value: [0, 1] }, { value: [2, -1] }],
      outputShapes: [[2, 3]],
    },
    { inputShapes: [[3, 4], [2], { value: [-1, 2] }], outputShapes: [[null, 2]] },
    { inputShapes: [null, [2], [2]], outputShapes: [[null, null]] },
    { inputShapes: [null, [null], [null]], outputShapes: [null] },
  ],
  SliceGrad: [
    {
      inputs: [[2, 3], [1, 1], [[4, 5]]],
      outputs: [nested([2, 3], [0, 0, 0, 0, 4, 5])],
      gradient: [2],
    },
    { inputs: [[2], [2], [1]], error: 'INVALID_ARGUMENT' },
    { inputShapes: [{ value: [2, 3] }, [2], [1, 2]], outputShapes: [[2, 3]] },
    { inputShapes: [[2], [2], [null, 2]], outputShapes: [[null, null]] },
  ],
  StridedSlice: [
    {
      inputs: [counted([3, 4]), [0, 3], [3, 0], [2, -2]],
      outputs: [nested([2, 2], [3, 1, 11, 9])],
      gradient: [0],
    },
    {
      title: 'open ends, negative indices',
      inputs: [counted([5]), [-3], [100], [1]],
      types: { Index: 'int64' },
      outputs: [[2, 3, 4]],
    },
    {
      title: 'masks',
      inputs: [counted([2, 3, 4]), [1, 1, 0, 9], [9, 9, 9, 9], [1, 1, 1, 1]],
      attrs: { shrink_axis_mask: 1, ellipsis_mask: 2, new_axis_mask: 4, begin_mask: 8 },
      outputs: [counted([3, 1, 4], (i) => i + 12)],
      gradient: [0],
    },
    {
      title: 'backwards over all',
      inputs: [counted([3]), [7], [-7], [-1]],
      attrs: { begin_mask: 1, end_mask: 1 },
      outputs: [[2, 1, 0]],
    },
    { inputs: [counted([3]), [-1], [0], [1]], attrs: { shrink_axis_mask: 1 }, outputs: [2] },
    { title: 'empty', inputs: [counted([3]), [2], [1], [1]], outputs: [[]] },
    { inputs: [abc, [2], [-9], [-2]], outputs: [['c', 'a']], dtypes: ['string'] },
    { inputs: [counted([3]), [0], [1], [0]], error: 'INVALID_ARGUMENT', message: 'non-zero' },
    {
      inputs: [counted([3]), [3], [4], [1]],
      attrs: { shrink_axis_mask: 1 },
      error: 'INVALID_ARGUMENT',
      message: 'slice index 3 of dimension 0 out of bounds',
    },
    {
      inputs: [counted([3]), [0, 0], [1, 1], [1, 1]],
      error: 'INVALID_ARGUMENT',
      message: 'input has only 1 dims',
    },
    {
      inputs: [counted([3]), [0, 0], [1, 1], [1, 1]],
      attrs: { ellipsis_mask: 3 },
      error: 'INVALID_ARGUMENT',
      message: 'Multiple ellipses',
    },
    {
      inputShapes: [[null, 4], { value: [0, 1] }, { value: [0, 3] }, { value: [1, 1] }],
      attrs: { end_mask: 1 },
      outputShapes: [[null, 2]],
    },
    { inputShapes: [[3, 4], [1], [1], [1]], outputShapes: [[null, 4]] },
    { inputShapes: [[3], [null], [null], [null]], outputShapes: [null] },
    { inputShapes: [null, [1], [1], [1]], outputShapes: [null] },
  ],
  StridedSliceGrad: [
    {
      inputs: [
        [2, 3],
        [0, 2],
        [2, 0],
        [1, -2],
        [[4], [5]],
      ],
      outputs: [nested([2, 3], [0, 0, 4, 0, 0, 5])],
      gradient: [4],
    },
    { inputs: [[2], [0], [2], [1], [1]], error: 'INVALID_ARGUMENT', message: 'expected dy' },
    { inputShapes: [{ value: [2, 3] }, [1], [1], [1], [null, 3]], outputShapes: [[2, 3]] },
  ],
  ReverseV2: [
    {
      inputs: [counted([2, 3]), [1]],
      outputs: [nested([2, 3], [2, 1, 0, 5, 4, 3])],
      gradient: [0],
    },
    {
      inputs: [counted([2, 2, 2]), [0, -1]],
      types: { Tidx: 'int64' },
      outputs: [nested([2, 2, 2], [5, 4, 7, 6, 1, 0, 3, 2])],
    },
    { inputs: [1, []], outputs: [1], shapes: { inputs: [[], [0]] } },
    { inputs: [abc, [0]], outputs: [['c', 'b', 'a']], dtypes: ['string'] },
    {
      inputs: [
        [0, 1],
        [0, -1],
      ],
      error: 'INVALID_ARGUMENT',
      message: 'more than once',
    },
    { inputs: [[0, 1], [1]], error: 'INVALID_ARGUMENT', message: 'axis' },
    { inputShapes: [[null, 2], [1]], outputShapes: [[null, 2]] },
  ],
  ReverseSequence: [
    {
      inputs: [counted([2, 4]), [2, 3]],
      attrs: { seq_dim: 1 },
      outputs: [nested([2, 4], [1, 0, 2, 3, 6, 5, 4, 7])],
      gradient: [0],
    },
    {
      inputs: [counted([3, 2]), [0, 3]],
      types: { Tlen: 'int32' },
      attrs: { seq_dim: 0, batch_dim: 1 },
      outputs: [nested([3, 2], [0, 5, 2, 3, 4, 1])],
    },
    {
      inputs: [ndarray(['a', 'b'], { shape: [1, 2] }), [2]],
      attrs: { seq_dim: 1 },
      outputs: [[['b', 'a']]],
      dtypes: ['string'],
    },
    {
      inputs: [counted([1, 2]), [3]],
      attrs: { seq_dim: 1 },
      error: 'INVALID_ARGUMENT',
      message: 'seq_lengths[0] is 3',
    },
    { inputs: [counted([2, 2]), [1]], attrs: { seq_dim: 1 }, error: 'INVALID_ARGUMENT' },
    { inputs: [counted([2, 2]), [1, 1]], attrs: { seq_dim: 0 }, error: 'INVALID_ARGUMENT' },
    { inputShapes: [[null, 2], [3]], attrs: { seq_dim: 1 }, outputShapes: [[null, 2]] },
  ],
  Roll: [
    {
      inputs: [counted([2, 3]), [1, -1], [0, 1]],
      outputs: [nested([2, 3], [4, 5, 3, 1, 2, 0])],
      gradient: [0],
    },
    { inputs: [counted([5]), 7, 0], types: { Tshift: 'int64' }, outputs: [[3, 4, 0, 1, 2]] },
    { inputs: [counted([3]), [1, 1], [0, -1]], outputs: [[1, 2, 0]] },
    { inputs: [abc, 1, 0], outputs: [['c', 'a', 'b']], dtypes: ['string'] },
    { inputs: [[0, 1], [1, 2], [0]], error: 'INVALID_ARGUMENT', message: 'same size' },
    { inputs: [[0, 1], 1, 1], error: 'INVALID_ARGUMENT', message: 'axis' },
    { inputShapes: [[null, 2], [], []], outputShapes: [[null, 2]] },
  ],
});
