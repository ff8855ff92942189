// Generated from the op registry by scripts/generate.mjs. Do not edit.
import type { OpOptions } from '../node.js';
import { addOp, type Operand } from '../op.js';
import { output } from '../operation.js';
import type { Tensor } from '../tensor.js';

export interface ConvIntegerOptions<Ty extends 'int32' = 'int32'> extends OpOptions {
  /** Default: "int32". */
  readonly ty?: Ty | undefined;
  /** Default: []. */
  readonly strides?: readonly (number | bigint)[] | undefined;
  /** Default: "VALID". */
  readonly padding?: 'SAME' | 'VALID' | 'EXPLICIT' | undefined;
  /** Default: []. */
  readonly explicitPaddings?: readonly (number | bigint)[] | undefined;
  /** Default: "NHWC". */
  readonly dataFormat?: 'NHWC' | 'NCHW' | 'NWC' | 'NCW' | 'NDHWC' | 'NCDHW' | undefined;
  /** Default: []. */
  readonly dilations?: readonly (number | bigint)[] | undefined;
}

/**
 * Convolution of (input - input_zero_point) with (filter - filter_zero_point) on bytes, in one
 * to three dims as data_format says, with sums of 32 bits that wrap. The filter is [spatial...,
 * channels / groups, outputs]; its zero point may be by output. Padding has the value of the
 * zero point.
 */
export function convInteger<Tx extends 'uint8' | 'int8', Tw extends 'uint8' | 'int8', Ty extends 'int32' = 'int32'>(
  input: Operand<Tx>,
  filter: Operand<Tw>,
  inputZeroPoint?: Operand<Tx> | null,
  filterZeroPoint?: Operand<Tw> | null,
  options: ConvIntegerOptions<Ty> = {},
): Tensor<Ty> {
  return output(addOp('ConvInteger', [input, filter, inputZeroPoint, filterZeroPoint], { Ty: options.ty, strides: options.strides, padding: options.padding, explicit_paddings: options.explicitPaddings, data_format: options.dataFormat, dilations: options.dilations }, options, ['ty', 'strides', 'padding', 'explicitPaddings', 'dataFormat', 'dilations']));
}

export interface DequantizeLinearOptions extends OpOptions {
  /** Default: 1. */
  readonly axis?: number | bigint | undefined;
}

/**
 * (x - zero_point) * scale. Scale and zero point are of the whole tensor, or one for each index
 * of an axis; without a zero point it is 0.
 */
export function dequantizeLinear<Q extends 'uint8' | 'int8' | 'int32', T extends 'float32'>(
  x: Operand<Q>,
  scale: Operand<T>,
  zeroPoint?: Operand<Q> | null,
  options: DequantizeLinearOptions = {},
): Tensor<T> {
  return output(addOp('DequantizeLinear', [x, scale, zeroPoint], { axis: options.axis }, options, ['axis']));
}

export interface MatMulIntegerOptions<Ty extends 'int32' = 'int32'> extends OpOptions {
  /** Default: "int32". */
  readonly ty?: Ty | undefined;
  /** Default: false. */
  readonly transposeB?: boolean | undefined;
}

/**
 * The product of (a - a_zero_point) and (b - b_zero_point) on bytes, with sums of 32 bits that
 * wrap. b is a matrix or has the batch dims of a; its zero point may be by column.
 */
export function matMulInteger<Ta extends 'uint8' | 'int8', Tb extends 'uint8' | 'int8', Ty extends 'int32' = 'int32'>(
  a: Operand<Ta>,
  b: Operand<Tb>,
  aZeroPoint?: Operand<Ta> | null,
  bZeroPoint?: Operand<Tb> | null,
  options: MatMulIntegerOptions<Ty> = {},
): Tensor<Ty> {
  return output(addOp('MatMulInteger', [a, b, aZeroPoint, bZeroPoint], { Ty: options.ty, transpose_b: options.transposeB }, options, ['ty', 'transposeB']));
}

export interface MatMulIntegerToFloatOptions extends OpOptions {
  /** Default: false. */
  readonly transposeB?: boolean | undefined;
}

/**
 * The product of matrices of quantized bytes, as float32: the sums of MatMulInteger times
 * a_scale * b_scale, and a bias by column. b_scale and b_zero_point may be by column.
 */
export function matMulIntegerToFloat<Ta extends 'uint8' | 'int8', Tb extends 'uint8' | 'int8', T extends 'float32'>(
  a: Operand<Ta>,
  b: Operand<Tb>,
  aScale: Operand<T>,
  bScale: Operand<T>,
  aZeroPoint?: Operand<Ta> | null,
  bZeroPoint?: Operand<Tb> | null,
  bias?: Operand<T> | null,
  options: MatMulIntegerToFloatOptions = {},
): Tensor<T> {
  return output(addOp('MatMulIntegerToFloat', [a, b, aScale, bScale, aZeroPoint, bZeroPoint, bias], { transpose_b: options.transposeB }, options, ['transposeB']));
}

/**
 * The sum of two tensors of quantized bytes, quantized again; computed in float32 and rounded
 * (ties to even). Dims of size 1 broadcast.
 */
export function qLinearAdd<Q extends 'uint8' | 'int8', T extends 'float32'>(
  a: Operand<Q>,
  aScale: Operand<T>,
  aZeroPoint: Operand<Q>,
  b: Operand<Q>,
  bScale: Operand<T>,
  bZeroPoint: Operand<Q>,
  yScale: Operand<T>,
  yZeroPoint: Operand<Q>,
  options: OpOptions = {},
): Tensor<Q> {
  return output(addOp('QLinearAdd', [a, aScale, aZeroPoint, b, bScale, bZeroPoint, yScale, yZeroPoint], {}, options));
}

export interface QLinearConvOptions extends OpOptions {
  /** Default: []. */
  readonly strides?: readonly (number | bigint)[] | undefined;
  /** Default: "VALID". */
  readonly padding?: 'SAME' | 'VALID' | 'EXPLICIT' | undefined;
  /** Default: []. */
  readonly explicitPaddings?: readonly (number | bigint)[] | undefined;
  /** Default: "NHWC". */
  readonly dataFormat?: 'NHWC' | 'NCHW' | 'NWC' | 'NCW' | 'NDHWC' | 'NCDHW' | undefined;
  /** Default: []. */
  readonly dilations?: readonly (number | bigint)[] | undefined;
}

/**
 * Convolution of quantized bytes, quantized again: the sums of ConvInteger plus a bias in units
 * of input_scale * filter_scale, times input_scale * filter_scale / output_scale in float32,
 * rounded (ties to even). filter_scale and filter_zero_point may be by output.
 */
export function qLinearConv<Tx extends 'uint8' | 'int8', Tw extends 'uint8' | 'int8', Ty extends 'uint8' | 'int8', T extends 'float32'>(
  input: Operand<Tx>,
  inputScale: Operand<T>,
  inputZeroPoint: Operand<Tx>,
  filter: Operand<Tw>,
  filterScale: Operand<T>,
  filterZeroPoint: Operand<Tw>,
  outputScale: Operand<T>,
  outputZeroPoint: Operand<Ty>,
  bias?: Operand<'int32'> | null,
  options: QLinearConvOptions = {},
): Tensor<Ty> {
  return output(addOp('QLinearConv', [input, inputScale, inputZeroPoint, filter, filterScale, filterZeroPoint, outputScale, outputZeroPoint, bias], { strides: options.strides, padding: options.padding, explicit_paddings: options.explicitPaddings, data_format: options.dataFormat, dilations: options.dilations }, options, ['strides', 'padding', 'explicitPaddings', 'dataFormat', 'dilations']));
}

export interface QLinearGlobalAveragePoolOptions extends OpOptions {
  /** Default: "NHWC". */
  readonly dataFormat?: 'NHWC' | 'NCHW' | 'NWC' | 'NCW' | 'NDHWC' | 'NCDHW' | undefined;
}

/**
 * The mean of all pixels of each channel of quantized bytes, quantized again; the pixels are
 * added exactly, the rest is float32.
 */
export function qLinearGlobalAveragePool<Q extends 'uint8' | 'int8', T extends 'float32'>(
  x: Operand<Q>,
  xScale: Operand<T>,
  xZeroPoint: Operand<Q>,
  yScale: Operand<T>,
  yZeroPoint: Operand<Q>,
  options: QLinearGlobalAveragePoolOptions = {},
): Tensor<Q> {
  return output(addOp('QLinearGlobalAveragePool', [x, xScale, xZeroPoint, yScale, yZeroPoint], { data_format: options.dataFormat }, options, ['dataFormat']));
}

export interface QLinearMatMulOptions extends OpOptions {
  /** Default: false. */
  readonly transposeB?: boolean | undefined;
}

/**
 * The product of matrices of quantized bytes, quantized again: the sums of MatMulInteger plus a
 * bias in units of a_scale * b_scale, times a_scale * b_scale / y_scale in float32, rounded
 * (ties to even). b_scale and b_zero_point may be by column.
 */
export function qLinearMatMul<Ta extends 'uint8' | 'int8', Tb extends 'uint8' | 'int8', Ty extends 'uint8' | 'int8', T extends 'float32'>(
  a: Operand<Ta>,
  aScale: Operand<T>,
  aZeroPoint: Operand<Ta>,
  b: Operand<Tb>,
  bScale: Operand<T>,
  bZeroPoint: Operand<Tb>,
  yScale: Operand<T>,
  yZeroPoint: Operand<Ty>,
  bias?: Operand<'int32'> | null,
  options: QLinearMatMulOptions = {},
): Tensor<Ty> {
  return output(addOp('QLinearMatMul', [a, aScale, aZeroPoint, b, bScale, bZeroPoint, yScale, yZeroPoint, bias], { transpose_b: options.transposeB }, options, ['transposeB']));
}

/**
 * The product of two tensors of quantized bytes, element by element, quantized again; computed
 * in float32 and rounded (ties to even). Dims of size 1 broadcast.
 */
export function qLinearMul<Q extends 'uint8' | 'int8', T extends 'float32'>(
  a: Operand<Q>,
  aScale: Operand<T>,
  aZeroPoint: Operand<Q>,
  b: Operand<Q>,
  bScale: Operand<T>,
  bZeroPoint: Operand<Q>,
  yScale: Operand<T>,
  yZeroPoint: Operand<Q>,
  options: OpOptions = {},
): Tensor<Q> {
  return output(addOp('QLinearMul', [a, aScale, aZeroPoint, b, bScale, bZeroPoint, yScale, yZeroPoint], {}, options));
}

export interface QuantizeLinearOptions extends OpOptions {
  /** Default: 1. */
  readonly axis?: number | bigint | undefined;
}

/**
 * round(x / scale) + zero_point, ties to even, kept within the range of the dtype. Scale and
 * zero point are of the whole tensor, or one for each index of an axis.
 */
export function quantizeLinear<T extends 'float32', Q extends 'uint8' | 'int8'>(
  x: Operand<T>,
  scale: Operand<T>,
  zeroPoint: Operand<Q>,
  options: QuantizeLinearOptions = {},
): Tensor<Q> {
  return output(addOp('QuantizeLinear', [x, scale, zeroPoint], { axis: options.axis }, options, ['axis']));
}
