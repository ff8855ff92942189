// Generated from the op registry by scripts/generate.mjs. Do not edit.
import type { DType } from '../dtype.js';
import type { OpOptions } from '../node.js';
import type { Operand } from '../op.js';
import type { Operation } from '../operation.js';
import { Tensor } from '../tensor.js';
import { identity, placeholderWithDefault, stopGradient, type PlaceholderWithDefaultOptions } from './array.js';
import { assert, type AssertOptions } from './control.js';
import { all, any, logSumExp, max, mean, min, prod, sum, type AllOptions, type AnyOptions, type LogSumExpOptions, type MaxOptions, type MeanOptions, type MinOptions, type ProdOptions, type SumOptions } from './math.js';
import { randomShuffle, randomUniformInt, type RandomShuffleOptions, type RandomUniformIntOptions } from './random.js';

declare module '../tensor.js' {
  interface Tensor<D extends DType = DType> {
    /** Whether all elements over the axes in `axis` are true; true over no elements. */
    all(axis?: Operand<'int32' | 'int64'> | null, options?: AllOptions): Tensor<'bool'>;
    /** Whether any element over the axes in `axis` is true; false over no elements. */
    any(axis?: Operand<'int32' | 'int64'> | null, options?: AnyOptions): Tensor<'bool'>;
    /** Fails the run with the data when the condition is false. Runs only when it is fetched or a control input of what is. Shows at most summarize elements of each (-1: all). */
    assert(data: readonly Operand<DType>[], options?: AssertOptions): Operation;
    /** The input itself; a place to hang control dependencies on. */
    identity(options?: OpOptions): Tensor<D>;
    /** log(sum(exp(x))) over the axes in `axis`, computed in double from the maximum so that nothing overflows; -Infinity over no elements. */
    logSumExp(axis?: Operand<'int32' | 'int64'> | null, options?: LogSumExpOptions): Tensor<D>;
    /** The largest element over the axes in `axis`; NaN where one of them is NaN. Over no elements the least value of the dtype. */
    max(axis?: Operand<'int32' | 'int64'> | null, options?: MaxOptions): Tensor<D>;
    /** The mean over the axes in `axis`; NaN over no elements. Integers round towards zero. */
    mean(axis?: Operand<'int32' | 'int64'> | null, options?: MeanOptions): Tensor<D>;
    /** The least element over the axes in `axis`; NaN where one of them is NaN. Over no elements the largest value of the dtype. */
    min(axis?: Operand<'int32' | 'int64'> | null, options?: MinOptions): Tensor<D>;
    /** A value that may be fed; otherwise the input. Its shape may be looser than the default's. */
    placeholderWithDefault(options?: PlaceholderWithDefaultOptions): Tensor<D>;
    /** The product over the axes in `axis`; 1 over no elements. Integers wrap. */
    prod(axis?: Operand<'int32' | 'int64'> | null, options?: ProdOptions): Tensor<D>;
    /** The rows of a tensor in random order. */
    randomShuffle(options?: RandomShuffleOptions): Tensor<D>;
    /** Uniform random integers in [minval, maxval), with the slight bias of a remainder. */
    randomUniformInt<Tout extends 'int32' | 'int64'>(minval: Operand<Tout>, maxval: Operand<Tout>, options?: RandomUniformIntOptions): Tensor<Tout>;
    /** The input itself; no gradient flows through it. */
    stopGradient(options?: OpOptions): Tensor<D>;
    /** The sum over the axes in `axis`: all of them when it is left out, none for an empty list. Floating sums are accumulated in double between blocks of 64 elements per lane; integers wrap. */
    sum(axis?: Operand<'int32' | 'int64'> | null, options?: SumOptions): Tensor<D>;
  }
}

const wrappers = { all, any, assert, identity, logSumExp, max, mean, min, placeholderWithDefault, prod, randomShuffle, randomUniformInt, stopGradient, sum };

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
