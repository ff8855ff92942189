import { ndarray } from '../../../lib/ndArray.js';
import { table } from '../case.js';
import { counted, nested } from './nested.js';

const { NaN: nan } = Number;

export const arraySelect = table({
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
  SumIndexedSlices: [
    {
      inputs: [
        [
          [1, 2],
          [3, 4],
          [5, 6],
        ],
        [4, 0, 4],
        [5, 2],
      ],
      outputs: [
        [
          [3, 4],
          [6, 8],
        ],
        [0, 4],
      ],
      gradient: [0],
    },
    { inputs: [[1, 2, 3], [1, 1, 1], [2]], outputs: [[6], [1]] },
    {
      inputs: [[], [], [5, 2]],
      outputs: [[], []],
      shapes: { inputs: [[0, 2], [0], [2]], outputs: [[0, 2], [0]] },
    },
    { inputs: [[1], [2], [2]], error: 'INVALID_ARGUMENT', message: 'not in [0, 2)' },
    { inputs: [[1, 2], [0], [2]], error: 'INVALID_ARGUMENT', message: 'expected 1 rows' },
    { inputShapes: [[null, 3], [null], { value: [7, 3] }], outputShapes: [[null, 3], [null]] },
  ],
  Unique: [
    {
      inputs: [[1, 0, 1, 2, 0]],
      outputs: [
        [1, 0, 2],
        [0, 1, 0, 2, 1],
      ],
    },
    {
      inputs: [[nan, -0, 0, nan]],
      types: { out_idx: 'int64' },
      outputs: [
        [nan, -0, nan],
        [0, 1, 1, 2],
      ],
    },
    {
      inputs: [ndarray(['b', 'a', 'b'])],
      outputs: [
        ['b', 'a'],
        [0, 1, 0],
      ],
      dtypes: ['string'],
    },
    { inputs: [[[1]]], error: 'INVALID_ARGUMENT', message: 'rank' },
    { inputShapes: [[5]], outputShapes: [[null], [5]] },
    { inputShapes: [null], outputShapes: [[null], [null]] },
  ],
  UniqueWithCounts: [
    {
      inputs: [[1, 0, 1, 2, 0, 1]],
      outputs: [
        [1, 0, 2],
        [0, 1, 0, 2, 1, 0],
        [3, 2, 1],
      ],
    },
    { inputs: [ndarray(['b', 'b'])], outputs: [['b'], [0, 0], [2]], dtypes: ['string'] },
    { inputs: [[[1]]], error: 'INVALID_ARGUMENT', message: 'rank' },
    { inputShapes: [[5]], outputShapes: [[null], [5], [null]] },
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
      message: 'must have last dimension >= k = 3 but is 2',
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
