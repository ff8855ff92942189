import { checkKeys } from '../../attrs.js';
import { invalidArgument } from '../../errors.js';
import type { Shape } from '../../shape.js';
import type { SeedOption, VariableInitializer } from './initializer.js';
import { randomNormal, randomUniform, truncatedNormal } from './random.js';

export interface VarianceScalingOptions extends SeedOption {
  /** Default: 1. */
  readonly scale?: number | undefined;
  /** What the scale is divided by. Default: 'fanIn'. */
  readonly mode?: 'fanIn' | 'fanOut' | 'fanAvg' | undefined;
  /** Default: 'truncatedNormal'. */
  readonly distribution?: 'truncatedNormal' | 'untruncatedNormal' | 'uniform' | undefined;
}

// The standard deviation of a normal variable cut off at 2 deviations.
const kTruncated = 0.87962566103423978;

/**
 * Values of mean 0 and variance scale / n, where n is the number of inputs of a unit (fanIn), of
 * its outputs, or the mean of both: rows and columns of a matrix, channels times the window of a
 * filter [window..., in, out].
 */
export function varianceScaling(options: VarianceScalingOptions = {}): VariableInitializer {
  checkKeys('varianceScaling', options, ['scale', 'mode', 'distribution', 'seed']);
  const { scale = 1, mode = 'fanIn', distribution = 'truncatedNormal', seed } = options;
  if (!(scale > 0)) throw invalidArgument('scale', 'a positive number', scale);
  const draw = draws(distribution, seed);
  const count = counts(mode);
  return (shape, dtype) => draw(scale / Math.max(1, count(fans(shape))))(shape, dtype);
}

function draws(distribution: unknown, seed: number | undefined) {
  return (variance: number): VariableInitializer => {
    const stddev = Math.sqrt(variance);
    if (distribution === 'uniform') {
      const limit = Math.sqrt(3) * stddev;
      return randomUniform({ minval: -limit, maxval: limit, seed });
    }
    if (distribution === 'untruncatedNormal') return randomNormal({ stddev, seed });
    if (distribution === 'truncatedNormal') {
      return truncatedNormal({ stddev: stddev / kTruncated, seed });
    }
    const expected = "'truncatedNormal', 'untruncatedNormal' or 'uniform'";
    throw invalidArgument('distribution', expected, distribution);
  };
}

interface Fans {
  readonly into: number;
  readonly out: number;
}

function counts(mode: unknown): (fans: Fans) => number {
  if (mode === 'fanIn') return ({ into }) => into;
  if (mode === 'fanOut') return ({ out }) => out;
  if (mode === 'fanAvg') return ({ into, out }) => (into + out) / 2;
  throw invalidArgument('mode', "'fanIn', 'fanOut' or 'fanAvg'", mode);
}

function fans(shape: Shape): Fans {
  if (shape.length < 2) return { into: shape[0] ?? 1, out: shape[0] ?? 1 };
  const window = shape.slice(0, -2).reduce((a, b) => a * b, 1);
  return { into: window * shape.at(-2)!, out: window * shape.at(-1)! };
}

/** Uniform within sqrt(6 / (fanIn + fanOut)): Glorot and Bengio, 2010. */
export function glorotUniform({ seed }: SeedOption = {}): VariableInitializer {
  return varianceScaling({ mode: 'fanAvg', distribution: 'uniform', seed });
}

/** Truncated normal of variance 2 / (fanIn + fanOut). */
export function glorotNormal({ seed }: SeedOption = {}): VariableInitializer {
  return varianceScaling({ mode: 'fanAvg', seed });
}

/** Uniform within sqrt(6 / fanIn), for ReLUs: He et al., 2015. */
export function heUniform({ seed }: SeedOption = {}): VariableInitializer {
  return varianceScaling({ scale: 2, distribution: 'uniform', seed });
}

/** Truncated normal of variance 2 / fanIn. */
export function heNormal({ seed }: SeedOption = {}): VariableInitializer {
  return varianceScaling({ scale: 2, seed });
}

/** Uniform within sqrt(3 / fanIn): LeCun et al., 1998. */
export function lecunUniform({ seed }: SeedOption = {}): VariableInitializer {
  return varianceScaling({ distribution: 'uniform', seed });
}

/** Truncated normal of variance 1 / fanIn. */
export function lecunNormal({ seed }: SeedOption = {}): VariableInitializer {
  return varianceScaling({ seed });
}
