// Generated from the op registry by scripts/generate.mjs. Do not edit.
import type { DType, FloatDType, IntegerDType } from '../dtype.js';
import type { OpOptions } from '../node.js';
import type { Operand } from '../op.js';
import type { Operation } from '../operation.js';
import type { StaticShape } from '../shape.js';
import { Tensor } from '../tensor.js';
import { Variable } from '../variable.js';
import { batchToSpaceND, bitcast, broadcastArgs, broadcastGradientArgs, broadcastTo, checkNumerics, depthToSpace, dynamicPartition, ensureShape, expandDims, fill, gatherElements, gatherNd, gather, identity, invertPermutation, linspace, setdiff1d, matrixBandPart, mirrorPad, oneHot, onesLike, pad, placeholderWithDefault, preventGradient, range, reshape, reverseSequence, reverse, roll, scatterElements, scatterNd, segmentSum, size, slice, spaceToBatchND, spaceToDepth, split, splitV, squeeze, stopGradient, stridedSlice, tensorScatterAdd, tensorScatterMax, tensorScatterMin, tensorScatterMul, tensorScatterSub, tensorScatterUpdate, tile, topK, transpose, unique, uniqueSlices, uniqueAlong, uniqueWithCounts, unstack, unsortedSegmentSum, where, zerosLike, type DepthToSpaceOptions, type GatherElementsOptions, type GatherNdOptions, type GatherOptions, type Setdiff1dOptions, type OneHotOptions, type PlaceholderWithDefaultOptions, type PreventGradientOptions, type ReverseSequenceOptions, type ScatterElementsOptions, type SizeOptions, type SpaceToDepthOptions, type SqueezeOptions, type StridedSliceOptions, type TopKOptions, type UniqueOptions, type UniqueSlicesOptions, type UniqueAlongOptions, type UniqueWithCountsOptions, type UnstackOptions } from './array.js';
import { assert, type AssertOptions } from './control.js';
import { gridSample, nonMaxSuppression, resize, resizeBilinear, resizeNearestNeighbor, roiAlign, type GridSampleOptions, type NonMaxSuppressionOptions, type ResizeOptions, type ResizeBilinearOptions, type ResizeNearestNeighborOptions, type RoiAlignOptions } from './image.js';
import { batchMatMul, cholesky, matMul, matrixDeterminant, matrixInverse, type BatchMatMulOptions, type MatMulOptions, type MatrixInverseOptions } from './linalg.js';
import { abs, acos, acosh, add, all, any, approximateEqual, argMax, argMin, asin, asinh, atan, atan2, atanh, bitwiseAnd, bitwiseOr, bitwiseXor, bucketize, cast, ceil, clipByValue, cos, cosh, cumprod, cumsum, divNoNan, equal, erf, erfc, exp, expm1, floor, floorDiv, mod, greater, greaterEqual, invert, isFinite, isInf, isNan, leftShift, less, lessEqual, log, log1p, logSumExp, logicalAnd, logicalNot, logicalOr, logicalXor, max, maximum, mean, min, minimum, mul, mulNoNan, neg, notEqual, pow, prod, div, reciprocal, rightShift, rint, round, rsqrt, select, sign, sin, sinh, sqrt, square, squaredDifference, sub, sum, tan, tanh, trunc, truncateDiv, truncateMod, xdivy, xlog1py, xlogy, type AllOptions, type AnyOptions, type ApproximateEqualOptions, type ArgMaxOptions, type ArgMinOptions, type CastOptions, type CumprodOptions, type CumsumOptions, type LogSumExpOptions, type MaxOptions, type MeanOptions, type MinOptions, type ProdOptions, type SumOptions } from './math.js';
import { labelEncoder, treeEnsemble, zipMap, type TreeEnsembleOptions } from './ml.js';
import { avgPool, avgPool3d, biasAdd, col2Im, conv1d, conv2d, conv2dBackpropInput, conv3d, conv3DBackpropInput, ctcLoss, depthwiseConv2d, elu, fusedBatchNorm, gelu, geluTanh, groupNorm, hardSigmoid, hardSwish, inTopK, instanceNorm, localResponseNormalization, layerNorm, leakyRelu, logSoftmax, maxPool, maxPool3d, maxPoolWithIndices, mish, relu, relu6, rmsNorm, selu, sigmoid, silu, softmax, softmaxCrossEntropyWithLogits, softplus, softsign, sparseSoftmaxCrossEntropyWithLogits, type AvgPoolOptions, type AvgPool3dOptions, type BiasAddOptions, type Col2ImOptions, type Conv1dOptions, type Conv2dOptions, type Conv2dBackpropInputOptions, type Conv3dOptions, type Conv3DBackpropInputOptions, type CtcLossOptions, type DepthwiseConv2dOptions, type EluOptions, type FusedBatchNormOptions, type GroupNormOptions, type HardSigmoidOptions, type InstanceNormOptions, type LocalResponseNormalizationOptions, type LayerNormOptions, type LeakyReluOptions, type LogSoftmaxOptions, type MaxPoolOptions, type MaxPool3dOptions, type MaxPoolWithIndicesOptions, type RmsNormOptions, type SoftmaxOptions } from './nn.js';
import { convInteger, dequantizeLinear, matMulInteger, matMulIntegerToFloat, qLinearAdd, qLinearConv, qLinearGlobalAveragePool, qLinearMatMul, qLinearMul, quantizeLinear, type ConvIntegerOptions, type DequantizeLinearOptions, type MatMulIntegerOptions, type MatMulIntegerToFloatOptions, type QLinearConvOptions, type QLinearGlobalAveragePoolOptions, type QLinearMatMulOptions, type QuantizeLinearOptions } from './quant.js';
import { multinomial, randomShuffle, type MultinomialOptions, type RandomShuffleOptions } from './random.js';
import { gru, lstm, rnn, type GruOptions, type LstmOptions, type RnnOptions } from './rnn.js';
import { concatFromSequence, optionalHasElement, sequenceAt, sequenceErase, sequenceInsert, sequenceLength, splitToSequence, type ConcatFromSequenceOptions, type SplitToSequenceOptions } from './sequence.js';
import { dft, type DftOptions } from './signal.js';
import { asString, regexFullMatch, stringConcat, stringEqual, stringNormalizer, stringSplit, stringToNumber, tfIdfVectorizer, type StringNormalizerOptions, type StringSplitOptions, type StringToNumberOptions, type TfIdfVectorizerOptions } from './text.js';

/** The ops whose first input is one tensor, as methods of it. */
export interface TensorMethods<D extends DType = DType> {
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
  /** The index of the largest element along an axis, the first of equals; NaN counts as largest. INVALID_ARGUMENT for an empty axis. */
  argMax<R extends 'int32' | 'int64' = 'int64'>(dimension?: Operand<'int32' | 'int64'>, options?: ArgMaxOptions<R>): Tensor<R>;
  /** The index of the least element along an axis, the first of equals; NaN counts as least. INVALID_ARGUMENT for an empty axis. */
  argMin<R extends 'int32' | 'int64' = 'int64'>(dimension?: Operand<'int32' | 'int64'>, options?: ArgMinOptions<R>): Tensor<R>;
  /** Each number in as few digits as tell it apart; NaN, INF and -INF; bool as 1 and 0. */
  asString(options?: OpOptions): Tensor<'string'>;
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
  /** Spreads the batch over blocks of block_shape [M] in the dims 1 to M, then cuts crops [M, 2] off their ends: the inverse of SpaceToBatchND. */
  batchToSpaceND(blockShape: Operand<'int32' | 'int64'>, crops: Operand<'int32' | 'int64'>, options?: OpOptions): Tensor<D>;
  /** value plus bias[j] for channel j; channels are the last dim, or dim 1 when data_format says NC... */
  biasAdd(bias: Operand<D>, options?: BiasAddOptions): Tensor<D>;
  /** The bytes of the input as elements of another dtype. A larger one takes the last dim, whose size must be the ratio of the element sizes; a smaller one adds such a dim. Shares the memory of its input. */
  bitcast<R extends 'float32' | 'float64' | 'float16' | 'bfloat16' | 'int8' | 'int16' | 'int32' | 'int64' | 'uint8' | 'uint16' | 'uint32' | 'uint64' | 'complex64' | 'complex128' | 'float8_e4m3fn' | 'float8_e4m3fnuz' | 'float8_e5m2' | 'float8_e5m2fnuz' | 'float8_e8m0fnu'>(type: R, options?: OpOptions): Tensor<R>;
  /** x & y with numpy broadcasting. */
  bitwiseAnd(y: Operand<D>, options?: OpOptions): Tensor<D>;
  /** x | y with numpy broadcasting. */
  bitwiseOr(y: Operand<D>, options?: OpOptions): Tensor<D>;
  /** x ^ y with numpy broadcasting. */
  bitwiseXor(y: Operand<D>, options?: OpOptions): Tensor<D>;
  /** The shape to which tensors of the shapes s0 and s1 are broadcast together. */
  broadcastArgs(s1: Operand<D>, options?: OpOptions): Tensor<D>;
  /** The axes over which the gradient of a broadcast operation is to be summed, for operands of the shapes s0 and s1. */
  broadcastGradientArgs(s1: Operand<D>, options?: OpOptions): { readonly r0: Tensor<D>; readonly r1: Tensor<D> };
  /** Repeats the input to the given shape by the rules of numpy broadcasting: dims are matched from the last one on, and a dim of 1 is repeated. */
  broadcastTo(shape: Operand<'int32' | 'int64'>, options?: OpOptions): Tensor<D>;
  /** For each element the number of boundaries, which are sorted, that are not above it. NaN is above all. */
  bucketize(boundaries: readonly number[], options?: OpOptions): Tensor<'int32'>;
  /** x in another dtype. Floats lose their fraction on the way to integers, which wrap when they are narrowed; bool is whether x is not 0. A float beyond the range of an integer dtype gives an unspecified value. Floats of 8 bits and less are rounded to the nearest, ties to even; beyond their range they become the largest number when saturate is true, else infinity or NaN. float8_e8m0fnu takes the magnitude to a power of two as scale_round says. */
  cast<DstT extends 'float32' | 'float64' | 'float16' | 'bfloat16' | 'int8' | 'int16' | 'int32' | 'int64' | 'uint8' | 'uint16' | 'uint32' | 'uint64' | 'bool' | 'float8_e4m3fn' | 'float8_e4m3fnuz' | 'float8_e5m2' | 'float8_e5m2fnuz' | 'float8_e8m0fnu' | 'float4_e2m1fn' | 'int4' | 'uint4' | 'int2' | 'uint2'>(dstT: DstT, options?: CastOptions): Tensor<DstT>;
  /** The least integer not below x, element by element. */
  ceil(options?: OpOptions): Tensor<D>;
  /** The input itself; an error that begins with the message when it holds NaN or infinities. */
  checkNumerics(message: string, options?: OpOptions): Tensor<D>;
  /** The lower triangular factor l, with a positive diagonal, of each matrix a = l l^T in the last two dims. Only the lower triangle of a is read, and its gradient is by that. An error when a matrix is not positive definite. */
  cholesky(options?: OpOptions): Tensor<D>;
  /** t kept between clip_value_min and clip_value_max, with numpy broadcasting. NaN stays NaN. */
  clipByValue(clipValueMin: Operand<D>, clipValueMax: Operand<D>, options?: OpOptions): Tensor<D>;
  /** Adds the columns [N, C * block, places] of all sliding blocks up to images [N, C, ...], as ONNX's operator of that name. */
  col2Im(imageShape: Operand<'int64'>, blockShape: Operand<'int64'>, options?: Col2ImOptions): Tensor<D>;
  /** The values of a sequence joined along an axis, or stacked along a new one. */
  concatFromSequence<R extends DType>(dtype: R, axis: number | bigint, options?: ConcatFromSequenceOptions): Tensor<R>;
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
  /** Convolution of (input - input_zero_point) with (filter - filter_zero_point) on bytes, in one to three dims as data_format says, with sums of 32 bits that wrap. The filter is [spatial..., channels / groups, outputs]; its zero point may be by output. Padding has the value of the zero point. */
  convInteger<Tw extends 'uint8' | 'int8', Ty extends 'int32' = 'int32'>(filter: Operand<Tw>, inputZeroPoint?: Operand<D> | null, filterZeroPoint?: Operand<Tw> | null, options?: ConvIntegerOptions<Ty>): Tensor<Ty>;
  /** The cosine of x in radians, element by element. */
  cos(options?: OpOptions): Tensor<D>;
  /** The hyperbolic cosine, element by element. */
  cosh(options?: OpOptions): Tensor<D>;
  /** Running products along an axis, as cumsum. */
  cumprod(axis?: Operand<'int32' | 'int64'>, options?: CumprodOptions): Tensor<D>;
  /** Running sums along an axis: y[i] = x[0] + ... + x[i]; `exclusive` leaves x[i] out, `reverse` starts from the end. float16 and bfloat16 are accumulated in float, others in their own dtype; integers wrap. */
  cumsum(axis?: Operand<'int32' | 'int64'>, options?: CumsumOptions): Tensor<D>;
  /** The discrete Fourier transform along an axis of a real [..., 1] or complex [..., 2] signal, shortened or filled up with zeros to dft_length. onesided gives the first half of it, and with inverse takes such a half and gives a real signal. Computed in float64. */
  dft(dftLength?: Operand<'int64'> | null, axis?: Operand<'int64'> | null, options?: DftOptions): Tensor<D>;
  /** -log of the probability that the softmax of logits [batch, steps, classes] reads as the labels [batch, n], by connectionist temporal classification: a class at each step, repeats merged, then blanks dropped. Infinity where the labels need more steps. The first logit_lengths steps and label_lengths labels of each row count. Sums are of float64. */
  ctcLoss(labels: Operand<'int32'>, logitLengths: Operand<'int32'>, labelLengths: Operand<'int32'>, options?: CtcLossOptions): Tensor<D>;
  /** Spreads the depth over blocks of block_size x block_size positions: the inverse of SpaceToDepth. The depth must be divisible by the square of block_size. */
  depthToSpace(blockSize: number | bigint, options?: DepthToSpaceOptions): Tensor<D>;
  /** Convolution of each channel by itself: filter [height, width, channels, multiplier], output channel j * multiplier + m from input channel j. */
  depthwiseConv2d(filter: Operand<D>, options?: DepthwiseConv2dOptions): Tensor<D>;
  /** (x - zero_point) * scale. Scale and zero point are of the whole tensor, or one for each index of an axis; without a zero point it is 0. */
  dequantizeLinear<T extends 'float32'>(scale: Operand<T>, zeroPoint?: Operand<D> | null, options?: DequantizeLinearOptions): Tensor<T>;
  /** x / y with numpy broadcasting, 0 where y is 0. */
  divNoNan(y: Operand<D>, options?: OpOptions): Tensor<D>;
  /** Deals the rows of data out: row i goes to output partitions[i], after those before it. */
  dynamicPartition(partitions: Operand<'int32'>, numPartitions: number | bigint, options?: OpOptions): Tensor<D>[];
  /** x where positive, else alpha (e^x - 1), element by element. */
  elu(options?: EluOptions): Tensor<D>;
  /** The input itself, after a check that its shape is compatible with the attr; what the attr says becomes known to shape inference. */
  ensureShape(shape: StaticShape, options?: OpOptions): Tensor<D>;
  /** Whether x and y are equal, with numpy broadcasting. NaN equals nothing. */
  equal(y: Operand<D>, options?: OpOptions): Tensor<'bool'>;
  /** The error function, element by element. */
  erf(options?: OpOptions): Tensor<D>;
  /** 1 - erf(x) with full precision in the tail, element by element. */
  erfc(options?: OpOptions): Tensor<D>;
  /** e^x, element by element. */
  exp(options?: OpOptions): Tensor<D>;
  /** Inserts a dim of 1 at index dim, a scalar in [-rank - 1, rank]. Shares the memory of its input. */
  expandDims(dim: Operand<'int32' | 'int64'>, options?: OpOptions): Tensor<D>;
  /** e^x - 1 without cancellation near 0, element by element. */
  expm1(options?: OpOptions): Tensor<D>;
  /** A tensor of shape dims with the scalar value everywhere. */
  fill<T extends DType>(value: Operand<T>, options?: OpOptions): Tensor<T>;
  /** The largest integer not above x, element by element. */
  floor(options?: OpOptions): Tensor<D>;
  /** The largest integer not above x / y, with numpy broadcasting. An integer division by zero is an error. */
  floorDiv(y: Operand<D>, options?: OpOptions): Tensor<D>;
  /** The remainder of FloorDiv, of the sign of y, with numpy broadcasting. */
  mod(y: Operand<D>, options?: OpOptions): Tensor<D>;
  /** Normalises each channel by its mean and variance, those of the batch in training, else those given; then scales and shifts it. The variance handed out in training estimates that of the population. The reserved outputs hold the mean and the plain variance. */
  fusedBatchNorm<U extends 'float32'>(scale: Operand<U>, offset: Operand<U>, mean: Operand<U>, variance: Operand<U>, options?: FusedBatchNormOptions): { readonly y: Tensor<D>; readonly batchMean: Tensor<U>; readonly batchVariance: Tensor<U>; readonly reserveSpace1: Tensor<U>; readonly reserveSpace2: Tensor<U>; readonly reserveSpace3: Tensor<U> };
  /** A gated recurrent unit over a whole sequence, as ONNX defines it. Gates are in the order z, r, h. sequence_lens and initial_h may be left out. x is [steps, batch, inputs], with layout 1 [batch, steps, inputs]. */
  gru(w: Operand<D>, r: Operand<D>, b?: Operand<D> | null, sequenceLens?: Operand<'int32'> | null, initialH?: Operand<D> | null, options?: GruOptions): { readonly y: Tensor<D>; readonly yH: Tensor<D> };
  /** For each element of indices, the element of data at the same place but for axis, where the index stands: along axis 0 of 2 dims, data[indices[i, j], j]. indices has the rank of data and no larger dims but along axis. Indices in [-dim, dim). */
  gatherElements(indices: Operand<'int32' | 'int64'>, options?: GatherElementsOptions): Tensor<D>;
  /** For each tuple of K indices along the last dim of indices, [..., K], the slice of params at params[i0, ..., iK-1]. With batch_dims, the first dims are common to both. An index out of range is an error. */
  gatherNd(indices: Operand<'int32' | 'int64'>, options?: GatherNdOptions): Tensor<D>;
  /** The slices of params along axis that indices name: params[..., indices, ...]. With batch_dims, the first dims of params and indices are the same and each index looks into its own batch. An index outside [0, dim) is an error. */
  gather(indices: Operand<'int32' | 'int64'>, axis?: Operand<'int32' | 'int64'>, options?: GatherOptions): Tensor<D>;
  /** x times the probability that a normal variable is below x, element by element. */
  gelu(options?: OpOptions): Tensor<D>;
  /** The approximation x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) of Gelu. */
  geluTanh(options?: OpOptions): Tensor<D>;
  /** Whether x > y, with numpy broadcasting. */
  greater(y: Operand<D>, options?: OpOptions): Tensor<'bool'>;
  /** Whether x >= y, with numpy broadcasting. */
  greaterEqual(y: Operand<D>, options?: OpOptions): Tensor<'bool'>;
  /** Samples images [N, C, D1, ...] at the places of a grid [N, O1, ..., axes], from -1 to 1, the last axis first, as ONNX's operator of that name. */
  gridSample(grid: Operand<D>, options?: GridSampleOptions): Tensor<D>;
  /** Normalises each group of channels of each image by its own mean and variance, then scales and shifts each channel. */
  groupNorm(groups: number | bigint, scale?: Operand<D> | null, offset?: Operand<D> | null, options?: GroupNormOptions): Tensor<D>;
  /** alpha x + beta kept between 0 and 1, element by element. */
  hardSigmoid(options?: HardSigmoidOptions): Tensor<D>;
  /** x times (x + 3 kept between 0 and 6) / 6, element by element. */
  hardSwish(options?: OpOptions): Tensor<D>;
  /** The input itself; a place to hang control dependencies on. */
  identity(options?: OpOptions): Tensor<D>;
  /** Whether the target of each row is among its k highest predictions; classes with the same score count as one place. False for a target that is no class. */
  inTopK<T extends 'int32' | 'int64'>(targets: Operand<T>, k: Operand<T>, options?: OpOptions): Tensor<'bool'>;
  /** Normalises each channel of each image by its own mean and variance, then scales and shifts it. */
  instanceNorm(scale?: Operand<D> | null, offset?: Operand<D> | null, options?: InstanceNormOptions): Tensor<D>;
  /** All bits of x flipped, element by element. */
  invert(options?: OpOptions): Tensor<D>;
  /** The inverse y of a permutation x of [0, n): y[x[i]] = i. */
  invertPermutation(options?: OpOptions): Tensor<D>;
  /** Whether x is neither NaN nor infinite, element by element. */
  isFinite(options?: OpOptions): Tensor<'bool'>;
  /** Whether x is infinite, element by element. */
  isInf(options?: OpOptions): Tensor<'bool'>;
  /** Whether x is NaN, element by element. */
  isNan(options?: OpOptions): Tensor<'bool'>;
  /** x / (bias + alpha * sum)^beta, where the sum is that of the squares of the 2 depth_radius + 1 channels around each one. */
  localResponseNormalization(options?: LocalResponseNormalizationOptions): Tensor<D>;
  /** A long short-term memory over a whole sequence, as ONNX defines it. Gates are in the order i, o, f, c. sequence_lens, initial_h, initial_c and the peepholes p may be left out. x is [steps, batch, inputs], with layout 1 [batch, steps, inputs]. */
  lstm(w: Operand<D>, r: Operand<D>, b?: Operand<D> | null, sequenceLens?: Operand<'int32'> | null, initialH?: Operand<D> | null, initialC?: Operand<D> | null, p?: Operand<D> | null, options?: LstmOptions): { readonly y: Tensor<D>; readonly yH: Tensor<D>; readonly yC: Tensor<D> };
  /** For each element of x, the value at the place where it stands among the keys, else the default; of equal keys the first counts. NaN may be a key. */
  labelEncoder<Tvalue extends 'string' | 'int16' | 'int64' | 'float32' | 'float64'>(keys: Operand<D>, values: Operand<Tvalue>, defaultValue: Operand<Tvalue>, options?: OpOptions): Tensor<Tvalue>;
  /** (x - mean) / sqrt(variance + epsilon) * scale + offset, with the mean and variance over the dims from axis on; scale and offset have the shape of those dims. */
  layerNorm(scale?: Operand<D> | null, offset?: Operand<D> | null, options?: LayerNormOptions): Tensor<D>;
  /** x where positive, else alpha x, element by element. */
  leakyRelu(options?: LeakyReluOptions): Tensor<D>;
  /** x << y with numpy broadcasting. A shift that is negative or not less than the width is an error. */
  leftShift(y: Operand<D>, options?: OpOptions): Tensor<D>;
  /** Whether x < y, with numpy broadcasting. */
  less(y: Operand<D>, options?: OpOptions): Tensor<'bool'>;
  /** Whether x <= y, with numpy broadcasting. */
  lessEqual(y: Operand<D>, options?: OpOptions): Tensor<'bool'>;
  /** num values at even distances from start to stop, both included; num is at least 1. */
  linspace(stop: Operand<D>, num: Operand<'int32' | 'int64'>, options?: OpOptions): Tensor<D>;
  /** The elements of the vector x that are not in y, in their order and as often as they come, and their indices in x. */
  setdiff1d<R extends 'int32' | 'int64' = 'int32'>(y: Operand<D>, options?: Setdiff1dOptions<R>): { readonly out: Tensor<D>; readonly idx: Tensor<R> };
  /** The natural logarithm, element by element. */
  log(options?: OpOptions): Tensor<D>;
  /** log(1 + x) without cancellation near 0, element by element. */
  log1p(options?: OpOptions): Tensor<D>;
  /** x minus the logarithm of the sum of e^x along an axis, the last one by default. */
  logSoftmax(options?: LogSoftmaxOptions): Tensor<D>;
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
  /** The product of (a - a_zero_point) and (b - b_zero_point) on bytes, with sums of 32 bits that wrap. b is a matrix or has the batch dims of a; its zero point may be by column. */
  matMulInteger<Tb extends 'uint8' | 'int8', Ty extends 'int32' = 'int32'>(b: Operand<Tb>, aZeroPoint?: Operand<D> | null, bZeroPoint?: Operand<Tb> | null, options?: MatMulIntegerOptions<Ty>): Tensor<Ty>;
  /** The product of matrices of quantized bytes, as float32: the sums of MatMulInteger times a_scale * b_scale, and a bias by column. b_scale and b_zero_point may be by column. */
  matMulIntegerToFloat<Tb extends 'uint8' | 'int8', T extends 'float32'>(b: Operand<Tb>, aScale: Operand<T>, bScale: Operand<T>, aZeroPoint?: Operand<D> | null, bZeroPoint?: Operand<Tb> | null, bias?: Operand<T> | null, options?: MatMulIntegerToFloatOptions): Tensor<T>;
  /** The matrices in the last two dims with zeros outside of num_lower diagonals below and num_upper above the main one; a negative number keeps all of that side. */
  matrixBandPart<Tindex extends 'int32' | 'int64'>(numLower: Operand<Tindex>, numUpper: Operand<Tindex>, options?: OpOptions): Tensor<D>;
  /** The determinant of each matrix in the last two dims, by elimination in float64; that of an empty matrix is 1. */
  matrixDeterminant(options?: OpOptions): Tensor<D>;
  /** The inverse of each matrix in the last two dims, or of its transpose with adjoint, by elimination in float64. A singular matrix is an error. */
  matrixInverse(options?: MatrixInverseOptions): Tensor<D>;
  /** The largest element over the axes in `axis`; NaN where one of them is NaN. Over no elements the least value of the dtype. */
  max(axis?: Operand<'int32' | 'int64'> | null, options?: MaxOptions): Tensor<D>;
  /** The maximum of each window of [batch, height, width, channels]; padding never wins, NaN propagates. */
  maxPool(ksize: readonly (number | bigint)[], options?: MaxPoolOptions): Tensor<D>;
  /** The maximum of each window of [batch, depth, height, width, channels]. */
  maxPool3d(ksize: readonly (number | bigint)[], options?: MaxPool3dOptions): Tensor<D>;
  /** Max pooling of [N, C, ...] with the place of each maximum in the whole input, counted in row-major order, or with the last axes of a plane in column-major order for storage_order 1; as ONNX's MaxPool. Of equal elements the first counts; NaN is the largest. */
  maxPoolWithIndices(ksize: readonly (number | bigint)[], strides: readonly (number | bigint)[], dilations: readonly (number | bigint)[], pads: readonly (number | bigint)[], options?: MaxPoolWithIndicesOptions): { readonly y: Tensor<D>; readonly indices: Tensor<'int64'> };
  /** The larger of x and y with numpy broadcasting; NaN where one of them is. */
  maximum(y: Operand<D>, options?: OpOptions): Tensor<D>;
  /** The mean over the axes in `axis`; NaN over no elements. Integers round towards zero. */
  mean(axis?: Operand<'int32' | 'int64'> | null, options?: MeanOptions): Tensor<D>;
  /** The least element over the axes in `axis`; NaN where one of them is NaN. Over no elements the largest value of the dtype. */
  min(axis?: Operand<'int32' | 'int64'> | null, options?: MinOptions): Tensor<D>;
  /** The smaller of x and y with numpy broadcasting; NaN where one of them is. */
  minimum(y: Operand<D>, options?: OpOptions): Tensor<D>;
  /** Pads the input with its own mirror image. REFLECT does not repeat the edge, SYMMETRIC does; paddings[i] are at most the size of dim i less one, or that size. */
  mirrorPad(paddings: Operand<'int32' | 'int64'>, mode: 'REFLECT' | 'SYMMETRIC', options?: OpOptions): Tensor<D>;
  /** x tanh(softplus(x)), element by element. */
  mish(options?: OpOptions): Tensor<D>;
  /** x * y with numpy broadcasting; integers wrap. */
  mul(y: Operand<D>, options?: OpOptions): Tensor<D>;
  /** x * y with numpy broadcasting, 0 where y is 0 whatever x is. */
  mulNoNan(y: Operand<D>, options?: OpOptions): Tensor<D>;
  /** Draws num_samples classes for each row of unnormalised log-probabilities. */
  multinomial<R extends 'int32' | 'int64' = 'int64'>(numSamples: Operand<'int32'>, options?: MultinomialOptions<R>): Tensor<R>;
  /** -x, element by element; integers wrap. */
  neg(options?: OpOptions): Tensor<D>;
  /** Indices [image, class, box] of the boxes that stay when, class by class and by falling score, each box goes that covers a kept one by more than iou_threshold. At most max_output_boxes_per_class of each class, none when that is left out. */
  nonMaxSuppression(scores: Operand<'float32'>, maxOutputBoxesPerClass?: Operand<'int64'> | null, iouThreshold?: Operand<'float32'> | null, scoreThreshold?: Operand<'float32'> | null, options?: NonMaxSuppressionOptions): Tensor<'int64'>;
  /** Whether x and y differ, with numpy broadcasting. */
  notEqual(y: Operand<D>, options?: OpOptions): Tensor<'bool'>;
  /** Puts on_value where the new dim's position is the index and off_value elsewhere. The new dim has size depth and stands at axis (-1: last). An index outside [0, depth) gives off_value alone. */
  oneHot<T extends DType = 'float32'>(depth: Operand<'int32' | 'int64'>, onValue?: Operand<T>, offValue?: Operand<T>, options?: OneHotOptions): Tensor<T>;
  /** Ones (true) of the shape and dtype of x. */
  onesLike(options?: OpOptions): Tensor<D>;
  /** Whether an optional value is there. */
  optionalHasElement(options?: OpOptions): Tensor<'bool'>;
  /** Puts paddings[i, 0] times the scalar constant_values in front of and paddings[i, 1] times behind the input along each dim i. */
  pad(paddings: Operand<'int32' | 'int64'>, constantValues?: Operand<D>, options?: OpOptions): Tensor<D>;
  /** A value that may be fed; otherwise the input. Its shape may be looser than the default's. */
  placeholderWithDefault(options?: PlaceholderWithDefaultOptions): Tensor<D>;
  /** x^y with numpy broadcasting. Integers wrap, and a negative integer exponent is an error. */
  pow(y: Operand<D>, options?: OpOptions): Tensor<D>;
  /** The input itself; asking for a gradient through it is an error, which gives the message. */
  preventGradient(options?: PreventGradientOptions): Tensor<D>;
  /** The product over the axes in `axis`; 1 over no elements. Integers wrap. */
  prod(axis?: Operand<'int32' | 'int64'> | null, options?: ProdOptions): Tensor<D>;
  /** The sum of two tensors of quantized bytes, quantized again; computed in float32 and rounded (ties to even). Dims of size 1 broadcast. */
  qLinearAdd<T extends 'float32'>(aScale: Operand<T>, aZeroPoint: Operand<D>, b: Operand<D>, bScale: Operand<T>, bZeroPoint: Operand<D>, yScale: Operand<T>, yZeroPoint: Operand<D>, options?: OpOptions): Tensor<D>;
  /** Convolution of quantized bytes, quantized again: the sums of ConvInteger plus a bias in units of input_scale * filter_scale, times input_scale * filter_scale / output_scale in float32, rounded (ties to even). filter_scale and filter_zero_point may be by output. */
  qLinearConv<Tw extends 'uint8' | 'int8', Ty extends 'uint8' | 'int8', T extends 'float32'>(inputScale: Operand<T>, inputZeroPoint: Operand<D>, filter: Operand<Tw>, filterScale: Operand<T>, filterZeroPoint: Operand<Tw>, outputScale: Operand<T>, outputZeroPoint: Operand<Ty>, bias?: Operand<'int32'> | null, options?: QLinearConvOptions): Tensor<Ty>;
  /** The mean of all pixels of each channel of quantized bytes, quantized again; the pixels are added exactly, the rest is float32. */
  qLinearGlobalAveragePool<T extends 'float32'>(xScale: Operand<T>, xZeroPoint: Operand<D>, yScale: Operand<T>, yZeroPoint: Operand<D>, options?: QLinearGlobalAveragePoolOptions): Tensor<D>;
  /** The product of matrices of quantized bytes, quantized again: the sums of MatMulInteger plus a bias in units of a_scale * b_scale, times a_scale * b_scale / y_scale in float32, rounded (ties to even). b_scale and b_zero_point may be by column. */
  qLinearMatMul<Tb extends 'uint8' | 'int8', Ty extends 'uint8' | 'int8', T extends 'float32'>(aScale: Operand<T>, aZeroPoint: Operand<D>, b: Operand<Tb>, bScale: Operand<T>, bZeroPoint: Operand<Tb>, yScale: Operand<T>, yZeroPoint: Operand<Ty>, bias?: Operand<'int32'> | null, options?: QLinearMatMulOptions): Tensor<Ty>;
  /** The product of two tensors of quantized bytes, element by element, quantized again; computed in float32 and rounded (ties to even). Dims of size 1 broadcast. */
  qLinearMul<T extends 'float32'>(aScale: Operand<T>, aZeroPoint: Operand<D>, b: Operand<D>, bScale: Operand<T>, bZeroPoint: Operand<D>, yScale: Operand<T>, yZeroPoint: Operand<D>, options?: OpOptions): Tensor<D>;
  /** round(x / scale) + zero_point, ties to even, kept within the range of the dtype. Scale and zero point are of the whole tensor, or one for each index of an axis. */
  quantizeLinear<Q extends 'uint8' | 'int8'>(scale: Operand<D>, zeroPoint: Operand<Q>, options?: QuantizeLinearOptions): Tensor<Q>;
  /** A simple recurrent network over a whole sequence, as ONNX defines it: h = activation(x w' + h r' + b). sequence_lens and initial_h may be left out. x is [steps, batch, inputs], with layout 1 [batch, steps, inputs]. */
  rnn(w: Operand<D>, r: Operand<D>, b?: Operand<D> | null, sequenceLens?: Operand<'int32'> | null, initialH?: Operand<D> | null, options?: RnnOptions): { readonly y: Tensor<D>; readonly yH: Tensor<D> };
  /** The rows of a tensor in random order. */
  randomShuffle(options?: RandomShuffleOptions): Tensor<D>;
  /** The vector start, start + delta, ... up to but without limit; delta may be negative. */
  range(limit: Operand<D>, delta?: Operand<D>, options?: OpOptions): Tensor<D>;
  /** x / y with numpy broadcasting. */
  div(y: Operand<D>, options?: OpOptions): Tensor<D>;
  /** 1 / x, element by element. */
  reciprocal(options?: OpOptions): Tensor<D>;
  /** Whether each string as a whole matches a regular expression. Patterns have classes, groups, flags, alternatives, repetitions, anchors and word edges, but no back references; matching takes time linear in the string. */
  regexFullMatch(pattern: string, options?: OpOptions): Tensor<'bool'>;
  /** max(x, 0), element by element; NaN stays NaN. */
  relu(options?: OpOptions): Tensor<D>;
  /** x kept between 0 and 6, element by element; NaN stays NaN. */
  relu6(options?: OpOptions): Tensor<D>;
  /** The elements of tensor, in row-major order, under another shape. At most one dim of shape may be -1: it takes what is left. The number of elements must stay the same. Shares the memory of its input. */
  reshape(shape: Operand<'int32' | 'int64'>, options?: OpOptions): Tensor<D>;
  /** x resized along any axes, to sizes or by scales, as ONNX's operator of that name. Computed in float32, float64 for float64; integers lose their fraction. roi is the part that tf_crop_and_resize takes: starts, then ends, of the axes, from 0 to 1. */
  resize(roi?: Operand<'float32'> | null, scales?: Operand<'float32'> | null, sizes?: Operand<'int64'> | null, options?: ResizeOptions): Tensor<D>;
  /** Images [N, H, W, C] (or [N, C, H, W]) at another size [height, width] by linear interpolation along both axes, in float32. Places are mapped as ResizeNearestNeighbor does, and kept within the image. */
  resizeBilinear(size: Operand<'int32' | 'int64'>, options?: ResizeBilinearOptions): Tensor<'float32'>;
  /** Images [N, H, W, C] (or [N, C, H, W]) at another size [height, width], each pixel that of the nearest place. A place i of the output lies at i * in / out of the input, at (i + 0.5) * in / out - 0.5 with half_pixel_centers, at i * (in - 1) / (out - 1) with align_corners; coordinate_transformation_mode says the same by ONNX's names, scales [height, width] stand for out / in where these are not exact, and nearest_mode rounds (default: down, to nearest with the other two). */
  resizeNearestNeighbor(size: Operand<'int32' | 'int64'>, options?: ResizeNearestNeighborOptions): Tensor<D>;
  /** For each index b along batch_dim, turns the first seq_lengths[b] elements along seq_dim around; the others stay. */
  reverseSequence(seqLengths: Operand<'int32' | 'int64'>, seqDim: number | bigint, options?: ReverseSequenceOptions): Tensor<D>;
  /** Turns the order of the elements around along the given axes, of which none may come twice. */
  reverse(axis: Operand<'int32' | 'int64'>, options?: OpOptions): Tensor<D>;
  /** x >> y with numpy broadcasting; the sign is kept. A shift that is negative or not less than the width is an error. */
  rightShift(y: Operand<D>, options?: OpOptions): Tensor<D>;
  /** The nearest integer, halves to the even one, element by element. */
  rint(options?: OpOptions): Tensor<D>;
  /** x / sqrt(mean of x^2 + epsilon) * scale, with the mean over the dims from axis on; scale has the shape of those dims. */
  rmsNorm(scale?: Operand<D> | null, options?: RmsNormOptions): Tensor<D>;
  /** The average (or largest term) of bilinear samples in each bin of each region of a feature map, as ONNX's operator of that name; sampling_ratio 0 takes as many samples as pixels. */
  roiAlign(rois: Operand<'float32'>, batchIndices: Operand<'int64'>, options?: RoiAlignOptions): Tensor<'float32'>;
  /** Moves the elements by shift[i] places along axis[i], cyclically; an axis that comes twice is moved by the sum. */
  roll(shift: Operand<'int32' | 'int64'>, axis: Operand<'int32' | 'int64'>, options?: OpOptions): Tensor<D>;
  /** The nearest integer, halves to the even one, element by element. */
  round(options?: OpOptions): Tensor<D>;
  /** 1 / sqrt(x), element by element. */
  rsqrt(options?: OpOptions): Tensor<D>;
  /** data with each element of updates put at its own place but for axis, where the element of indices stands: along axis 0 of 2 dims, data[indices[i, j], j] = updates[i, j]. With a reduction, combined with what is there, in order. Indices in [-dim, dim). */
  scatterElements(indices: Operand<'int32' | 'int64'>, updates: Operand<D>, options?: ScatterElementsOptions): Tensor<D>;
  /** Zeros of the given shape with the slices of updates added at the places that the index tuples along the last dim of indices, [..., K], name. updates has shape indices[:-1] + shape[K:]. Slices that meet are summed in order; an index out of range is an error. */
  scatterNd<T extends 'float32' | 'float64' | 'float16' | 'bfloat16' | 'int8' | 'int16' | 'int32' | 'int64' | 'uint8' | 'uint16' | 'uint32' | 'uint64' | 'bool' | 'complex64' | 'complex128'>(updates: Operand<T>, shape: Operand<'int32' | 'int64'>, options?: OpOptions): Tensor<T>;
  /** Row i of the result is the sum of the rows of data whose id is i, zero when there is none. The ids begin at 0 or later and do not fall. */
  segmentSum(segmentIds: Operand<'int32' | 'int64'>, options?: OpOptions): Tensor<D>;
  /** t where the condition is true, else e, with numpy broadcasting of all three. */
  select<T extends 'float32' | 'float64' | 'float16' | 'bfloat16' | 'int8' | 'int16' | 'int32' | 'int64' | 'uint8' | 'uint16' | 'uint32' | 'uint64' | 'bool'>(t: Operand<T>, e: Operand<T>, options?: OpOptions): Tensor<T>;
  /** The scaled exponential linear unit of self-normalising networks, element by element. */
  selu(options?: OpOptions): Tensor<D>;
  /** The value at a position of a sequence. */
  sequenceAt<R extends DType>(position: Operand<'int32' | 'int64'>, dtype: R, options?: OpOptions): Tensor<R>;
  /** The sequence without the value at a position, by default the last. */
  sequenceErase(position?: Operand<'int32' | 'int64'> | null, options?: OpOptions): Tensor<'variant'>;
  /** The sequence with a value put in at a position, by default at the end; negative positions count from the end. */
  sequenceInsert(value: Operand<DType>, position?: Operand<'int32' | 'int64'> | null, options?: OpOptions): Tensor<'variant'>;
  /** How many values a sequence has. */
  sequenceLength(options?: OpOptions): Tensor<'int64'>;
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
  /** The number of elements of the input. */
  size<R extends 'int32' | 'int64' = 'int32'>(options?: SizeOptions<R>): Tensor<R>;
  /** The part of the input that starts at begin and has the given size, one element of each per dim; a size of -1 goes to the end of its dim. */
  slice<Index extends 'int32' | 'int64'>(begin: Operand<Index>, size: Operand<Index>, options?: OpOptions): Tensor<D>;
  /** e^x over its sum along an axis, the last one by default. */
  softmax(options?: SoftmaxOptions): Tensor<D>;
  /** The cross entropy between each row of labels, a distribution, and the softmax of that row of features, with its gradient for the features as the second output. */
  softmaxCrossEntropyWithLogits(labels: Operand<D>, options?: OpOptions): { readonly loss: Tensor<D>; readonly backprop: Tensor<D> };
  /** log(1 + e^x), element by element. */
  softplus(options?: OpOptions): Tensor<D>;
  /** x / (1 + |x|), element by element. */
  softsign(options?: OpOptions): Tensor<D>;
  /** Pads the dims 1 to M with zeros by paddings [M, 2], then moves the places within blocks of block_shape [M] into the batch dim, in front. What dilated convolution is made of. */
  spaceToBatchND(blockShape: Operand<'int32' | 'int64'>, paddings: Operand<'int32' | 'int64'>, options?: OpOptions): Tensor<D>;
  /** Moves blocks of block_size x block_size positions into the depth: position (i, j) of a block becomes the depths from (i * block_size + j) * D on. Height and width must be divisible by block_size. */
  spaceToDepth(blockSize: number | bigint, options?: SpaceToDepthOptions): Tensor<D>;
  /** The cross entropy of the softmax of each row of features where the label is the index of the true class, with its gradient for the features as the second output. */
  sparseSoftmaxCrossEntropyWithLogits(labels: Operand<'int32' | 'int64'>, options?: OpOptions): { readonly loss: Tensor<D>; readonly backprop: Tensor<D> };
  /** Takes a tensor apart into num_split equal parts along split_dim, which their number must divide. */
  split<T extends DType>(value: Operand<T>, numSplit: number | bigint, options?: OpOptions): Tensor<T>[];
  /** Parts of x along an axis as a sequence: of size 1 each, of one size with a smaller last one, or of the sizes given. keepdims = false drops the axis when no sizes are given. */
  splitToSequence(split?: Operand<'int32' | 'int64'> | null, options?: SplitToSequenceOptions): Tensor<'variant'>;
  /** Takes a tensor apart along split_dim into parts of the sizes size_splits, which add up to the size of that dim; one of them may be -1 and takes the rest. */
  splitV(sizeSplits: Operand<'int32' | 'int64'>, splitDim: Operand<'int32' | 'int64'>, numSplit: number | bigint, options?: OpOptions): Tensor<D>[];
  /** The square root, element by element. */
  sqrt(options?: OpOptions): Tensor<D>;
  /** x * x, element by element. */
  square(options?: OpOptions): Tensor<D>;
  /** (x - y)^2 with numpy broadcasting. */
  squaredDifference(y: Operand<D>, options?: OpOptions): Tensor<D>;
  /** Drops the dims listed in squeeze_dims, which must be 1; without a list, all dims that are 1. Shares the memory of its input. */
  squeeze(options?: SqueezeOptions): Tensor<D>;
  /** The input itself; no gradient flows through it. */
  stopGradient(options?: OpOptions): Tensor<D>;
  /** Python's x[begin:end:strides], one element of each per index. Bit i of a mask speaks of index i: begin_mask and end_mask leave that side open, ellipsis_mask stands for all dims not named (once at most), new_axis_mask inserts a dim of 1, and shrink_axis_mask takes the one element at begin and drops the dim. Negative indices count from the end; ranges are cut off at the ends, but an index to shrink must be in range. */
  stridedSlice<Index extends 'int32' | 'int64'>(begin: Operand<Index>, end: Operand<Index>, strides: Operand<Index>, options?: StridedSliceOptions): Tensor<D>;
  /** The strings of two tensors joined, element by element, with broadcasting. */
  stringConcat(y: Operand<'string'>, options?: OpOptions): Tensor<'string'>;
  /** Whether two strings are the same, element by element, with broadcasting. */
  stringEqual(y: Operand<'string'>, options?: OpOptions): Tensor<'bool'>;
  /** A row of words without the stop words, in lower or upper case when asked for; one empty string when none is left. */
  stringNormalizer(options?: StringNormalizerOptions): Tensor<'string'>;
  /** The parts of each string between a delimiter, or between white space when that is empty, along a new last axis filled up with empty strings; and how many there are. At most maxsplit + 1 parts unless that is negative. */
  stringSplit(delimiter: string, options?: StringSplitOptions): { readonly y: Tensor<'string'>; readonly counts: Tensor<'int64'> };
  /** The number that each string spells; white space around it does not count. */
  stringToNumber<R extends FloatDType | IntegerDType = 'float32'>(options?: StringToNumberOptions<R>): Tensor<R>;
  /** x - y with numpy broadcasting; integers wrap. */
  sub(y: Operand<D>, options?: OpOptions): Tensor<D>;
  /** The sum over the axes in `axis`: all of them when it is left out, none for an empty list. Floating sums are accumulated in double between blocks of 64 elements per lane; integers wrap. */
  sum(axis?: Operand<'int32' | 'int64'> | null, options?: SumOptions): Tensor<D>;
  /** The tangent of x in radians, element by element. */
  tan(options?: OpOptions): Tensor<D>;
  /** The hyperbolic tangent, element by element. */
  tanh(options?: OpOptions): Tensor<D>;
  /** tensor with the slices of updates added at the places that the index tuples along the last dim of indices name, in order. */
  tensorScatterAdd(indices: Operand<'int32' | 'int64'>, updates: Operand<D>, options?: OpOptions): Tensor<D>;
  /** tensor with the maximum of itself and the slices of updates at the places that the index tuples along the last dim of indices name. NaN wins. */
  tensorScatterMax(indices: Operand<'int32' | 'int64'>, updates: Operand<D>, options?: OpOptions): Tensor<D>;
  /** tensor with the minimum of itself and the slices of updates at the places that the index tuples along the last dim of indices name. NaN wins. */
  tensorScatterMin(indices: Operand<'int32' | 'int64'>, updates: Operand<D>, options?: OpOptions): Tensor<D>;
  /** tensor multiplied by the slices of updates at the places that the index tuples along the last dim of indices name, in order. */
  tensorScatterMul(indices: Operand<'int32' | 'int64'>, updates: Operand<D>, options?: OpOptions): Tensor<D>;
  /** tensor with the slices of updates subtracted at the places that the index tuples along the last dim of indices name, in order. */
  tensorScatterSub(indices: Operand<'int32' | 'int64'>, updates: Operand<D>, options?: OpOptions): Tensor<D>;
  /** tensor with the slices of updates put at the places that the index tuples along the last dim of indices name; of slices that meet the last one stays. */
  tensorScatterUpdate(indices: Operand<'int32' | 'int64'>, updates: Operand<D>, options?: OpOptions): Tensor<D>;
  /** Counts the n-grams of a pool in each row, as ONNX's operator of that name. */
  tfIdfVectorizer(maxGramLength: number | bigint, maxSkipCount: number | bigint, minGramLength: number | bigint, mode: 'TF' | 'IDF' | 'TFIDF', ngramCounts: readonly (number | bigint)[], ngramIndexes: readonly (number | bigint)[], options?: TfIdfVectorizerOptions): Tensor<'float32'>;
  /** Repeats the input multiples[i] times along each dim i. */
  tile(multiples: Operand<'int32' | 'int64'>, options?: OpOptions): Tensor<D>;
  /** The k largest elements along the last dim, with their indices; the smallest ones when largest is false. In order; of equal elements the one of lower index comes first. NaN counts as larger than all numbers. sorted = false allows any order, and this engine gives the sorted one. */
  topK<R extends 'int32' | 'int64' = 'int32'>(k: Operand<'int32' | 'int64'>, options?: TopKOptions<R>): { readonly values: Tensor<D>; readonly indices: Tensor<R> };
  /** Permutes the dims: dim i of the result is dim perm[i] of x. perm is a permutation of [0, rank). */
  transpose(perm: Operand<'int32' | 'int64'>, options?: OpOptions): Tensor<D>;
  /** The scores of rows in decision trees: the weights of the leaves that a row reaches, put together over all trees for each target, plus base values. Nodes are numbered from 0, children after their parents. modes: 0 <=, 1 <, 2 >=, 3 >, 4 ==, 5 !=, 6 member of the set whose number is in values (members has the sets, parted by NaN), 7 a leaf. Sums are taken in float64. */
  treeEnsemble(modes: readonly (number | bigint)[], features: readonly (number | bigint)[], values: readonly number[], trueNodes: readonly (number | bigint)[], falseNodes: readonly (number | bigint)[], missingTrue: readonly (number | bigint)[], roots: readonly (number | bigint)[], leafNodes: readonly (number | bigint)[], leafTargets: readonly (number | bigint)[], leafWeights: readonly number[], nTargets: number | bigint, options?: TreeEnsembleOptions): Tensor<D>;
  /** x without its fraction, element by element. */
  trunc(options?: OpOptions): Tensor<D>;
  /** x / y rounded towards zero, with numpy broadcasting. An integer division by zero is an error. */
  truncateDiv(y: Operand<D>, options?: OpOptions): Tensor<D>;
  /** The remainder of TruncateDiv, of the sign of x, with numpy broadcasting. */
  truncateMod(y: Operand<D>, options?: OpOptions): Tensor<D>;
  /** The distinct elements y of a vector, in the order in which they first come, and for each element of x its index in y. NaN is distinct from everything. */
  unique<R extends 'int32' | 'int64' = 'int32'>(options?: UniqueOptions<R>): { readonly y: Tensor<D>; readonly idx: Tensor<R> };
  /** The distinct slices along an axis, sorted or in the order in which they first come; where each first comes, for each slice of x its index in y, and how often each comes. NaN equals NaN here and comes last. */
  uniqueSlices(options?: UniqueSlicesOptions): { readonly y: Tensor<D>; readonly indices: Tensor<'int64'>; readonly inverseIndices: Tensor<'int64'>; readonly counts: Tensor<'int64'> };
  /** The distinct slices y of x along an axis, in the order in which they first come, and for each slice of x its index in y. axis has one element; none for a vector. NaN is distinct from everything. */
  uniqueAlong<R extends 'int32' | 'int64' = 'int32'>(axis: Operand<'int32' | 'int64'>, options?: UniqueAlongOptions<R>): { readonly y: Tensor<D>; readonly idx: Tensor<R> };
  /** As Unique, and how often each element of y comes. */
  uniqueWithCounts<R extends 'int32' | 'int64' = 'int32'>(options?: UniqueWithCountsOptions<R>): { readonly y: Tensor<D>; readonly idx: Tensor<R>; readonly count: Tensor<R> };
  /** Takes a tensor apart along an axis in [-rank, rank) into num tensors without that axis; num must be its size. */
  unstack(num: number | bigint, options?: UnstackOptions): Tensor<D>[];
  /** As SegmentSum, for ids in any order and of any rank; rows with a negative id are dropped. */
  unsortedSegmentSum(segmentIds: Operand<'int32' | 'int64'>, numSegments: Operand<'int32' | 'int64'>, options?: OpOptions): Tensor<D>;
  /** The places of the elements that are true or not zero, one row of indices each, in row-major order: shape [count, rank]. NaN is not zero. */
  where(options?: OpOptions): Tensor<'int64'>;
  /** x / y with numpy broadcasting, 0 where x is 0. */
  xdivy(y: Operand<D>, options?: OpOptions): Tensor<D>;
  /** x log(1 + y) with numpy broadcasting, 0 where x is 0. */
  xlog1py(y: Operand<D>, options?: OpOptions): Tensor<D>;
  /** x log(y) with numpy broadcasting, 0 where x is 0. */
  xlogy(y: Operand<D>, options?: OpOptions): Tensor<D>;
  /** Zeros (false, empty strings) of the shape and dtype of x. */
  zerosLike(options?: OpOptions): Tensor<D>;
  /** Each row of scores as a map: a sequence of variants that hold the keys and the row. */
  zipMap(keys: Operand<'int64' | 'string'>, options?: OpOptions): Tensor<'variant'>;
}

declare module '../tensor.js' {
  interface Tensor<D extends DType = DType> extends TensorMethods<D> {}
}

declare module '../variable.js' {
  interface Variable<D extends DType = DType> extends TensorMethods<D> {}
}

const wrappers = { abs, acos, acosh, add, all, any, approximateEqual, argMax, argMin, asString, asin, asinh, assert, atan, atan2, atanh, avgPool, avgPool3d, batchMatMul, batchToSpaceND, biasAdd, bitcast, bitwiseAnd, bitwiseOr, bitwiseXor, broadcastArgs, broadcastGradientArgs, broadcastTo, bucketize, cast, ceil, checkNumerics, cholesky, clipByValue, col2Im, concatFromSequence, conv1d, conv2d, conv2dBackpropInput, conv3d, conv3DBackpropInput, convInteger, cos, cosh, cumprod, cumsum, dft, ctcLoss, depthToSpace, depthwiseConv2d, dequantizeLinear, divNoNan, dynamicPartition, elu, ensureShape, equal, erf, erfc, exp, expandDims, expm1, fill, floor, floorDiv, mod, fusedBatchNorm, gru, gatherElements, gatherNd, gather, gelu, geluTanh, greater, greaterEqual, gridSample, groupNorm, hardSigmoid, hardSwish, identity, inTopK, instanceNorm, invert, invertPermutation, isFinite, isInf, isNan, localResponseNormalization, lstm, labelEncoder, layerNorm, leakyRelu, leftShift, less, lessEqual, linspace, setdiff1d, log, log1p, logSoftmax, logSumExp, logicalAnd, logicalNot, logicalOr, logicalXor, matMul, matMulInteger, matMulIntegerToFloat, matrixBandPart, matrixDeterminant, matrixInverse, max, maxPool, maxPool3d, maxPoolWithIndices, maximum, mean, min, minimum, mirrorPad, mish, mul, mulNoNan, multinomial, neg, nonMaxSuppression, notEqual, oneHot, onesLike, optionalHasElement, pad, placeholderWithDefault, pow, preventGradient, prod, qLinearAdd, qLinearConv, qLinearGlobalAveragePool, qLinearMatMul, qLinearMul, quantizeLinear, rnn, randomShuffle, range, div, reciprocal, regexFullMatch, relu, relu6, reshape, resize, resizeBilinear, resizeNearestNeighbor, reverseSequence, reverse, rightShift, rint, rmsNorm, roiAlign, roll, round, rsqrt, scatterElements, scatterNd, segmentSum, select, selu, sequenceAt, sequenceErase, sequenceInsert, sequenceLength, sigmoid, sign, silu, sin, sinh, size, slice, softmax, softmaxCrossEntropyWithLogits, softplus, softsign, spaceToBatchND, spaceToDepth, sparseSoftmaxCrossEntropyWithLogits, split, splitToSequence, splitV, sqrt, square, squaredDifference, squeeze, stopGradient, stridedSlice, stringConcat, stringEqual, stringNormalizer, stringSplit, stringToNumber, sub, sum, tan, tanh, tensorScatterAdd, tensorScatterMax, tensorScatterMin, tensorScatterMul, tensorScatterSub, tensorScatterUpdate, tfIdfVectorizer, tile, topK, transpose, treeEnsemble, trunc, truncateDiv, truncateMod, unique, uniqueSlices, uniqueAlong, uniqueWithCounts, unstack, unsortedSegmentSum, where, xdivy, xlog1py, xlogy, zerosLike, zipMap };

// Each wrapper is a method, with the tensor or variable as the first argument.
for (const [name, wrapper] of Object.entries(wrappers)) {
  const method = {
    configurable: true,
    writable: true,
    value(this: Tensor | Variable, ...args: unknown[]): unknown {
      return Reflect.apply(wrapper, undefined, [this, ...args]);
    },
  };
  Object.defineProperty(Tensor.prototype, name, method);
  Object.defineProperty(Variable.prototype, name, method);
}
