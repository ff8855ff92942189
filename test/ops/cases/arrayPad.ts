import { ndarray } from '../../../lib/ndArray.js';
import { table } from '../case.js';
import { counted, nested } from './nested.js';

const ab = ndarray(['a', 'b']);
const pads = (...rows: readonly (readonly number[])[]) => rows;

export const arrayPad = table({
  Tile: [
    {
      inputs: [counted([2, 2]), [1, 2]],
      outputs: [nested([2, 4], [0, 1, 0, 1, 2, 3, 2, 3])],
      gradient: [0],
    },
    {
      inputs: [[0, 1], [3]],
      types: { Tmultiples: 'int64' },
      outputs: [[0, 1, 0, 1, 0, 1]],
      gradient: [0],
    },
    { inputs: [[0, 1], [0]], outputs: [[]] },
    { inputs: [1, []], outputs: [1], shapes: { inputs: [[], [0]] } },
    { inputs: [ab, [2]], outputs: [['a', 'b', 'a', 'b']], dtypes: ['string'] },
    {
      inputs: [
        [0, 1],
        [1, 1],
      ],
      error: 'INVALID_ARGUMENT',
      message: 'length 1',
    },
    { inputs: [[0, 1], [-1]], error: 'INVALID_ARGUMENT', message: 'negative' },
    { inputShapes: [[null, 3], { value: [2, 2] }], outputShapes: [[null, 6]] },
    { inputShapes: [null, [2]], outputShapes: [[null, null]] },
    { inputShapes: [null, [null]], outputShapes: [null] },
  ],
  TileGrad: [
    { inputs: [[0, 1, 2, 3], [2], [2]], outputs: [[2, 4]], gradient: [0] },
    { inputs: [[0, 1, 2], [2], [2]], error: 'INVALID_ARGUMENT', message: 'dim 0 of dy' },
    { inputShapes: [[4], [1], { value: [2] }], outputShapes: [[2]] },
    { inputShapes: [[4], [1], [1]], outputShapes: [[null]] },
  ],
  Pad: [
    {
      inputs: [counted([2, 2]), pads([1, 0], [0, 2])],
      outputs: [nested([3, 4], [0, 0, 0, 0, 0, 1, 0, 0, 2, 3, 0, 0])],
      gradient: [0],
    },
    { inputs: [ab, pads([1, 1])], outputs: [['', 'a', 'b', '']], dtypes: ['string'] },
    { inputs: [[0, 1], pads([-1, 0])], error: 'INVALID_ARGUMENT', message: 'non-negative' },
    { inputs: [[0, 1], pads([1, 0], [0, 0])], error: 'INVALID_ARGUMENT', message: 'matrix' },
    { inputShapes: [[null, 3], { value: pads([1, 1], [0, 2]) }], outputShapes: [[null, 5]] },
    {
      inputShapes: [
        [2, 3],
        [2, 2],
      ],
      outputShapes: [[null, null]],
    },
    { inputShapes: [null, [2, 2]], outputShapes: [[null, null]] },
    { inputShapes: [null, [null, 2]], outputShapes: [null] },
  ],
  PadV2: [
    {
      inputs: [counted([2, 2]), pads([1, 0], [0, 2]), 1],
      types: { Tpaddings: 'int64' },
      outputs: [nested([3, 4], [1, 1, 1, 1, 0, 1, 1, 1, 2, 3, 1, 1])],
      gradient: [0],
    },
    {
      inputs: [counted([1, 2, 1]), pads([1, 1], [1, 1], [1, 1]), 9],
      outputs: [counted([3, 4, 3], (i) => (i === 16 ? 0 : i === 19 ? 1 : 9))],
    },
    { inputs: [[0, 1], pads([0, 0]), 1], outputs: [[0, 1]] },
    { inputs: [ab, pads([1, 0]), 'x'], outputs: [['x', 'a', 'b']], dtypes: ['string'] },
    { inputs: [[0, 1], pads([1, 0]), [1, 1]], error: 'INVALID_ARGUMENT', message: 'scalar' },
    { inputShapes: [[null, 3], { value: pads([1, 1], [0, 2]) }, []], outputShapes: [[null, 5]] },
  ],
  MirrorPad: [
    {
      inputs: [counted([2, 3]), pads([1, 0], [2, 1])],
      attrs: { mode: 'REFLECT' },
      outputs: [nested([3, 6], [5, 4, 3, 4, 5, 4, 2, 1, 0, 1, 2, 1, 5, 4, 3, 4, 5, 4])],
      gradient: [0],
    },
    {
      inputs: [counted([2, 2]), pads([0, 2], [1, 0])],
      types: { Tpaddings: 'int64' },
      attrs: { mode: 'SYMMETRIC' },
      outputs: [nested([4, 3], [0, 0, 1, 2, 2, 3, 2, 2, 3, 0, 0, 1])],
      gradient: [0],
    },
    {
      inputs: [ab, pads([1, 1])],
      attrs: { mode: 'REFLECT' },
      outputs: [['b', 'a', 'b', 'a']],
      dtypes: ['string'],
    },
    {
      inputs: [[0, 1], pads([2, 0])],
      attrs: { mode: 'REFLECT' },
      error: 'INVALID_ARGUMENT',
      message: 'at most 1 for dim 0',
    },
    {
      inputShapes: [[null, 3], { value: pads([1, 1], [0, 2]) }],
      attrs: { mode: 'REFLECT' },
      outputShapes: [[null, 5]],
    },
    {
      inputShapes: [
        [2, 3],
        [2, 2],
      ],
      attrs: { mode: 'REFLECT' },
      outputShapes: [[null, null]],
    },
  ],
  MirrorPadGrad: [
    {
      inputs: [[1, 2, 3, 4, 5], pads([2, 0])],
      attrs: { mode: 'REFLECT' },
      outputs: [[3, 6, 6]],
      gradient: [0],
    },
    {
      inputs: [counted([3, 2]), pads([0, 1], [0, 0])],
      attrs: { mode: 'SYMMETRIC' },
      outputs: [nested([2, 2], [0, 1, 6, 8])],
      gradient: [0],
    },
    { inputs: [[0, 1], pads([2, 1])], attrs: { mode: 'REFLECT' }, error: 'INVALID_ARGUMENT' },
    {
      inputShapes: [[null, 5], { value: pads([0, 0], [0, 2]) }],
      attrs: { mode: 'REFLECT' },
      outputShapes: [[null, 3]],
    },
  ],
  SpaceToBatchND: [
    {
      inputs: [counted([1, 2, 2, 1]), [2, 2], pads([0, 0], [0, 0])],
      outputs: [nested([4, 1, 1, 1], [0, 1, 2, 3])],
      gradient: [0],
    },
    {
      inputs: [counted([1, 3]), [2], pads([1, 2])],
      types: { Tblock_shape: 'int64', Tpaddings: 'int64' },
      outputs: [nested([2, 3], [0, 1, 0, 0, 2, 0])],
      gradient: [0],
    },
    {
      inputs: [ndarray([['a', 'b']]), [2], pads([0, 0])],
      outputs: [[['a'], ['b']]],
      dtypes: ['string'],
    },
    { inputs: [counted([1, 3]), [2], pads([0, 0])], error: 'INVALID_ARGUMENT' },
    { inputs: [counted([1, 3]), [0], pads([0, 0])], error: 'INVALID_ARGUMENT' },
    {
      inputShapes: [[null, 4, null], { value: [2] }, { value: pads([0, 0]) }],
      outputShapes: [[null, 2, null]],
    },
    { inputShapes: [[2, 4], [1], [1, 2]], outputShapes: [[null, null]] },
  ],
  BatchToSpaceND: [
    {
      inputs: [counted([4, 1, 1, 1]), [2, 2], pads([0, 0], [0, 0])],
      outputs: [counted([1, 2, 2, 1])],
      gradient: [0],
    },
    {
      inputs: [counted([2, 3]), [2], pads([1, 2])],
      types: { Tblock_shape: 'int64', Tcrops: 'int64' },
      outputs: [[[3, 1, 4]]],
      gradient: [0],
    },
    {
      inputs: [ndarray([['a'], ['b']]), [2], pads([0, 0])],
      outputs: [[['a', 'b']]],
      dtypes: ['string'],
    },
    { inputs: [counted([3, 1]), [2], pads([0, 0])], error: 'INVALID_ARGUMENT' },
    { inputs: [counted([2, 1]), [2], pads([2, 1])], error: 'INVALID_ARGUMENT' },
    {
      inputShapes: [[4, 2, null], { value: [2] }, { value: pads([0, 1]) }],
      outputShapes: [[2, 3, null]],
    },
  ],
  SpaceToDepth: [
    {
      inputs: [counted([1, 2, 4, 2])],
      attrs: { block_size: 2 },
      outputs: [nested([1, 1, 2, 8], [0, 1, 2, 3, 8, 9, 10, 11, 4, 5, 6, 7, 12, 13, 14, 15])],
      gradient: true,
    },
    {
      inputs: [counted([1, 2, 2, 2])],
      attrs: { block_size: 2, data_format: 'NCHW' },
      outputs: [nested([1, 8, 1, 1], [0, 4, 1, 5, 2, 6, 3, 7])],
      gradient: true,
    },
    {
      inputs: [ndarray(['a', 'b', 'c', 'd'], { shape: [1, 2, 2, 1] })],
      attrs: { block_size: 2 },
      outputs: [[[[['a', 'b', 'c', 'd']]]]],
      dtypes: ['string'],
    },
    { inputs: [counted([1, 2, 3, 1])], attrs: { block_size: 2 }, error: 'INVALID_ARGUMENT' },
    { inputs: [[1]], attrs: { block_size: 2 }, error: 'INVALID_ARGUMENT', message: 'rank' },
    {
      inputShapes: [[null, 4, null, 3]],
      attrs: { block_size: 2 },
      outputShapes: [[null, 2, null, 12]],
    },
    { inputShapes: [null], attrs: { block_size: 2 }, outputShapes: [[null, null, null, null]] },
  ],
  DepthToSpace: [
    {
      inputs: [nested([1, 1, 2, 8], [0, 1, 2, 3, 8, 9, 10, 11, 4, 5, 6, 7, 12, 13, 14, 15])],
      attrs: { block_size: 2 },
      outputs: [counted([1, 2, 4, 2])],
      gradient: true,
    },
    {
      inputs: [nested([1, 8, 1, 1], [0, 4, 1, 5, 2, 6, 3, 7])],
      attrs: { block_size: 2, data_format: 'NCHW' },
      outputs: [counted([1, 2, 2, 2])],
    },
    {
      inputs: [ndarray(['a', 'b', 'c', 'd'], { shape: [1, 1, 1, 4] })],
      attrs: { block_size: 2 },
      outputs: [ndarray(['a', 'b', 'c', 'd'], { shape: [1, 2, 2, 1] })],
      dtypes: ['string'],
    },
    { inputs: [counted([1, 1, 1, 3])], attrs: { block_size: 2 }, error: 'INVALID_ARGUMENT' },
    {
      inputShapes: [[null, 4, null, 8]],
      attrs: { block_size: 2 },
      outputShapes: [[null, 8, null, 2]],
    },
  ],
});
