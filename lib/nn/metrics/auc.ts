import { checkKeys } from '../../attrs.js';
import { constant } from '../../constant.js';
import { invalidArgument } from '../../errors.js';
import { reshape, slice, stack, unstack } from '../../generated/array.js';
import { matMul } from '../../generated/linalg.js';
import {
  add,
  cast,
  divNoNan,
  greater,
  log,
  logicalAnd,
  maximum,
  mul,
  select,
  sub,
  sum,
} from '../../generated/math.js';
import { targetGraph } from '../../subgraph.js';
import type { Tensor } from '../../tensor.js';
import { type Countable, type Numbers, numbersAs, positiveInteger } from '../checks.js';
import { checkSameShape } from '../losses/arguments.js';
import { type Metric, type MetricOptions, metricKeys, streaming, weightsOf } from './streaming.js';

export interface AucOptions extends MetricOptions {
  /** Over false positives ('ROC', the default) or precision over recall ('PR'). */
  readonly curve?: 'ROC' | 'PR' | undefined;
  /** How many points of the curve are computed; default: 200. */
  readonly thresholds?: number | undefined;
}

type Sum = Tensor<'float64'>;

/** Positive and negative examples above each threshold, the thresholds rising. */
interface Curve {
  readonly hits: Sum;
  readonly alarms: Sum;
}

/**
 * The area under a curve of how well predictions in [0, 1] tell labels of 1 from labels of 0, of
 * the same shape. Thresholds lie evenly in [0, 1], as in TensorFlow; a ROC curve is made of lines
 * between the points, a PR curve is interpolated as by Davis and Goadrich, 2006. 0 where one kind
 * of label is missing.
 */
export function auc(
  labels: Numbers,
  predictions: Tensor<Countable>,
  options: AucOptions = {},
): Metric {
  checkKeys('auc', options, [...metricKeys, 'curve', 'thresholds']);
  const { curve = 'ROC', thresholds = 200 } = options;
  const count = positiveInteger(thresholds, 'thresholds');
  if (count < 2) throw invalidArgument('thresholds', 'at least 2', thresholds);
  const area = curve === 'ROC' ? underRoc : underPr;
  if (curve !== 'ROC' && curve !== 'PR') throw invalidArgument('curve', "'ROC' or 'PR'", curve);
  const batch = () => counts(labels, predictions, count, options);
  return streaming('auc', predictions, options, batch, (sums) => area(sums, count));
}

function counts(
  labels: Numbers,
  predictions: Tensor<Countable>,
  count: number,
  options: AucOptions,
): Curve {
  const graph = targetGraph(predictions.graph);
  const p = numbersAs(predictions, 'float64', 'predictions');
  const y = numbersAs(labels, 'float64', 'labels', graph);
  checkSameShape(y, p, 'predictions');
  const w = weightsOf(p, options);
  // The outermost ones lie outside of [0, 1], so that all and none are above them.
  const levels = Float64Array.from({ length: count }, (_, i) => i / (count - 1));
  levels[0] = -1e-7;
  levels[count - 1] = 1 + 1e-7;
  const column = constant(levels, { graph, shape: [count, 1] });
  const above = cast(greater(reshape(p, [1, -1]), column), 'float64');
  const flat = (x: Sum) => reshape(x, [-1]);
  const kinds = stack([flat(mul(y, w)), flat(mul(sub(1, y), w))], { axis: 1 });
  const [hits, alarms] = unstack(matMul(above, kinds), 2, { axis: 1 });
  return { hits: hits!.setShape([count]), alarms: alarms!.setShape([count]) };
}

/** The values but for the last, and but for the first. */
function neighbours(x: Sum, count: number): readonly [Sum, Sum] {
  return [slice(x, [0], [count - 1]), slice(x, [1], [count - 1])];
}

function underRoc({ hits, alarms }: Curve, count: number): Sum {
  const rate = (x: Sum) => neighbours(divNoNan(x, slice(x, [0], [1])), count);
  const [high, low] = rate(hits);
  const [right, left] = rate(alarms);
  return sum(mul(sub(right, left), mul(add(high, low), 0.5)));
}

/** The sum over pieces of the integral of precision by recall, with hits linear in the taken. */
function underPr({ hits, alarms }: Curve, count: number): Sum {
  const [more, fewer] = neighbours(hits, count);
  const [taken, left] = neighbours(add(hits, alarms), count);
  const gained = sub(more, fewer);
  const slope = divNoNan(gained, maximum(sub(taken, left), 0));
  const offset = sub(fewer, mul(slope, left));
  const both = logicalAnd(greater(taken, 0), greater(left, 0));
  const ratio = select(both, divNoNan(taken, maximum(left, 0)), 1);
  const areas = mul(slope, add(gained, mul(offset, log(ratio))));
  return sum(divNoNan(areas, slice(hits, [0], [1])));
}
