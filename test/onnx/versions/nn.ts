import { fixed, float, floats, int32, int64, uint8, type VersionCase } from './case.js';

const image = floats(1, 2, 4, 4);
const kernel = { kernel_shape: { ints: [2, 2] } };
const pool = (op: string, versions: readonly number[]): VersionCase => {
  return { op, versions, inputs: [image], attributes: kernel, outputs: 22 };
};

const recurrent = (op: string, versions: readonly number[], gates: number): VersionCase => {
  const inputs = [floats(3, 1, 2), fixed(floats(1, gates * 2, 2)), fixed(floats(1, gates * 2, 2))];
  return { op, versions, inputs, attributes: { hidden_size: { i: 2 } }, outputs: 22 };
};

const root = Math.sqrt(1 + 1e-5);
const normalized = { epsilon: { f: 1e-5 } };
const statistics = [[2], [1], [3], [4]].map((list) => fixed(float(list)));

const pools: readonly VersionCase[] = [
  pool('AveragePool', [10, 11, 19]),
  pool('MaxPool', [10, 11]),
  pool('LpPool', [1, 2, 11, 18]),
  { op: 'GlobalLpPool', versions: [1, 2, 22], inputs: [float([[[[3, 4]]]])], outputs: [[[[[5]]]]] },
  { op: 'GlobalMaxPool', versions: [1], inputs: [float([[[[3, 4]]]])], outputs: [[[[[4]]]]] },
  {
    op: 'MaxUnpool',
    versions: [9, 11],
    inputs: [float([[[[5]]]]), int64([[[[3]]]])],
    attributes: { ...kernel, strides: { ints: [2, 2] } },
    outputs: [
      [
        [
          [
            [0, 0],
            [0, 5],
          ],
        ],
      ],
    ],
  },
];

const norms: readonly VersionCase[] = [
  {
    op: 'BatchNormalization',
    versions: [1],
    inputs: [float([[[5, 3]]]), ...statistics],
    attributes: { is_test: { i: 1 }, consumed_inputs: { ints: [0, 0] }, ...normalized },
    outputs: [[[[3, 1]]]],
  },
  {
    op: 'BatchNormalization',
    versions: [7, 14],
    inputs: [float([[[5, 3]]]), ...statistics],
    attributes: normalized,
    outputs: [[[[3, 1]]]],
  },
  {
    op: 'GroupNormalization',
    versions: [18],
    inputs: [
      float([
        [
          [1, 3],
          [5, 7],
        ],
      ]),
      fixed(float([1, 2])),
      fixed(float([0, 1])),
    ],
    attributes: { num_groups: { i: 2 } },
    outputs: [
      [
        [
          [-1 / root, 1 / root],
          [1 - 2 / root, 1 + 2 / root],
        ],
      ],
    ],
  },
  {
    op: 'InstanceNormalization',
    versions: [1],
    inputs: [float([[[1, 3]]]), fixed(float([1])), fixed(float([0]))],
    outputs: [[[[-1 / root, 1 / root]]]],
  },
  {
    op: 'LRN',
    versions: [13],
    inputs: [float([[[[1, 2]]]])],
    attributes: { size: { i: 1 }, alpha: { f: 1 }, beta: { f: 0.5 }, bias: { f: 1 } },
    outputs: [[[[[1 / Math.sqrt(2), 2 / Math.sqrt(5)]]]]],
  },
];

const byte = (value: number) => uint8([[[[value]]]]);
const half = fixed(float(0.5));
const zero = fixed(uint8(0));
const products: readonly VersionCase[] = [
  { op: 'Conv', versions: [11], inputs: [image, fixed(floats(3, 2, 2, 2))], outputs: 22 },
  { op: 'ConvTranspose', versions: [11], inputs: [image, fixed(floats(2, 3, 2, 2))], outputs: 22 },
  {
    op: 'ConvInteger',
    versions: [10],
    inputs: [byte(10), byte(4), uint8(1)],
    outputs: [[[[[36]]]]],
  },
  {
    op: 'MatMulInteger',
    versions: [10],
    inputs: [uint8([[1, 2]]), uint8([[3], [4]]), uint8(1)],
    outputs: [[[4]]],
  },
  {
    op: 'QLinearConv',
    versions: [10],
    inputs: [byte(10), half, zero, fixed(byte(4)), half, zero, fixed(float(1)), fixed(uint8(2))],
    outputs: [[[[[12]]]]],
  },
  {
    op: 'QLinearMatMul',
    versions: [10],
    inputs: [uint8([[1, 2]]), half, zero, uint8([[3], [4]]), half, zero, half, zero],
    outputs: [[[6]]],
  },
  {
    op: 'Det',
    versions: [11],
    inputs: [
      float([
        [1, 2],
        [3, 4],
      ]),
    ],
    outputs: [-2],
  },
  {
    op: 'Gemm',
    versions: [1],
    inputs: [float([[1, 2]]), float([[3], [4]]), float([5])],
    attributes: { broadcast: { i: 1 }, beta: { f: 2 } },
    outputs: [[[21]]],
  },
  {
    op: 'Gemm',
    versions: [7, 11],
    inputs: [float([[1, 2]]), float([[3], [4]]), float([5])],
    attributes: { beta: { f: 2 } },
    outputs: [[[21]]],
  },
  {
    op: 'Attention',
    versions: [25],
    inputs: [floats(1, 1, 1, 2), floats(1, 1, 1, 2), float([[[[3, 4]]]])],
    outputs: [[[[[3, 4]]]]],
  },
];

const boxes = float([
  [
    [0, 0, 1, 1],
    [0, 0, 1, 1.05],
    [0, 2, 1, 3],
  ],
]);
const others: readonly VersionCase[] = [
  recurrent('RNN', [1, 7, 14], 1),
  recurrent('GRU', [1, 3, 7, 14], 3),
  recurrent('LSTM', [1, 7, 14], 4),
  { op: 'GridSample', versions: [16, 20], inputs: [image, floats(1, 2, 2, 2)], outputs: 22 },
  ...[10, 16].map((version): VersionCase => {
    const inputs = [floats(1, 1, 6, 6), float([[1, 1, 4, 4]]), int64([0])];
    const size = { output_height: { i: 2 }, output_width: { i: 2 }, sampling_ratio: { i: 2 } };
    const older = { coordinate_transformation_mode: { s: 'output_half_pixel' } };
    const reference = version === 10 ? { ...size, ...older } : size;
    return {
      op: 'RoiAlign',
      versions: [version],
      inputs,
      attributes: size,
      outputs: 22,
      reference,
    };
  }),
  {
    op: 'NonMaxSuppression',
    versions: [10],
    inputs: [
      boxes,
      float([[[0.9, 0.8, 0.7]]]),
      fixed(int64([5])),
      fixed(float([0.5])),
      fixed(float([0])),
    ],
    outputs: [
      [
        [0, 0, 0],
        [0, 0, 2],
      ],
    ],
  },
  {
    op: 'NegativeLogLikelihoodLoss',
    versions: [12],
    inputs: [
      float([
        [1, 2],
        [3, 5],
      ]),
      int64([0, 1]),
    ],
    outputs: [-3],
  },
  {
    op: 'SoftmaxCrossEntropyLoss',
    versions: [12],
    inputs: [
      float([
        [0, 0],
        [0, 0],
      ]),
      int64([0, 1]),
    ],
    outputs: [Math.log(2)],
  },
  { op: 'BlackmanWindow', versions: [17], inputs: [int32(4)], outputs: [[0, 0.34, 1, 0.34]] },
  {
    op: 'BlackmanWindow',
    versions: [17],
    inputs: [int32(4)],
    attributes: { output_datatype: { i: 6 } },
    outputs: [[0, 0, 1, 0]],
  },
  ...['RandomNormal', 'RandomUniform'].flatMap((op): VersionCase[] => [
    {
      op,
      versions: [1, 22],
      inputs: [],
      attributes: { shape: { ints: [2, 3] } },
      outputs: [{ shape: [2, 3] }],
    },
    { op: `${op}Like`, versions: [1, 22], inputs: [floats(2, 3)], outputs: [{ shape: [2, 3] }] },
  ]),
  { op: 'Bernoulli', versions: [15, 22], inputs: [float([0, 1])], outputs: [[0, 1]] },
];

export const nn: readonly VersionCase[] = [...pools, ...norms, ...products, ...others];
