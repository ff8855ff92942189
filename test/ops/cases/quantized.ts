import { ndarray } from '../../../lib/index.js';
import { type Case, table } from '../case.js';

const float = (values: number | number[]) => ndarray(values, { dtype: 'float32' });

const pixels = [
  [
    [
      [1, 10],
      [2, 20],
    ],
    [
      [3, 30],
      [6, 50],
    ],
  ],
];

/** Rows of an op on two tensors of bytes. */
function pairs(rows: readonly (readonly [a: number[], b: number[], y: number[]])[]): Case[] {
  return rows.map(([left, right, y]) => ({
    inputs: [left, float(0.5), 2, right, float(0.25), 4, float(0.5), 3],
    outputs: [y],
    types: { T: 'float32' },
  }));
}

export const quantized = table({
  QuantizeLinear: [
    {
      inputs: [[-1, 0, 0.25, 0.75, 100, -100], 0.5, 10],
      outputs: [[8, 10, 10, 12, 210, 0]],
      dtypes: ['uint8'],
    },
    { inputs: [[-1, 0.75, 100, -100], 0.5, -3], outputs: [[-5, -1, 127, -128]], dtypes: ['int8'] },
    {
      inputs: [
        [
          [1, 4],
          [3, 8],
        ],
        [1, 4],
        [0, 1],
      ],
      outputs: [
        [
          [1, 2],
          [3, 3],
        ],
      ],
    },
    {
      inputs: [
        [
          [1, 4],
          [3, 8],
        ],
        [1, 4],
        [0, 1],
      ],
      outputs: [
        [
          [1, 4],
          [2, 3],
        ],
      ],
      attrs: { axis: 0 },
    },
    {
      inputs: [[Number.NaN, Infinity, -Infinity], 1, 7],
      outputs: [[0, 255, 0]],
      dtypes: ['uint8'],
    },
    {
      inputs: [[1, 2], [1, 2, 3], 0],
      attrs: { axis: 0 },
      error: 'INVALID_ARGUMENT',
      message: 'scale has 3',
    },
    { inputShapes: [[null, 3], [], []], outputShapes: [[null, 3]] },
  ],
  DequantizeLinear: [
    { inputs: [[0, 3, 100], float(0.5), 3], outputs: [[-1.5, 0, 48.5]] },
    { inputs: [[0, 3, 100], float(0.5)], outputs: [[0, 1.5, 50]] },
    {
      inputs: [
        [
          [1, 4],
          [3, 8],
        ],
        float([1, 4]),
        [0, 1],
      ],
      outputs: [
        [
          [1, 12],
          [3, 28],
        ],
      ],
    },
    {
      inputs: [
        [
          [1, 4],
          [3, 8],
        ],
        float([1, 4]),
      ],
      outputs: [
        [
          [1, 4],
          [12, 32],
        ],
      ],
      attrs: { axis: 0 },
    },
    { inputShapes: [[null, 3], [], []], outputShapes: [[null, 3]], types: { T: 'float32' } },
  ],
  QLinearAdd: [
    ...pairs([
      [
        [2, 4, 100, 4],
        [4, 8, 4, 4],
        [3, 7, 101, 5],
      ],
    ]),
    {
      inputs: [[[2], [4]], float(0.5), 2, [[4, 8]], float(0.25), 4, float(0.5), 3],
      outputs: [
        [
          [3, 5],
          [5, 7],
        ],
      ],
      types: { T: 'float32' },
    },
    {
      inputShapes: [[null, 2], [], [], [3, 2], [], [], [], []],
      outputShapes: [[3, 2]],
      types: { T: 'float32' },
    },
  ],
  QLinearMul: pairs([
    [
      [2, 4, 12, 22],
      [4, 8, 8, 12],
      [3, 5, 13, 43],
    ],
  ]),
  QLinearGlobalAveragePool: [
    {
      inputs: [pixels, float(1), 1, float(0.5), 3],
      outputs: [[[[[7, 56]]]]],
      types: { T: 'float32' },
    },
    {
      inputs: [pixels, float(1), 1, float(4), 3],
      outputs: [[[[[5]], [[8]]]]],
      types: { T: 'float32' },
      attrs: { data_format: 'NCHW' },
    },
    {
      inputShapes: [[null, 3, 7, 7], [], [], [], []],
      outputShapes: [[null, 3, 1, 1]],
      types: { T: 'float32' },
      attrs: { data_format: 'NCHW' },
    },
  ],
});
