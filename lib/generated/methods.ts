// Generated from the op registry by scripts/generate.mjs. Do not edit.
import type { DType } from '../dtype.js';
import type { OpOptions } from '../node.js';
import type { Operand } from '../op.js';
import type { Operation } from '../operation.js';
import { Tensor } from '../tensor.js';
import { identity, placeholderWithDefault, stopGradient, type PlaceholderWithDefaultOptions } from './array.js';
import { assert, type AssertOptions } from './control.js';
import { batchMatMul, matMul, type BatchMatMulOptions, type MatMulOptions } from './linalg.js';
import { all, any, logSumExp, max, mean, min, prod, sum, type AllOptions, type AnyOptions, type LogSumExpOptions, type MaxOptions, type MeanOptions, type MinOptions, type ProdOptions, type SumOptions } from './math.js';
import { avgPool, avgPool3d, biasAdd, conv1d, conv2d, conv3d, depthwiseConv2d, maxPool, maxPool3d, type AvgPoolOptions, type AvgPool3dOptions, type BiasAddOptions, type Conv1dOptions, type Conv2dOptions, type Conv3dOptions, type DepthwiseConv2dOptions, type MaxPoolOptions, type MaxPool3dOptions } from './nn.js';
import { randomShuffle, randomUniformInt, type RandomShuffleOptions, type RandomUniformIntOptions } from './random.js';
import { gru, lstm, rnn, type GruOptions, type LstmOptions, type RnnOptions } from './rnn.js';

declare module '../tensor.js' {
  interface Tensor<D extends DType = DType> {
    /** Whether all elements over the axes in `axis` are true; true over no elements. */
    all(axis?: Operand<'int32' | 'int64'> | null, options?: AllOptions): Tensor<'bool'>;
    /** Whether any element over the axes in `axis` is true; false over no elements. */
    any(axis?: Operand<'int32' | 'int64'> | null, options?: AnyOptions): Tensor<'bool'>;
    /** Fails the run with the data when the condition is false. Runs only when it is fetched or a control input of what is. Shows at most summarize elements of each (-1: all). */
    assert(data: readonly Operand<DType>[], options?: AssertOptions): Operation;
    /** The average of each window of [batch, height, width, channels]. Padding does not count as elements unless count_include_pad. */
    avgPool(ksize: readonly (number | bigint)[], options?: AvgPoolOptions): Tensor<D>;
    /** The average of each window of [batch, depth, height, width, channels]; see AvgPool. */
    avgPool3d(ksize: readonly (number | bigint)[], options?: AvgPool3dOptions): Tensor<D>;
    /** MatMul under TensorFlow's name for ranks above 2. */
    batchMatMul(y: Operand<D>, options?: BatchMatMulOptions): Tensor<D>;
    /** value plus bias[j] for channel j; channels are the last dim, or dim 1 when data_format says NC... */
    biasAdd(bias: Operand<D>, options?: BiasAddOptions): Tensor<D>;
    /** Convolution of [batch, width, channels] with a filter [width, channels / groups, outputs]; see Conv2D. */
    conv1d(filter: Operand<D>, options?: Conv1dOptions): Tensor<D>;
    /** Convolution of [batch, height, width, channels] with a filter [height, width, channels / groups, outputs]. The number of groups is the input's channels divided by the filter's. Sums run in the order of the filter, in float32 for the half types. */
    conv2d(filter: Operand<D>, options?: Conv2dOptions): Tensor<D>;
    /** Convolution of [batch, depth, height, width, channels] with a filter [depth, height, width, channels / groups, outputs]; see Conv2D. */
    conv3d(filter: Operand<D>, options?: Conv3dOptions): Tensor<D>;
    /** Convolution of each channel by itself: filter [height, width, channels, multiplier], output channel j * multiplier + m from input channel j. */
    depthwiseConv2d(filter: Operand<D>, options?: DepthwiseConv2dOptions): Tensor<D>;
    /** A gated recurrent unit over a whole sequence, as ONNX defines it. Gates are in the order z, r, h. sequence_lens and initial_h may be left out. x is [steps, batch, inputs], with layout 1 [batch, steps, inputs]. */
    gru(w: Operand<D>, r: Operand<D>, b?: Operand<D> | null, sequenceLens?: Operand<'int32'> | null, initialH?: Operand<D> | null, options?: GruOptions): { readonly y: Tensor<D>; readonly yH: Tensor<D> };
    /** The input itself; a place to hang control dependencies on. */
    identity(options?: OpOptions): Tensor<D>;
    /** A long short-term memory over a whole sequence, as ONNX defines it. Gates are in the order i, o, f, c. sequence_lens, initial_h, initial_c and the peepholes p may be left out. x is [steps, batch, inputs], with layout 1 [batch, steps, inputs]. */
    lstm(w: Operand<D>, r: Operand<D>, b?: Operand<D> | null, sequenceLens?: Operand<'int32'> | null, initialH?: Operand<D> | null, initialC?: Operand<D> | null, p?: Operand<D> | null, options?: LstmOptions): { readonly y: Tensor<D>; readonly yH: Tensor<D>; readonly yC: Tensor<D> };
    /** log(sum(exp(x))) over the axes in `axis`, computed in double from the maximum so that nothing overflows; -Infinity over no elements. */
    logSumExp(axis?: Operand<'int32' | 'int64'> | null, options?: LogSumExpOptions): Tensor<D>;
    /** The product of the matrices in the last two dims of a and b; leading dims broadcast. transpose_a and transpose_b say that an operand is stored transposed. Sums run in the order of the inner dimension; float16 and bfloat16 are summed in float32. */
    matMul(b: Operand<D>, options?: MatMulOptions): Tensor<D>;
    /** The largest element over the axes in `axis`; NaN where one of them is NaN. Over no elements the least value of the dtype. */
    max(axis?: Operand<'int32' | 'int64'> | null, options?: MaxOptions): Tensor<D>;
    /** The maximum of each window of [batch, height, width, channels]; padding never wins, NaN propagates. */
    maxPool(ksize: readonly (number | bigint)[], options?: MaxPoolOptions): Tensor<D>;
    /** The maximum of each window of [batch, depth, height, width, channels]. */
    maxPool3d(ksize: readonly (number | bigint)[], options?: MaxPool3dOptions): Tensor<D>;
    /** The mean over the axes in `axis`; NaN over no elements. Integers round towards zero. */
    mean(axis?: Operand<'int32' | 'int64'> | null, options?: MeanOptions): Tensor<D>;
    /** The least element over the axes in `axis`; NaN where one of them is NaN. Over no elements the largest value of the dtype. */
    min(axis?: Operand<'int32' | 'int64'> | null, options?: MinOptions): Tensor<D>;
    /** A value that may be fed; otherwise the input. Its shape may be looser than the default's. */
    placeholderWithDefault(options?: PlaceholderWithDefaultOptions): Tensor<D>;
    /** The product over the axes in `axis`; 1 over no elements. Integers wrap. */
    prod(axis?: Operand<'int32' | 'int64'> | null, options?: ProdOptions): Tensor<D>;
    /** A simple recurrent network over a whole sequence, as ONNX defines it: h = activation(x w' + h r' + b). sequence_lens and initial_h may be left out. x is [steps, batch, inputs], with layout 1 [batch, steps, inputs]. */
    rnn(w: Operand<D>, r: Operand<D>, b?: Operand<D> | null, sequenceLens?: Operand<'int32'> | null, initialH?: Operand<D> | null, options?: RnnOptions): { readonly y: Tensor<D>; readonly yH: Tensor<D> };
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

const wrappers = { all, any, assert, avgPool, avgPool3d, batchMatMul, biasAdd, conv1d, conv2d, conv3d, depthwiseConv2d, gru, identity, lstm, logSumExp, matMul, max, maxPool, maxPool3d, mean, min, placeholderWithDefault, prod, rnn, randomShuffle, randomUniformInt, stopGradient, sum };

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
