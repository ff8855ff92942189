// Generated from the op registry by scripts/generate.mjs. Do not edit.
import type { DType, FloatDType } from '../dtype.js';
import type { OpOptions } from '../node.js';
import { addOp, type Operand } from '../op.js';
import { output } from '../operation.js';
import type { Tensor } from '../tensor.js';

export interface MultinomialOptions<D extends 'int32' | 'int64' = 'int64'> extends OpOptions {
  /** Default: "int64". */
  readonly outputDtype?: D | undefined;
  readonly seed?: number | bigint | undefined;
  readonly seed2?: number | bigint | undefined;
}

/** Draws num_samples classes for each row of unnormalised log-probabilities. */
export function multinomial<D extends 'int32' | 'int64' = 'int64'>(
  logits: Operand<FloatDType>,
  numSamples: Operand<'int32'>,
  options: MultinomialOptions<D> = {},
): Tensor<D> {
  return output(addOp('Multinomial', [logits, numSamples], { output_dtype: options.outputDtype, seed: options.seed, seed2: options.seed2 }, options, ['outputDtype', 'seed', 'seed2']));
}

export interface RandomShuffleOptions extends OpOptions {
  readonly seed?: number | bigint | undefined;
  readonly seed2?: number | bigint | undefined;
}

/** The rows of a tensor in random order. */
export function randomShuffle<T extends DType>(
  value: Operand<T>,
  options: RandomShuffleOptions = {},
): Tensor<T> {
  return output(addOp('RandomShuffle', [value], { seed: options.seed, seed2: options.seed2 }, options, ['seed', 'seed2']));
}

export interface RandomNormalOptions<D extends FloatDType = 'float32'> extends OpOptions {
  /** Default: "float32". */
  readonly dtype?: D | undefined;
  readonly seed?: number | bigint | undefined;
  readonly seed2?: number | bigint | undefined;
}

/** Normally distributed random values of mean 0 and standard deviation 1. */
export function randomNormal<D extends FloatDType = 'float32'>(
  shape: Operand<'int32' | 'int64'>,
  options: RandomNormalOptions<D> = {},
): Tensor<D> {
  return output(addOp('RandomStandardNormal', [shape], { dtype: options.dtype, seed: options.seed, seed2: options.seed2 }, options, ['dtype', 'seed', 'seed2']));
}

export interface RandomUniformOptions<D extends FloatDType = 'float32'> extends OpOptions {
  /** Default: "float32". */
  readonly dtype?: D | undefined;
  readonly seed?: number | bigint | undefined;
  readonly seed2?: number | bigint | undefined;
}

/** Uniform random values in [0, 1). */
export function randomUniform<D extends FloatDType = 'float32'>(
  shape: Operand<'int32' | 'int64'>,
  options: RandomUniformOptions<D> = {},
): Tensor<D> {
  return output(addOp('RandomUniform', [shape], { dtype: options.dtype, seed: options.seed, seed2: options.seed2 }, options, ['dtype', 'seed', 'seed2']));
}

export interface RandomUniformIntOptions extends OpOptions {
  readonly seed?: number | bigint | undefined;
  readonly seed2?: number | bigint | undefined;
}

/** Uniform random integers in [minval, maxval), with the slight bias of a remainder. */
export function randomUniformInt<Tout extends 'int32' | 'int64'>(
  shape: Operand<'int32' | 'int64'>,
  minval: Operand<Tout>,
  maxval: Operand<Tout>,
  options: RandomUniformIntOptions = {},
): Tensor<Tout> {
  return output(addOp('RandomUniformInt', [shape, minval, maxval], { seed: options.seed, seed2: options.seed2 }, options, ['seed', 'seed2']));
}

export interface StatelessRandomNormalOptions<D extends FloatDType = 'float32'> extends OpOptions {
  /** Default: "float32". */
  readonly dtype?: D | undefined;
}

/** Normally distributed random values that depend on the seed, two integers, alone. */
export function statelessRandomNormal<D extends FloatDType = 'float32'>(
  shape: Operand<'int32' | 'int64'>,
  seed: Operand<'int32' | 'int64'>,
  options: StatelessRandomNormalOptions<D> = {},
): Tensor<D> {
  return output(addOp('StatelessRandomNormal', [shape, seed], { dtype: options.dtype }, options, ['dtype']));
}

export interface StatelessRandomUniformOptions<D extends FloatDType = 'float32'> extends OpOptions {
  /** Default: "float32". */
  readonly dtype?: D | undefined;
}

/** Uniform random values in [0, 1) that depend on the seed, two integers, alone. */
export function statelessRandomUniform<D extends FloatDType = 'float32'>(
  shape: Operand<'int32' | 'int64'>,
  seed: Operand<'int32' | 'int64'>,
  options: StatelessRandomUniformOptions<D> = {},
): Tensor<D> {
  return output(addOp('StatelessRandomUniform', [shape, seed], { dtype: options.dtype }, options, ['dtype']));
}

/** Uniform random integers in [minval, maxval) that depend on the seed, two integers, alone. */
export function statelessRandomUniformInt<D extends 'int32' | 'int64'>(
  shape: Operand<'int32' | 'int64'>,
  seed: Operand<'int32' | 'int64'>,
  minval: Operand<D>,
  maxval: Operand<D>,
  options: OpOptions = {},
): Tensor<D> {
  return output(addOp('StatelessRandomUniformInt', [shape, seed, minval, maxval], {}, options));
}

export interface StatelessTruncatedNormalOptions<D extends FloatDType = 'float32'> extends OpOptions {
  /** Default: "float32". */
  readonly dtype?: D | undefined;
}

/** Truncated normal random values that depend on the seed, two integers, alone. */
export function statelessTruncatedNormal<D extends FloatDType = 'float32'>(
  shape: Operand<'int32' | 'int64'>,
  seed: Operand<'int32' | 'int64'>,
  options: StatelessTruncatedNormalOptions<D> = {},
): Tensor<D> {
  return output(addOp('StatelessTruncatedNormal', [shape, seed], { dtype: options.dtype }, options, ['dtype']));
}

export interface TruncatedNormalOptions<D extends FloatDType = 'float32'> extends OpOptions {
  /** Default: "float32". */
  readonly dtype?: D | undefined;
  readonly seed?: number | bigint | undefined;
  readonly seed2?: number | bigint | undefined;
}

/**
 * Normally distributed random values of mean 0 and standard deviation 1; those that are 2 or
 * more deviations off are drawn again.
 */
export function truncatedNormal<D extends FloatDType = 'float32'>(
  shape: Operand<'int32' | 'int64'>,
  options: TruncatedNormalOptions<D> = {},
): Tensor<D> {
  return output(addOp('TruncatedNormal', [shape], { dtype: options.dtype, seed: options.seed, seed2: options.seed2 }, options, ['dtype', 'seed', 'seed2']));
}
