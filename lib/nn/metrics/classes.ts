import { checkKeys } from '../../attrs.js';
import { oneHot, reshape } from '../../generated/array.js';
import { assert } from '../../generated/control.js';
import { matMul } from '../../generated/linalg.js';
import { all, cast, greaterEqual, less, logicalAnd, mul } from '../../generated/math.js';
import type { Operand } from '../../op.js';
import { targetGraph } from '../../subgraph.js';
import type { Tensor } from '../../tensor.js';
import { type Countable, indicesOf, positiveInteger } from '../checks.js';
import { checkSameShape } from '../losses/arguments.js';
import { type Metric, type MetricOptions, metricKeys, streaming, weightsOf } from './streaming.js';

type Indices = Operand<'int32' | 'int64'>;

/** Labels and predictions as rows [n, classes] of 0 and 1, and the weights as a column [n, 1]. */
export function oneHots(
  labels: Indices,
  predictions: Tensor<Countable>,
  classes: number,
  options: MetricOptions,
): { readonly y: Tensor<'float64'>; readonly p: Tensor<'float64'>; readonly w: Tensor<'float64'> } {
  positiveInteger(classes, 'classes');
  const graph = targetGraph(predictions.graph);
  const given = indicesOf(labels, 'labels', graph);
  const predicted = indicesOf(predictions, 'predictions');
  checkSameShape(given, predicted, 'predictions');
  const weights = weightsOf(cast(given, 'float64'), options);
  return {
    y: rowsOf(given, classes, 'labels'),
    p: rowsOf(predicted, classes, 'predictions'),
    w: reshape(weights, [-1, 1]),
  };
}

function rowsOf(x: Tensor<'int32' | 'int64'>, classes: number, name: string): Tensor<'float64'> {
  const flat = reshape(x, [-1]);
  const within = all(logicalAnd(greaterEqual(flat, 0), less(flat, classes)));
  const text = `${name} out of range: expected classes in [0, ${classes})`;
  // A class out of range would be in no column, and missing in silence.
  const controlInputs = [assert(within, [text, flat], { summarize: 10 })];
  const [one, zero] = [cast(1, 'float64'), cast(0, 'float64')];
  return oneHot<'float64'>(flat, classes, one, zero, { controlInputs });
}

/**
 * How often each class (row) was taken for each class (column): labels and predictions of one
 * shape, integers in [0, classes); a run with others is INVALID_ARGUMENT. The value is [classes,
 * classes].
 */
export function confusionMatrix(
  labels: Indices,
  predictions: Tensor<Countable>,
  classes: number,
  options: MetricOptions = {},
): Metric {
  checkKeys('confusionMatrix', options, metricKeys);
  const batch = () => {
    const { y, p, w } = oneHots(labels, predictions, classes, options);
    return { counts: matMul(y, mul(p, w), { transposeA: true }) };
  };
  return streaming('confusion_matrix', predictions, options, batch, ({ counts }) => counts);
}
