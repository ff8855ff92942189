import { checkKeys } from '../attrs.js';
import type { FloatDType } from '../dtype.js';
import {
  groupNorm as normalizeGroups,
  instanceNorm as normalizeInstances,
  layerNorm as normalizeLayer,
  rmsNorm as normalizeRms,
} from '../generated/nn.js';
import { checkAxis } from '../shape.js';
import type { Tensor } from '../tensor.js';
import type { Values } from '../value.js';
import type { Variable } from '../variable.js';
import {
  failure,
  floatTensor,
  knownDim,
  type LayerInput,
  positiveInteger,
  shapeOfRank,
} from './checks.js';
import type { VariableInitializer } from './initializers/initializer.js';
import { ones, zeros } from './initializers/simple.js';
import { inLayer, type LayerOptions, layerKeys, parameter } from './layer.js';

/** What normalising layers take. */
export interface NormOptions extends LayerOptions {
  /** Added to the variance. */
  readonly epsilon?: number | undefined;
  /** Whether there is an offset, beta; default: true. */
  readonly center?: boolean | undefined;
  /** Whether there is a factor, gamma; default: true. */
  readonly scale?: boolean | undefined;
  /** Default: zeros. */
  readonly betaInitializer?: VariableInitializer | Tensor | Values | undefined;
  /** Default: ones. */
  readonly gammaInitializer?: VariableInitializer | Tensor | Values | undefined;
}

export const normKeys = [
  ...layerKeys,
  'epsilon',
  'center',
  'scale',
  'betaInitializer',
  'gammaInitializer',
] as const;

/** The variables gamma and beta of a normalising layer on x, null for what it does not have. */
export function gammaAndBeta<D extends FloatDType>(
  x: Tensor<D>,
  shape: readonly number[],
  options: NormOptions,
): { readonly gamma: Variable<D> | null; readonly beta: Variable<D> | null } {
  const { center = true, scale = true, trainable } = options;
  const { betaInitializer = zeros(), gammaInitializer = ones() } = options;
  const make = (name: string, initializer: NormOptions['betaInitializer']) =>
    parameter(name, x, shape, { initializer, trainable });
  return {
    gamma: scale ? make('gamma', gammaInitializer) : null,
    beta: center ? make('beta', betaInitializer) : null,
  };
}

export interface LayerNormOptions extends NormOptions {
  /** The first of the normalised dims, which reach to the last one; default: -1. */
  readonly axis?: number | undefined;
}

/**
 * (x - mean) / sqrt(variance + epsilon) * gamma + beta, with the mean and variance of each element
 * of the batch over the dims from axis on: Ba et al., 2016. Variables gamma and beta of the shape
 * of these dims, which have to be known. epsilon is 1e-5 by default.
 */
export function layerNorm<D extends FloatDType>(
  x: LayerInput<D>,
  options: LayerNormOptions = {},
): Tensor<D> {
  checkKeys('layerNorm', options, [...normKeys, 'axis']);
  const { input, axis, shape } = normalized(x, options.axis);
  return inLayer('layer_norm', input, options, () => {
    const { gamma, beta } = gammaAndBeta(input, shape, options);
    return normalizeLayer(input, gamma, beta, { axis, epsilon: options.epsilon });
  });
}

/** As layerNorm without the mean and beta: Zhang and Sennrich, 2019. */
export function rmsNorm<D extends FloatDType>(
  x: LayerInput<D>,
  options: Omit<LayerNormOptions, 'center' | 'betaInitializer'> = {},
): Tensor<D> {
  checkKeys('rmsNorm', options, [...normKeys, 'axis']);
  const { input, axis, shape } = normalized(x, options.axis);
  return inLayer('rms_norm', input, options, () => {
    const { gamma } = gammaAndBeta(input, shape, { ...options, center: false });
    return normalizeRms(input, gamma, { axis, epsilon: options.epsilon });
  });
}

function normalized<D extends FloatDType>(x: LayerInput<D>, given = -1) {
  const input = floatTensor(x, 'x');
  const { length } = shapeOfRank(input, 'x', 1, Number.POSITIVE_INFINITY);
  const axis = checkAxis(given, length);
  const shape: number[] = [];
  for (let k = axis; k < length; k++) shape.push(knownDim(input, 'x', k));
  return { input, axis, shape };
}

export interface GroupNormOptions extends NormOptions {
  /** Default: "channels_last". */
  readonly dataFormat?: 'channels_last' | 'channels_first' | undefined;
}

/**
 * Normalises each of so many groups of channels of each image by its own mean and variance: Wu and
 * He, 2018. x is [batch, ..., channels]. Variables gamma and beta [channels]. epsilon is 1e-5 by
 * default. INVALID_ARGUMENT unless the groups divide the channels.
 */
export function groupNorm<D extends FloatDType>(
  x: LayerInput<D>,
  groups: number,
  options: GroupNormOptions = {},
): Tensor<D> {
  checkKeys('groupNorm', options, [...normKeys, 'dataFormat']);
  const { input, channels } = channelsOf(x, options);
  positiveInteger(groups, 'groups');
  if (channels % groups !== 0) {
    throw failure(`Expected a divisor of ${channels} channels for groups but received ${groups}`);
  }
  return inLayer('group_norm', input, options, () => {
    const { gamma, beta } = gammaAndBeta(input, [channels], options);
    const { epsilon, dataFormat } = options;
    return normalizeGroups(input, groups, gamma, beta, { epsilon, dataFormat });
  });
}

/** As groupNorm with a group for each channel: Ulyanov et al., 2016. */
export function instanceNorm<D extends FloatDType>(
  x: LayerInput<D>,
  options: GroupNormOptions = {},
): Tensor<D> {
  checkKeys('instanceNorm', options, [...normKeys, 'dataFormat']);
  const { input, channels } = channelsOf(x, options);
  return inLayer('instance_norm', input, options, () => {
    const { gamma, beta } = gammaAndBeta(input, [channels], options);
    const { epsilon, dataFormat } = options;
    return normalizeInstances(input, gamma, beta, { epsilon, dataFormat });
  });
}

function channelsOf<D extends FloatDType>(x: LayerInput<D>, { dataFormat }: GroupNormOptions) {
  const input = floatTensor(x, 'x');
  shapeOfRank(input, 'x', 3, Number.POSITIVE_INFINITY);
  return { input, channels: knownDim(input, 'x', dataFormat === 'channels_first' ? 1 : -1) };
}
