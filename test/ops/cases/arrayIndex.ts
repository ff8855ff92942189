import { ndarray } from '../../../lib/ndArray.js';
import { table } from '../case.js';
import { counted, nested } from './nested.js';

const abc = ndarray(['a', 'b', 'c']);

export const arrayIndex = table({
  GatherV2: [
    {
      inputs: [counted([3, 2]), [2, 0, 2], 0],
      outputs: [nested([3, 2], [4, 5, 0, 1, 4, 5])],
      gradient: [0],
    },
    {
      inputs: [counted([2, 3]), [[2], [0]], 1],
      types: { Tindices: 'int64', Taxis: 'int64' },
      outputs: [nested([2, 2, 1], [2, 0, 5, 3])],
      gradient: [0],
    },
    {
      title: 'batch_dims',
      inputs: [counted([2, 2, 2]), nested([2, 1], [1, 0]), -1],
      attrs: { batch_dims: 1 },
      outputs: [nested([2, 2, 1], [1, 3, 4, 6])],
      gradient: [0],
    },
    { inputs: [[0, 1], 1, 0], outputs: [1] },
    { inputs: [[0, 1], [], 0], outputs: [[]] },
    { inputs: [abc, [2, 0], 0], outputs: [['c', 'a']], dtypes: ['string'] },
    {
      inputs: [[0, 1], [2], 0],
      error: 'INVALID_ARGUMENT',
      message: 'indices[0] = 2 is not in [0, 2)',
    },
    { inputs: [[0, 1], [-1], 0], error: 'INVALID_ARGUMENT', message: 'indices[0] = -1' },
    { inputs: [[0, 1], [0], 1], error: 'INVALID_ARGUMENT', message: 'axis' },
    { inputs: [1, [0], 0], error: 'INVALID_ARGUMENT', message: 'rank' },
    { inputShapes: [[null, 3], [2, null], { value: 1 }], outputShapes: [[null, 2, null]] },
    { inputShapes: [[2, 3], [2], []], outputShapes: [[null, null]] },
    { inputShapes: [null, [2], { value: 0 }], outputShapes: [null] },
  ],
  GatherV2Grad: [
    {
      inputs: [[3], [2, 0, 2], 0, [1, 2, 3]],
      outputs: [[2, 0, 4]],
      gradient: [3],
    },
    { inputs: [[3], [3], 0, [1]], error: 'INVALID_ARGUMENT', message: 'not in [0, 3)' },
    { inputs: [[3], [1], 0, [1, 2]], error: 'INVALID_ARGUMENT', message: 'expected dy' },
    { inputShapes: [{ value: [3, 2] }, [1], [], [1, 2]], outputShapes: [[3, 2]] },
  ],
  GatherNd: [
    {
      inputs: [counted([2, 2]), nested([2, 2], [0, 1, 1, 0])],
      outputs: [[1, 2]],
      gradient: [0],
    },
    {
      inputs: [counted([2, 2]), [[1], [0], [1]]],
      types: { Tindices: 'int64' },
      outputs: [nested([3, 2], [2, 3, 0, 1, 2, 3])],
      gradient: [0],
    },
    {
      inputs: [counted([2, 2]), [[1], [0]]],
      attrs: { batch_dims: 1 },
      outputs: [[1, 2]],
      gradient: [0],
    },
    {
      title: 'two batch dims',
      inputs: [counted([2, 2, 3]), nested([2, 2, 2, 1], [0, 0, 2, 1, 1, 0, 2, 2])],
      types: { Tindices: 'int64' },
      attrs: { batch_dims: 2 },
      outputs: [nested([2, 2, 2], [0, 0, 5, 4, 7, 6, 11, 11])],
      gradient: [0],
    },
    {
      title: 'no elements, but indices',
      inputs: [[[]], [[1]]],
      error: 'INVALID_ARGUMENT',
      message: 'indices[0][0] is 1, expected a value in [0, 1)',
    },
    { inputs: [abc, [[2]]], outputs: [['c']], dtypes: ['string'] },
    { inputs: [[0, 1], [[2]]], error: 'INVALID_ARGUMENT', message: 'indices[0][0] is 2' },
    { inputs: [[0, 1], [[0, 0]]], error: 'INVALID_ARGUMENT', message: 'too long' },
    {
      inputShapes: [
        [null, 3],
        [null, 1],
      ],
      outputShapes: [[null, 3]],
    },
    {
      inputShapes: [
        [2, 3],
        [4, null],
      ],
      outputShapes: [null],
    },
    { inputShapes: [null, [4, 1]], outputShapes: [null] },
  ],
  GatherElements: [
    {
      inputs: [counted([2, 2]), nested([2, 2], [0, 0, 1, -2])],
      attrs: { axis: 1 },
      outputs: [nested([2, 2], [0, 0, 3, 2])],
      gradient: [0],
    },
    {
      inputs: [counted([3, 2]), [[2, 0]]],
      types: { Tindices: 'int64' },
      outputs: [[[4, 1]]],
      gradient: [0],
    },
    { inputs: [abc, [2, 2]], outputs: [['c', 'c']], dtypes: ['string'] },
    {
      inputs: [[0, 1], [2]],
      error: 'INVALID_ARGUMENT',
      message: 'indices[0] = 2 is not in [-2, 2)',
    },
    { inputs: [[0, 1], [[0]]], error: 'INVALID_ARGUMENT', message: 'rank' },
    {
      inputShapes: [
        [null, 3],
        [2, null],
      ],
      outputShapes: [[2, null]],
    },
    { inputShapes: [null, null], outputShapes: [null] },
  ],
  ScatterElements: [
    {
      inputs: [counted([2, 3]), [[1, -1]], [[7, 8]]],
      attrs: { axis: 1 },
      outputs: [nested([2, 3], [0, 7, 8, 3, 4, 5])],
      gradient: [0, 2],
    },
    {
      inputs: [
        [1, 2, 3],
        [1, 1],
        [4, 5],
      ],
      types: { Tindices: 'int64' },
      attrs: { reduction: 'add' },
      outputs: [[1, 11, 3]],
      gradient: [0, 2],
    },
    {
      inputs: [
        [1, 2, 3],
        [1, 1],
        [4, 5],
      ],
      attrs: { reduction: 'mul' },
      outputs: [[1, 40, 3]],
      dtypes: ['float32', 'float64', 'int32', 'int64', 'uint8', 'complex64'],
    },
    {
      inputs: [
        [1, 2, 3],
        [1, 2],
        [4, 1],
      ],
      attrs: { reduction: 'max' },
      outputs: [[1, 4, 3]],
      dtypes: ['float32', 'float16', 'int8', 'uint64'],
    },
    {
      inputs: [
        [1, 2, 3],
        [1, 2],
        [4, 1],
      ],
      attrs: { reduction: 'min' },
      outputs: [[1, 2, 1]],
      dtypes: ['float32', 'bfloat16', 'int8', 'uint64'],
    },
    { inputs: [abc, [0], ndarray(['x'])], outputs: [['x', 'b', 'c']], dtypes: ['string'] },
    {
      inputs: [abc, [0], ndarray(['x'])],
      attrs: { reduction: 'add' },
      error: 'UNIMPLEMENTED',
      dtypes: ['string'],
    },
    { inputs: [[0, 1], [2], [1]], error: 'INVALID_ARGUMENT', message: 'is not in [-2, 2)' },
    { inputs: [[0, 1], [0], [1, 1]], error: 'INVALID_ARGUMENT', message: 'updates' },
    {
      inputShapes: [
        [null, 3],
        [2, null],
        [null, 1],
      ],
      outputShapes: [[null, 3]],
    },
  ],
});
