import { isSigned } from '../../../dtype.js';
import type { ExportNode } from '../exportNode.js';
import { type ExportFamily, type Exporting, none } from '../table.js';
import type { Value } from '../value.js';
import {
  cast,
  compare,
  computed,
  int64Vector,
  kArithmetic,
  same,
  scalar,
  shapeOf,
  signed,
  through,
  transposed,
  unsigned,
  upTo,
  where,
} from './common.js';

const float = (n: ExportNode, value: number) => scalar(n, value, n.x.dtype);

/** A comparison; integers that the operator lacks go through wider ones. */
const comparison =
  (type: string, isNegated = false): Exporting =>
  (n) => {
    const y = compareAny(n, type, n.input(0), n.input(1));
    return isNegated ? n.op('Not', [y]) : y;
  };

function compareAny(n: ExportNode, type: string, a: Value, b: Value): Value {
  if (type === 'Equal' && (a.dtype === 'bool' || a.dtype === 'string')) {
    if (a.dtype === 'string') n.since(19, 'Equal of strings');
    return n.op(type, [a, b], {}, { dtype: 'bool' });
  }
  if (a.dtype !== 'uint64') return compare(n, type, a, b);
  return n.op(type, [signed(n, a), signed(n, b)], {}, { dtype: 'bool' });
}

function atan2(n: ExportNode): Value {
  const infinite = n.all.map((x) => isInf(n, x));
  const isCorner = n.op('And', infinite);
  const inside = (v: Value) => where(n, isCorner, n.op('Sign', [v]), v);
  const [y, x] = [inside(n.input(0)), inside(n.input(1))];
  const test = (type: string, a: Value) => n.op(type, [a, float(n, 0)], {}, { dtype: 'bool' });
  const angle = n.op('Atan', [n.op('Div', [y, x])]);
  // The sign of 1 / y tells -0 from 0.
  const isBelow = n.op('Or', [test('Less', y), test('Less', n.op('Reciprocal', [y]))]);
  const half = where(n, isBelow, float(n, -Math.PI), float(n, Math.PI));
  const isLeft = n.op('Or', [test('Less', x), test('Less', n.op('Reciprocal', [x]))]);
  const moved = where(n, isLeft, n.op('Add', [angle, half]), angle);
  const isOrigin = n.op('And', [test('Equal', x), test('Equal', y)]);
  const whole = where(n, isLeft, half, y);
  return where(n, isOrigin, whole, moved);
}

/** Before opset 20 for float32 and float64 alone. */
function isInf(n: ExportNode, x: Value): Value {
  const dtype = n.opset < 20 ? computed(x.dtype, ['float32', 'float64']) : x.dtype;
  return n.op('IsInf', [cast(n, x, dtype)], {}, { dtype: 'bool' });
}

/** A vector behind a product of matrices becomes part of it. */
function add(n: ExportNode): Value {
  const { node } = n.x;
  const bias = n.input(1);
  const isProduct = node?.type === 'Gemm' && node.inputs.length === 2;
  const columns = n.x.shape?.[1];
  const isVector = typeof columns === 'number' && String(bias.shape) === `${columns}`;
  if (isProduct && isVector && n.exporter.isOnlyUse(n.id, 0)) {
    return n.op('Gemm', [...node.inputs, bias], node.attributes);
  }
  return through(n, 'Add', n.all, kArithmetic);
}

function variadic(n: ExportNode): Value {
  if (n.all.length === 1) return n.x;
  return n.all.slice(1).reduce((sum, x) => through(n, 'Add', [sum, x], kArithmetic), n.x);
}

function clip(n: ExportNode): Value {
  const [x, low, high] = [n.input(0), n.input(1), n.input(2)];
  const isPlain = [low, high].every(({ shape }) => shape?.length === 0);
  if (!isPlain || x.dtype === 'uint64') {
    return extreme(n, 'Min', extreme(n, 'Max', x, low), high);
  }
  return through(n, 'Clip', n.all, ['float32', 'float64', 'int8', 'uint8', 'int32', 'int64']);
}

/** The greater or the lesser of two. */
function extreme(n: ExportNode, type: 'Max' | 'Min', a: Value, b: Value): Value {
  if (a.dtype !== 'uint64') return through(n, type, [a, b], extremes);
  return unsigned(n, n.op(type, [signed(n, a), signed(n, b)]));
}

const extremes: readonly ('float32' | 'float64' | 'int32' | 'int64')[] = [
  'float32',
  'float64',
  'int32',
  'int64',
];

function square(n: ExportNode, x: Value): Value {
  return through(n, 'Mul', [x, x], kArithmetic);
}

function shift(direction: 'LEFT' | 'RIGHT'): Exporting {
  return (n) => {
    const { dtype } = n.x;
    const wide = dtype.endsWith('64') ? 'uint64' : dtype === 'uint8' ? 'uint8' : 'uint32';
    const shifted = (x: Value) => {
      const operands = [x, n.input(1)].map((operand) => cast(n, operand, wide));
      return cast(n, n.op('BitShift', operands, { direction }), dtype);
    };
    if (direction === 'LEFT' || !isSigned(dtype)) return shifted(n.x);
    // Of a negative number the complement is shifted, which has zeros before it.
    const isNegative = compare(n, 'Less', n.x, scalar(n, 0, dtype));
    const flipped = (x: Value) => {
      const complement = through(n, 'Sub', [scalar(n, -1, dtype), x], kArithmetic);
      return where(n, isNegative, complement, x);
    };
    return flipped(shifted(flipped(n.x)));
  };
}

function matMul(n: ExportNode): Value {
  const flip = (x: Value, isFlipped: boolean) => {
    if (!isFlipped) return x;
    const rank = x.shape?.length ?? (isBatch ? n.unsupported('an input of unknown rank') : 2);
    return transposed(n, x, [...upTo(rank - 2), rank - 1, rank - 2]);
  };
  const isBatch = n.type === 'BatchMatMulV2';
  const [a, b] = [n.input(0), n.input(1)];
  const names = isBatch ? ['adj_x', 'adj_y'] : ['transpose_a', 'transpose_b'];
  const [transA = false, transB = false] = names.map((name) => n.flag(name));
  const isFlat = !isBatch && a.shape?.length === 2 && b.shape?.length === 2;
  if (isFlat && (transA || transB) && (a.dtype === 'float32' || a.dtype === 'float64')) {
    return n.op('Gemm', [a, b], { transA, transB });
  }
  const x = flip(a, transA);
  const y = flip(b, transB);
  return through(n, 'MatMul', [x, y], kArithmetic);
}

function einsum(n: ExportNode): Value {
  const equation = n.text('equation');
  return through(n, 'Einsum', n.all, kArithmetic, { equation });
}

function approximately(n: ExportNode): Value {
  const limit = float(n, Number(n.attr('tolerance')));
  return n.op('Less', [n.op('Abs', [n.op('Sub', n.all)]), limit], {}, { dtype: 'bool' });
}

/** Places of x among rising boundaries. */
function bucketize(n: ExportNode): Value {
  const boundaries = n.attr('boundaries');
  const list = Array.isArray(boundaries) ? boundaries.map(Number) : [];
  if (list.length === 0) return n.op('Expand', [scalar(n, 0, 'int32'), shapeOf(n, n.x)]);
  const wide = n.x.dtype === 'float32' ? 'float32' : 'float64';
  const x = n.op('Unsqueeze', [cast(n, n.x, wide), n.vector([-1])]);
  const above = n.op('Not', [
    n.op('Less', [x, n.constant(list, wide, [list.length])], {}, { dtype: 'bool' }),
  ]);
  const ones = cast(n, above, 'int32');
  return n.op('ReduceSum', [ones, n.vector([-1])], { keepdims: 0 });
}

const cumulative =
  (type: string): Exporting =>
  (n) => {
    if (type === 'CumProd') n.since(26, type);
    const axis = n.op('Reshape', [int64Vector(n, 1), n.vector([])]);
    const attributes = { exclusive: n.flag('exclusive'), reverse: n.flag('reverse') };
    return through(n, type, [n.x, axis], kArithmetic, attributes);
  };

const arithmetic = (type: string) => same(type, kArithmetic);
const numeric = (type: string) =>
  same(type, ['float32', 'float64', 'int8', 'int16', 'int32', 'int64', 'uint8']);

export const math = {
  Abs: (n) => (isSigned(n.x.dtype) ? through(n, 'Abs', [n.x], kAbs) : n.x),
  Acos: same('Acos'),
  Acosh: same('Acosh'),
  AddN: variadic,
  AddV2: add,
  ApproximateEqual: approximately,
  Asin: same('Asin'),
  Asinh: same('Asinh'),
  Atan: same('Atan'),
  Atan2: atan2,
  Atanh: same('Atanh'),
  BatchMatMulV2: matMul,
  BitwiseAnd: same('BitwiseAnd', undefined, 18),
  BitwiseOr: same('BitwiseOr', undefined, 18),
  BitwiseXor: same('BitwiseXor', undefined, 18),
  Bucketize: bucketize,
  Ceil: same('Ceil'),
  Cholesky: none('ONNX has no operator for decompositions'),
  ClipByValue: clip,
  Cos: same('Cos'),
  Cosh: same('Cosh'),
  Cumprod: cumulative('CumProd'),
  Cumsum: cumulative('CumSum'),
  Einsum: einsum,
  Equal: comparison('Equal'),
  Erf: same('Erf'),
  Erfc: (n) => n.op('Sub', [float(n, 1), n.op('Erf', [n.x])]),
  Exp: same('Exp'),
  Expm1: (n) => n.op('Sub', [n.op('Exp', [n.x]), float(n, 1)]),
  Floor: same('Floor'),
  Greater: comparison('Greater'),
  GreaterEqual: comparison('GreaterOrEqual'),
  Inv: same('Reciprocal'),
  Invert: same('BitwiseNot', undefined, 18),
  IsFinite: (n) => {
    const isNan = n.op('IsNaN', [n.x], {}, { dtype: 'bool' });
    return n.op('Not', [n.op('Or', [isInf(n, n.x), isNan])]);
  },
  IsInf: (n) => isInf(n, n.x),
  IsNan: same('IsNaN'),
  LeftShift: shift('LEFT'),
  Less: comparison('Less'),
  LessEqual: comparison('LessOrEqual'),
  Log: same('Log'),
  Log1p: (n) => n.op('Log', [n.op('Add', [n.x, float(n, 1)])]),
  LogicalAnd: same('And'),
  LogicalNot: same('Not'),
  LogicalOr: same('Or'),
  LogicalXor: same('Xor'),
  MatMul: matMul,
  MatrixDeterminant: same('Det'),
  MatrixInverse: none('ONNX has no operator for decompositions'),
  Maximum: (n) => extreme(n, 'Max', n.x, n.input(1)),
  Minimum: (n) => extreme(n, 'Min', n.x, n.input(1)),
  Mul: arithmetic('Mul'),
  Neg: (n) => through(n, 'Neg', [n.x], ['float32', 'float64', 'int8', 'int32', 'int64']),
  NotEqual: (n) => {
    if (n.x.dtype === 'bool') return n.op('Xor', n.all);
    return comparison('Equal', true)(n);
  },
  Pow: same('Pow', kArithmetic),
  RealDiv: arithmetic('Div'),
  Reciprocal: same('Reciprocal'),
  RightShift: shift('RIGHT'),
  Rint: same('Round'),
  Round: same('Round'),
  Rsqrt: (n) => n.op('Reciprocal', [n.op('Sqrt', [n.x])]),
  Sign: numeric('Sign'),
  Sin: same('Sin'),
  Sinh: same('Sinh'),
  Sqrt: same('Sqrt'),
  Square: (n) => square(n, n.x),
  SquaredDifference: (n) => square(n, through(n, 'Sub', n.all, kArithmetic)),
  Sub: arithmetic('Sub'),
  Tan: same('Tan'),
  Tanh: same('Tanh'),
} satisfies ExportFamily;

const kAbs = ['float32', 'float64', 'int8', 'int16', 'int32', 'int64'] as const;
