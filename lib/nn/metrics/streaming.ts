import { group } from '../../control/group.js';
import { zeros as zeroTensor } from '../../fills.js';
import { broadcastTo, shape as shapeOf } from '../../generated/array.js';
import { divNoNan, mul, sum } from '../../generated/math.js';
import type { Operation } from '../../operation.js';
import { outermost, targetGraph } from '../../subgraph.js';
import type { Tensor } from '../../tensor.js';
import type { Variable } from '../../variable.js';
import { type Numbers, numbersAs } from '../checks.js';
import { getVariable } from '../getVariable.js';
import { zeros } from '../initializers/simple.js';
import { fitted } from '../losses/weighted.js';
import { variableScope } from '../scope.js';

/**
 * A figure over all batches seen: run `update` for each batch, fetch `value` when wanted, run
 * `reset` before the next pass. A type and no interface, so that a session can fetch it.
 */
export type Metric = {
  /** What the batches so far give; in the run of an update, without its batch. */
  readonly value: Tensor<'float64'>;
  /** Adds the batch; the result is the value with it. */
  readonly update: Tensor<'float64'>;
  /** Forgets all batches. */
  readonly reset: Operation;
};

/** What every metric takes. */
export interface MetricOptions {
  /** Factors of the examples; broadcast as those of losses. Default: 1. */
  readonly weights?: Numbers | undefined;
  /** The variable scope of its sums; default: the metric's own name, made unique. */
  readonly name?: string | undefined;
}

/** The options of every metric, for checks. */
export const metricKeys = ['weights', 'name'] as const;

type Sum = Tensor<'float64'>;

/**
 * A metric whose state are sums over the batches: float64 variables of the shapes of what `batch`
 * gives, which are not trainable and which the graph's initializer sets to 0.
 */
export function streaming<K extends string>(
  kind: string,
  like: Tensor,
  options: MetricOptions,
  batch: () => { readonly [P in K]: Sum },
  value: (sums: { readonly [P in K]: Sum }) => Sum,
): Metric;
export function streaming(
  kind: string,
  like: Tensor,
  options: MetricOptions,
  batch: () => Readonly<Record<string, Sum>>,
  value: (sums: Readonly<Record<string, Sum>>) => Sum,
): Metric {
  const graph = targetGraph(like.graph);
  return variableScope(options.name ?? null, { defaultName: kind, graph }, () => {
    const state = Object.entries(batch()).map(([name, added]) => {
      const shape = added.shape!.map((dim) => dim!);
      const variable = getVariable<'float64'>(name, {
        shape,
        dtype: 'float64',
        initializer: zeros(),
        trainable: false,
        graph: outermost(graph),
      });
      return { name, shape, added, variable };
    });
    const from = (read: (part: { added: Sum; variable: Variable<'float64'> }) => Sum) =>
      value(Object.fromEntries(state.map((part) => [part.name, read(part)])));
    // The reads of the value come first, so that an update in the same run does not touch it.
    const before = from(({ variable }) => variable.read());
    const update = from(({ variable, added }) => variable.assignAdd(added));
    const cleared = state.map(({ variable, shape }) =>
      variable.assign(zeroTensor(shape, { dtype: 'float64', graph })),
    );
    return { value: before, update, reset: group(cleared, { name: 'reset' }) };
  });
}

/** The weights of examples, broadcast to them. */
export function weightsOf(examples: Tensor<'float64'>, { weights = 1 }: MetricOptions): Sum {
  const given = numbersAs(weights, 'float64', 'weights', targetGraph(examples.graph));
  return broadcastTo(fitted(given, examples), shapeOf(examples));
}

/** The weighted mean of what `examples` gives. */
export function streamingMean(
  kind: string,
  like: Tensor,
  options: MetricOptions,
  examples: () => Tensor<'float64'>,
): Metric {
  const batch = () => {
    const values = examples();
    const weights = weightsOf(values, options);
    return { total: sum(mul(values, weights)), count: sum(weights) };
  };
  return streaming(kind, like, options, batch, ({ total, count }) => divNoNan(total, count));
}
