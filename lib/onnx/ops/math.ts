import { elementSize, isFloat, isInteger } from '../../dtype.js';
import type { Tensor } from '../../tensor.js';
import type { Attrs, ImportNode } from '../importNode.js';
import type { Family, Mapping } from '../mapping.js';
import { choose, nothingOf } from './choose.js';
import { asFloat, castTo } from './numbers.js';
import { dimTensor, unsqueeze, upTo } from './shapes.js';

const unary =
  (type: string): Mapping =>
  (n) =>
    n.out(type, [n.x]);

/** The second operand of opset 1 to 6, which broadcasts only when asked to, from an axis on. */
function legacyOperand(n: ImportNode): Tensor {
  const b = n.input(1);
  if (!n.attrs.flag('broadcast') || !n.attrs.has('axis')) return b;
  const end = n.axis(n.attrs.int('axis')) + n.rank(b);
  const after = Math.max(0, n.rank() - end);
  return unsqueeze(
    n,
    b,
    upTo(after).map((i) => n.rank(b) + i),
  );
}

function binary(pick: (n: ImportNode) => string): Family[string] {
  return {
    1: (n) => n.out(pick(n), [n.x, legacyOperand(n)]),
    7: (n) => n.out(pick(n), [n.x, n.input(1)]),
  };
}

const compare = (type: string) => binary(() => type);

/** An op over any number of inputs as a chain of ops over two. */
function chain(n: ImportNode, type: string, inputs: readonly Tensor[] = n.inputs): Tensor {
  const [first, ...rest] = inputs;
  const last = rest.pop();
  if (!first) return n.fail('there is no input');
  if (!last) return n.out('Identity', [first]);
  return n.out(type, [rest.reduce((sum, x) => n.op(type, [sum, x]), first), last]);
}

function mean(n: ImportNode): Tensor {
  const [first, ...rest] = n.inputs;
  if (!first) return n.fail('there is no input');
  const sum = rest.reduce((total, x) => n.op('AddV2', [total, x]), first);
  return n.out('RealDiv', [sum, n.inputCount]);
}

function pow(n: ImportNode): Tensor {
  const y = n.input(1);
  if (y.dtype === n.x.dtype) return n.out('Pow', [n.x, y]);
  if (isInteger(n.x.dtype) && isFloat(y.dtype)) {
    const power = n.op('Pow', [n.op('Cast', [n.x], { DstT: y.dtype }), y]);
    return n.out('Cast', [power], { DstT: n.x.dtype });
  }
  return n.out('Pow', [n.x, n.op('Cast', [y], { DstT: n.x.dtype })]);
}

function mod(n: ImportNode): Tensor {
  return n.out(n.attrs.flag('fmod') ? 'TruncateMod' : 'FloorMod', [n.x, n.input(1)]);
}

/** Shifts by no less than the width, or by less than 0, give what is left: 0, or all signs. */
function bitShift(n: ImportNode): Tensor {
  const isLeft = n.attrs.string('direction') === 'LEFT';
  const type = isLeft ? 'LeftShift' : 'RightShift';
  const { dtype } = n.x;
  const [by, width] = [n.input(1), 8 * elementSize(dtype)];
  if (n.known(1)?.values.every((shift) => shift >= 0 && shift < width)) {
    return n.out(type, [n.x, by]);
  }
  const below = n.op('Less', [by, width]);
  const isSigned = !dtype.startsWith('u');
  const fits = isSigned ? n.op('LogicalAnd', [below, n.op('GreaterEqual', [by, 0])]) : below;
  const last = n.constant(width - 1, dtype, []);
  const shifted = n.op(type, [n.x, n.op('SelectV2', [fits, by, last])]);
  if (isSigned && !isLeft) return n.out('Identity', [shifted]);
  return n.out('SelectV2', [fits, shifted, n.constant(0, dtype, [])]);
}

function clip(n: ImportNode, low: unknown, high: unknown): Tensor {
  if (low === undefined && high === undefined) return n.out('Identity', [n.x]);
  if (low === undefined) return n.out('Minimum', [n.x, high]);
  if (high === undefined) return n.out('Maximum', [n.x, low]);
  return n.out('ClipByValue', [n.x, low, high]);
}

function clipAttributes(n: ImportNode): Tensor {
  const bound = (name: string) => (n.attrs.has(name) ? n.attrs.float(name) : undefined);
  return clip(n, bound('min'), bound('max'));
}

function gemm(n: ImportNode): Tensor {
  const { attrs } = n;
  const alpha = attrs.float('alpha', 1);
  const beta = attrs.float('beta', 1);
  const shape = { transpose_a: attrs.flag('transA'), transpose_b: attrs.flag('transB') };
  const c = n.optional(2);
  if (isInteger(n.x.dtype) && !(Number.isInteger(alpha) && Number.isInteger(beta))) {
    return scaledIntegers(n, alpha, beta, shape);
  }
  const add = (product: Tensor) =>
    c ? n.out('AddV2', [product, beta === 1 ? c : n.op('Mul', [c, beta])]) : product;
  if (alpha !== 1) return add(n.op('Mul', [n.op('MatMul', [n.x, n.input(1)], shape), alpha]));
  if (c) return add(n.op('MatMul', [n.x, n.input(1)], shape));
  return n.out('MatMul', [n.x, n.input(1)], shape);
}

/** Integers are scaled by fractions as float64, and lose the fraction of the result. */
function scaledIntegers(n: ImportNode, alpha: number, beta: number, shape: Attrs): Tensor {
  const [a, b, c] = [n.x, n.input(1), n.optional(2)].map((x) => x && castTo(n, x, 'float64'));
  const product = n.op('Mul', [n.op('MatMul', [a, b], shape), alpha]);
  const sum = c ? n.op('AddV2', [product, n.op('Mul', [c, beta])]) : product;
  return n.out('Cast', [sum], { DstT: n.x.dtype });
}

function matMul(n: ImportNode): Tensor {
  const [a, b] = [n.x, n.input(1)];
  if (a.rank === 2 && b.rank === 2) return n.out('MatMul', [a, b]);
  if (a.rank !== 1 && b.rank !== 1) return n.out('BatchMatMulV2', [a, b]);
  const left = a.rank === 1 ? n.op('ExpandDims', [a, 0]) : a;
  const right = b.rank === 1 ? n.op('ExpandDims', [b, 1]) : b;
  const product = n.op('BatchMatMulV2', [left, right]);
  const axes = [...(a.rank === 1 ? [-2] : []), ...(b.rank === 1 ? [-1] : [])];
  return n.out('Squeeze', [product], { squeeze_dims: axes });
}

function isInf(n: ImportNode): Tensor {
  const [negative, positive] = ['detect_negative', 'detect_positive'].map((name) =>
    n.attrs.flag(name, true),
  );
  const x = asFloat(n, n.x);
  if (negative && positive) return n.out('IsInf', [x]);
  if (!negative && !positive) return n.out('Less', [x, -Infinity]);
  return n.out('Equal', [x, n.constant(positive ? Infinity : -Infinity, x.dtype, [])]);
}

const cumulative =
  (type: 'Cumprod' | 'Cumsum'): Mapping =>
  (n) => {
    const attrs = { exclusive: n.attrs.flag('exclusive'), reverse: n.attrs.flag('reverse') };
    return n.out(type, [n.x, n.op('Reshape', [n.input(1), []])], attrs);
  };

/** Keeps what lies on or above (below) the k-th diagonal, whatever else the matrix holds. */
function trilu(n: ImportNode): Tensor {
  const rank = n.rank();
  const count = (axis: number, shape: readonly number[]) => {
    const range = n.op('Range', [int64(n, 0), dimTensor(n, n.x, axis), int64(n, 1)]);
    return n.op('Reshape', [range, shape]);
  };
  const diagonal = n.op('Sub', [count(rank - 1, [1, -1]), count(rank - 2, [-1, 1])]);
  const k = n.optional(1) ? n.op('Reshape', [n.input(1), []]) : int64(n, 0);
  const type = n.attrs.flag('upper', true) ? 'GreaterEqual' : 'LessEqual';
  return choose(n, n.op(type, [diagonal, k]), n.x, nothingOf(n, n.x.dtype));
}

function int64(n: ImportNode, value: number): Tensor {
  return n.constant(value, 'int64', []);
}

const divide = binary((n) => (isInteger(n.x.dtype) ? 'TruncateDiv' : 'RealDiv'));

export const math: Family = {
  Abs: unary('Abs'),
  Acos: unary('Acos'),
  Acosh: unary('Acosh'),
  Add: binary(() => 'AddV2'),
  And: compare('LogicalAnd'),
  Asin: unary('Asin'),
  Asinh: unary('Asinh'),
  Atan: unary('Atan'),
  Atanh: unary('Atanh'),
  BitShift: bitShift,
  BitwiseAnd: compare('BitwiseAnd'),
  BitwiseNot: unary('Invert'),
  BitwiseOr: compare('BitwiseOr'),
  BitwiseXor: compare('BitwiseXor'),
  Ceil: unary('Ceil'),
  Clip: {
    1: clipAttributes,
    11: (n) => clip(n, n.optional(1), n.optional(2)),
  },
  Cos: unary('Cos'),
  Cosh: unary('Cosh'),
  CumProd: cumulative('Cumprod'),
  CumSum: cumulative('Cumsum'),
  Div: divide,
  Einsum: (n) => n.out('Einsum', [n.inputs], { equation: n.attrs.string('equation') }),
  Equal: binary((n) => (n.x.dtype === 'string' ? 'StringEqual' : 'Equal')),
  Erf: unary('Erf'),
  Exp: unary('Exp'),
  Floor: unary('Floor'),
  Gemm: gemm,
  Greater: compare('Greater'),
  GreaterOrEqual: compare('GreaterEqual'),
  IsInf: isInf,
  IsNaN: (n) => n.out('IsNan', [asFloat(n, n.x)]),
  Less: compare('Less'),
  LessOrEqual: compare('LessEqual'),
  Log: unary('Log'),
  MatMul: matMul,
  Max: (n) => chain(n, 'Maximum'),
  Mean: mean,
  Min: (n) => chain(n, 'Minimum'),
  Mod: mod,
  Mul: binary(() => 'Mul'),
  Neg: unary('Neg'),
  Not: unary('LogicalNot'),
  Or: compare('LogicalOr'),
  Pow: { 1: (n) => n.out('Pow', [n.x, legacyOperand(n)]), 7: pow },
  Reciprocal: unary('Reciprocal'),
  Round: unary('Round'),
  Sign: unary('Sign'),
  Sin: unary('Sin'),
  Sinh: unary('Sinh'),
  Sqrt: unary('Sqrt'),
  Sub: binary(() => 'Sub'),
  Sum: (n) => chain(n, 'AddV2'),
  Tan: unary('Tan'),
  Tanh: unary('Tanh'),
  Trilu: trilu,
  Xor: {
    1: (n) => n.out('NotEqual', [n.x, legacyOperand(n)]),
    7: (n) => n.out('NotEqual', [n.x, n.input(1)]),
  },
};
