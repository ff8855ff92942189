// Generated from the op registry by scripts/generate.mjs. Do not edit.
import type { FloatDType, IntegerDType } from '../dtype.js';
import type { OpOptions } from '../node.js';
import { addOp, type Operand } from '../op.js';
import { output } from '../operation.js';
import type { Tensor } from '../tensor.js';

/** The size of x, element by element. The least integer stays as it is. */
export function abs<T extends FloatDType | IntegerDType>(
  x: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Abs', [x], {}, options));
}

/** The inverse cosine, element by element. */
export function acos<T extends FloatDType>(
  x: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Acos', [x], {}, options));
}

/** The inverse hyperbolic cosine, element by element. */
export function acosh<T extends FloatDType>(
  x: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Acosh', [x], {}, options));
}

/** The sum of all inputs, which have the same shape, in the order given. */
export function addN<T extends FloatDType | IntegerDType>(
  inputs: readonly Operand<T>[],
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('AddN', [inputs], {}, options));
}

/** x + y with numpy broadcasting; integers wrap. */
export function add<T extends FloatDType | IntegerDType>(
  x: Operand<T>,
  y: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('AddV2', [x, y], {}, options));
}

export interface AllOptions extends OpOptions {
  /** Default: false. */
  readonly keepDims?: boolean | undefined;
}

/** Whether all elements over the axes in `axis` are true; true over no elements. */
export function all(
  input: Operand<'bool'>,
  axis?: Operand<'int32' | 'int64'> | null,
  options: AllOptions = {},
): Tensor<'bool'> {
  return output(addOp('All', [input, axis], { keep_dims: options.keepDims }, options, ['keepDims']));
}

export interface AnyOptions extends OpOptions {
  /** Default: false. */
  readonly keepDims?: boolean | undefined;
}

/** Whether any element over the axes in `axis` is true; false over no elements. */
export function any(
  input: Operand<'bool'>,
  axis?: Operand<'int32' | 'int64'> | null,
  options: AnyOptions = {},
): Tensor<'bool'> {
  return output(addOp('Any', [input, axis], { keep_dims: options.keepDims }, options, ['keepDims']));
}

export interface ApproximateEqualOptions extends OpOptions {
  /** Default: 0.00001. */
  readonly tolerance?: number | undefined;
}

/** Whether |x - y| < tolerance, with numpy broadcasting. */
export function approximateEqual<T extends FloatDType>(
  x: Operand<T>,
  y: Operand<T>,
  options: ApproximateEqualOptions = {},
): Tensor<'bool'> {
  return output(addOp('ApproximateEqual', [x, y], { tolerance: options.tolerance }, options, ['tolerance']));
}

export interface ArgMaxOptions<D extends 'int32' | 'int64' = 'int64'> extends OpOptions {
  /** Default: "int64". */
  readonly outputType?: D | undefined;
}

/**
 * The index of the largest element along an axis, the first of equals; NaN counts as largest.
 * INVALID_ARGUMENT for an empty axis.
 */
export function argMax<D extends 'int32' | 'int64' = 'int64'>(
  input: Operand<'float32' | 'float64' | 'float16' | 'bfloat16' | 'int8' | 'int16' | 'int32' | 'int64' | 'uint8' | 'uint16' | 'uint32' | 'uint64' | 'bool'>,
  dimension: Operand<'int32' | 'int64'> = 0,
  options: ArgMaxOptions<D> = {},
): Tensor<D> {
  return output(addOp('ArgMax', [input, dimension], { output_type: options.outputType }, options, ['outputType']));
}

export interface ArgMinOptions<D extends 'int32' | 'int64' = 'int64'> extends OpOptions {
  /** Default: "int64". */
  readonly outputType?: D | undefined;
}

/**
 * The index of the least element along an axis, the first of equals; NaN counts as least.
 * INVALID_ARGUMENT for an empty axis.
 */
export function argMin<D extends 'int32' | 'int64' = 'int64'>(
  input: Operand<'float32' | 'float64' | 'float16' | 'bfloat16' | 'int8' | 'int16' | 'int32' | 'int64' | 'uint8' | 'uint16' | 'uint32' | 'uint64' | 'bool'>,
  dimension: Operand<'int32' | 'int64'> = 0,
  options: ArgMinOptions<D> = {},
): Tensor<D> {
  return output(addOp('ArgMin', [input, dimension], { output_type: options.outputType }, options, ['outputType']));
}

/** The inverse sine, element by element. */
export function asin<T extends FloatDType>(
  x: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Asin', [x], {}, options));
}

/** The inverse hyperbolic sine, element by element. */
export function asinh<T extends FloatDType>(
  x: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Asinh', [x], {}, options));
}

/** The inverse tangent, element by element. */
export function atan<T extends FloatDType>(
  x: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Atan', [x], {}, options));
}

/** The angle of the point (x, y), between -pi and pi, with numpy broadcasting. */
export function atan2<T extends FloatDType>(
  y: Operand<T>,
  x: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Atan2', [y, x], {}, options));
}

/** The inverse hyperbolic tangent, element by element. */
export function atanh<T extends FloatDType>(
  x: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Atanh', [x], {}, options));
}

/** x & y with numpy broadcasting. */
export function bitwiseAnd<T extends IntegerDType>(
  x: Operand<T>,
  y: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('BitwiseAnd', [x, y], {}, options));
}

/** x | y with numpy broadcasting. */
export function bitwiseOr<T extends IntegerDType>(
  x: Operand<T>,
  y: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('BitwiseOr', [x, y], {}, options));
}

/** x ^ y with numpy broadcasting. */
export function bitwiseXor<T extends IntegerDType>(
  x: Operand<T>,
  y: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('BitwiseXor', [x, y], {}, options));
}

/**
 * For each element the number of boundaries, which are sorted, that are not above it. NaN is
 * above all.
 */
export function bucketize(
  input: Operand<FloatDType | IntegerDType>,
  boundaries: readonly number[],
  options: OpOptions = {},
): Tensor<'int32'> {
  return output(addOp('Bucketize', [input], { boundaries }, options));
}

export interface CastOptions extends OpOptions {
  /** Default: false. */
  readonly truncate?: boolean | undefined;
  /** Default: false. */
  readonly saturate?: boolean | undefined;
  /** Default: "nearest". */
  readonly scaleRound?: 'nearest' | 'up' | 'down' | undefined;
}

/**
 * x in another dtype. Floats lose their fraction on the way to integers, which wrap when they
 * are narrowed; bool is whether x is not 0. A float beyond the range of an integer dtype gives
 * an unspecified value. Floats of 8 bits and less are rounded to the nearest, ties to even;
 * beyond their range they become the largest number when saturate is true, else infinity or
 * NaN. float8_e8m0fnu takes the magnitude to a power of two as scale_round says.
 */
export function cast<DstT extends 'float32' | 'float64' | 'float16' | 'bfloat16' | 'int8' | 'int16' | 'int32' | 'int64' | 'uint8' | 'uint16' | 'uint32' | 'uint64' | 'bool' | 'float8_e4m3fn' | 'float8_e4m3fnuz' | 'float8_e5m2' | 'float8_e5m2fnuz' | 'float8_e8m0fnu' | 'float4_e2m1fn' | 'int4' | 'uint4' | 'int2' | 'uint2'>(
  x: Operand<'float32' | 'float64' | 'float16' | 'bfloat16' | 'int8' | 'int16' | 'int32' | 'int64' | 'uint8' | 'uint16' | 'uint32' | 'uint64' | 'bool' | 'float8_e4m3fn' | 'float8_e4m3fnuz' | 'float8_e5m2' | 'float8_e5m2fnuz' | 'float8_e8m0fnu' | 'float4_e2m1fn' | 'int4' | 'uint4' | 'int2' | 'uint2'>,
  dstT: DstT,
  options: CastOptions = {},
): Tensor<DstT> {
  return output(addOp('Cast', [x], { DstT: dstT, Truncate: options.truncate, saturate: options.saturate, scale_round: options.scaleRound }, options, ['truncate', 'saturate', 'scaleRound']));
}

/** The least integer not below x, element by element. */
export function ceil<T extends FloatDType>(
  x: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Ceil', [x], {}, options));
}

/** t kept between clip_value_min and clip_value_max, with numpy broadcasting. NaN stays NaN. */
export function clipByValue<T extends FloatDType | IntegerDType>(
  t: Operand<T>,
  clipValueMin: Operand<T>,
  clipValueMax: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('ClipByValue', [t, clipValueMin, clipValueMax], {}, options));
}

/** The cosine of x in radians, element by element. */
export function cos<T extends FloatDType>(
  x: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Cos', [x], {}, options));
}

/** The hyperbolic cosine, element by element. */
export function cosh<T extends FloatDType>(
  x: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Cosh', [x], {}, options));
}

export interface CumprodOptions extends OpOptions {
  /** Default: false. */
  readonly exclusive?: boolean | undefined;
  /** Default: false. */
  readonly reverse?: boolean | undefined;
}

/** Running products along an axis, as cumsum. */
export function cumprod<T extends FloatDType | IntegerDType>(
  x: Operand<T>,
  axis: Operand<'int32' | 'int64'> = 0,
  options: CumprodOptions = {},
): Tensor<T> {
  return output(addOp('Cumprod', [x, axis], { exclusive: options.exclusive, reverse: options.reverse }, options, ['exclusive', 'reverse']));
}

export interface CumsumOptions extends OpOptions {
  /** Default: false. */
  readonly exclusive?: boolean | undefined;
  /** Default: false. */
  readonly reverse?: boolean | undefined;
}

/**
 * Running sums along an axis: y[i] = x[0] + ... + x[i]; `exclusive` leaves x[i] out, `reverse`
 * starts from the end. float16 and bfloat16 are accumulated in float, others in their own
 * dtype; integers wrap.
 */
export function cumsum<T extends FloatDType | IntegerDType>(
  x: Operand<T>,
  axis: Operand<'int32' | 'int64'> = 0,
  options: CumsumOptions = {},
): Tensor<T> {
  return output(addOp('Cumsum', [x, axis], { exclusive: options.exclusive, reverse: options.reverse }, options, ['exclusive', 'reverse']));
}

/** x / y with numpy broadcasting, 0 where y is 0. */
export function divNoNan<T extends FloatDType>(
  x: Operand<T>,
  y: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('DivNoNan', [x, y], {}, options));
}

/** Whether x and y are equal, with numpy broadcasting. NaN equals nothing. */
export function equal<T extends 'float32' | 'float64' | 'float16' | 'bfloat16' | 'int8' | 'int16' | 'int32' | 'int64' | 'uint8' | 'uint16' | 'uint32' | 'uint64' | 'bool'>(
  x: Operand<T>,
  y: Operand<T>,
  options: OpOptions = {},
): Tensor<'bool'> {
  return output(addOp('Equal', [x, y], {}, options));
}

/** The error function, element by element. */
export function erf<T extends FloatDType>(
  x: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Erf', [x], {}, options));
}

/** 1 - erf(x) with full precision in the tail, element by element. */
export function erfc<T extends FloatDType>(
  x: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Erfc', [x], {}, options));
}

/** e^x, element by element. */
export function exp<T extends FloatDType>(
  x: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Exp', [x], {}, options));
}

/** e^x - 1 without cancellation near 0, element by element. */
export function expm1<T extends FloatDType>(
  x: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Expm1', [x], {}, options));
}

/** The largest integer not above x, element by element. */
export function floor<T extends FloatDType>(
  x: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Floor', [x], {}, options));
}

/**
 * The largest integer not above x / y, with numpy broadcasting. An integer division by zero is
 * an error.
 */
export function floorDiv<T extends FloatDType | IntegerDType>(
  x: Operand<T>,
  y: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('FloorDiv', [x, y], {}, options));
}

/** The remainder of FloorDiv, of the sign of y, with numpy broadcasting. */
export function mod<T extends FloatDType | IntegerDType>(
  x: Operand<T>,
  y: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('FloorMod', [x, y], {}, options));
}

/** Whether x > y, with numpy broadcasting. */
export function greater<T extends FloatDType | IntegerDType>(
  x: Operand<T>,
  y: Operand<T>,
  options: OpOptions = {},
): Tensor<'bool'> {
  return output(addOp('Greater', [x, y], {}, options));
}

/** Whether x >= y, with numpy broadcasting. */
export function greaterEqual<T extends FloatDType | IntegerDType>(
  x: Operand<T>,
  y: Operand<T>,
  options: OpOptions = {},
): Tensor<'bool'> {
  return output(addOp('GreaterEqual', [x, y], {}, options));
}

/** All bits of x flipped, element by element. */
export function invert<T extends IntegerDType>(
  x: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Invert', [x], {}, options));
}

/** Whether x is neither NaN nor infinite, element by element. */
export function isFinite(
  x: Operand<FloatDType>,
  options: OpOptions = {},
): Tensor<'bool'> {
  return output(addOp('IsFinite', [x], {}, options));
}

/** Whether x is infinite, element by element. */
export function isInf(
  x: Operand<FloatDType>,
  options: OpOptions = {},
): Tensor<'bool'> {
  return output(addOp('IsInf', [x], {}, options));
}

/** Whether x is NaN, element by element. */
export function isNan(
  x: Operand<FloatDType>,
  options: OpOptions = {},
): Tensor<'bool'> {
  return output(addOp('IsNan', [x], {}, options));
}

/**
 * x << y with numpy broadcasting. A shift that is negative or not less than the width is an
 * error.
 */
export function leftShift<T extends IntegerDType>(
  x: Operand<T>,
  y: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('LeftShift', [x, y], {}, options));
}

/** Whether x < y, with numpy broadcasting. */
export function less<T extends FloatDType | IntegerDType>(
  x: Operand<T>,
  y: Operand<T>,
  options: OpOptions = {},
): Tensor<'bool'> {
  return output(addOp('Less', [x, y], {}, options));
}

/** Whether x <= y, with numpy broadcasting. */
export function lessEqual<T extends FloatDType | IntegerDType>(
  x: Operand<T>,
  y: Operand<T>,
  options: OpOptions = {},
): Tensor<'bool'> {
  return output(addOp('LessEqual', [x, y], {}, options));
}

/** The natural logarithm, element by element. */
export function log<T extends FloatDType>(
  x: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Log', [x], {}, options));
}

/** log(1 + x) without cancellation near 0, element by element. */
export function log1p<T extends FloatDType>(
  x: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Log1p', [x], {}, options));
}

export interface LogSumExpOptions extends OpOptions {
  /** Default: false. */
  readonly keepDims?: boolean | undefined;
}

/**
 * log(sum(exp(x))) over the axes in `axis`, computed in double from the maximum so that nothing
 * overflows; -Infinity over no elements.
 */
export function logSumExp<T extends FloatDType>(
  input: Operand<T>,
  axis?: Operand<'int32' | 'int64'> | null,
  options: LogSumExpOptions = {},
): Tensor<T> {
  return output(addOp('LogSumExp', [input, axis], { keep_dims: options.keepDims }, options, ['keepDims']));
}

/** x and y, with numpy broadcasting. */
export function logicalAnd(
  x: Operand<'bool'>,
  y: Operand<'bool'>,
  options: OpOptions = {},
): Tensor<'bool'> {
  return output(addOp('LogicalAnd', [x, y], {}, options));
}

/** not x, element by element. */
export function logicalNot(
  x: Operand<'bool'>,
  options: OpOptions = {},
): Tensor<'bool'> {
  return output(addOp('LogicalNot', [x], {}, options));
}

/** x or y, with numpy broadcasting. */
export function logicalOr(
  x: Operand<'bool'>,
  y: Operand<'bool'>,
  options: OpOptions = {},
): Tensor<'bool'> {
  return output(addOp('LogicalOr', [x, y], {}, options));
}

/** Whether just one of x and y is true, with numpy broadcasting. */
export function logicalXor(
  x: Operand<'bool'>,
  y: Operand<'bool'>,
  options: OpOptions = {},
): Tensor<'bool'> {
  return output(addOp('LogicalXor', [x, y], {}, options));
}

export interface MaxOptions extends OpOptions {
  /** Default: false. */
  readonly keepDims?: boolean | undefined;
}

/**
 * The largest element over the axes in `axis`; NaN where one of them is NaN. Over no elements
 * the least value of the dtype.
 */
export function max<T extends FloatDType | IntegerDType>(
  input: Operand<T>,
  axis?: Operand<'int32' | 'int64'> | null,
  options: MaxOptions = {},
): Tensor<T> {
  return output(addOp('Max', [input, axis], { keep_dims: options.keepDims }, options, ['keepDims']));
}

/** The larger of x and y with numpy broadcasting; NaN where one of them is. */
export function maximum<T extends FloatDType | IntegerDType>(
  x: Operand<T>,
  y: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Maximum', [x, y], {}, options));
}

export interface MeanOptions extends OpOptions {
  /** Default: false. */
  readonly keepDims?: boolean | undefined;
}

/** The mean over the axes in `axis`; NaN over no elements. Integers round towards zero. */
export function mean<T extends FloatDType | IntegerDType>(
  input: Operand<T>,
  axis?: Operand<'int32' | 'int64'> | null,
  options: MeanOptions = {},
): Tensor<T> {
  return output(addOp('Mean', [input, axis], { keep_dims: options.keepDims }, options, ['keepDims']));
}

export interface MinOptions extends OpOptions {
  /** Default: false. */
  readonly keepDims?: boolean | undefined;
}

/**
 * The least element over the axes in `axis`; NaN where one of them is NaN. Over no elements the
 * largest value of the dtype.
 */
export function min<T extends FloatDType | IntegerDType>(
  input: Operand<T>,
  axis?: Operand<'int32' | 'int64'> | null,
  options: MinOptions = {},
): Tensor<T> {
  return output(addOp('Min', [input, axis], { keep_dims: options.keepDims }, options, ['keepDims']));
}

/** The smaller of x and y with numpy broadcasting; NaN where one of them is. */
export function minimum<T extends FloatDType | IntegerDType>(
  x: Operand<T>,
  y: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Minimum', [x, y], {}, options));
}

/** x * y with numpy broadcasting; integers wrap. */
export function mul<T extends FloatDType | IntegerDType>(
  x: Operand<T>,
  y: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Mul', [x, y], {}, options));
}

/** x * y with numpy broadcasting, 0 where y is 0 whatever x is. */
export function mulNoNan<T extends FloatDType>(
  x: Operand<T>,
  y: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('MulNoNan', [x, y], {}, options));
}

/** -x, element by element; integers wrap. */
export function neg<T extends FloatDType | IntegerDType>(
  x: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Neg', [x], {}, options));
}

/** Whether x and y differ, with numpy broadcasting. */
export function notEqual<T extends 'float32' | 'float64' | 'float16' | 'bfloat16' | 'int8' | 'int16' | 'int32' | 'int64' | 'uint8' | 'uint16' | 'uint32' | 'uint64' | 'bool'>(
  x: Operand<T>,
  y: Operand<T>,
  options: OpOptions = {},
): Tensor<'bool'> {
  return output(addOp('NotEqual', [x, y], {}, options));
}

/** x^y with numpy broadcasting. Integers wrap, and a negative integer exponent is an error. */
export function pow<T extends FloatDType | IntegerDType>(
  x: Operand<T>,
  y: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Pow', [x, y], {}, options));
}

export interface ProdOptions extends OpOptions {
  /** Default: false. */
  readonly keepDims?: boolean | undefined;
}

/** The product over the axes in `axis`; 1 over no elements. Integers wrap. */
export function prod<T extends FloatDType | IntegerDType>(
  input: Operand<T>,
  axis?: Operand<'int32' | 'int64'> | null,
  options: ProdOptions = {},
): Tensor<T> {
  return output(addOp('Prod', [input, axis], { keep_dims: options.keepDims }, options, ['keepDims']));
}

/** x / y with numpy broadcasting. */
export function div<T extends FloatDType>(
  x: Operand<T>,
  y: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('RealDiv', [x, y], {}, options));
}

/** 1 / x, element by element. */
export function reciprocal<T extends FloatDType>(
  x: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Reciprocal', [x], {}, options));
}

/**
 * x >> y with numpy broadcasting; the sign is kept. A shift that is negative or not less than
 * the width is an error.
 */
export function rightShift<T extends IntegerDType>(
  x: Operand<T>,
  y: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('RightShift', [x, y], {}, options));
}

/** The nearest integer, halves to the even one, element by element. */
export function rint<T extends FloatDType>(
  x: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Rint', [x], {}, options));
}

/** The nearest integer, halves to the even one, element by element. */
export function round<T extends FloatDType>(
  x: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Round', [x], {}, options));
}

/** 1 / sqrt(x), element by element. */
export function rsqrt<T extends FloatDType>(
  x: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Rsqrt', [x], {}, options));
}

/** t where the condition is true, else e, with numpy broadcasting of all three. */
export function select<T extends 'float32' | 'float64' | 'float16' | 'bfloat16' | 'int8' | 'int16' | 'int32' | 'int64' | 'uint8' | 'uint16' | 'uint32' | 'uint64' | 'bool'>(
  condition: Operand<'bool'>,
  t: Operand<T>,
  e: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('SelectV2', [condition, t, e], {}, options));
}

/** -1, 0 or 1, element by element; NaN stays NaN. */
export function sign<T extends FloatDType | IntegerDType>(
  x: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Sign', [x], {}, options));
}

/** The sine of x in radians, element by element. */
export function sin<T extends FloatDType>(
  x: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Sin', [x], {}, options));
}

/** The hyperbolic sine, element by element. */
export function sinh<T extends FloatDType>(
  x: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Sinh', [x], {}, options));
}

/** The square root, element by element. */
export function sqrt<T extends FloatDType>(
  x: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Sqrt', [x], {}, options));
}

/** x * x, element by element. */
export function square<T extends FloatDType | IntegerDType>(
  x: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Square', [x], {}, options));
}

/** (x - y)^2 with numpy broadcasting. */
export function squaredDifference<T extends FloatDType | IntegerDType>(
  x: Operand<T>,
  y: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('SquaredDifference', [x, y], {}, options));
}

/** x - y with numpy broadcasting; integers wrap. */
export function sub<T extends FloatDType | IntegerDType>(
  x: Operand<T>,
  y: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Sub', [x, y], {}, options));
}

export interface SumOptions extends OpOptions {
  /** Default: false. */
  readonly keepDims?: boolean | undefined;
}

/**
 * The sum over the axes in `axis`: all of them when it is left out, none for an empty list.
 * Floating sums are accumulated in double between blocks of 64 elements per lane; integers
 * wrap.
 */
export function sum<T extends FloatDType | IntegerDType>(
  input: Operand<T>,
  axis?: Operand<'int32' | 'int64'> | null,
  options: SumOptions = {},
): Tensor<T> {
  return output(addOp('Sum', [input, axis], { keep_dims: options.keepDims }, options, ['keepDims']));
}

/** The tangent of x in radians, element by element. */
export function tan<T extends FloatDType>(
  x: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Tan', [x], {}, options));
}

/** The hyperbolic tangent, element by element. */
export function tanh<T extends FloatDType>(
  x: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Tanh', [x], {}, options));
}

/** x without its fraction, element by element. */
export function trunc<T extends FloatDType>(
  x: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Trunc', [x], {}, options));
}

/** x / y rounded towards zero, with numpy broadcasting. An integer division by zero is an error. */
export function truncateDiv<T extends FloatDType | IntegerDType>(
  x: Operand<T>,
  y: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('TruncateDiv', [x, y], {}, options));
}

/** The remainder of TruncateDiv, of the sign of x, with numpy broadcasting. */
export function truncateMod<T extends FloatDType | IntegerDType>(
  x: Operand<T>,
  y: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('TruncateMod', [x, y], {}, options));
}

/** x / y with numpy broadcasting, 0 where x is 0. */
export function xdivy<T extends FloatDType>(
  x: Operand<T>,
  y: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Xdivy', [x, y], {}, options));
}

/** x log(1 + y) with numpy broadcasting, 0 where x is 0. */
export function xlog1py<T extends FloatDType>(
  x: Operand<T>,
  y: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Xlog1py', [x, y], {}, options));
}

/** x log(y) with numpy broadcasting, 0 where x is 0. */
export function xlogy<T extends FloatDType>(
  x: Operand<T>,
  y: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Xlogy', [x, y], {}, options));
}
