import { checkKeys } from '../../attrs.js';
import type { FloatDType } from '../../dtype.js';
import { invalidArgument } from '../../errors.js';
import { add, mul } from '../../generated/math.js';
import {
  randomNormal as drawNormal,
  truncatedNormal as drawTruncated,
  randomUniform as drawUniform,
} from '../../generated/random.js';
import type { Tensor } from '../../tensor.js';
import { floating, type SeedOption, type VariableInitializer } from './initializer.js';

export interface UniformOptions extends SeedOption {
  /** Default: -0.05. */
  readonly minval?: number | undefined;
  /** Default: 0.05. */
  readonly maxval?: number | undefined;
}

export interface NormalOptions extends SeedOption {
  /** Default: 0. */
  readonly mean?: number | undefined;
  /** Default: 0.05. */
  readonly stddev?: number | undefined;
}

/** Uniform values in [minval, maxval). */
export function randomUniform(options: UniformOptions = {}): VariableInitializer {
  checkKeys('randomUniform', options, ['minval', 'maxval', 'seed']);
  const { minval = -0.05, maxval = 0.05, seed } = options;
  const width = finite(maxval, 'maxval') - finite(minval, 'minval');
  return (shape, dtype) => {
    const type = floating(dtype, 'randomUniform');
    return linear(drawUniform([...shape], { dtype: type, seed }), width, minval);
  };
}

/** Normally distributed values. */
export function randomNormal(options: NormalOptions = {}): VariableInitializer {
  checkKeys('randomNormal', options, ['mean', 'stddev', 'seed']);
  const { mean = 0, stddev = 0.05, seed } = options;
  finite(mean, 'mean');
  finite(stddev, 'stddev');
  return (shape, dtype) => {
    const type = floating(dtype, 'randomNormal');
    return linear(drawNormal([...shape], { dtype: type, seed }), stddev, mean);
  };
}

/** Normally distributed values, drawn again where 2 or more deviations off. */
export function truncatedNormal(options: NormalOptions = {}): VariableInitializer {
  checkKeys('truncatedNormal', options, ['mean', 'stddev', 'seed']);
  const { mean = 0, stddev = 0.05, seed } = options;
  finite(mean, 'mean');
  finite(stddev, 'stddev');
  return (shape, dtype) => {
    const type = floating(dtype, 'truncatedNormal');
    return linear(drawTruncated([...shape], { dtype: type, seed }), stddev, mean);
  };
}

function linear<D extends FloatDType>(x: Tensor<D>, factor: number, offset: number): Tensor<D> {
  const scaled = mul(x, factor);
  return offset === 0 ? scaled : add(scaled, offset);
}

function finite(value: unknown, name: string): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw invalidArgument(name, 'a finite number', value);
}
