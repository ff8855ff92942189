import { ndarray } from '../../../lib/ndArray.js';
import { table } from '../case.js';

const { NaN: nan } = Number;
const rows = [
  [1, 2],
  [3, 4],
  [5, 6],
];

/** Ops that bring rows together, deal them out or tell them apart. */
export const segments = table({
  SegmentSum: [
    {
      inputs: [rows, [0, 0, 2]],
      outputs: [
        [
          [4, 6],
          [0, 0],
          [5, 6],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [
        [1, 2, 3],
        [1, 1, 1],
      ],
      types: { Tindices: 'int64' },
      outputs: [[0, 6]],
    },
    { inputs: [[], []], outputs: [[]] },
    {
      inputs: [rows, [0, 1, 0]],
      error: 'INVALID_ARGUMENT',
      message: 'segment ids are not increasing',
    },
    { inputs: [rows, [-1, 0, 1]], error: 'INVALID_ARGUMENT', message: 'id 0 is -1' },
    { inputs: [rows, [0, 1]], error: 'INVALID_ARGUMENT', message: 'does not begin with' },
    { inputShapes: [[null, 2], [null]], outputShapes: [[null, 2]] },
    { inputShapes: [null, [null]], outputShapes: [null] },
  ],
  UnsortedSegmentSum: [
    {
      inputs: [rows, [1, -1, 1], 3],
      outputs: [
        [
          [0, 0],
          [6, 8],
          [0, 0],
        ],
      ],
      gradient: [0],
    },
    {
      inputs: [
        rows,
        [
          [1, 0],
          [0, 1],
          [0, 0],
        ],
        2,
      ],
      outputs: [[16, 5]],
      gradient: [0],
    },
    { inputs: [[1, 2], [0, 0], 0], error: 'INVALID_ARGUMENT', message: 'is not in [0, 0)' },
    {
      inputs: [[1, 2], [0, 0], -1],
      error: 'INVALID_ARGUMENT',
      message: 'num_segments is negative',
    },
    { inputs: [5, 1, 2], outputs: [[0, 5]] },
    { inputShapes: [[null, 2], [null], { value: 4 }], outputShapes: [[4, 2]] },
    { inputShapes: [[3, 2], [3, 2], []], outputShapes: [[null]] },
    { inputShapes: [null, [null], []], outputShapes: [null] },
  ],
  DynamicPartition: [
    {
      inputs: [rows, [1, 0, 1]],
      attrs: { num_partitions: 3 },
      outputs: [
        [[3, 4]],
        [
          [1, 2],
          [5, 6],
        ],
        [],
      ],
      shapes: {
        outputs: [
          [1, 2],
          [2, 2],
          [0, 2],
        ],
      },
      gradient: [0],
    },
    {
      inputs: [
        rows,
        [
          [1, 0],
          [0, 1],
          [0, 0],
        ],
      ],
      attrs: { num_partitions: 2 },
      outputs: [
        [2, 3, 5, 6],
        [1, 4],
      ],
      gradient: [0],
    },
    {
      inputs: [ndarray(['a', 'b']), [0, 0]],
      attrs: { num_partitions: 1 },
      outputs: [['a', 'b']],
      dtypes: ['string'],
    },
    { inputs: [7, 0], attrs: { num_partitions: 1 }, outputs: [[7]] },
    {
      inputs: [rows, [0, 1, 2]],
      attrs: { num_partitions: 2 },
      error: 'INVALID_ARGUMENT',
      message: 'partitions[2] = 2 is not in [0, 2)',
    },
    {
      inputs: [rows, [0]],
      attrs: { num_partitions: 1 },
      error: 'INVALID_ARGUMENT',
      message: 'must start with',
    },
    {
      inputShapes: [[3, 2], [3]],
      attrs: { num_partitions: 2 },
      outputShapes: [
        [null, 2],
        [null, 2],
      ],
    },
    { inputShapes: [null, [3]], attrs: { num_partitions: 1 }, outputShapes: [null] },
  ],
  UniqueV2: [
    {
      inputs: [
        [
          [1, 0, 0],
          [1, 0, 0],
          [2, 0, 0],
        ],
        [0],
      ],
      outputs: [
        [
          [1, 0, 0],
          [2, 0, 0],
        ],
        [0, 0, 1],
      ],
    },
    {
      inputs: [
        [
          [1, 0, 0],
          [1, 0, 0],
          [2, 0, 0],
        ],
        [-1],
      ],
      types: { Taxis: 'int32', out_idx: 'int64' },
      outputs: [
        [
          [1, 0],
          [1, 0],
          [2, 0],
        ],
        [0, 1, 1],
      ],
    },
    {
      inputs: [[nan, -0, 0, nan], []],
      types: { Taxis: 'int32' },
      outputs: [
        [nan, -0, nan],
        [0, 1, 1, 2],
      ],
      dtypes: ['float32', 'float64', 'float16', 'bfloat16'],
    },
    {
      inputs: [ndarray(['a', 'b', 'a']), [0]],
      outputs: [
        ['a', 'b'],
        [0, 1, 0],
      ],
      dtypes: ['string'],
    },
    { inputs: [[1, 2], [1]], error: 'INVALID_ARGUMENT', message: 'axis' },
    { inputs: [[[1, 2]], []], error: 'INVALID_ARGUMENT', message: 'expects a 1D vector' },
    { inputShapes: [[3, 4], { value: [1] }], outputShapes: [[3, null], [4]] },
    { inputShapes: [[3, 4], [1]], outputShapes: [[null, null], [null]] },
    { inputShapes: [null, [1]], outputShapes: [null, [null]] },
  ],
  ListDiff: [
    {
      inputs: [
        [1, 2, 3, 4],
        [1, 2],
      ],
      outputs: [
        [3, 4],
        [2, 3],
      ],
    },
    {
      inputs: [[0, 1, 1, 0], [0]],
      types: { out_idx: 'int64' },
      outputs: [
        [1, 1],
        [1, 2],
      ],
    },
    { inputs: [ndarray(['a', 'b']), ndarray(['b'])], outputs: [['a'], [0]], dtypes: ['string'] },
    {
      inputs: [[nan, 1], [nan]],
      outputs: [
        [nan, 1],
        [0, 1],
      ],
      dtypes: ['float32', 'float64', 'float16', 'bfloat16'],
    },
    { inputs: [[], [1]], outputs: [[], []] },
    { inputs: [[[1]], [1]], error: 'INVALID_ARGUMENT' },
    { inputShapes: [[3], [null]], outputShapes: [[null], [null]] },
  ],
  InTopKV2: [
    {
      inputs: [
        [
          [0.1, 0.3, 0.2, 0.2],
          [0.1, 0.3, 0.2, 0.2],
        ],
        [2, 3],
        2,
      ],
      outputs: [[true, true]],
    },
    {
      inputs: [
        [
          [0.1, 0.3, 0.2],
          [0.1, 0.3, 0.2],
        ],
        [0, 4],
        2,
      ],
      types: { T: 'int64' },
      outputs: [[false, false]],
    },
    {
      inputs: [
        [
          [nan, 1],
          [1, Infinity],
        ],
        [1, 0],
        2,
      ],
      outputs: [[false, false]],
    },
    { inputs: [[], [], 1], shapes: { inputs: [[0, 3]] }, outputs: [[]] },
    {
      inputs: [[[1, 2]], [0, 1], 1],
      error: 'INVALID_ARGUMENT',
      message: 'must match length of targets',
    },
    { inputShapes: [[null, 3], [4], []], outputShapes: [[4]] },
  ],
  Bucketize: [
    {
      inputs: [[-5, 0, 2, 3, 5, 8, 10, 11, 12]],
      attrs: { boundaries: [0, 3, 8, 11] },
      outputs: [[0, 1, 1, 2, 2, 3, 3, 4, 4]],
    },
    { inputs: [[0, 1, 2, 3]], attrs: { boundaries: [1, 2] }, outputs: [[0, 1, 2, 2]] },
    { inputs: [[nan, -Infinity]], attrs: { boundaries: [0] }, outputs: [[1, 0]] },
    { inputs: [5], attrs: { boundaries: [] }, outputs: [0] },
    { inputs: [[1]], attrs: { boundaries: [2, 1] }, error: 'INVALID_ARGUMENT', message: 'sorted' },
    { inputShapes: [[null, 2]], attrs: { boundaries: [0] }, outputShapes: [[null, 2]] },
  ],
  ResourceCountUpTo: { elsewhere: 'test/semantics/state.test.ts' },
});
