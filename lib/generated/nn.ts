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
  return output(addOp('AvgPool', [value], { ksize, strides: options.strides, padding: options.padding, explicit_paddings: options.explicitPaddings, data_format: options.dataFormat, dilations: options.dilations, count_include_pad: options.countIncludePad }, options));
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
  return output(addOp('AvgPool3D', [input], { ksize, strides: options.strides, padding: options.padding, explicit_paddings: options.explicitPaddings, data_format: options.dataFormat, dilations: options.dilations, count_include_pad: options.countIncludePad }, options));
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
  return output(addOp('BiasAdd', [value, bias], { data_format: options.dataFormat }, options));
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
  return output(addOp('Conv1D', [input, filter], { strides: options.strides, padding: options.padding, explicit_paddings: options.explicitPaddings, data_format: options.dataFormat, dilations: options.dilations }, options));
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
  return output(addOp('Conv2D', [input, filter], { strides: options.strides, padding: options.padding, explicit_paddings: options.explicitPaddings, data_format: options.dataFormat, dilations: options.dilations }, options));
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
  return output(addOp('Conv3D', [input, filter], { strides: options.strides, padding: options.padding, explicit_paddings: options.explicitPaddings, data_format: options.dataFormat, dilations: options.dilations }, options));
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
  return output(addOp('DepthwiseConv2dNative', [input, filter], { strides: options.strides, padding: options.padding, explicit_paddings: options.explicitPaddings, data_format: options.dataFormat, dilations: options.dilations }, options));
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
  return output(addOp('MaxPool', [input], { ksize, strides: options.strides, padding: options.padding, explicit_paddings: options.explicitPaddings, data_format: options.dataFormat, dilations: options.dilations }, options));
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
  return output(addOp('MaxPool3D', [input], { ksize, strides: options.strides, padding: options.padding, explicit_paddings: options.explicitPaddings, data_format: options.dataFormat, dilations: options.dilations }, options));
}
