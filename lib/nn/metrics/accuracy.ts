import { checkKeys } from '../../attrs.js';
import { expandDims, gatherElements, reshape } from '../../generated/array.js';
import {
  cast,
  equal,
  isFinite as finite,
  greater,
  less,
  logicalAnd,
  sum,
} from '../../generated/math.js';
import type { Operand } from '../../op.js';
import { targetGraph } from '../../subgraph.js';
import type { Tensor } from '../../tensor.js';
import {
  asFloat,
  type Countable,
  indicesOf,
  type Numbers,
  numbersAs,
  positiveInteger,
  shapeOfRank,
} from '../checks.js';
import { checkSameShape } from '../losses/arguments.js';
import { type Metric, type MetricOptions, metricKeys, streamingMean } from './streaming.js';

/** The weighted mean of values, 0 before the first. */
export function mean(values: Tensor<Countable>, options: MetricOptions = {}): Metric {
  checkKeys('mean', options, metricKeys);
  return streamingMean('mean', values, options, () => numbersAs(values, 'float64', 'values'));
}

/** The share of predictions, such as those of argMax, that equal their labels, of the same shape. */
export function accuracy(
  labels: Numbers,
  predictions: Tensor<Countable>,
  options: MetricOptions = {},
): Metric {
  checkKeys('accuracy', options, metricKeys);
  return streamingMean('accuracy', predictions, options, () => {
    const p = numbersAs(predictions, 'float64', 'predictions');
    const y = numbersAs(labels, 'float64', 'labels', targetGraph(predictions.graph));
    checkSameShape(y, p, 'predictions');
    return cast(equal(y, p), 'float64');
  });
}

/**
 * The share of labels [batch] that are among the k largest of predictions [batch, classes]; a tie
 * counts as being among them, a prediction that is not finite does not.
 */
export function topKAccuracy(
  labels: Operand<'int32' | 'int64'>,
  predictions: Tensor<Countable>,
  k: number,
  options: MetricOptions = {},
): Metric {
  checkKeys('topKAccuracy', options, metricKeys);
  positiveInteger(k, 'k');
  const p = asFloat(predictions, 'predictions');
  shapeOfRank(p, 'predictions', 2);
  return streamingMean('top_k_accuracy', p, options, () => {
    const y = indicesOf(labels, 'labels', targetGraph(p.graph));
    shapeOfRank(y, 'labels', 1);
    const own = gatherElements(p, expandDims(y, 1), { axis: 1 });
    const above = sum(cast(greater(p, own), 'int32'), [1]);
    const sound = finite(reshape(own, [-1]));
    return cast(logicalAnd(less(above, k), sound), 'float64');
  });
}
