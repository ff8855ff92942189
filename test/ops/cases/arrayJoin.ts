import { ndarray } from '../../../lib/ndArray.js';
import { table } from '../case.js';
import { counted, nested } from './nested.js';

const strings = (...values: string[]) => ndarray(values);

export const arrayJoin = table({
  ConcatV2: [
    {
      inputs: [{ list: [counted([2, 2]), [[5], [6]]] }, 1],
      outputs: [
        [
          [0, 1, 5],
          [2, 3, 6],
        ],
      ],
      gradient: [0, 1],
    },
    {
      inputs: [{ list: [counted([2, 2]), counted([1, 2])] }, -2],
      types: { Tidx: 'int64' },
      outputs: [nested([3, 2], [0, 1, 2, 3, 0, 1])],
      gradient: [0, 1],
    },
    { inputs: [{ list: [[1, 0]] }, 0], outputs: [[1, 0]], gradient: [0] },
    { inputs: [{ list: [[], [1]] }, 0], outputs: [[1]] },
    {
      inputs: [{ list: [strings('a'), strings('', 'b')] }, 0],
      outputs: [['a', '', 'b']],
      dtypes: ['string'],
    },
    { inputs: [{ list: [1, 2] }, 0], error: 'INVALID_ARGUMENT', message: 'scalars' },
    { inputs: [{ list: [[1], [2]] }, 1], error: 'INVALID_ARGUMENT', message: 'axis' },
    {
      inputs: [{ list: [counted([2, 2]), counted([1, 2])] }, 1],
      error: 'INVALID_ARGUMENT',
      message: 'does not fit',
    },
    {
      inputShapes: [
        {
          list: [
            [null, 2],
            [3, null],
          ],
        },
        { value: 0 },
      ],
      outputShapes: [[null, 2]],
    },
    { inputShapes: [{ list: [[2, 2], null] }, { value: 1 }], outputShapes: [[2, null]] },
    {
      inputShapes: [
        {
          list: [
            [2, 2],
            [2, 2],
          ],
        },
        [],
      ],
      outputShapes: [[null, null]],
    },
  ],
  Pack: [
    {
      inputs: [
        {
          list: [
            [0, 1],
            [2, 3],
          ],
        },
      ],
      attrs: { axis: 1 },
      outputs: [nested([2, 2], [0, 2, 1, 3])],
      gradient: true,
    },
    { inputs: [{ list: [1, 0, 1] }], outputs: [[1, 0, 1]], gradient: true },
    { inputs: [{ list: [[1], [0]] }], attrs: { axis: -2 }, outputs: [[[1], [0]]] },
    {
      inputs: [{ list: [strings('a'), strings('b')] }],
      outputs: [[['a'], ['b']]],
      dtypes: ['string'],
    },
    { inputs: [{ list: [[1], [1, 0]] }], error: 'INVALID_ARGUMENT' },
    { inputs: [{ list: [[1]] }], attrs: { axis: 2 }, error: 'INVALID_ARGUMENT', message: 'axis' },
    {
      inputShapes: [
        {
          list: [
            [null, 3],
            [2, null],
          ],
        },
      ],
      outputShapes: [[2, 2, 3]],
    },
    { inputShapes: [{ list: [null, null] }], outputShapes: [null] },
  ],
  Unpack: [
    {
      inputs: [counted([2, 3])],
      attrs: { num: 3, axis: -1 },
      outputs: [
        [0, 3],
        [1, 4],
        [2, 5],
      ],
      gradient: true,
    },
    { inputs: [[1, 0]], attrs: { num: 2 }, outputs: [1, 0] },
    { inputs: [strings('a', 'b')], attrs: { num: 2 }, outputs: ['a', 'b'], dtypes: ['string'] },
    { inputs: [[1, 0]], attrs: { num: 3 }, error: 'INVALID_ARGUMENT', message: 'got 3' },
    { inputShapes: [[null, 3]], attrs: { num: 2 }, outputShapes: [[3], [3]] },
    { inputShapes: [null], attrs: { num: 2 }, outputShapes: [null, null] },
  ],
  Split: [
    {
      inputs: [1, counted([2, 4])],
      attrs: { num_split: 2 },
      outputs: [nested([2, 2], [0, 1, 4, 5]), nested([2, 2], [2, 3, 6, 7])],
      gradient: [1],
    },
    {
      inputs: [-1, [1, 0]],
      types: { Tdim: 'int64' },
      attrs: { num_split: 2 },
      outputs: [[1], [0]],
    },
    {
      inputs: [0, strings('a', 'b')],
      attrs: { num_split: 2 },
      outputs: [['a'], ['b']],
      dtypes: ['string'],
    },
    { inputs: [0, [1, 0, 1]], attrs: { num_split: 2 }, error: 'INVALID_ARGUMENT' },
    {
      inputShapes: [{ value: 1 }, [null, 4]],
      attrs: { num_split: 2 },
      outputShapes: [
        [null, 2],
        [null, 2],
      ],
    },
    { inputShapes: [[], [3]], attrs: { num_split: 2 }, outputShapes: [[null], [null]] },
  ],
  SplitV: [
    {
      inputs: [counted([2, 4]), [1, -1], 1],
      types: { Tlen: 'int32' },
      attrs: { num_split: 2 },
      outputs: [nested([2, 1], [0, 4]), nested([2, 3], [1, 2, 3, 5, 6, 7])],
      gradient: [0],
    },
    { inputs: [[1, 0], [2, 0], 0], attrs: { num_split: 2 }, outputs: [[1, 0], []] },
    {
      inputs: [strings('a', 'b'), [1, 1], 0],
      attrs: { num_split: 2 },
      outputs: [['a'], ['b']],
      dtypes: ['string'],
    },
    {
      inputs: [[1, 0], [2, 1], 0],
      attrs: { num_split: 2 },
      error: 'INVALID_ARGUMENT',
      message: 'add up',
    },
    { inputs: [[1, 0], [-1, -1], 0], attrs: { num_split: 2 }, error: 'INVALID_ARGUMENT' },
    { inputs: [[1, 0], [2], 0], attrs: { num_split: 2 }, error: 'INVALID_ARGUMENT' },
    {
      inputShapes: [[3, null], { value: [1, -1] }, { value: 0 }],
      attrs: { num_split: 2 },
      outputShapes: [
        [1, null],
        [2, null],
      ],
    },
    { inputShapes: [[3], [2], []], attrs: { num_split: 2 }, outputShapes: [[null], [null]] },
  ],
});
