// Generated from the op registry by scripts/generate.mjs. Do not edit.
import type { DType, FloatDType } from '../dtype.js';
import type { OpOptions } from '../node.js';
import type { Operand } from '../op.js';
import type { Operation } from '../operation.js';
import { Tensor } from '../tensor.js';
import { identity, placeholderWithDefault, stopGradient, type PlaceholderWithDefaultOptions } from './array.js';
import { assert, type AssertOptions } from './control.js';
import { batchMatMul, matMul, type BatchMatMulOptions, type MatMulOptions } from './linalg.js';
import { abs, acos, acosh, add, all, any, approximateEqual, asin, asinh, atan, atan2, atanh, bitwiseAnd, bitwiseOr, bitwiseXor, cast, ceil, clipByValue, cos, cosh, divNoNan, equal, erf, erfc, exp, expm1, floor, floorDiv, mod, greater, greaterEqual, invert, isFinite, isInf, isNan, leftShift, less, lessEqual, log, log1p, logSumExp, logicalAnd, logicalNot, logicalOr, logicalXor, max, maximum, mean, min, minimum, mul, mulNoNan, neg, notEqual, pow, prod, div, reciprocal, rightShift, rint, round, rsqrt, select, sign, sin, sinh, sqrt, square, squaredDifference, sub, sum, tan, tanh, trunc, truncateDiv, truncateMod, xdivy, xlog1py, xlogy, type AllOptions, type AnyOptions, type ApproximateEqualOptions, type CastOptions, type LogSumExpOptions, type MaxOptions, type MeanOptions, type MinOptions, type ProdOptions, type SumOptions } from './math.js';
import { avgPool, avgPool3d, biasAdd, conv1d, conv2d, conv2dBackpropInput, conv3d, conv3DBackpropInput, depthwiseConv2d, elu, gelu, geluTanh, hardSigmoid, hardSwish, leakyRelu, maxPool, maxPool3d, mish, relu, relu6, selu, sigmoid, silu, softplus, softsign, type AvgPoolOptions, type AvgPool3dOptions, type BiasAddOptions, type Conv1dOptions, type Conv2dOptions, type Conv2dBackpropInputOptions, type Conv3dOptions, type Conv3DBackpropInputOptions, type DepthwiseConv2dOptions, type EluOptions, type HardSigmoidOptions, type LeakyReluOptions, type MaxPoolOptions, type MaxPool3dOptions } from './nn.js';
import { randomShuffle, randomUniformInt, type RandomShuffleOptions, type RandomUniformIntOptions } from './random.js';
import { gru, lstm, rnn, type GruOptions, type LstmOptions, type RnnOptions } from './rnn.js';

declare module '../tensor.js' {
  interface Tensor<D extends DType = DType> {
    /** The size of x, element by element. The least integer stays as it is. */
    abs(options?: OpOptions): Tensor<D>;
    /** The inverse cosine, element by element. */
    acos(options?: OpOptions): Tensor<D>;
    /** The inverse hyperbolic cosine, element by element. */
    acosh(options?: OpOptions): Tensor<D>;
    /** x + y with numpy broadcasting; integers wrap. */
    add(y: Operand<D>, options?: OpOptions): Tensor<D>;
    /** Whether all elements over the axes in `axis` are true; true over no elements. */
    all(axis?: Operand<'int32' | 'int64'> | null, options?: AllOptions): Tensor<'bool'>;
    /** Whether any element over the axes in `axis` is true; false over no elements. */
    any(axis?: Operand<'int32' | 'int64'> | null, options?: AnyOptions): Tensor<'bool'>;
    /** Whether |x - y| < tolerance, with numpy broadcasting. */
    approximateEqual(y: Operand<D>, options?: ApproximateEqualOptions): Tensor<'bool'>;
    /** The inverse sine, element by element. */
    asin(options?: OpOptions): Tensor<D>;
    /** The inverse hyperbolic sine, element by element. */
    asinh(options?: OpOptions): Tensor<D>;
    /** Fails the run with the data when the condition is false. Runs only when it is fetched or a control input of what is. Shows at most summarize elements of each (-1: all). */
    assert(data: readonly Operand<DType>[], options?: AssertOptions): Operation;
    /** The inverse tangent, element by element. */
    atan(options?: OpOptions): Tensor<D>;
    /** The angle of the point (x, y), between -pi and pi, with numpy broadcasting. */
    atan2(x: Operand<D>, options?: OpOptions): Tensor<D>;
    /** The inverse hyperbolic tangent, element by element. */
    atanh(options?: OpOptions): Tensor<D>;
    /** The average of each window of [batch, height, width, channels]. Padding does not count as elements unless count_include_pad. */
    avgPool(ksize: readonly (number | bigint)[], options?: AvgPoolOptions): Tensor<D>;
    /** The average of each window of [batch, depth, height, width, channels]; see AvgPool. */
    avgPool3d(ksize: readonly (number | bigint)[], options?: AvgPool3dOptions): Tensor<D>;
    /** MatMul under TensorFlow's name for ranks above 2. */
    batchMatMul(y: Operand<D>, options?: BatchMatMulOptions): Tensor<D>;
    /** value plus bias[j] for channel j; channels are the last dim, or dim 1 when data_format says NC... */
    biasAdd(bias: Operand<D>, options?: BiasAddOptions): Tensor<D>;
    /** x & y with numpy broadcasting. */
    bitwiseAnd(y: Operand<D>, options?: OpOptions): Tensor<D>;
    /** x | y with numpy broadcasting. */
    bitwiseOr(y: Operand<D>, options?: OpOptions): Tensor<D>;
    /** x ^ y with numpy broadcasting. */
    bitwiseXor(y: Operand<D>, options?: OpOptions): Tensor<D>;
    /** x in another dtype. Floats lose their fraction on the way to integers, which wrap when they are narrowed; bool is whether x is not 0. A float beyond the range of an integer dtype gives an unspecified value. */
    cast<DstT extends 'float32' | 'float64' | 'float16' | 'bfloat16' | 'int8' | 'int16' | 'int32' | 'int64' | 'uint8' | 'uint16' | 'uint32' | 'uint64' | 'bool'>(dstT: DstT, options?: CastOptions): Tensor<DstT>;
    /** The least integer not below x, element by element. */
    ceil(options?: OpOptions): Tensor<D>;
    /** t kept between clip_value_min and clip_value_max, with numpy broadcasting. NaN stays NaN. */
    clipByValue(clipValueMin: Operand<D>, clipValueMax: Operand<D>, options?: OpOptions): Tensor<D>;
    /** Convolution of [batch, width, channels] with a filter [width, channels / groups, outputs]; see Conv2D. */
    conv1d(filter: Operand<D>, options?: Conv1dOptions): Tensor<D>;
    /** Convolution of [batch, height, width, channels] with a filter [height, width, channels / groups, outputs]. The number of groups is the input's channels divided by the filter's. Sums run in the order of the filter, in float32 for the half types. */
    conv2d(filter: Operand<D>, options?: Conv2dOptions): Tensor<D>;
    /** The gradient of Conv2D's input, whose shape is input_sizes; also the transposed convolution of out_backprop, with strides that spread it. filter is as Conv2D has it. */
    conv2dBackpropInput<T extends FloatDType>(filter: Operand<T>, outBackprop: Operand<T>, options?: Conv2dBackpropInputOptions): Tensor<T>;
    /** Convolution of [batch, depth, height, width, channels] with a filter [depth, height, width, channels / groups, outputs]; see Conv2D. */
    conv3d(filter: Operand<D>, options?: Conv3dOptions): Tensor<D>;
    /** The gradient of Conv3D's input, and the transposed convolution in three dims; see Conv2DBackpropInput. */
    conv3DBackpropInput<T extends FloatDType>(filter: Operand<T>, outBackprop: Operand<T>, options?: Conv3DBackpropInputOptions): Tensor<T>;
    /** The cosine of x in radians, element by element. */
    cos(options?: OpOptions): Tensor<D>;
    /** The hyperbolic cosine, element by element. */
    cosh(options?: OpOptions): Tensor<D>;
    /** Convolution of each channel by itself: filter [height, width, channels, multiplier], output channel j * multiplier + m from input channel j. */
    depthwiseConv2d(filter: Operand<D>, options?: DepthwiseConv2dOptions): Tensor<D>;
    /** x / y with numpy broadcasting, 0 where y is 0. */
    divNoNan(y: Operand<D>, options?: OpOptions): Tensor<D>;
    /** x where positive, else alpha (e^x - 1), element by element. */
    elu(options?: EluOptions): Tensor<D>;
    /** Whether x and y are equal, with numpy broadcasting. NaN equals nothing. */
    equal(y: Operand<D>, options?: OpOptions): Tensor<'bool'>;
    /** The error function, element by element. */
    erf(options?: OpOptions): Tensor<D>;
    /** 1 - erf(x) with full precision in the tail, element by element. */
    erfc(options?: OpOptions): Tensor<D>;
    /** e^x, element by element. */
    exp(options?: OpOptions): Tensor<D>;
    /** e^x - 1 without cancellation near 0, element by element. */
    expm1(options?: OpOptions): Tensor<D>;
    /** The largest integer not above x, element by element. */
    floor(options?: OpOptions): Tensor<D>;
    /** The largest integer not above x / y, with numpy broadcasting. An integer division by zero is an error. */
    floorDiv(y: Operand<D>, options?: OpOptions): Tensor<D>;
    /** The remainder of FloorDiv, of the sign of y, with numpy broadcasting. */
    mod(y: Operand<D>, options?: OpOptions): Tensor<D>;
    /** A gated recurrent unit over a whole sequence, as ONNX defines it. Gates are in the order z, r, h. sequence_lens and initial_h may be left out. x is [steps, batch, inputs], with layout 1 [batch, steps, inputs]. */
    gru(w: Operand<D>, r: Operand<D>, b?: Operand<D> | null, sequenceLens?: Operand<'int32'> | null, initialH?: Operand<D> | null, options?: GruOptions): { readonly y: Tensor<D>; readonly yH: Tensor<D> };
    /** x times the probability that a normal variable is below x, element by element. */
    gelu(options?: OpOptions): Tensor<D>;
    /** The approximation x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) of Gelu. */
    geluTanh(options?: OpOptions): Tensor<D>;
    /** Whether x > y, with numpy broadcasting. */
    greater(y: Operand<D>, options?: OpOptions): Tensor<'bool'>;
    /** Whether x >= y, with numpy broadcasting. */
    greaterEqual(y: Operand<D>, options?: OpOptions): Tensor<'bool'>;
    /** alpha x + beta kept between 0 and 1, element by element. */
    hardSigmoid(options?: HardSigmoidOptions): Tensor<D>;
    /** x times (x + 3 kept between 0 and 6) / 6, element by element. */
    hardSwish(options?: OpOptions): Tensor<D>;
    /** The input itself; a place to hang control dependencies on. */
    identity(options?: OpOptions): Tensor<D>;
    /** All bits of x flipped, element by element. */
    invert(options?: OpOptions): Tensor<D>;
    /** Whether x is neither NaN nor infinite, element by element. */
    isFinite(options?: OpOptions): Tensor<'bool'>;
    /** Whether x is infinite, element by element. */
    isInf(options?: OpOptions): Tensor<'bool'>;
    /** Whether x is NaN, element by element. */
    isNan(options?: OpOptions): Tensor<'bool'>;
    /** A long short-term memory over a whole sequence, as ONNX defines it. Gates are in the order i, o, f, c. sequence_lens, initial_h, initial_c and the peepholes p may be left out. x is [steps, batch, inputs], with layout 1 [batch, steps, inputs]. */
    lstm(w: Operand<D>, r: Operand<D>, b?: Operand<D> | null, sequenceLens?: Operand<'int32'> | null, initialH?: Operand<D> | null, initialC?: Operand<D> | null, p?: Operand<D> | null, options?: LstmOptions): { readonly y: Tensor<D>; readonly yH: Tensor<D>; readonly yC: Tensor<D> };
    /** x where positive, else alpha x, element by element. */
    leakyRelu(options?: LeakyReluOptions): Tensor<D>;
    /** x << y with numpy broadcasting. A shift that is negative or not less than the width is an error. */
    leftShift(y: Operand<D>, options?: OpOptions): Tensor<D>;
    /** Whether x < y, with numpy broadcasting. */
    less(y: Operand<D>, options?: OpOptions): Tensor<'bool'>;
    /** Whether x <= y, with numpy broadcasting. */
    lessEqual(y: Operand<D>, options?: OpOptions): Tensor<'bool'>;
    /** The natural logarithm, element by element. */
    log(options?: OpOptions): Tensor<D>;
    /** log(1 + x) without cancellation near 0, element by element. */
    log1p(options?: OpOptions): Tensor<D>;
    /** log(sum(exp(x))) over the axes in `axis`, computed in double from the maximum so that nothing overflows; -Infinity over no elements. */
    logSumExp(axis?: Operand<'int32' | 'int64'> | null, options?: LogSumExpOptions): Tensor<D>;
    /** x and y, with numpy broadcasting. */
    logicalAnd(y: Operand<'bool'>, options?: OpOptions): Tensor<'bool'>;
    /** not x, element by element. */
    logicalNot(options?: OpOptions): Tensor<'bool'>;
    /** x or y, with numpy broadcasting. */
    logicalOr(y: Operand<'bool'>, options?: OpOptions): Tensor<'bool'>;
    /** Whether just one of x and y is true, with numpy broadcasting. */
    logicalXor(y: Operand<'bool'>, options?: OpOptions): Tensor<'bool'>;
    /** The product of the matrices in the last two dims of a and b; leading dims broadcast. transpose_a and transpose_b say that an operand is stored transposed. Sums run in the order of the inner dimension; float16 and bfloat16 are summed in float32. */
    matMul(b: Operand<D>, options?: MatMulOptions): Tensor<D>;
    /** The largest element over the axes in `axis`; NaN where one of them is NaN. Over no elements the least value of the dtype. */
    max(axis?: Operand<'int32' | 'int64'> | null, options?: MaxOptions): Tensor<D>;
    /** The maximum of each window of [batch, height, width, channels]; padding never wins, NaN propagates. */
    maxPool(ksize: readonly (number | bigint)[], options?: MaxPoolOptions): Tensor<D>;
    /** The maximum of each window of [batch, depth, height, width, channels]. */
    maxPool3d(ksize: readonly (number | bigint)[], options?: MaxPool3dOptions): Tensor<D>;
    /** The larger of x and y with numpy broadcasting; NaN where one of them is. */
    maximum(y: Operand<D>, options?: OpOptions): Tensor<D>;
    /** The mean over the axes in `axis`; NaN over no elements. Integers round towards zero. */
    mean(axis?: Operand<'int32' | 'int64'> | null, options?: MeanOptions): Tensor<D>;
    /** The least element over the axes in `axis`; NaN where one of them is NaN. Over no elements the largest value of the dtype. */
    min(axis?: Operand<'int32' | 'int64'> | null, options?: MinOptions): Tensor<D>;
    /** The smaller of x and y with numpy broadcasting; NaN where one of them is. */
    minimum(y: Operand<D>, options?: OpOptions): Tensor<D>;
    /** x tanh(softplus(x)), element by element. */
    mish(options?: OpOptions): Tensor<D>;
    /** x * y with numpy broadcasting; integers wrap. */
    mul(y: Operand<D>, options?: OpOptions): Tensor<D>;
    /** x * y with numpy broadcasting, 0 where y is 0 whatever x is. */
    mulNoNan(y: Operand<D>, options?: OpOptions): Tensor<D>;
    /** -x, element by element; integers wrap. */
    neg(options?: OpOptions): Tensor<D>;
    /** Whether x and y differ, with numpy broadcasting. */
    notEqual(y: Operand<D>, options?: OpOptions): Tensor<'bool'>;
    /** A value that may be fed; otherwise the input. Its shape may be looser than the default's. */
    placeholderWithDefault(options?: PlaceholderWithDefaultOptions): Tensor<D>;
    /** x^y with numpy broadcasting. Integers wrap, and a negative integer exponent is an error. */
    pow(y: Operand<D>, options?: OpOptions): Tensor<D>;
    /** The product over the axes in `axis`; 1 over no elements. Integers wrap. */
    prod(axis?: Operand<'int32' | 'int64'> | null, options?: ProdOptions): Tensor<D>;
    /** A simple recurrent network over a whole sequence, as ONNX defines it: h = activation(x w' + h r' + b). sequence_lens and initial_h may be left out. x is [steps, batch, inputs], with layout 1 [batch, steps, inputs]. */
    rnn(w: Operand<D>, r: Operand<D>, b?: Operand<D> | null, sequenceLens?: Operand<'int32'> | null, initialH?: Operand<D> | null, options?: RnnOptions): { readonly y: Tensor<D>; readonly yH: Tensor<D> };
    /** The rows of a tensor in random order. */
    randomShuffle(options?: RandomShuffleOptions): Tensor<D>;
    /** Uniform random integers in [minval, maxval), with the slight bias of a remainder. */
    randomUniformInt<Tout extends 'int32' | 'int64'>(minval: Operand<Tout>, maxval: Operand<Tout>, options?: RandomUniformIntOptions): Tensor<Tout>;
    /** x / y with numpy broadcasting. */
    div(y: Operand<D>, options?: OpOptions): Tensor<D>;
    /** 1 / x, element by element. */
    reciprocal(options?: OpOptions): Tensor<D>;
    /** max(x, 0), element by element; NaN stays NaN. */
    relu(options?: OpOptions): Tensor<D>;
    /** x kept between 0 and 6, element by element; NaN stays NaN. */
    relu6(options?: OpOptions): Tensor<D>;
    /** x >> y with numpy broadcasting; the sign is kept. A shift that is negative or not less than the width is an error. */
    rightShift(y: Operand<D>, options?: OpOptions): Tensor<D>;
    /** The nearest integer, halves to the even one, element by element. */
    rint(options?: OpOptions): Tensor<D>;
    /** The nearest integer, halves to the even one, element by element. */
    round(options?: OpOptions): Tensor<D>;
    /** 1 / sqrt(x), element by element. */
    rsqrt(options?: OpOptions): Tensor<D>;
    /** t where the condition is true, else e, with numpy broadcasting of all three. */
    select<T extends 'float32' | 'float64' | 'float16' | 'bfloat16' | 'int8' | 'int16' | 'int32' | 'int64' | 'uint8' | 'uint16' | 'uint32' | 'uint64' | 'bool'>(t: Operand<T>, e: Operand<T>, options?: OpOptions): Tensor<T>;
    /** The scaled exponential linear unit of self-normalising networks, element by element. */
    selu(options?: OpOptions): Tensor<D>;
    /** 1 / (1 + e^-x), element by element. */
    sigmoid(options?: OpOptions): Tensor<D>;
    /** -1, 0 or 1, element by element; NaN stays NaN. */
    sign(options?: OpOptions): Tensor<D>;
    /** x times its sigmoid (also called swish), element by element. */
    silu(options?: OpOptions): Tensor<D>;
    /** The sine of x in radians, element by element. */
    sin(options?: OpOptions): Tensor<D>;
    /** The hyperbolic sine, element by element. */
    sinh(options?: OpOptions): Tensor<D>;
    /** log(1 + e^x), element by element. */
    softplus(options?: OpOptions): Tensor<D>;
    /** x / (1 + |x|), element by element. */
    softsign(options?: OpOptions): Tensor<D>;
    /** The square root, element by element. */
    sqrt(options?: OpOptions): Tensor<D>;
    /** x * x, element by element. */
    square(options?: OpOptions): Tensor<D>;
    /** (x - y)^2 with numpy broadcasting. */
    squaredDifference(y: Operand<D>, options?: OpOptions): Tensor<D>;
    /** The input itself; no gradient flows through it. */
    stopGradient(options?: OpOptions): Tensor<D>;
    /** x - y with numpy broadcasting; integers wrap. */
    sub(y: Operand<D>, options?: OpOptions): Tensor<D>;
    /** The sum over the axes in `axis`: all of them when it is left out, none for an empty list. Floating sums are accumulated in double between blocks of 64 elements per lane; integers wrap. */
    sum(axis?: Operand<'int32' | 'int64'> | null, options?: SumOptions): Tensor<D>;
    /** The tangent of x in radians, element by element. */
    tan(options?: OpOptions): Tensor<D>;
    /** The hyperbolic tangent, element by element. */
    tanh(options?: OpOptions): Tensor<D>;
    /** x without its fraction, element by element. */
    trunc(options?: OpOptions): Tensor<D>;
    /** x / y rounded towards zero, with numpy broadcasting. An integer division by zero is an error. */
    truncateDiv(y: Operand<D>, options?: OpOptions): Tensor<D>;
    /** The remainder of TruncateDiv, of the sign of x, with numpy broadcasting. */
    truncateMod(y: Operand<D>, options?: OpOptions): Tensor<D>;
    /** x / y with numpy broadcasting, 0 where x is 0. */
    xdivy(y: Operand<D>, options?: OpOptions): Tensor<D>;
    /** x log(1 + y) with numpy broadcasting, 0 where x is 0. */
    xlog1py(y: Operand<D>, options?: OpOptions): Tensor<D>;
    /** x log(y) with numpy broadcasting, 0 where x is 0. */
    xlogy(y: Operand<D>, options?: OpOptions): Tensor<D>;
  }
}

const wrappers = { abs, acos, acosh, add, all, any, approximateEqual, asin, asinh, assert, atan, atan2, atanh, avgPool, avgPool3d, batchMatMul, biasAdd, bitwiseAnd, bitwiseOr, bitwiseXor, cast, ceil, clipByValue, conv1d, conv2d, conv2dBackpropInput, conv3d, conv3DBackpropInput, cos, cosh, depthwiseConv2d, divNoNan, elu, equal, erf, erfc, exp, expm1, floor, floorDiv, mod, gru, gelu, geluTanh, greater, greaterEqual, hardSigmoid, hardSwish, identity, invert, isFinite, isInf, isNan, lstm, leakyRelu, leftShift, less, lessEqual, log, log1p, logSumExp, logicalAnd, logicalNot, logicalOr, logicalXor, matMul, max, maxPool, maxPool3d, maximum, mean, min, minimum, mish, mul, mulNoNan, neg, notEqual, placeholderWithDefault, pow, prod, rnn, randomShuffle, randomUniformInt, div, reciprocal, relu, relu6, rightShift, rint, round, rsqrt, select, selu, sigmoid, sign, silu, sin, sinh, softplus, softsign, sqrt, square, squaredDifference, stopGradient, sub, sum, tan, tanh, trunc, truncateDiv, truncateMod, xdivy, xlog1py, xlogy };

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
