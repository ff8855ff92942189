import { checkKeys } from '../attrs.js';
import type { FloatDType } from '../dtype.js';
import {
  type Conv2dOptions as Conv2dOp,
  depthwiseConv2d as convolveDepthwise,
} from '../generated/nn.js';
import type { Tensor } from '../tensor.js';
import { floatTensor, knownDim, type LayerInput, positiveInteger, shapeOfRank } from './checks.js';
import { finish, inLayer, type KernelOptions, kernelKeys, kernelOf } from './layer.js';
import { type Sizes, sizes, type WindowOptions, windowKeys, windowOf } from './window.js';

export interface DepthwiseConv2dOptions<D extends FloatDType = FloatDType>
  extends KernelOptions<D>,
    WindowOptions,
    Pick<Conv2dOp, 'dataFormat'> {
  /** How many filters each channel has; default: 1. */
  readonly multiplier?: number | undefined;
}

/**
 * Convolution of each channel by itself: [batch, height, width, channels] to [batch, height',
 * width', channels * multiplier]. Variables depthwise_kernel [height, width, channels, multiplier]
 * and bias.
 */
export function depthwiseConv2d<D extends FloatDType>(
  x: LayerInput<D>,
  kernelSize: Sizes,
  options: DepthwiseConv2dOptions<NoInfer<D>> = {},
): Tensor<D> {
  checkKeys('depthwiseConv2d', options, [...kernelKeys, ...windowKeys, 'dataFormat', 'multiplier']);
  const input = floatTensor(x, 'x');
  const { dataFormat = 'NHWC', multiplier = 1 } = options;
  positiveInteger(multiplier, 'multiplier');
  shapeOfRank(input, 'x', 4);
  const channels = knownDim(input, 'x', dataFormat === 'NCHW' ? 1 : -1);
  const shape = [...sizes(kernelSize, 2, 'kernelSize'), channels, multiplier];
  return inLayer('depthwise_conv2d', input, options, () => {
    const kernel = kernelOf(input, shape, options, 'depthwise_kernel');
    const y = convolveDepthwise(input, kernel, { ...windowOf(options, 2), dataFormat });
    return finish(y, channels * multiplier, options, dataFormat);
  });
}
