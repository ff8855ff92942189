// Generated from the op registry by scripts/generate.mjs. Do not edit.
import type { FloatDType, IntegerDType } from '../dtype.js';
import type { OpOptions } from '../node.js';
import { addOp, type Operand } from '../op.js';
import { output } from '../operation.js';
import type { Tensor } from '../tensor.js';

export interface AvgPoolOptions extends OpOptions {
  /** Default: []. */
  readonly strides?: readonly (number | bigint)[] | undefined;
  /** Default: "VALID". */
  readonly padding?: 'SAME' | 'VALID' | 'EXPLICIT' | undefined;
  /** Default: []. */
  readonly explicitPaddings?: readonly (number | bigint)[] | undefined;
  /** Default: "NHWC". */
  readonly dataFormat?: 'NHWC' | 'NCHW' | undefined;
  /** Default: []. */
  readonly dilations?: readonly (number | bigint)[] | undefined;
  /** Default: false. */
  readonly countIncludePad?: boolean | undefined;
}

/**
 * The average of each window of [batch, height, width, channels]. Padding does not count as
 * elements unless count_include_pad.
 */
export function avgPool<T extends FloatDType>(
  value: Operand<T>,
  ksize: readonly (number | bigint)[],
  options: AvgPoolOptions = {},
): Tensor<T> {
  return output(addOp('AvgPool', [value], { ksize, strides: options.strides, padding: options.padding, explicit_paddings: options.explicitPaddings, data_format: options.dataFormat, dilations: options.dilations, count_include_pad: options.countIncludePad }, options, ['strides', 'padding', 'explicitPaddings', 'dataFormat', 'dilations', 'countIncludePad']));
}

export interface AvgPool3dOptions extends OpOptions {
  /** Default: []. */
  readonly strides?: readonly (number | bigint)[] | undefined;
  /** Default: "VALID". */
  readonly padding?: 'SAME' | 'VALID' | 'EXPLICIT' | undefined;
  /** Default: []. */
  readonly explicitPaddings?: readonly (number | bigint)[] | undefined;
  /** Default: "NDHWC". */
  readonly dataFormat?: 'NDHWC' | 'NCDHW' | undefined;
  /** Default: []. */
  readonly dilations?: readonly (number | bigint)[] | undefined;
  /** Default: false. */
  readonly countIncludePad?: boolean | undefined;
}

/** The average of each window of [batch, depth, height, width, channels]; see AvgPool. */
export function avgPool3d<T extends FloatDType>(
  input: Operand<T>,
  ksize: readonly (number | bigint)[],
  options: AvgPool3dOptions = {},
): Tensor<T> {
  return output(addOp('AvgPool3D', [input], { ksize, strides: options.strides, padding: options.padding, explicit_paddings: options.explicitPaddings, data_format: options.dataFormat, dilations: options.dilations, count_include_pad: options.countIncludePad }, options, ['strides', 'padding', 'explicitPaddings', 'dataFormat', 'dilations', 'countIncludePad']));
}

export interface BiasAddOptions extends OpOptions {
  /** Default: "NHWC". */
  readonly dataFormat?: 'NHWC' | 'NCHW' | 'NDHWC' | 'NCDHW' | 'NWC' | 'NCW' | undefined;
}

/**
 * value plus bias[j] for channel j; channels are the last dim, or dim 1 when data_format says
 * NC...
 */
export function biasAdd<T extends FloatDType | IntegerDType>(
  value: Operand<T>,
  bias: Operand<T>,
  options: BiasAddOptions = {},
): Tensor<T> {
  return output(addOp('BiasAdd', [value, bias], { data_format: options.dataFormat }, options, ['dataFormat']));
}

export interface Col2ImOptions extends OpOptions {
  /** Default: []. */
  readonly strides?: readonly (number | bigint)[] | undefined;
  /** Default: []. */
  readonly dilations?: readonly (number | bigint)[] | undefined;
  /** Default: []. */
  readonly pads?: readonly (number | bigint)[] | undefined;
}

/**
 * Adds the columns [N, C * block, places] of all sliding blocks up to images [N, C, ...], as
 * ONNX's operator of that name.
 */
export function col2Im<T extends 'float32' | 'float64'>(
  input: Operand<T>,
  imageShape: Operand<'int64'>,
  blockShape: Operand<'int64'>,
  options: Col2ImOptions = {},
): Tensor<T> {
  return output(addOp('Col2Im', [input, imageShape, blockShape], { strides: options.strides, dilations: options.dilations, pads: options.pads }, options, ['strides', 'dilations', 'pads']));
}

export interface Conv1dOptions extends OpOptions {
  /** Default: []. */
  readonly strides?: readonly (number | bigint)[] | undefined;
  /** Default: "VALID". */
  readonly padding?: 'SAME' | 'VALID' | 'EXPLICIT' | undefined;
  /** Default: []. */
  readonly explicitPaddings?: readonly (number | bigint)[] | undefined;
  /** Default: "NWC". */
  readonly dataFormat?: 'NWC' | 'NCW' | undefined;
  /** Default: []. */
  readonly dilations?: readonly (number | bigint)[] | undefined;
}

/**
 * Convolution of [batch, width, channels] with a filter [width, channels / groups, outputs];
 * see Conv2D.
 */
export function conv1d<T extends FloatDType>(
  input: Operand<T>,
  filter: Operand<T>,
  options: Conv1dOptions = {},
): Tensor<T> {
  return output(addOp('Conv1D', [input, filter], { strides: options.strides, padding: options.padding, explicit_paddings: options.explicitPaddings, data_format: options.dataFormat, dilations: options.dilations }, options, ['strides', 'padding', 'explicitPaddings', 'dataFormat', 'dilations']));
}

export interface Conv2dOptions extends OpOptions {
  /** Default: []. */
  readonly strides?: readonly (number | bigint)[] | undefined;
  /** Default: "VALID". */
  readonly padding?: 'SAME' | 'VALID' | 'EXPLICIT' | undefined;
  /** Default: []. */
  readonly explicitPaddings?: readonly (number | bigint)[] | undefined;
  /** Default: "NHWC". */
  readonly dataFormat?: 'NHWC' | 'NCHW' | undefined;
  /** Default: []. */
  readonly dilations?: readonly (number | bigint)[] | undefined;
}

/**
 * Convolution of [batch, height, width, channels] with a filter [height, width, channels /
 * groups, outputs]. The number of groups is the input's channels divided by the filter's. Sums
 * run in the order of the filter, in float32 for the half types.
 */
export function conv2d<T extends FloatDType>(
  input: Operand<T>,
  filter: Operand<T>,
  options: Conv2dOptions = {},
): Tensor<T> {
  return output(addOp('Conv2D', [input, filter], { strides: options.strides, padding: options.padding, explicit_paddings: options.explicitPaddings, data_format: options.dataFormat, dilations: options.dilations }, options, ['strides', 'padding', 'explicitPaddings', 'dataFormat', 'dilations']));
}

export interface Conv2dBackpropInputOptions extends OpOptions {
  /** Default: []. */
  readonly strides?: readonly (number | bigint)[] | undefined;
  /** Default: "VALID". */
  readonly padding?: 'SAME' | 'VALID' | 'EXPLICIT' | undefined;
  /** Default: []. */
  readonly explicitPaddings?: readonly (number | bigint)[] | undefined;
  /** Default: "NHWC". */
  readonly dataFormat?: 'NHWC' | 'NCHW' | undefined;
  /** Default: []. */
  readonly dilations?: readonly (number | bigint)[] | undefined;
}

/**
 * The gradient of Conv2D's input, whose shape is input_sizes; also the transposed convolution
 * of out_backprop, with strides that spread it. filter is as Conv2D has it.
 */
export function conv2dBackpropInput<T extends FloatDType>(
  inputSizes: Operand<'int32' | 'int64'>,
  filter: Operand<T>,
  outBackprop: Operand<T>,
  options: Conv2dBackpropInputOptions = {},
): Tensor<T> {
  return output(addOp('Conv2DBackpropInput', [inputSizes, filter, outBackprop], { strides: options.strides, padding: options.padding, explicit_paddings: options.explicitPaddings, data_format: options.dataFormat, dilations: options.dilations }, options, ['strides', 'padding', 'explicitPaddings', 'dataFormat', 'dilations']));
}

export interface Conv3dOptions extends OpOptions {
  /** Default: []. */
  readonly strides?: readonly (number | bigint)[] | undefined;
  /** Default: "VALID". */
  readonly padding?: 'SAME' | 'VALID' | 'EXPLICIT' | undefined;
  /** Default: []. */
  readonly explicitPaddings?: readonly (number | bigint)[] | undefined;
  /** Default: "NDHWC". */
  readonly dataFormat?: 'NDHWC' | 'NCDHW' | undefined;
  /** Default: []. */
  readonly dilations?: readonly (number | bigint)[] | undefined;
}

/**
 * Convolution of [batch, depth, height, width, channels] with a filter [depth, height, width,
 * channels / groups, outputs]; see Conv2D.
 */
export function conv3d<T extends FloatDType>(
  input: Operand<T>,
  filter: Operand<T>,
  options: Conv3dOptions = {},
): Tensor<T> {
  return output(addOp('Conv3D', [input, filter], { strides: options.strides, padding: options.padding, explicit_paddings: options.explicitPaddings, data_format: options.dataFormat, dilations: options.dilations }, options, ['strides', 'padding', 'explicitPaddings', 'dataFormat', 'dilations']));
}

export interface Conv3DBackpropInputOptions extends OpOptions {
  /** Default: []. */
  readonly strides?: readonly (number | bigint)[] | undefined;
  /** Default: "VALID". */
  readonly padding?: 'SAME' | 'VALID' | 'EXPLICIT' | undefined;
  /** Default: []. */
  readonly explicitPaddings?: readonly (number | bigint)[] | undefined;
  /** Default: "NDHWC". */
  readonly dataFormat?: 'NDHWC' | 'NCDHW' | undefined;
  /** Default: []. */
  readonly dilations?: readonly (number | bigint)[] | undefined;
}

/**
 * The gradient of Conv3D's input, and the transposed convolution in three dims; see
 * Conv2DBackpropInput.
 */
export function conv3DBackpropInput<T extends FloatDType>(
  inputSizes: Operand<'int32' | 'int64'>,
  filter: Operand<T>,
  outBackprop: Operand<T>,
  options: Conv3DBackpropInputOptions = {},
): Tensor<T> {
  return output(addOp('Conv3DBackpropInputV2', [inputSizes, filter, outBackprop], { strides: options.strides, padding: options.padding, explicit_paddings: options.explicitPaddings, data_format: options.dataFormat, dilations: options.dilations }, options, ['strides', 'padding', 'explicitPaddings', 'dataFormat', 'dilations']));
}

export interface CtcLossOptions extends OpOptions {
  /** Default: 0. */
  readonly blank?: number | bigint | undefined;
}

/**
 * -log of the probability that the softmax of logits [batch, steps, classes] reads as the
 * labels [batch, n], by connectionist temporal classification: a class at each step, repeats
 * merged, then blanks dropped. Infinity where the labels need more steps. The first
 * logit_lengths steps and label_lengths labels of each row count. Sums are of float64.
 */
export function ctcLoss<T extends 'float32' | 'float64'>(
  logits: Operand<T>,
  labels: Operand<'int32'>,
  logitLengths: Operand<'int32'>,
  labelLengths: Operand<'int32'>,
  options: CtcLossOptions = {},
): Tensor<T> {
  return output(addOp('DenseCtcLoss', [logits, labels, logitLengths, labelLengths], { blank: options.blank }, options, ['blank']));
}

export interface DepthwiseConv2dOptions extends OpOptions {
  /** Default: []. */
  readonly strides?: readonly (number | bigint)[] | undefined;
  /** Default: "VALID". */
  readonly padding?: 'SAME' | 'VALID' | 'EXPLICIT' | undefined;
  /** Default: []. */
  readonly explicitPaddings?: readonly (number | bigint)[] | undefined;
  /** Default: "NHWC". */
  readonly dataFormat?: 'NHWC' | 'NCHW' | undefined;
  /** Default: []. */
  readonly dilations?: readonly (number | bigint)[] | undefined;
}

/**
 * Convolution of each channel by itself: filter [height, width, channels, multiplier], output
 * channel j * multiplier + m from input channel j.
 */
export function depthwiseConv2d<T extends FloatDType>(
  input: Operand<T>,
  filter: Operand<T>,
  options: DepthwiseConv2dOptions = {},
): Tensor<T> {
  return output(addOp('DepthwiseConv2dNative', [input, filter], { strides: options.strides, padding: options.padding, explicit_paddings: options.explicitPaddings, data_format: options.dataFormat, dilations: options.dilations }, options, ['strides', 'padding', 'explicitPaddings', 'dataFormat', 'dilations']));
}

export interface EluOptions extends OpOptions {
  /** Default: 1. */
  readonly alpha?: number | undefined;
}

/** x where positive, else alpha (e^x - 1), element by element. */
export function elu<T extends FloatDType>(
  features: Operand<T>,
  options: EluOptions = {},
): Tensor<T> {
  return output(addOp('Elu', [features], { alpha: options.alpha }, options, ['alpha']));
}

export interface FusedBatchNormOptions extends OpOptions {
  /** Default: 0.0001. */
  readonly epsilon?: number | undefined;
  /** Default: 1. */
  readonly exponentialAvgFactor?: number | undefined;
  /** Default: "NHWC". */
  readonly dataFormat?: 'NHWC' | 'NCHW' | undefined;
  /** Default: true. */
  readonly isTraining?: boolean | undefined;
}

/**
 * Normalises each channel by its mean and variance, those of the batch in training, else those
 * given; then scales and shifts it. The variance handed out in training estimates that of the
 * population. The reserved outputs hold the mean and the plain variance.
 */
export function fusedBatchNorm<T extends 'float16' | 'bfloat16' | 'float32', U extends 'float32'>(
  x: Operand<T>,
  scale: Operand<U>,
  offset: Operand<U>,
  mean: Operand<U>,
  variance: Operand<U>,
  options: FusedBatchNormOptions = {},
): { readonly y: Tensor<T>; readonly batchMean: Tensor<U>; readonly batchVariance: Tensor<U>; readonly reserveSpace1: Tensor<U>; readonly reserveSpace2: Tensor<U>; readonly reserveSpace3: Tensor<U> } {
  const op = addOp('FusedBatchNormV3', [x, scale, offset, mean, variance], { epsilon: options.epsilon, exponential_avg_factor: options.exponentialAvgFactor, data_format: options.dataFormat, is_training: options.isTraining }, options, ['epsilon', 'exponentialAvgFactor', 'dataFormat', 'isTraining']);
  return {
    y: output(op, 0),
    batchMean: output(op, 1),
    batchVariance: output(op, 2),
    reserveSpace1: output(op, 3),
    reserveSpace2: output(op, 4),
    reserveSpace3: output(op, 5),
  };
}

/** x times the probability that a normal variable is below x, element by element. */
export function gelu<T extends FloatDType>(
  features: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Gelu', [features], {}, options));
}

/** The approximation x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) of Gelu. */
export function geluTanh<T extends FloatDType>(
  features: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('GeluTanh', [features], {}, options));
}

export interface GroupNormOptions extends OpOptions {
  /** Default: 0.00001. */
  readonly epsilon?: number | undefined;
  /** Default: "channels_last". */
  readonly dataFormat?: 'channels_last' | 'channels_first' | undefined;
}

/**
 * Normalises each group of channels of each image by its own mean and variance, then scales and
 * shifts each channel.
 */
export function groupNorm<T extends FloatDType>(
  x: Operand<T>,
  groups: number | bigint,
  scale?: Operand<T> | null,
  offset?: Operand<T> | null,
  options: GroupNormOptions = {},
): Tensor<T> {
  return output(addOp('GroupNorm', [x, scale, offset], { groups, epsilon: options.epsilon, data_format: options.dataFormat }, options, ['epsilon', 'dataFormat']));
}

export interface HardSigmoidOptions extends OpOptions {
  /** Default: 0.2. */
  readonly alpha?: number | undefined;
  /** Default: 0.5. */
  readonly beta?: number | undefined;
}

/** alpha x + beta kept between 0 and 1, element by element. */
export function hardSigmoid<T extends FloatDType>(
  features: Operand<T>,
  options: HardSigmoidOptions = {},
): Tensor<T> {
  return output(addOp('HardSigmoid', [features], { alpha: options.alpha, beta: options.beta }, options, ['alpha', 'beta']));
}

/** x times (x + 3 kept between 0 and 6) / 6, element by element. */
export function hardSwish<T extends FloatDType>(
  features: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('HardSwish', [features], {}, options));
}

/**
 * Whether the target of each row is among its k highest predictions; classes with the same
 * score count as one place. False for a target that is no class.
 */
export function inTopK<T extends 'int32' | 'int64'>(
  predictions: Operand<'float32'>,
  targets: Operand<T>,
  k: Operand<T>,
  options: OpOptions = {},
): Tensor<'bool'> {
  return output(addOp('InTopKV2', [predictions, targets, k], {}, options));
}

export interface InstanceNormOptions extends OpOptions {
  /** Default: 0.00001. */
  readonly epsilon?: number | undefined;
  /** Default: "channels_last". */
  readonly dataFormat?: 'channels_last' | 'channels_first' | undefined;
}

/**
 * Normalises each channel of each image by its own mean and variance, then scales and shifts
 * it.
 */
export function instanceNorm<T extends FloatDType>(
  x: Operand<T>,
  scale?: Operand<T> | null,
  offset?: Operand<T> | null,
  options: InstanceNormOptions = {},
): Tensor<T> {
  return output(addOp('InstanceNorm', [x, scale, offset], { epsilon: options.epsilon, data_format: options.dataFormat }, options, ['epsilon', 'dataFormat']));
}

export interface LocalResponseNormalizationOptions extends OpOptions {
  /** Default: 5. */
  readonly depthRadius?: number | bigint | undefined;
  /** Default: 1. */
  readonly bias?: number | undefined;
  /** Default: 1. */
  readonly alpha?: number | undefined;
  /** Default: 0.5. */
  readonly beta?: number | undefined;
}

/**
 * x / (bias + alpha * sum)^beta, where the sum is that of the squares of the 2 depth_radius + 1
 * channels around each one.
 */
export function localResponseNormalization<T extends FloatDType>(
  input: Operand<T>,
  options: LocalResponseNormalizationOptions = {},
): Tensor<T> {
  return output(addOp('LRN', [input], { depth_radius: options.depthRadius, bias: options.bias, alpha: options.alpha, beta: options.beta }, options, ['depthRadius', 'bias', 'alpha', 'beta']));
}

export interface LayerNormOptions extends OpOptions {
  /** Default: -1. */
  readonly axis?: number | bigint | undefined;
  /** Default: 0.00001. */
  readonly epsilon?: number | undefined;
}

/**
 * (x - mean) / sqrt(variance + epsilon) * scale + offset, with the mean and variance over the
 * dims from axis on; scale and offset have the shape of those dims.
 */
export function layerNorm<T extends FloatDType>(
  x: Operand<T>,
  scale?: Operand<T> | null,
  offset?: Operand<T> | null,
  options: LayerNormOptions = {},
): Tensor<T> {
  return output(addOp('LayerNorm', [x, scale, offset], { axis: options.axis, epsilon: options.epsilon }, options, ['axis', 'epsilon']));
}

export interface LeakyReluOptions extends OpOptions {
  /** Default: 0.2. */
  readonly alpha?: number | undefined;
}

/** x where positive, else alpha x, element by element. */
export function leakyRelu<T extends FloatDType>(
  features: Operand<T>,
  options: LeakyReluOptions = {},
): Tensor<T> {
  return output(addOp('LeakyRelu', [features], { alpha: options.alpha }, options, ['alpha']));
}

export interface LogSoftmaxOptions extends OpOptions {
  /** Default: -1. */
  readonly axis?: number | bigint | undefined;
}

/** x minus the logarithm of the sum of e^x along an axis, the last one by default. */
export function logSoftmax<T extends FloatDType>(
  logits: Operand<T>,
  options: LogSoftmaxOptions = {},
): Tensor<T> {
  return output(addOp('LogSoftmax', [logits], { axis: options.axis }, options, ['axis']));
}

export interface MaxPoolOptions extends OpOptions {
  /** Default: []. */
  readonly strides?: readonly (number | bigint)[] | undefined;
  /** Default: "VALID". */
  readonly padding?: 'SAME' | 'VALID' | 'EXPLICIT' | undefined;
  /** Default: []. */
  readonly explicitPaddings?: readonly (number | bigint)[] | undefined;
  /** Default: "NHWC". */
  readonly dataFormat?: 'NHWC' | 'NCHW' | undefined;
  /** Default: []. */
  readonly dilations?: readonly (number | bigint)[] | undefined;
}

/**
 * The maximum of each window of [batch, height, width, channels]; padding never wins, NaN
 * propagates.
 */
export function maxPool<T extends 'float32' | 'float64' | 'float16' | 'bfloat16' | 'int8' | 'int16' | 'int32' | 'int64' | 'uint8' | 'uint16'>(
  input: Operand<T>,
  ksize: readonly (number | bigint)[],
  options: MaxPoolOptions = {},
): Tensor<T> {
  return output(addOp('MaxPool', [input], { ksize, strides: options.strides, padding: options.padding, explicit_paddings: options.explicitPaddings, data_format: options.dataFormat, dilations: options.dilations }, options, ['strides', 'padding', 'explicitPaddings', 'dataFormat', 'dilations']));
}

export interface MaxPool3dOptions extends OpOptions {
  /** Default: []. */
  readonly strides?: readonly (number | bigint)[] | undefined;
  /** Default: "VALID". */
  readonly padding?: 'SAME' | 'VALID' | 'EXPLICIT' | undefined;
  /** Default: []. */
  readonly explicitPaddings?: readonly (number | bigint)[] | undefined;
  /** Default: "NDHWC". */
  readonly dataFormat?: 'NDHWC' | 'NCDHW' | undefined;
  /** Default: []. */
  readonly dilations?: readonly (number | bigint)[] | undefined;
}

/** The maximum of each window of [batch, depth, height, width, channels]. */
export function maxPool3d<T extends 'float32' | 'float64' | 'float16' | 'bfloat16' | 'int8' | 'int16' | 'int32' | 'int64' | 'uint8' | 'uint16'>(
  input: Operand<T>,
  ksize: readonly (number | bigint)[],
  options: MaxPool3dOptions = {},
): Tensor<T> {
  return output(addOp('MaxPool3D', [input], { ksize, strides: options.strides, padding: options.padding, explicit_paddings: options.explicitPaddings, data_format: options.dataFormat, dilations: options.dilations }, options, ['strides', 'padding', 'explicitPaddings', 'dataFormat', 'dilations']));
}

export interface MaxPoolWithIndicesOptions extends OpOptions {
  /** Default: 0. */
  readonly storageOrder?: number | bigint | undefined;
}

/**
 * Max pooling of [N, C, ...] with the place of each maximum in the whole input, counted in
 * row-major order, or with the last axes of a plane in column-major order for storage_order 1;
 * as ONNX's MaxPool. Of equal elements the first counts; NaN is the largest.
 */
export function maxPoolWithIndices<T extends 'float32' | 'float64' | 'int8' | 'uint8'>(
  x: Operand<T>,
  ksize: readonly (number | bigint)[],
  strides: readonly (number | bigint)[],
  dilations: readonly (number | bigint)[],
  pads: readonly (number | bigint)[],
  options: MaxPoolWithIndicesOptions = {},
): { readonly y: Tensor<T>; readonly indices: Tensor<'int64'> } {
  const op = addOp('MaxPoolWithIndices', [x], { ksize, strides, dilations, pads, storage_order: options.storageOrder }, options, ['storageOrder']);
  return {
    y: output(op, 0),
    indices: output(op, 1),
  };
}

/** x tanh(softplus(x)), element by element. */
export function mish<T extends FloatDType>(
  features: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Mish', [features], {}, options));
}

/** max(x, 0), element by element; NaN stays NaN. */
export function relu<T extends FloatDType | IntegerDType>(
  features: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Relu', [features], {}, options));
}

/** x kept between 0 and 6, element by element; NaN stays NaN. */
export function relu6<T extends FloatDType | IntegerDType>(
  features: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Relu6', [features], {}, options));
}

export interface RmsNormOptions extends OpOptions {
  /** Default: -1. */
  readonly axis?: number | bigint | undefined;
  /** Default: 0.00001. */
  readonly epsilon?: number | undefined;
}

/**
 * x / sqrt(mean of x^2 + epsilon) * scale, with the mean over the dims from axis on; scale has
 * the shape of those dims.
 */
export function rmsNorm<T extends FloatDType>(
  x: Operand<T>,
  scale?: Operand<T> | null,
  options: RmsNormOptions = {},
): Tensor<T> {
  return output(addOp('RmsNorm', [x, scale], { axis: options.axis, epsilon: options.epsilon }, options, ['axis', 'epsilon']));
}

/** The scaled exponential linear unit of self-normalising networks, element by element. */
export function selu<T extends FloatDType>(
  features: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Selu', [features], {}, options));
}

/** 1 / (1 + e^-x), element by element. */
export function sigmoid<T extends FloatDType>(
  x: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Sigmoid', [x], {}, options));
}

/** x times its sigmoid (also called swish), element by element. */
export function silu<T extends FloatDType>(
  features: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Silu', [features], {}, options));
}

export interface SoftmaxOptions extends OpOptions {
  /** Default: -1. */
  readonly axis?: number | bigint | undefined;
}

/** e^x over its sum along an axis, the last one by default. */
export function softmax<T extends FloatDType>(
  logits: Operand<T>,
  options: SoftmaxOptions = {},
): Tensor<T> {
  return output(addOp('Softmax', [logits], { axis: options.axis }, options, ['axis']));
}

/**
 * The cross entropy between each row of labels, a distribution, and the softmax of that row of
 * features, with its gradient for the features as the second output.
 */
export function softmaxCrossEntropyWithLogits<T extends FloatDType>(
  features: Operand<T>,
  labels: Operand<T>,
  options: OpOptions = {},
): { readonly loss: Tensor<T>; readonly backprop: Tensor<T> } {
  const op = addOp('SoftmaxCrossEntropyWithLogits', [features, labels], {}, options);
  return {
    loss: output(op, 0),
    backprop: output(op, 1),
  };
}

/** log(1 + e^x), element by element. */
export function softplus<T extends FloatDType>(
  features: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Softplus', [features], {}, options));
}

/** x / (1 + |x|), element by element. */
export function softsign<T extends FloatDType>(
  features: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Softsign', [features], {}, options));
}

/**
 * The cross entropy of the softmax of each row of features where the label is the index of the
 * true class, with its gradient for the features as the second output.
 */
export function sparseSoftmaxCrossEntropyWithLogits<T extends FloatDType>(
  features: Operand<T>,
  labels: Operand<'int32' | 'int64'>,
  options: OpOptions = {},
): { readonly loss: Tensor<T>; readonly backprop: Tensor<T> } {
  const op = addOp('SparseSoftmaxCrossEntropyWithLogits', [features, labels], {}, options);
  return {
    loss: output(op, 0),
    backprop: output(op, 1),
  };
}
