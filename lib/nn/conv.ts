import { checkKeys } from '../attrs.js';
import type { FloatDType } from '../dtype.js';
import {
  type Conv1dOptions as Conv1dOp,
  type Conv2dOptions as Conv2dOp,
  type Conv3dOptions as Conv3dOp,
  conv1d as convolve1d,
  conv2d as convolve2d,
  conv3d as convolve3d,
} from '../generated/nn.js';
import type { Tensor } from '../tensor.js';
import {
  failure,
  floatTensor,
  knownDim,
  type LayerInput,
  positiveInteger,
  shapeOfRank,
} from './checks.js';
import { finish, inLayer, type KernelOptions, kernelKeys, kernelOf } from './layer.js';
import { type Sizes, sizes, type WindowOptions, windowKeys, windowOf } from './window.js';

/** What convolution layers take besides their data format. */
export interface ConvOptions<D extends FloatDType = FloatDType>
  extends KernelOptions<D>,
    WindowOptions {
  /** How many groups of channels are convolved each by itself; default: 1. */
  readonly groups?: number | undefined;
}

export interface Conv1dOptions<D extends FloatDType = FloatDType>
  extends ConvOptions<D>,
    Pick<Conv1dOp, 'dataFormat'> {}
export interface Conv2dOptions<D extends FloatDType = FloatDType>
  extends ConvOptions<D>,
    Pick<Conv2dOp, 'dataFormat'> {}
export interface Conv3dOptions<D extends FloatDType = FloatDType>
  extends ConvOptions<D>,
    Pick<Conv3dOp, 'dataFormat'> {}

interface Convolution {
  readonly kind: string;
  readonly spatial: number;
  readonly channelsFirst: boolean;
}

/** The input and what filters of [...window, channels / groups, filters] it wants. */
function prepare<D extends FloatDType>(
  x: LayerInput<D>,
  filters: number,
  kernelSize: Sizes,
  { groups = 1 }: { readonly groups?: number | undefined },
  { spatial, channelsFirst }: Convolution,
): { input: Tensor<D>; shape: number[] } {
  const input = floatTensor(x, 'x');
  positiveInteger(filters, 'filters');
  positiveInteger(groups, 'groups');
  shapeOfRank(input, 'x', spatial + 2);
  const channels = knownDim(input, 'x', channelsFirst ? 1 : -1);
  if (channels % groups !== 0 || filters % groups !== 0) {
    const expected = `a divisor of ${channels} channels and ${filters} filters`;
    throw failure(`Expected ${expected} for groups but received ${groups}`);
  }
  return {
    input,
    shape: [...sizes(kernelSize, spatial, 'kernelSize'), channels / groups, filters],
  };
}

/**
 * Convolution of [batch, width, channels] to [batch, width', filters]. Variables kernel
 * [width, channels / groups, filters] and bias [filters].
 */
export function conv1d<D extends FloatDType>(
  x: LayerInput<D>,
  filters: number,
  kernelSize: Sizes,
  options: Conv1dOptions<NoInfer<D>> = {},
): Tensor<D> {
  checkKeys('conv1d', options, [...kernelKeys, ...windowKeys, 'groups', 'dataFormat']);
  const { dataFormat = 'NWC' } = options;
  const what = { kind: 'conv1d', spatial: 1, channelsFirst: dataFormat === 'NCW' };
  const { input, shape } = prepare(x, filters, kernelSize, options, what);
  return inLayer(what.kind, input, options, () => {
    const window = { ...windowOf(options, 1), dataFormat };
    const y = convolve1d(input, kernelOf(input, shape, options), window);
    return finish(y, filters, options, dataFormat);
  });
}

/**
 * Convolution of [batch, height, width, channels] to [batch, height', width', filters], or with
 * NCHW of the channels in the second dim. Variables kernel [height, width, channels / groups,
 * filters] and bias [filters].
 */
export function conv2d<D extends FloatDType>(
  x: LayerInput<D>,
  filters: number,
  kernelSize: Sizes,
  options: Conv2dOptions<NoInfer<D>> = {},
): Tensor<D> {
  checkKeys('conv2d', options, [...kernelKeys, ...windowKeys, 'groups', 'dataFormat']);
  const { dataFormat = 'NHWC' } = options;
  const what = { kind: 'conv2d', spatial: 2, channelsFirst: dataFormat === 'NCHW' };
  const { input, shape } = prepare(x, filters, kernelSize, options, what);
  return inLayer(what.kind, input, options, () => {
    const window = { ...windowOf(options, 2), dataFormat };
    const y = convolve2d(input, kernelOf(input, shape, options), window);
    return finish(y, filters, options, dataFormat);
  });
}

/** Convolution of [batch, depth, height, width, channels]; as conv2d with one dim more. */
export function conv3d<D extends FloatDType>(
  x: LayerInput<D>,
  filters: number,
  kernelSize: Sizes,
  options: Conv3dOptions<NoInfer<D>> = {},
): Tensor<D> {
  checkKeys('conv3d', options, [...kernelKeys, ...windowKeys, 'groups', 'dataFormat']);
  const { dataFormat = 'NDHWC' } = options;
  const what = { kind: 'conv3d', spatial: 3, channelsFirst: dataFormat === 'NCDHW' };
  const { input, shape } = prepare(x, filters, kernelSize, options, what);
  return inLayer(what.kind, input, options, () => {
    const window = { ...windowOf(options, 3), dataFormat };
    const y = convolve3d(input, kernelOf(input, shape, options), window);
    return finish(y, filters, options, dataFormat);
  });
}
