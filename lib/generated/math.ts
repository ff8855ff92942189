// Generated from the op registry by scripts/generate.mjs. Do not edit.
import type { FloatDType, IntegerDType } from '../dtype.js';
import type { OpOptions } from '../node.js';
import { addOp, type Operand } from '../op.js';
import { output } from '../operation.js';
import type { Tensor } from '../tensor.js';

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
  return output(addOp('All', [input, axis], { keep_dims: options.keepDims }, options));
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
  return output(addOp('Any', [input, axis], { keep_dims: options.keepDims }, options));
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
  return output(addOp('LogSumExp', [input, axis], { keep_dims: options.keepDims }, options));
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
  return output(addOp('Max', [input, axis], { keep_dims: options.keepDims }, options));
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
  return output(addOp('Mean', [input, axis], { keep_dims: options.keepDims }, options));
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
  return output(addOp('Min', [input, axis], { keep_dims: options.keepDims }, options));
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
  return output(addOp('Prod', [input, axis], { keep_dims: options.keepDims }, options));
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
  return output(addOp('Sum', [input, axis], { keep_dims: options.keepDims }, options));
}
