import { checkKeys } from '../../attrs.js';
import { invalidArgument } from '../../errors.js';
import { cast, divNoNan, greater, mean, mul, add as plus, sum } from '../../generated/math.js';
import { targetGraph } from '../../subgraph.js';
import type { Tensor } from '../../tensor.js';
import { type Countable, indicesOf, type Numbers, numbersAs } from '../checks.js';
import { checkSameShape } from '../losses/arguments.js';
import { oneHots } from './classes.js';
import { type Metric, type MetricOptions, metricKeys, streaming, weightsOf } from './streaming.js';

export interface PrecisionOptions extends MetricOptions {
  /** Of two classes: predictions above it count as positive; default: 0.5. */
  readonly threshold?: number | undefined;
  /** How many classes there are; labels and predictions are then integers in [0, classes). */
  readonly classes?: number | undefined;
  /**
   * Of several classes: the mean over classes ('macro', the default), that weighted by how often
   * each is a label ('weighted'), that of all examples together ('micro'), or each ('none').
   */
  readonly average?: 'macro' | 'weighted' | 'micro' | 'none' | undefined;
}

type Sum = Tensor<'float64'>;

/** Examples that are positive and were taken for it; that were taken for it; that are. */
interface Counts {
  readonly hits: Sum;
  readonly taken: Sum;
  readonly actual: Sum;
}

/** The share of examples taken for positive that are positive, 0 where none is taken for it. */
export function precision(
  labels: Numbers,
  predictions: Tensor<Countable>,
  options: PrecisionOptions = {},
): Metric {
  checkKeys('precision', options, [...metricKeys, 'threshold', 'classes', 'average']);
  return counted('precision', labels, predictions, options, ({ hits, taken }) =>
    divNoNan(hits, taken),
  );
}

/** The share of positive examples that are taken for it, 0 where there is none. */
export function recall(
  labels: Numbers,
  predictions: Tensor<Countable>,
  options: PrecisionOptions = {},
): Metric {
  checkKeys('recall', options, [...metricKeys, 'threshold', 'classes', 'average']);
  return counted('recall', labels, predictions, options, ({ hits, actual }) =>
    divNoNan(hits, actual),
  );
}

/** The harmonic mean of precision and recall. */
export function f1(
  labels: Numbers,
  predictions: Tensor<Countable>,
  options: PrecisionOptions = {},
): Metric {
  checkKeys('f1', options, [...metricKeys, 'threshold', 'classes', 'average']);
  return counted('f1', labels, predictions, options, ({ hits, taken, actual }) =>
    divNoNan(mul(hits, 2), plus(taken, actual)),
  );
}

function counted(
  kind: string,
  labels: Numbers,
  predictions: Tensor<Countable>,
  options: PrecisionOptions,
  figure: (counts: Counts) => Sum,
): Metric {
  const { classes, average = 'macro' } = options;
  if (classes === undefined) {
    return streaming(kind, predictions, options, () => ofTwo(labels, predictions, options), figure);
  }
  const batch = () => {
    const ids = indicesOf(labels, 'labels', targetGraph(predictions.graph));
    const { y, p, w } = oneHots(ids, predictions, classes, options);
    const down = (x: Sum) => sum(mul(x, w), [0]);
    return { hits: down(mul(y, p)), taken: down(p), actual: down(y) };
  };
  return streaming(kind, predictions, options, batch, averaged(average, figure));
}

function ofTwo(labels: Numbers, predictions: Tensor<Countable>, options: PrecisionOptions): Counts {
  const { threshold = 0.5 } = options;
  const scores = numbersAs(predictions, 'float64', 'predictions');
  const y = numbersAs(labels, 'float64', 'labels', targetGraph(predictions.graph));
  checkSameShape(y, scores, 'predictions');
  const p = cast(greater(scores, threshold), 'float64');
  const w = weightsOf(p, options);
  const total = (x: Sum) => sum(mul(x, w));
  return { hits: total(mul(y, p)), taken: total(p), actual: total(y) };
}

function averaged(average: unknown, figure: (counts: Counts) => Sum): (counts: Counts) => Sum {
  if (average === 'none') return figure;
  if (average === 'macro') return (counts) => mean(figure(counts));
  if (average === 'micro') {
    return ({ hits, taken, actual }) =>
      figure({ hits: sum(hits), taken: sum(taken), actual: sum(actual) });
  }
  if (average === 'weighted') {
    return (counts) => divNoNan(sum(mul(figure(counts), counts.actual)), sum(counts.actual));
  }
  throw invalidArgument('average', "'macro', 'weighted', 'micro' or 'none'", average);
}
