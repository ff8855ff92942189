import { checkKeys } from '../attrs.js';
import { cond } from '../control/cond.js';
import type { FloatDType } from '../dtype.js';
import { invalidArgument } from '../errors.js';
import { identity, onesLike, stack } from '../generated/array.js';
import {
  all,
  cast,
  div,
  equal,
  isFinite as finite,
  maximum,
  minimum,
  mod,
  mul,
  select,
} from '../generated/math.js';
import type { Graph } from '../graph.js';
import { onRows, rowsOf } from '../indexedSlices.js';
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
import { outside } from './slots.js';

export interface LossScaleOptions {
  /** Default: 2^15. */
  readonly initial?: number | undefined;
  /** After how many steps in a row with finite gradients the scale grows; default: 2000. */
  readonly growthInterval?: number | undefined;
  /** By what it grows, and shrinks when a gradient is not finite; default: 2. */
  readonly factor?: number | undefined;
}

interface ScaleState {
  readonly scale: Variable<'float32'>;
  readonly good: Variable<'int64'>;
}

const least = 2 ** -14;
const most = 2 ** 24;

/** Multiplies the loss, so that gradients of half types do not vanish: Micikevicius et al., 2018. */
class LossScaled extends Optimizer {
  readonly name: string;
  readonly #inner: Optimizer;
  readonly #options: Required<{ [K in keyof LossScaleOptions]: number }>;
  #state: ScaleState | undefined;

  constructor(inner: Optimizer, options: LossScaleOptions) {
    super();
    if (!(inner instanceof Optimizer)) throw invalidArgument('optimizer', 'an optimizer', inner);
    const { initial = 2 ** 15, growthInterval = 2000, factor = 2 } = options;
    if (!(initial > 0)) throw invalidArgument('initial', 'a positive number', initial);
    if (!(Number.isSafeInteger(growthInterval) && growthInterval > 0)) {
      throw invalidArgument('growthInterval', 'a positive integer', growthInterval);
    }
    if (!(factor > 1)) throw invalidArgument('factor', 'a number above 1', factor);
    this.#inner = inner;
    this.#options = { initial, growthInterval, factor };
    this.name = `Scaled${inner.name}`;
  }

  /** The gradients of the loss itself: what was scaled up is scaled down again. */
  override computeGradients(loss: Tensor, options: ComputeGradientsOptions = {}): GradientPair[] {
    const { scale } = this.#stateOf(loss.graph);
    const read = scale.read();
    const start = options.gradLoss ?? onesLike(loss as Tensor<FloatDType>);
    const gradLoss = mul(start, cast(read, start.dtype));
    const pairs = this.#inner.computeGradients(loss, { ...options, gradLoss });
    return pairs.map(({ gradient, variable }) => ({
      gradient: gradient && onRows(gradient, (rows) => div(rows, cast(read, rows.dtype))),
      variable,
    }));
  }

  /** Moves nothing when a gradient is not finite. */
  protected apply(pairs: readonly MovingPair[]): Operation[] {
    const { scale, good } = this.#stateOf(pairs[0]!.variable.graph);
    const { growthInterval, factor } = this.#options;
    const whole = all(stack(pairs.map(({ gradient }) => all(finite(rowsOf(gradient))))));
    const step = () => {
      const moved = this.#inner.applyGradients(pairs);
      const count = good.assignAdd(1n);
      const due = equal(mod(count, BigInt(growthInterval)), 0n);
      const larger = minimum(mul(scale.read(), factor), most);
      const next = scale.assign(select(due, larger, scale.read()));
      return identity(next, { controlInputs: [moved] });
    };
    const skip = () => {
      const shrunk = scale.assign(maximum(div(scale.read(), factor), least));
      return identity(shrunk, { controlInputs: [good.assign(0n)] });
    };
    return [cond(whole, step, skip, { name: 'step' }).op];
  }

  #stateOf(graph: Graph): ScaleState {
    this.#state ??= outside(graph, () => ({
      scale: variable(this.#options.initial, {
        dtype: 'float32',
        name: `${this.name}/scale`,
        trainable: false,
      }),
      good: variable(0n, { dtype: 'int64', name: `${this.name}/good_steps`, trainable: false }),
    }));
    return this.#state;
  }
}

/**
 * An optimizer for models that compute in float16: it multiplies the loss by a scale that grows
 * while all gradients stay finite, and skips the step and shrinks the scale when one does not.
 */
export function lossScale(optimizer: Optimizer, options: LossScaleOptions = {}): Optimizer {
  checkKeys('lossScale', options, ['initial', 'growthInterval', 'factor']);
  return new LossScaled(optimizer, options);
}
