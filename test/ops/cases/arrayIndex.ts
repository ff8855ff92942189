import { ndarray } from '../../../lib/ndArray.js';
import { table } from '../case.js';
import { counted, nested } from './nested.js';

const abc = ndarray(['a', 'b', 'c']);
const { NaN: nan } = Number;

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
  OneHot: [
    {
      inputs: [[1, 0, 3, -1], 3, 1, 0],
      outputs: [nested([4, 3], [0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0])],
    },
    {
      inputs: [[1, 0], 3, 5, 2],
      types: { TI: 'int64', Tdepth: 'int64' },
      attrs: { axis: 0 },
      outputs: [nested([3, 2], [2, 5, 5, 2, 2, 2])],
    },
    { inputs: [1, 2, 1, 0], types: { TI: 'uint8' }, outputs: [[0, 1]] },
    { inputs: [[0], 2, 'a', 'b'], outputs: [[['a', 'b']]], dtypes: ['string'] },
    { inputs: [[0], -1, 1, 0], error: 'INVALID_ARGUMENT', message: 'depth' },
    { inputs: [[0], 1, 1, 0], attrs: { axis: 2 }, error: 'INVALID_ARGUMENT', message: 'axis' },
    { inputShapes: [[null, 2], { value: 3 }, [], []], outputShapes: [[null, 2, 3]] },
    { inputShapes: [[2], [], [], []], attrs: { axis: 0 }, outputShapes: [[null, 2]] },
    { inputShapes: [null, [], [], []], outputShapes: [null] },
  ],
  Where: [
    {
      inputs: [nested([2, 3], [0, 1, 0, 1, 0, 1])],
      outputs: [nested([3, 2], [0, 1, 1, 0, 1, 2])],
      showsRank: true,
    },
    { inputs: [[0, 0]], outputs: [[]], shapes: { outputs: [[0, 1]] } },
    { inputs: [[nan, -0, -1]], outputs: [[[0], [2]]] },
    { inputs: [1], outputs: [[]], shapes: { outputs: [[1, 0]] } },
    { inputShapes: [[2, null]], outputShapes: [[null, 2]] },
    { inputShapes: [null], outputShapes: [[null, null]] },
  ],
  TopKV2: [
    {
      inputs: [nested([2, 4], [1, 4, 2, 4, 3, 0, 5, 1]), 2],
      outputs: [nested([2, 2], [4, 4, 5, 3]), nested([2, 2], [1, 3, 2, 0])],
    },
    {
      inputs: [[3, 1, 2, 1], 3],
      types: { Tk: 'int64', index_type: 'int64' },
      attrs: { largest: false },
      outputs: [
        [1, 1, 2],
        [1, 3, 2],
      ],
    },
    {
      inputs: [nested([2, 3], [1, 5, 3, 4, 2, 0]), 2],
      outputs: [nested([2, 2], [5, 3, 4, 2]), nested([2, 2], [1, 2, 0, 1])],
      gradient: [0],
    },
    {
      title: 'few of many',
      inputs: [counted([100], (i) => (i * 37) % 101), 3],
      outputs: [
        [100, 99, 98],
        [30, 60, 90],
      ],
    },
    {
      title: 'most of many',
      inputs: [counted([40], (i) => (i * 7) % 40), 20],
      outputs: [
        Array.from({ length: 20 }, (_, i) => 39 - i),
        Array.from({ length: 20 }, (_, i) => ((39 - i) * 23) % 40),
      ],
    },
    {
      inputs: [[1, nan, 3, nan], 3],
      outputs: [
        [nan, nan, 3],
        [1, 3, 2],
      ],
    },
    {
      inputs: [[1, nan, 3, nan], 3],
      attrs: { largest: false },
      outputs: [
        [1, 3, nan],
        [0, 2, 1],
      ],
    },
    { inputs: [[1, 2], 0], outputs: [[], []] },
    {
      inputs: [[1, 2], 3],
      error: 'INVALID_ARGUMENT',
      message: 'at least k columns. Had 2, needed 3',
    },
    { inputs: [[1, 2], -1], error: 'INVALID_ARGUMENT', message: 'Need k >= 0' },
    {
      inputShapes: [[null, 5], { value: 2 }],
      outputShapes: [
        [null, 2],
        [null, 2],
      ],
    },
    {
      inputShapes: [[3, 5], []],
      outputShapes: [
        [3, null],
        [3, null],
      ],
    },
    { inputShapes: [null, []], outputShapes: [null, null] },
  ],
  MatrixBandPart: [
    {
      inputs: [counted([3, 4], (i) => i + 1), 1, 0],
      outputs: [nested([3, 4], [1, 0, 0, 0, 5, 6, 0, 0, 0, 10, 11, 0])],
      gradient: [0],
    },
    {
      inputs: [counted([1, 3, 2], (i) => i + 1), 0, -1],
      types: { Tindex: 'int32' },
      outputs: [nested([1, 3, 2], [1, 2, 0, 4, 0, 0])],
    },
    { inputs: [[1, 2], 0, 0], error: 'INVALID_ARGUMENT', message: 'rank' },
    { inputs: [ndarray([['a', 'b']]), 0, 0], outputs: [[['a', '']]], dtypes: ['string'] },
    { inputShapes: [[null, 3, 3], [], []], outputShapes: [[null, 3, 3]] },
  ],
});
