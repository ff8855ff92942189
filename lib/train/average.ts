import { checkKeys } from '../attrs.js';
import { group } from '../control/group.js';
import type { FloatDType } from '../dtype.js';
import { EngineError, invalidArgument } from '../errors.js';
import { add, cast, div, minimum, sub } from '../generated/math.js';
import { variable } from '../makeVariable.js';
import { addOp } from '../op.js';
import type { Operation } from '../operation.js';
import type { Tensor } from '../tensor.js';
import type { Variable } from '../variable.js';
import { outside, slotDType } from './slots.js';

export interface AverageOptions {
  /** The number of updates done; early on the decay is at most (1 + n) / (10 + n). */
  readonly numUpdates?: Tensor<'int64'> | Variable<'int64'> | undefined;
  readonly name?: string | undefined;
}

/** Moving averages of variables, for evaluating a model with steadier weights. */
export class ExponentialMovingAverage {
  readonly #decay: number;
  readonly #options: AverageOptions;
  readonly #averages = new Map<Variable, Variable>();

  /** @internal */
  constructor(decay: number, options: AverageOptions) {
    if (!(typeof decay === 'number' && decay >= 0 && decay <= 1)) {
      throw invalidArgument('decay', 'a number in [0, 1]', decay);
    }
    this.#decay = decay;
    this.#options = options;
  }

  /**
   * The operation that moves the averages: average -= (1 - decay) * (average - variable). Run it
   * after each step of the optimizer. Averages start from the variables' initial values.
   */
  apply(variables: readonly Variable[]): Operation {
    if (variables.length === 0) throw invalidArgument('variables', 'a list of variables', []);
    const { name = 'ExponentialMovingAverage' } = this.#options;
    const { graph } = variables[0]!;
    const dtypes = [...new Set(variables.map(({ dtype }) => dtype))];
    return graph.nameScope(name, (scope) => {
      const moved = dtypes.map((dtype) =>
        this.#move(
          variables.filter((of) => of.dtype === dtype),
          name,
        ),
      );
      return group(moved, { name: scope });
    });
  }

  #move(variables: readonly Variable[], name: string): Operation {
    const averages = variables.map((of) => this.#ensure(of, name));
    const apart = averages.map((average, i) =>
      sub(average.read() as Tensor<FloatDType>, variables[i]!.read() as Tensor<FloatDType>),
    );
    const rate = this.#rate(slotDType(variables[0]!.dtype));
    const handles = averages.map(({ handle }) => handle);
    return addOp(
      'MultiApplyGradientDescent',
      [handles, rate, apart],
      { N: handles.length },
      { name: 'Apply' },
    );
  }

  #rate(dtype: 'float32' | 'float64'): Tensor | number {
    const { numUpdates } = this.#options;
    if (numUpdates === undefined) return 1 - this.#decay;
    const n = cast(numUpdates, dtype);
    return sub(1, minimum(this.#decay, div(add(n, 1), add(n, 10))));
  }

  #ensure(of: Variable, name: string): Variable {
    const known = this.#averages.get(of);
    if (known) return known;
    const average = outside(of.graph, () =>
      variable(of.initializedValue(), {
        name: `${of.name}/${name}`,
        shape: of.shape,
        trainable: false,
      }),
    );
    this.#averages.set(of, average);
    return average;
  }

  /** The average of a variable that `apply` was called with. */
  average<V extends Variable>(of: V): V {
    const found = this.#averages.get(of);
    if (found) return found as V;
    throw new EngineError(
      'NOT_FOUND',
      `There is no average of variable '${of.name}': apply first.`,
    );
  }

  /** The operation that gives the variables the values of their averages. */
  assignAverages(): Operation {
    const pairs = [...this.#averages];
    return group(pairs.map(([of, average]) => of.assign(average.read())));
  }
}

/** Averages that keep `decay` of themselves at each update, such as 0.999. */
export function exponentialMovingAverage(
  decay: number,
  options: AverageOptions = {},
): ExponentialMovingAverage {
  checkKeys('exponentialMovingAverage', options, ['numUpdates', 'name']);
  return new ExponentialMovingAverage(decay, options);
}
