// Generated from the op registry by scripts/generate.mjs. Do not edit.
import type { FloatDType, IntegerDType } from '../dtype.js';
import type { OpOptions } from '../node.js';
import { addOp, type Operand } from '../op.js';
import { output } from '../operation.js';
import type { Tensor } from '../tensor.js';

export interface GridSampleOptions extends OpOptions {
  /** Default: "linear". */
  readonly mode?: 'linear' | 'nearest' | 'cubic' | undefined;
  /** Default: "zeros". */
  readonly paddingMode?: 'zeros' | 'border' | 'reflection' | undefined;
  /** Default: false. */
  readonly alignCorners?: boolean | undefined;
}

/**
 * Samples images [N, C, D1, ...] at the places of a grid [N, O1, ..., axes], from -1 to 1, the
 * last axis first, as ONNX's operator of that name.
 */
export function gridSample<T extends 'float32' | 'float64'>(
  x: Operand<T>,
  grid: Operand<T>,
  options: GridSampleOptions = {},
): Tensor<T> {
  return output(addOp('GridSample', [x, grid], { mode: options.mode, padding_mode: options.paddingMode, align_corners: options.alignCorners }, options, ['mode', 'paddingMode', 'alignCorners']));
}

export interface NonMaxSuppressionOptions extends OpOptions {
  /** Default: 0. */
  readonly centerPointBox?: number | bigint | undefined;
}

/**
 * Indices [image, class, box] of the boxes that stay when, class by class and by falling score,
 * each box goes that covers a kept one by more than iou_threshold. At most
 * max_output_boxes_per_class of each class, none when that is left out.
 */
export function nonMaxSuppression(
  boxes: Operand<'float32'>,
  scores: Operand<'float32'>,
  maxOutputBoxesPerClass?: Operand<'int64'> | null,
  iouThreshold?: Operand<'float32'> | null,
  scoreThreshold?: Operand<'float32'> | null,
  options: NonMaxSuppressionOptions = {},
): Tensor<'int64'> {
  return output(addOp('NonMaxSuppression', [boxes, scores, maxOutputBoxesPerClass, iouThreshold, scoreThreshold], { center_point_box: options.centerPointBox }, options, ['centerPointBox']));
}

export interface ResizeOptions extends OpOptions {
  /** Default: "nearest". */
  readonly mode?: 'nearest' | 'linear' | 'cubic' | undefined;
  /** Default: "half_pixel". */
  readonly coordinateTransformationMode?: 'half_pixel' | 'half_pixel_symmetric' | 'pytorch_half_pixel' | 'align_corners' | 'asymmetric' | 'tf_half_pixel_for_nn' | 'tf_crop_and_resize' | undefined;
  /** Default: "round_prefer_floor". */
  readonly nearestMode?: 'round_prefer_floor' | 'round_prefer_ceil' | 'floor' | 'ceil' | undefined;
  /** Default: -0.75. */
  readonly cubicCoeffA?: number | undefined;
  /** Default: false. */
  readonly antialias?: boolean | undefined;
  /** Default: false. */
  readonly excludeOutside?: boolean | undefined;
  /** Default: 0. */
  readonly extrapolationValue?: number | undefined;
  /** Default: "stretch". */
  readonly keepAspectRatioPolicy?: 'stretch' | 'not_larger' | 'not_smaller' | undefined;
  /** Default: []. */
  readonly axes?: readonly (number | bigint)[] | undefined;
}

/**
 * x resized along any axes, to sizes or by scales, as ONNX's operator of that name. Computed in
 * float32, float64 for float64; integers lose their fraction. roi is the part that
 * tf_crop_and_resize takes: starts, then ends, of the axes, from 0 to 1.
 */
export function resize<T extends 'float32' | 'float64' | 'float16' | 'bfloat16' | 'int8' | 'uint8' | 'int16' | 'uint16' | 'int32'>(
  x: Operand<T>,
  roi?: Operand<'float32'> | null,
  scales?: Operand<'float32'> | null,
  sizes?: Operand<'int64'> | null,
  options: ResizeOptions = {},
): Tensor<T> {
  return output(addOp('Resize', [x, roi, scales, sizes], { mode: options.mode, coordinate_transformation_mode: options.coordinateTransformationMode, nearest_mode: options.nearestMode, cubic_coeff_a: options.cubicCoeffA, antialias: options.antialias, exclude_outside: options.excludeOutside, extrapolation_value: options.extrapolationValue, keep_aspect_ratio_policy: options.keepAspectRatioPolicy, axes: options.axes }, options, ['mode', 'coordinateTransformationMode', 'nearestMode', 'cubicCoeffA', 'antialias', 'excludeOutside', 'extrapolationValue', 'keepAspectRatioPolicy', 'axes']));
}

export interface ResizeBilinearOptions extends OpOptions {
  /** Default: false. */
  readonly alignCorners?: boolean | undefined;
  /** Default: false. */
  readonly halfPixelCenters?: boolean | undefined;
  /** Default: "NHWC". */
  readonly dataFormat?: 'NHWC' | 'NCHW' | undefined;
  /** Default: "default". */
  readonly coordinateTransformationMode?: 'default' | 'asymmetric' | 'half_pixel' | 'pytorch_half_pixel' | 'align_corners' | undefined;
  /** Default: []. */
  readonly scales?: readonly number[] | undefined;
}

/**
 * Images [N, H, W, C] (or [N, C, H, W]) at another size [height, width] by linear interpolation
 * along both axes, in float32. Places are mapped as ResizeNearestNeighbor does, and kept within
 * the image.
 */
export function resizeBilinear(
  images: Operand<FloatDType | IntegerDType>,
  size: Operand<'int32' | 'int64'>,
  options: ResizeBilinearOptions = {},
): Tensor<'float32'> {
  return output(addOp('ResizeBilinear', [images, size], { align_corners: options.alignCorners, half_pixel_centers: options.halfPixelCenters, data_format: options.dataFormat, coordinate_transformation_mode: options.coordinateTransformationMode, scales: options.scales }, options, ['alignCorners', 'halfPixelCenters', 'dataFormat', 'coordinateTransformationMode', 'scales']));
}

export interface ResizeNearestNeighborOptions extends OpOptions {
  /** Default: false. */
  readonly alignCorners?: boolean | undefined;
  /** Default: false. */
  readonly halfPixelCenters?: boolean | undefined;
  /** Default: "NHWC". */
  readonly dataFormat?: 'NHWC' | 'NCHW' | undefined;
  /** Default: "default". */
  readonly coordinateTransformationMode?: 'default' | 'asymmetric' | 'half_pixel' | 'pytorch_half_pixel' | 'align_corners' | undefined;
  /** Default: []. */
  readonly scales?: readonly number[] | undefined;
  /** Default: "default". */
  readonly nearestMode?: 'default' | 'floor' | 'ceil' | 'round_prefer_floor' | 'round_prefer_ceil' | undefined;
}

/**
 * Images [N, H, W, C] (or [N, C, H, W]) at another size [height, width], each pixel that of the
 * nearest place. A place i of the output lies at i * in / out of the input, at (i + 0.5) * in /
 * out - 0.5 with half_pixel_centers, at i * (in - 1) / (out - 1) with align_corners;
 * coordinate_transformation_mode says the same by ONNX's names, scales [height, width] stand
 * for out / in where these are not exact, and nearest_mode rounds (default: down, to nearest
 * with the other two).
 */
export function resizeNearestNeighbor<T extends FloatDType | IntegerDType>(
  images: Operand<T>,
  size: Operand<'int32' | 'int64'>,
  options: ResizeNearestNeighborOptions = {},
): Tensor<T> {
  return output(addOp('ResizeNearestNeighbor', [images, size], { align_corners: options.alignCorners, half_pixel_centers: options.halfPixelCenters, data_format: options.dataFormat, coordinate_transformation_mode: options.coordinateTransformationMode, scales: options.scales, nearest_mode: options.nearestMode }, options, ['alignCorners', 'halfPixelCenters', 'dataFormat', 'coordinateTransformationMode', 'scales', 'nearestMode']));
}

export interface RoiAlignOptions extends OpOptions {
  /** Default: "avg". */
  readonly mode?: 'avg' | 'max' | undefined;
  /** Default: 1. */
  readonly outputHeight?: number | bigint | undefined;
  /** Default: 1. */
  readonly outputWidth?: number | bigint | undefined;
  /** Default: 0. */
  readonly samplingRatio?: number | bigint | undefined;
  /** Default: 1. */
  readonly spatialScale?: number | undefined;
  /** Default: "half_pixel". */
  readonly coordinateTransformationMode?: 'half_pixel' | 'output_half_pixel' | undefined;
}

/**
 * The average (or largest term) of bilinear samples in each bin of each region of a feature
 * map, as ONNX's operator of that name; sampling_ratio 0 takes as many samples as pixels.
 */
export function roiAlign(
  x: Operand<'float32'>,
  rois: Operand<'float32'>,
  batchIndices: Operand<'int64'>,
  options: RoiAlignOptions = {},
): Tensor<'float32'> {
  return output(addOp('RoiAlign', [x, rois, batchIndices], { mode: options.mode, output_height: options.outputHeight, output_width: options.outputWidth, sampling_ratio: options.samplingRatio, spatial_scale: options.spatialScale, coordinate_transformation_mode: options.coordinateTransformationMode }, options, ['mode', 'outputHeight', 'outputWidth', 'samplingRatio', 'spatialScale', 'coordinateTransformationMode']));
}
