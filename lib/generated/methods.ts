// Generated from the op registry by scripts/generate.mjs. Do not edit.
import type { DType } from '../dtype.js';
import type { OpOptions } from '../node.js';
import type { Operand } from '../op.js';
import type { Operation } from '../operation.js';
import { Tensor } from '../tensor.js';
import { identity, placeholderWithDefault, stopGradient, type PlaceholderWithDefaultOptions } from './array.js';
import { assert, type AssertOptions } from './control.js';
import { randomShuffle, randomUniformInt, type RandomShuffleOptions, type RandomUniformIntOptions } from './random.js';

declare module '../tensor.js' {
  interface Tensor<D extends DType = DType> {
    /** Fails the run with the data when the condition is false. Runs only when it is fetched or a control input of what is. Shows at most summarize elements of each (-1: all). */
    assert(data: readonly Operand<DType>[], options?: AssertOptions): Operation;
    /** The input itself; a place to hang control dependencies on. */
    identity(options?: OpOptions): Tensor<D>;
    /** A value that may be fed; otherwise the input. Its shape may be looser than the default's. */
    placeholderWithDefault(options?: PlaceholderWithDefaultOptions): Tensor<D>;
    /** The rows of a tensor in random order. */
    randomShuffle(options?: RandomShuffleOptions): Tensor<D>;
    /** Uniform random integers in [minval, maxval), with the slight bias of a remainder. */
    randomUniformInt<Tout extends 'int32' | 'int64'>(minval: Operand<Tout>, maxval: Operand<Tout>, options?: RandomUniformIntOptions): Tensor<Tout>;
    /** The input itself; no gradient flows through it. */
    stopGradient(options?: OpOptions): Tensor<D>;
  }
}

const wrappers = { assert, identity, placeholderWithDefault, randomShuffle, randomUniformInt, stopGradient };

/** Gives Tensor each wrapper as a method with the tensor as the first argument. */
export function attachMethods(): void {
  for (const [name, wrapper] of Object.entries(wrappers)) {
    Object.defineProperty(Tensor.prototype, name, {
      configurable: true,
      writable: true,
      value(this: Tensor, ...args: unknown[]): unknown {
        return Reflect.apply(wrapper, undefined, [this, ...args]);
      },
    });
  }
}
