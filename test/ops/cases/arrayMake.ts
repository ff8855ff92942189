import { ndarray } from '../../../lib/ndArray.js';
import { table } from '../case.js';
import { counted, nested } from './nested.js';

const ab = ndarray(['a', 'b']);

export const arrayMake = table({
  Fill: [
    { inputs: [[2, 3], 1], outputs: [nested([2, 3], [1, 1, 1, 1, 1, 1])], gradient: [1] },
    { inputs: [[0], 1], types: { index_type: 'int64' }, outputs: [[]] },
    { inputs: [[], 1], outputs: [1], shapes: { inputs: [[0], []] } },
    { inputs: [[2], 'x'], outputs: [['x', 'x']], dtypes: ['string'] },
    { inputs: [[-1], 1], error: 'INVALID_ARGUMENT', message: 'negative' },
    { inputs: [[1], [1]], error: 'INVALID_ARGUMENT', message: 'rank' },
    { inputShapes: [[2], []], outputShapes: [[null, null]] },
    { inputShapes: [{ value: [2, 3] }, []], outputShapes: [[2, 3]] },
    { inputShapes: [[null], []], outputShapes: [null] },
  ],
  ZerosLike: [
    { inputs: [counted([2, 2])], outputs: [nested([2, 2], [0, 0, 0, 0])] },
    { inputs: [ab], outputs: [['', '']], dtypes: ['string'] },
    { inputShapes: [[null, 2]], outputShapes: [[null, 2]] },
  ],
  OnesLike: [
    { inputs: [counted([2, 2])], outputs: [nested([2, 2], [1, 1, 1, 1])] },
    { inputs: [[true, false]], outputs: [[true, true]], dtypes: ['bool'] },
    { inputShapes: [[null, 2]], outputShapes: [[null, 2]] },
  ],
  Range: [
    { inputs: [1, 7, 2], outputs: [[1, 3, 5]] },
    { inputs: [3, 0, -1], outputs: [[3, 2, 1]] },
    { inputs: [0, 1, 0.25], outputs: [[0, 0.25, 0.5, 0.75]] },
    { inputs: [2, 2, 1], outputs: [[]] },
    { inputs: [0, 1, 0], error: 'INVALID_ARGUMENT', message: 'delta != 0' },
    { inputs: [0, 1, -1], error: 'INVALID_ARGUMENT', message: 'start <= limit' },
    { inputShapes: [[], [], []], outputShapes: [[null]] },
    { inputShapes: [{ value: 0 }, { value: 5 }, { value: 2 }], outputShapes: [[3]] },
  ],
  LinSpace: [
    { inputs: [0, 1, 5], outputs: [[0, 0.25, 0.5, 0.75, 1]] },
    { inputs: [2, 9, 1], types: { Tidx: 'int64' }, outputs: [[2]] },
    { inputs: [0, 1, 0], error: 'INVALID_ARGUMENT', message: 'num > 0' },
    { inputShapes: [[], [], { value: 3 }], outputShapes: [[3]] },
    { inputShapes: [[], [], []], outputShapes: [[null]] },
  ],
  EnsureShape: [
    {
      inputs: [counted([2, 2])],
      attrs: { shape: [null, 2] },
      outputs: [counted([2, 2])],
      gradient: true,
    },
    { inputs: [ab], attrs: { shape: [2] }, outputs: [['a', 'b']], dtypes: ['string'] },
    { inputs: [[0, 1]], attrs: { shape: [3] }, error: 'INVALID_ARGUMENT' },
    { inputShapes: [[null, 2]], attrs: { shape: [3, null] }, outputShapes: [[3, 2]] },
    { inputShapes: [null], attrs: { shape: [3, null] }, outputShapes: [[3, null]] },
  ],
  IdentityN: [
    { inputs: [{ list: [[1, 2], ndarray([1n], { dtype: 'int64' })] }], outputs: [[1, 2], [1]] },
    { inputShapes: [{ list: [[null, 2], []] }], outputShapes: [[null, 2], []] },
  ],
  CheckNumerics: [
    { inputs: [[0, -1.5]], attrs: { message: 'm' }, outputs: [[0, -1.5]], gradient: true },
    { inputs: [2], attrs: { message: 'rank 0' }, outputs: [2] },
    { inputs: [[]], attrs: { message: 'size 0' }, outputs: [[]] },
    {
      inputs: [[0, Number.NaN]],
      attrs: { message: 'here' },
      error: 'INVALID_ARGUMENT',
      message: 'here : Tensor had NaN values',
    },
    {
      inputs: [[Number.POSITIVE_INFINITY]],
      attrs: { message: 'here' },
      error: 'INVALID_ARGUMENT',
      message: 'here : Tensor had Inf values',
    },
    { inputShapes: [[null, 2]], attrs: { message: '' }, outputShapes: [[null, 2]] },
  ],
  Bitcast: [
    {
      inputs: [[1, 0]],
      attrs: { type: 'int32' },
      outputs: [[0x3f800000, 0]],
      dtypes: ['float32'],
      showsDType: true,
    },
    {
      inputs: [[258]],
      attrs: { type: 'uint8' },
      outputs: [nested([1, 4], [2, 1, 0, 0])],
      dtypes: ['int32'],
      showsDType: true,
    },
    {
      inputs: [nested([1, 4], [2, 1, 0, 0])],
      attrs: { type: 'int32' },
      outputs: [[258]],
      dtypes: ['uint8'],
      showsDType: true,
    },
    {
      inputs: [[1, 2, 3]],
      attrs: { type: 'int32' },
      error: 'INVALID_ARGUMENT',
      message: 'last dim must be 2',
      dtypes: ['int16'],
    },
    { inputShapes: [[null]], attrs: { type: 'int32' }, outputShapes: [[null]] },
    { inputShapes: [[null]], attrs: { type: 'int16' }, outputShapes: [[null, 2]] },
  ],
});
