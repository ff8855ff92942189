import { checkKeys } from '../../attrs.js';
import type { FloatDType } from '../../dtype.js';
import { invalidArgument } from '../../errors.js';
import { broadcastTo, expandDims, shape as shapeOf, size, squeeze } from '../../generated/array.js';
import { cast, divNoNan, mul, notEqual, sum } from '../../generated/math.js';
import { formatShape } from '../../shape.js';
import { targetGraph } from '../../subgraph.js';
import type { Tensor } from '../../tensor.js';
import { failure, type Numbers, numbersAs } from '../checks.js';

/**
 * What becomes of the weighted losses: all of them ('none'), their sum, their sum by that of the
 * weights ('mean'), by the number of losses ('sumOverBatchSize'), or by the number of losses whose
 * weight is not 0 ('sumByNonzeroWeights'). A quotient by 0 is 0.
 */
export type Reduction = 'none' | 'sum' | 'mean' | 'sumOverBatchSize' | 'sumByNonzeroWeights';

/** What every loss takes. */
export interface LossOptions {
  /**
   * Factors of the losses: a scalar, or with as many dims as the losses, each theirs or 1; a last
   * dim of 1 may be missing or too many. Default: 1.
   */
  readonly weights?: Numbers | undefined;
  /** Default: 'sumByNonzeroWeights'. */
  readonly reduction?: Reduction | undefined;
  /** The name scope; default: the loss's own name. */
  readonly name?: string | undefined;
}

/** The options of every loss, for checks. */
export const lossKeys = ['weights', 'reduction', 'name'] as const;

/** The losses times their weights, reduced: what every loss ends with, for losses of one's own. */
export function weightedLoss<D extends FloatDType>(
  losses: Tensor<D>,
  options: LossOptions = {},
): Tensor<D> {
  checkKeys('weightedLoss', options, lossKeys);
  return weighted(losses, options);
}

/** The same with the options of a loss, of which others were looked at already. */
export function weighted<D extends FloatDType>(losses: Tensor<D>, options: LossOptions): Tensor<D> {
  const { weights = 1, reduction = 'sumByNonzeroWeights' } = options;
  const own = numbersAs(weights, losses.dtype, 'weights', targetGraph(losses.graph));
  const factors = fitted(own, losses);
  const plain = weights === 1;
  const weighted = plain ? losses : mul(losses, factors);
  if (reduction === 'none') return weighted;
  const total = sum(weighted);
  if (reduction === 'sum') return total;
  return divNoNan(total, divisor(losses, plain ? undefined : factors, reduction));
}

function divisor<D extends FloatDType>(
  losses: Tensor<D>,
  weights: Tensor<D> | undefined,
  reduction: Reduction,
): Tensor<D> {
  if (reduction === 'mean' || reduction === 'sumByNonzeroWeights') {
    if (weights === undefined) return countOf(losses);
    const each = reduction === 'mean' ? weights : cast(notEqual(weights, 0), losses.dtype);
    return sum(broadcastTo(each, shapeOf(losses)));
  }
  if (reduction === 'sumOverBatchSize') return countOf(losses);
  const expected = "'none', 'sum', 'mean', 'sumOverBatchSize' or 'sumByNonzeroWeights'";
  throw invalidArgument('reduction', expected, reduction);
}

function countOf<D extends FloatDType>(losses: Tensor<D>): Tensor<D> {
  return cast(size(losses, { outType: 'int64' }), losses.dtype);
}

/** The weights with the rank of the losses, checked as far as the shapes are known. */
export function fitted<D extends FloatDType>(weights: Tensor<D>, losses: Tensor<D>): Tensor<D> {
  const [own, wanted] = [weights.shape, losses.shape];
  if (own === null || wanted === null || own.length === 0) return weights;
  if (own.length === wanted.length + 1 && own.at(-1) === 1) {
    return fitted(squeeze(weights, { squeezeDims: [wanted.length] }), losses);
  }
  if (own.length + 1 === wanted.length) return fitted(expandDims(weights, own.length), losses);
  const fits =
    own.length === wanted.length &&
    own.every((dim, i) => dim === null || wanted[i] === null || dim === 1 || dim === wanted[i]);
  if (fits) return weights;
  throw failure(
    `weights can not be broadcast to values: weights ${formatShape(own)}, ` +
      `losses ${formatShape(wanted)}`,
  );
}
