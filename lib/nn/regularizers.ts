import { getDefaultGraph } from '../defaults.js';
import type { FloatDType } from '../dtype.js';
import { invalidArgument } from '../errors.js';
import { zeros } from '../fills.js';
import { abs, add, addN, mul, square, sum } from '../generated/math.js';
import type { Graph } from '../graph.js';
import { outermost } from '../subgraph.js';
import type { Tensor } from '../tensor.js';
import { failure } from './checks.js';
import { penaltiesOf } from './store.js';

/** A penalty on the value of a variable: a scalar that grows with it. */
export type Regularizer = (value: Tensor<FloatDType>) => Tensor<FloatDType>;

/** scale times the sum of the absolute values. */
export function l1(scale: number): Regularizer {
  const factor = checkScale(scale);
  return (value) => mul(sum(abs(value)), factor);
}

/** scale times the sum of the squares; TensorFlow's l2_loss is l2(0.5). */
export function l2(scale: number): Regularizer {
  const factor = checkScale(scale);
  return (value) => mul(sum(square(value)), factor);
}

/** The sum of both. */
export function l1l2(scale1: number, scale2: number): Regularizer {
  const [one, two] = [l1(scale1), l2(scale2)];
  return (value) => add(one(value), two(value));
}

function checkScale(scale: unknown): number {
  if (typeof scale === 'number' && scale >= 0 && Number.isFinite(scale)) return scale;
  throw invalidArgument('scale', 'a number of at least 0', scale);
}

export interface RegularizationOptions {
  /** Only variables in this variable scope. */
  readonly scope?: string | undefined;
  /** Default: the default graph. */
  readonly graph?: Graph | undefined;
}

/**
 * The sum of what the regularizers of all variables made so far give, to be added to the loss; a
 * float32 0 where there are none.
 */
export function regularizationLoss(options: RegularizationOptions = {}): Tensor<FloatDType> {
  const graph = outermost(options.graph ?? getDefaultGraph());
  const { scope = '' } = options;
  const found: Tensor<FloatDType>[] = [];
  for (const [name, penalty] of penaltiesOf(graph)) {
    if (scope === '' || name.startsWith(`${scope}/`)) found.push(penalty);
  }
  if (found.length === 0) return zeros([], { graph });
  const dtypes = new Set(found.map(({ dtype }) => dtype));
  if (dtypes.size === 1) return addN(found, { name: 'regularization_loss' });
  const several = [...dtypes].join(' and ');
  throw failure(
    `Expected regularized variables of one dtype but received ${several}: give a scope`,
  );
}
