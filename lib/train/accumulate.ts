import { constant } from '../constant.js';
import { cond } from '../control/cond.js';
import type { FloatDType } from '../dtype.js';
import { invalidArgument } from '../errors.js';
import { identity, zerosLike } from '../generated/array.js';
import { cast, equal, mod, mul } from '../generated/math.js';
import type { Graph } from '../graph.js';
import { variable } from '../makeVariable.js';
import type { Operation } from '../operation.js';
import type { Tensor } from '../tensor.js';
import type { Variable } from '../variable.js';
import {
  type ComputeGradientsOptions,
  type GradientPair,
  type MovingPair,
  Optimizer,
} from './optimizer.js';
import { outside, Slots, slotDType } from './slots.js';

/** Lets another optimizer make one step, by the mean gradient, for every so many steps of its own. */
class Accumulated extends Optimizer {
  readonly name: string;
  readonly #inner: Optimizer;
  readonly #every: number;
  readonly #slots = new Slots();
  #count: Variable<'int64'> | undefined;

  constructor(inner: Optimizer, every: number) {
    super();
    if (!(inner instanceof Optimizer)) throw invalidArgument('optimizer', 'an optimizer', inner);
    if (!(Number.isSafeInteger(every) && every > 0)) {
      throw invalidArgument('every', 'a positive integer', every);
    }
    this.#inner = inner;
    this.#every = every;
    this.name = `Accumulated${inner.name}`;
  }

  override computeGradients(loss: Tensor, options?: ComputeGradientsOptions): GradientPair[] {
    return this.#inner.computeGradients(loss, options);
  }

  protected apply(pairs: readonly MovingPair[]): Operation[] {
    const { graph } = pairs[0]!.variable;
    const sums = pairs.map(({ variable }) => this.#slots.ensure(variable, this.name, 'sum', 0));
    const added = sums.map(
      (sum, i) => sum.assignAdd(cast(pairs[i]!.gradient, slotDType(sum.dtype))).op,
    );
    const count = this.#counter(graph).assignAdd(1n, { controlInputs: added });
    const due = equal(mod(count, BigInt(this.#every)), 0n);
    const step = () => {
      const means = sums.map((sum, i) => {
        const total = sum.read() as Tensor<'float32' | 'float64'>;
        const { dtype } = pairs[i]!.gradient;
        return cast(mul(total, 1 / this.#every), dtype) as Tensor<FloatDType>;
      });
      const moved = this.#inner.applyGradients(
        pairs.map(({ variable }, i) => ({ variable, gradient: means[i]! })),
      );
      const cleared = sums.map((sum) =>
        sum.assign(zerosLike(sum.read()), { controlInputs: [moved] }),
      );
      return identity(constant(true), { controlInputs: cleared.map(({ op }) => op) });
    };
    return [count.op, cond(due, step, () => constant(false), { name: 'step' }).op];
  }

  #counter(graph: Graph): Variable<'int64'> {
    this.#count ??= outside(graph, () =>
      variable(0n, { dtype: 'int64', name: `${this.name}/count`, trainable: false }),
    );
    return this.#count;
  }
}

/**
 * An optimizer that adds up the gradients of `every` steps and then lets `optimizer` make one step
 * by their mean: large batches in little memory.
 */
export function accumulate(optimizer: Optimizer, every: number): Optimizer {
  return new Accumulated(optimizer, every);
}
