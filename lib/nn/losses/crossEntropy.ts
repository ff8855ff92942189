import { checkKeys } from '../../attrs.js';
import type { FloatDType } from '../../dtype.js';
import { invalidArgument } from '../../errors.js';
import {
  concat,
  reshape,
  shape as shapeOf,
  slice,
  stopGradient,
  zerosLike,
} from '../../generated/array.js';
import {
  add,
  cast,
  exp,
  greaterEqual,
  log,
  log1p,
  logSumExp,
  mean,
  mul,
  neg,
  notEqual,
  select,
  sub,
} from '../../generated/math.js';
import {
  softmaxCrossEntropyWithLogits,
  sparseSoftmaxCrossEntropyWithLogits,
} from '../../generated/nn.js';
import type { Operand } from '../../op.js';
import { targetGraph } from '../../subgraph.js';
import type { Tensor } from '../../tensor.js';
import {
  failure,
  floatTensor,
  indicesOf,
  knownDim,
  type LayerInput,
  type Numbers,
  numbersAs,
  shapeOfRank,
} from '../checks.js';
import { likeRows } from '../layer.js';
import { inLoss, pair } from './arguments.js';
import { fitted, type LossOptions, lossKeys, weighted } from './weighted.js';

export interface SmoothedOptions extends LossOptions {
  /** The share of each label that is spread over all classes; default: 0. */
  readonly labelSmoothing?: number | undefined;
}

function smoothingOf({ labelSmoothing = 0 }: SmoothedOptions): number {
  if (labelSmoothing >= 0 && labelSmoothing <= 1) return labelSmoothing;
  throw invalidArgument('labelSmoothing', 'a number in [0, 1]', labelSmoothing);
}

/** x [..., n] as [rows, n], also where n is not known. */
function rowsOf<D extends FloatDType>(x: Tensor<D>): Tensor<D> {
  const n = x.shape!.at(-1);
  if (x.rank === 2) return x;
  if (typeof n === 'number' && n > 0) return reshape(x, [-1, n]);
  return reshape(x, concat([[-1], slice(shapeOf(x), [x.rank! - 1], [1])], 0));
}

/** Losses [rows] with the dims of x but for the last. */
function lossesLike<D extends FloatDType>(losses: Tensor<D>, x: Tensor<D>): Tensor<D> {
  return x.rank === 2 ? losses : likeRows(losses, x);
}

/**
 * -sum of label log softmax(logits) over the last dim: labels are distributions, such as one-hot
 * vectors, of the shape of logits [..., classes]; the losses have the shape [...]. With smoothing
 * labels become label (1 - s) + s / classes. No gradient goes to the labels.
 */
export function softmaxCrossEntropy<D extends FloatDType>(
  labels: Numbers,
  logits: LayerInput<D>,
  options: SmoothedOptions = {},
): Tensor<D> {
  checkKeys('softmaxCrossEntropy', options, [...lossKeys, 'labelSmoothing']);
  const { y, p } = pair(labels, logits, 'logits');
  shapeOfRank(p, 'logits', 2, Number.POSITIVE_INFINITY);
  const smoothing = smoothingOf(options);
  return inLoss('softmax_cross_entropy_loss', options.name, p, () => {
    const share = smoothing === 0 ? 0 : smoothing / knownDim(p, 'logits', -1);
    const smooth = smoothing === 0 ? y : add(mul(y, 1 - smoothing), share);
    const { loss } = softmaxCrossEntropyWithLogits(rowsOf(p), rowsOf(stopGradient(smooth)));
    return weighted(lossesLike(loss, p), options);
  });
}

export interface SparseOptions extends SmoothedOptions {
  /** A label that stands for none: its losses and weights are 0. */
  readonly ignoreLabel?: number | undefined;
}

/**
 * -log softmax(logits) of the class that each label names: labels [...], integers in [0, classes),
 * for logits [..., classes]. A run with a label out of range is INVALID_ARGUMENT.
 */
export function sparseSoftmaxCrossEntropy<D extends FloatDType>(
  labels: Operand<'int32' | 'int64'>,
  logits: LayerInput<D>,
  options: SparseOptions = {},
): Tensor<D> {
  checkKeys('sparseSoftmaxCrossEntropy', options, [...lossKeys, 'labelSmoothing', 'ignoreLabel']);
  const p = floatTensor(logits, 'logits');
  const smoothing = smoothingOf(options);
  shapeOfRank(p, 'logits', 2, Number.POSITIVE_INFINITY);
  const classes = integersFor(labels, p);
  const { ignoreLabel } = options;
  return inLoss('sparse_softmax_cross_entropy_loss', options.name, p, () => {
    if (ignoreLabel === undefined) {
      return weighted(sparseLosses(classes, p, smoothing), options);
    }
    const counts = notEqual(classes, ignoreLabel);
    const losses = sparseLosses(select(counts, classes, zerosLike(classes)), p, smoothing);
    const own = numbersAs(options.weights ?? 1, p.dtype, 'weights', targetGraph(p.graph));
    const weights = mul(fitted(own, losses), cast(counts, p.dtype));
    return weighted(losses, { ...options, weights });
  });
}

function sparseLosses<D extends FloatDType>(
  labels: Tensor<'int32' | 'int64'>,
  logits: Tensor<D>,
  smoothing: number,
): Tensor<D> {
  const flat = logits.rank === 2 ? labels : reshape(labels, [-1]);
  const rows = rowsOf(logits);
  const { loss } = sparseSoftmaxCrossEntropyWithLogits(rows, flat);
  if (smoothing === 0) return lossesLike(loss, logits);
  // What the smoothed label, a share for each class, adds: the mean of all -log softmax.
  const spread = sub(logSumExp(rows, [-1]), mean(rows, [-1]));
  return lossesLike(add(mul(loss, 1 - smoothing), mul(spread, smoothing)), logits);
}

function integersFor(
  labels: Operand<'int32' | 'int64'>,
  logits: Tensor,
): Tensor<'int32' | 'int64'> {
  const given = indicesOf(labels, 'labels', targetGraph(logits.graph));
  const [wanted, rank] = [logits.rank! - 1, given.rank];
  if (rank !== null && rank !== wanted) {
    throw failure(`Expected labels of ${wanted} dims, one less than logits, but received ${rank}`);
  }
  return given;
}

/**
 * Cross entropy of independent probabilities sigmoid(logit) and labels in [0, 1], of the same
 * shape: max(x, 0) - x z + log(1 + e^-|x|). With smoothing labels become label (1 - s) + s / 2.
 */
export function sigmoidCrossEntropy<D extends FloatDType>(
  labels: Numbers,
  logits: LayerInput<D>,
  options: SmoothedOptions = {},
): Tensor<D> {
  checkKeys('sigmoidCrossEntropy', options, [...lossKeys, 'labelSmoothing']);
  const { y, p } = pair(labels, logits, 'logits');
  const smoothing = smoothingOf(options);
  return inLoss('sigmoid_cross_entropy_loss', options.name, p, () => {
    const z = smoothing === 0 ? y : add(mul(y, 1 - smoothing), smoothing / 2);
    // Selected by the sign, so that the slope at 0 is that of the sigmoid.
    const positive = greaterEqual(p, 0);
    const [top, falling] = [select(positive, p, 0), select(positive, neg(p), p)];
    return weighted(add(sub(top, mul(p, z)), log1p(exp(falling))), options);
  });
}

export interface LogLossOptions extends LossOptions {
  /** Added to the probabilities before the logarithm; default: 1e-7. */
  readonly epsilon?: number | undefined;
}

/**
 * Cross entropy of probabilities and labels in [0, 1]: -z log(p + e) - (1 - z) log(1 - p + e).
 * Where there are logits, sigmoidCrossEntropy is more exact.
 */
export function logLoss<D extends FloatDType>(
  labels: Numbers,
  predictions: LayerInput<D>,
  options: LogLossOptions = {},
): Tensor<D> {
  checkKeys('logLoss', options, [...lossKeys, 'epsilon']);
  const { y, p } = pair(labels, predictions);
  const { epsilon = 1e-7 } = options;
  return inLoss('log_loss', options.name, p, () => {
    const yes = mul(y, log(add(p, epsilon)));
    const no = mul(sub(1, y), log(add(sub(1, p), epsilon)));
    return weighted(neg(add(yes, no)), options);
  });
}
