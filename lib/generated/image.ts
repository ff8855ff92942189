// Generated from the op registry by scripts/generate.mjs. Do not edit.
import type { FloatDType, IntegerDType } from '../dtype.js';
import type { OpOptions } from '../node.js';
import { addOp, type Operand } from '../op.js';
import { output } from '../operation.js';
import type { Tensor } from '../tensor.js';

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
