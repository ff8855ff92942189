import { type Case, table, type ValueCase } from '../case.js';

type Matrix = readonly (readonly number[])[];

const results: Matrix = [
  [0.25, 0.5, 0.75],
  [0.5, 0.125, 0.25],
];
const points: Matrix = [
  [-1.5, 0.25, 2],
  [0.5, -0.75, 1.25],
];
const dy: Matrix = [
  [1, -2, 0.5],
  [3, 1.5, -1],
];
const shapes: Case = {
  inputShapes: [
    [null, 3],
    [null, 3],
  ],
  outputShapes: [[null, 3]],
};

/** A gradient is as large as what it is the gradient of. */
const unequal: Case = {
  inputs: [[1, 2], [[1, 2]]],
  error: 'INVALID_ARGUMENT',
  message: 'Shapes must be equal rank',
};

/** Of functions whose slope is told by their results. */
function byResult(dx: Matrix): Case[] {
  return [
    { inputs: [results, dy], outputs: [dx], gradient: true },
    {
      inputs: [
        [NaN, 0.5],
        [1, NaN],
      ],
      outputs: [[NaN, NaN]],
    },
    shapes,
    unequal,
  ];
}

/** Of functions whose slope is told by x; `atTwo` is that of 2. */
function byPoint(dx: Matrix, atTwo: number, gradient: ValueCase['gradient'] = true): Case[] {
  return [
    { inputs: [dy, points], outputs: [dx], gradient: gradient ?? false },
    {
      inputs: [
        [NaN, 1],
        [1, 2],
      ],
      outputs: [[NaN, atTwo]],
      title: 'NaN',
    },
    shapes,
    unequal,
  ];
}

/** Of Relu and Relu6: the slope jumps, so only dy has a gradient. */
const clipped = (above: number): Case[] => [
  ...byPoint(
    [
      [0, -2, 0.5],
      [3, 0, -1],
    ],
    1,
    [0],
  ),
  {
    inputs: [
      [1, 2, 3],
      [0, 4, 7],
    ],
    outputs: [[0, 2, above]],
  },
];

export const activationGrad = table({
  SigmoidGrad: byResult([
    [0.1875, -0.5, 0.09375],
    [0.75, 0.1640625, -0.1875],
  ]),
  TanhGrad: byResult([
    [0.9375, -1.5, 0.21875],
    [2.25, 1.4765625, -0.9375],
  ]),
  SqrtGrad: byResult([
    [2, -2, 0.3333333333333333],
    [3, 6, -2],
  ]),
  RsqrtGrad: byResult([
    [-0.0078125, 0.125, -0.10546875],
    [-0.1875, -0.00146484375, 0.0078125],
  ]),
  ReciprocalGrad: byResult([
    [-0.0625, 0.5, -0.28125],
    [-0.75, -0.0234375, 0.0625],
  ]),
  ReluGrad: clipped(3),
  Relu6Grad: clipped(0),
  LeakyReluGrad: byPoint(
    [
      [0.2, -2, 0.5],
      [3, 0.30000000000000004, -1],
    ],
    1,
    [0],
  ),
  EluGrad: byPoint(
    [
      [-0.5, -2, 0.5],
      [3, 0.375, -1],
    ],
    1,
  ),
  SeluGrad: byPoint(
    [
      [0.2580993408473766, -2.101401974710961, 0.5253504936777402],
      [3.1521029620664414, 1.512149011271065, -1.0507009873554805],
    ],
    1.0507009873554805,
  ),
  SoftplusGrad: byPoint(
    [
      [0.18242552380635635, -1.1243530017715961, 0.44039853898894116],
      [1.867377993605564, 0.48123195123691054, -0.7772998611746911],
    ],
    0.8807970779778823,
  ),
  SoftsignGrad: byPoint(
    [
      [0.16, -1.28, 0.05555555555555555],
      [1.3333333333333333, 0.4897959183673469, -0.19753086419753085],
    ],
    0.1111111111111111,
  ),
});
