import { checkKeys } from '../../attrs.js';
import type { FloatDType } from '../../dtype.js';
import { invalidArgument } from '../../errors.js';
import {
  abs,
  add,
  maximum,
  minimum,
  mul,
  square,
  squaredDifference,
  sub,
  sum,
  xlogy,
} from '../../generated/math.js';
import { relu } from '../../generated/nn.js';
import type { Tensor } from '../../tensor.js';
import type { LayerInput, Numbers } from '../checks.js';
import { inLoss, pair } from './arguments.js';
import { type LossOptions, lossKeys, weighted } from './weighted.js';

/** (prediction - label)^2. */
export function meanSquaredError<D extends FloatDType>(
  labels: Numbers,
  predictions: LayerInput<D>,
  options: LossOptions = {},
): Tensor<D> {
  checkKeys('meanSquaredError', options, lossKeys);
  const { y, p } = pair(labels, predictions);
  return inLoss('mean_squared_error', options.name, p, () =>
    weighted(squaredDifference(p, y), options),
  );
}

/** |prediction - label|. */
export function absoluteDifference<D extends FloatDType>(
  labels: Numbers,
  predictions: LayerInput<D>,
  options: LossOptions = {},
): Tensor<D> {
  checkKeys('absoluteDifference', options, lossKeys);
  const { y, p } = pair(labels, predictions);
  return inLoss('absolute_difference', options.name, p, () => weighted(abs(sub(p, y)), options));
}

export interface HuberOptions extends LossOptions {
  /** Where the square ends and the line begins; default: 1. */
  readonly delta?: number | undefined;
}

/** With e = |prediction - label|: e^2 / 2 up to delta, then delta e - delta^2 / 2. */
export function huber<D extends FloatDType>(
  labels: Numbers,
  predictions: LayerInput<D>,
  options: HuberOptions = {},
): Tensor<D> {
  checkKeys('huber', options, [...lossKeys, 'delta']);
  const { y, p } = pair(labels, predictions);
  const { delta = 1 } = options;
  if (!(delta > 0)) throw invalidArgument('delta', 'a positive number', delta);
  return inLoss('huber_loss', options.name, p, () => {
    const error = abs(sub(p, y));
    const near = minimum(error, delta);
    const far = sub(error, near);
    return weighted(add(mul(square(near), 0.5), mul(far, delta)), options);
  });
}

/** max(0, 1 - s logit) where s is 1 for a label of 1 and -1 for a label of 0. */
export function hinge<D extends FloatDType>(
  labels: Numbers,
  logits: LayerInput<D>,
  options: LossOptions = {},
): Tensor<D> {
  checkKeys('hinge', options, lossKeys);
  const { y, p } = pair(labels, logits, 'logits');
  return inLoss('hinge_loss', options.name, p, () => {
    const side = sub(mul(y, 2), 1);
    return weighted(relu(sub(1, mul(side, p))), options);
  });
}

export interface AxisOptions extends LossOptions {
  /** The axis along which vectors lie; default: -1. */
  readonly axis?: number | undefined;
}

/** 1 - the product of two vectors, which the caller has given length 1; the axis stays, as 1. */
export function cosineDistance<D extends FloatDType>(
  labels: Numbers,
  predictions: LayerInput<D>,
  options: AxisOptions = {},
): Tensor<D> {
  checkKeys('cosineDistance', options, [...lossKeys, 'axis']);
  const { y, p } = pair(labels, predictions);
  return inLoss('cosine_distance', options.name, p, () => {
    const product = sum(mul(p, y), [options.axis ?? -1], { keepDims: true });
    return weighted(sub(1, product), options);
  });
}

export interface KlDivergenceOptions extends AxisOptions {
  /** Smaller predictions count as this; default: 1e-7. */
  readonly epsilon?: number | undefined;
}

/** sum of label log(label / prediction) along the axis: how far one distribution is from another. */
export function klDivergence<D extends FloatDType>(
  labels: Numbers,
  predictions: LayerInput<D>,
  options: KlDivergenceOptions = {},
): Tensor<D> {
  checkKeys('klDivergence', options, [...lossKeys, 'axis', 'epsilon']);
  const { y, p } = pair(labels, predictions);
  const { axis = -1, epsilon = 1e-7 } = options;
  return inLoss('kl_divergence', options.name, p, () => {
    const each = sub(xlogy(y, y), xlogy(y, maximum(p, epsilon)));
    return weighted(sum(each, [axis]), options);
  });
}

export interface ContrastiveOptions extends LossOptions {
  /** How far pairs that differ are to be apart; default: 1. */
  readonly margin?: number | undefined;
}

/**
 * For distances d of pairs: d^2 where the label is 1 (alike), max(0, margin - d)^2 where it is 0:
 * Hadsell, Chopra and LeCun, 2006.
 */
export function contrastive<D extends FloatDType>(
  labels: Numbers,
  distances: LayerInput<D>,
  options: ContrastiveOptions = {},
): Tensor<D> {
  checkKeys('contrastive', options, [...lossKeys, 'margin']);
  const { y, p } = pair(labels, distances, 'distances');
  const { margin = 1 } = options;
  return inLoss('contrastive_loss', options.name, p, () => {
    const apart = square(relu(sub(margin, p)));
    return weighted(add(mul(y, square(p)), mul(sub(1, y), apart)), options);
  });
}
