import { checkKeys } from '../attrs.js';
import { cond } from '../control/cond.js';
import type { FloatDType } from '../dtype.js';
import { invalidArgument } from '../errors.js';
import { fill, shape as shapeOf } from '../generated/array.js';
import { cast, greaterEqual, mul, select } from '../generated/math.js';
import { randomUniform } from '../generated/random.js';
import type { Operand } from '../op.js';
import { targetGraph } from '../subgraph.js';
import type { Tensor } from '../tensor.js';
import { floatTensor, type LayerInput } from './checks.js';
import { checkTraining, type Training } from './training.js';

export interface DropoutOptions {
  /** Whether elements are dropped; a tensor decides at each run. */
  readonly training: Training;
  /** Along dims of 1 elements are dropped together; default: the shape of x. */
  readonly noiseShape?: readonly number[] | Operand<'int32' | 'int64'> | undefined;
  readonly seed?: number | undefined;
  readonly name?: string | undefined;
}

/**
 * In training, each element is 0 with probability rate, else x / (1 - rate); outside of it, x:
 * Srivastava et al., 2014. Other elements are dropped at each run.
 */
export function dropout<D extends FloatDType>(
  x: LayerInput<D>,
  rate: number,
  options: DropoutOptions,
): Tensor<D> {
  const input = floatTensor(x, 'x');
  if (!(rate >= 0 && rate < 1)) throw invalidArgument('rate', 'a number in [0, 1)', rate);
  const training = checkTraining(options);
  checkKeys('dropout', options, ['training', 'noiseShape', 'seed', 'name']);
  if (training === false || rate === 0) return input;
  const { noiseShape, seed, name = 'dropout' } = options;
  return targetGraph(input.graph).nameScope(name, () => {
    const dims = noiseShape ?? shapeOf(input);
    const kept = () => greaterEqual(randomUniform(dims, { seed }), rate);
    const scale = 1 / (1 - rate);
    if (training === true) return select(kept(), mul(input, scale), 0);
    const mask = cond(training, kept, () => fill(dims, true));
    return select(mask, mul(input, cast(select(training, scale, 1), input.dtype)), 0);
  });
}
