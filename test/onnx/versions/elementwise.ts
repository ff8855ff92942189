import { bool, float, type Given, int64, type VersionCase } from './case.js';

const halves = [-0.75, -0.25, 0.25, 0.5];
const positive = [0.5, 1, 2, 3];

const unary = (
  op: string,
  versions: readonly number[],
  apply: (x: number) => number,
  values: readonly number[] = halves,
  attributes: VersionCase['attributes'] = {},
): VersionCase => {
  return { op, versions, inputs: [float(values)], attributes, outputs: [values.map(apply)] };
};

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const softplus = (x: number) => Math.log1p(Math.exp(x));

const functions: readonly VersionCase[] = [
  unary('Abs', [1], Math.abs),
  unary('Acos', [7], Math.acos),
  unary('Acosh', [9], Math.acosh, [1, 2, 3, 4]),
  unary('Asin', [7], Math.asin),
  unary('Asinh', [9], Math.asinh),
  unary('Atan', [7], Math.atan),
  unary('Atanh', [9], Math.atanh),
  unary('Ceil', [1, 6], Math.ceil),
  unary('Cosh', [9], Math.cosh),
  unary('Elu', [1], (x) => (x < 0 ? 0.5 * Math.expm1(x) : x), halves, { alpha: { f: 0.5 } }),
  unary('Exp', [1], Math.exp),
  unary('Floor', [1, 6], Math.floor),
  unary('HardSigmoid', [1, 6], (x) => Math.max(0, Math.min(1, 0.2 * x + 0.5))),
  unary('HardSwish', [14], (x) => x * Math.max(0, Math.min(1, x / 6 + 0.5))),
  unary('LeakyRelu', [1], (x) => (x < 0 ? 0.01 * x : x)),
  unary('Log', [1, 6], Math.log, positive),
  unary('Mish', [18], (x) => x * Math.tanh(softplus(x))),
  unary('Neg', [1], (x) => -x),
  unary('Reciprocal', [1, 6], (x) => 1 / x),
  unary('Relu', [1, 13], (x) => Math.max(0, x)),
  unary(
    'Round',
    [22],
    (x) => 2 * Math.round(x / 2),
    [-2.5, 0.5, 1.5, 2.25].map((x) => x),
  ),
  unary('Selu', [1], (x) => 1.0507 * (x < 0 ? 1.6732 * Math.expm1(x) : x)),
  unary('Sigmoid', [1], sigmoid),
  unary('Sign', [13], Math.sign),
  unary('Sin', [7, 22], Math.sin),
  unary('Sinh', [9], Math.sinh),
  unary('Softsign', [1, 22], (x) => x / (1 + Math.abs(x))),
  unary('Sqrt', [1], Math.sqrt, positive),
  unary('Tan', [7], Math.tan),
  unary('Tanh', [1], Math.tanh),
  unary('ThresholdedRelu', [10], (x) => (x > 0.25 ? x : 0), halves, { alpha: { f: 0.25 } }),
  { op: 'Erf', versions: [9], inputs: [float([0, 0.5])], outputs: [[0, 0.5204999]] },
  { op: 'IsNaN', versions: [9, 13], inputs: [float([0, Number.NaN])], outputs: [[0, 1]] },
  { op: 'IsInf', versions: [10], inputs: [float([0, Infinity])], outputs: [[0, 1]] },
  {
    op: 'Clip',
    versions: [1],
    inputs: [float([-2, 0, 2])],
    attributes: { min: { f: -1 }, max: { f: 1 } },
    outputs: [[-1, 0, 1]],
  },
  {
    op: 'Clip',
    versions: [12],
    inputs: [float([-2, 0, 2]), float(-1), float(1)],
    outputs: [[-1, 0, 1]],
  },
  {
    op: 'PRelu',
    versions: [1, 7, 9],
    inputs: [float([[-2, 2]]), float([0.5])],
    outputs: [[[-1, 2]]],
  },
];

const a = float([
  [1, 2],
  [3, 4],
]);
const b = float([
  [4, 2],
  [1, 4],
]);
const yes = bool([
  [true, true],
  [false, false],
]);
const no = bool([
  [true, false],
  [true, false],
]);

const binary = (
  op: string,
  versions: readonly number[],
  of: Given[],
  output: unknown,
): VersionCase => {
  return { op, versions, inputs: of, outputs: [output] };
};

const pairs: readonly VersionCase[] = [
  binary(
    'Add',
    [1],
    [a, b],
    [
      [5, 4],
      [4, 8],
    ],
  ),
  binary(
    'Sub',
    [1],
    [a, b],
    [
      [-3, 0],
      [2, 0],
    ],
  ),
  binary(
    'Mul',
    [1, 13],
    [a, b],
    [
      [4, 4],
      [3, 16],
    ],
  ),
  binary(
    'Div',
    [1],
    [a, b],
    [
      [0.25, 1],
      [3, 1],
    ],
  ),
  binary(
    'Pow',
    [7, 12, 13],
    [a, b],
    [
      [1, 4],
      [3, 256],
    ],
  ),
  binary('Mod', [10], [int64([5, -5]), int64([3, 3])], [2, 1]),
  binary(
    'And',
    [1],
    [yes, no],
    [
      [1, 0],
      [0, 0],
    ],
  ),
  binary(
    'Or',
    [1],
    [yes, no],
    [
      [1, 1],
      [1, 0],
    ],
  ),
  binary(
    'Xor',
    [1],
    [yes, no],
    [
      [0, 1],
      [1, 0],
    ],
  ),
  binary('Equal', [1, 7, 11], [int64([1, 2]), int64([1, 3])], [1, 0]),
  binary(
    'Greater',
    [1, 7, 9],
    [a, b],
    [
      [0, 0],
      [1, 0],
    ],
  ),
  binary(
    'GreaterOrEqual',
    [12],
    [a, b],
    [
      [0, 1],
      [1, 1],
    ],
  ),
  binary(
    'Less',
    [1, 7, 9],
    [a, b],
    [
      [1, 0],
      [0, 0],
    ],
  ),
  binary(
    'LessOrEqual',
    [12],
    [a, b],
    [
      [1, 1],
      [0, 1],
    ],
  ),
  binary(
    'Max',
    [1, 12],
    [a, b],
    [
      [4, 2],
      [3, 4],
    ],
  ),
  binary(
    'Min',
    [1, 12],
    [a, b],
    [
      [1, 2],
      [1, 4],
    ],
  ),
  binary(
    'Sum',
    [1],
    [a, b],
    [
      [5, 4],
      [4, 8],
    ],
  ),
  binary(
    'Mean',
    [1, 6, 8],
    [a, b],
    [
      [2.5, 2],
      [2, 4],
    ],
  ),
  binary(
    'MatMul',
    [9],
    [a, b],
    [
      [6, 10],
      [16, 22],
    ],
  ),
];

/** The second operand goes along an axis of the first one. */
const along: readonly VersionCase[] = ['Add', 'Sub', 'Mul', 'Div'].map((op) => {
  const attributes = { broadcast: { i: 1 }, axis: { i: 0 } };
  const c = float([1, 2]);
  const outputs = {
    Add: [
      [2, 3],
      [5, 6],
    ],
    Sub: [
      [0, 1],
      [1, 2],
    ],
    Mul: [
      [1, 2],
      [6, 8],
    ],
    Div: [
      [1, 2],
      [1.5, 2],
    ],
  }[op];
  return { op, versions: [1], inputs: [a, c], attributes, outputs: [outputs] };
});

export const elementwise: readonly VersionCase[] = [...functions, ...pairs, ...along];
