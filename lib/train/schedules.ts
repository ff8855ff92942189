import { checkKeys } from '../attrs.js';
import { constant } from '../constant.js';
import { invalidArgument } from '../errors.js';
import {
  add,
  cast,
  ceil,
  cos,
  div,
  exp,
  floor,
  less,
  log,
  maximum,
  minimum,
  mul,
  pow,
  select,
  sub,
} from '../generated/math.js';
import type { Tensor } from '../tensor.js';

/** A learning rate (float32, rank 0) as a function of the number of steps done (int64, rank 0). */
export type Schedule = (step: Tensor<'int64'>) => Tensor<'float32'>;

export interface DecayOptions {
  /** Over how many steps the rate falls by one period. */
  readonly steps: number;
  /** Whether it falls at the end of each period only. */
  readonly staircase?: boolean | undefined;
}

const scalar = (value: number) => constant(value, { dtype: 'float32' });
const asFloat = (step: Tensor<'int64'>) => cast(step, 'float32');

function periods(
  step: Tensor<'int64'>,
  { steps, staircase = false }: DecayOptions,
): Tensor<'float32'> {
  const passed = div(asFloat(step), steps);
  return staircase ? floor(passed) : passed;
}

/** initial * rate^(step / steps). */
export function exponentialDecay(
  initial: number,
  options: DecayOptions & { readonly rate: number },
): Schedule {
  checkKeys('exponentialDecay', options, ['steps', 'staircase', 'rate']);
  checkPositive({ initial, steps: options?.steps, rate: options?.rate });
  return (step) => mul(initial, pow(scalar(options.rate), periods(step, options)));
}

/** initial * exp(-rate * step / steps). */
export function naturalExpDecay(
  initial: number,
  options: DecayOptions & { readonly rate: number },
): Schedule {
  checkKeys('naturalExpDecay', options, ['steps', 'staircase', 'rate']);
  checkPositive({ initial, steps: options?.steps, rate: options?.rate });
  return (step) => mul(initial, exp(mul(-options.rate, periods(step, options))));
}

/** initial / (1 + rate * step / steps). */
export function inverseTimeDecay(
  initial: number,
  options: DecayOptions & { readonly rate: number },
): Schedule {
  checkKeys('inverseTimeDecay', options, ['steps', 'staircase', 'rate']);
  checkPositive({ initial, steps: options?.steps, rate: options?.rate });
  return (step) => div(initial, add(1, mul(options.rate, periods(step, options))));
}

export interface PolynomialDecayOptions {
  readonly steps: number;
  /** What the rate ends at; default: 0.0001. */
  readonly end?: number | undefined;
  /** Default: 1, a straight line. */
  readonly power?: number | undefined;
  /** Starts anew from `end` upwards with a period that grows, as in TensorFlow; default: false. */
  readonly cycle?: boolean | undefined;
}

/** (initial - end) * (1 - min(step, steps) / steps)^power + end. */
export function polynomialDecay(initial: number, options: PolynomialDecayOptions): Schedule {
  checkKeys('polynomialDecay', options, ['steps', 'end', 'power', 'cycle']);
  const { steps, end = 1e-4, power = 1, cycle = false } = options ?? {};
  checkPositive({ initial, steps, power });
  return (step) => {
    const at = asFloat(step);
    const whole = cycle ? mul(steps, maximum(1, ceil(div(at, steps)))) : scalar(steps);
    const left = sub(1, div(minimum(at, whole), whole));
    return add(mul(initial - end, pow(left, power)), end);
  };
}

/** From initial along half a cosine to initial * alpha (default: 0). Loshchilov, Hutter, 2017. */
export function cosineDecay(
  initial: number,
  options: { readonly steps: number; readonly alpha?: number | undefined },
): Schedule {
  checkKeys('cosineDecay', options, ['steps', 'alpha']);
  const { steps, alpha = 0 } = options ?? {};
  checkPositive({ initial, steps });
  return (step) => {
    const share = div(minimum(asFloat(step), steps), steps);
    return mul(initial, halfCosine(share, alpha));
  };
}

function halfCosine(share: Tensor<'float32'>, alpha: number): Tensor<'float32'> {
  const wave = mul(0.5, add(1, cos(mul(Math.PI, share))));
  return add(mul(1 - alpha, wave), alpha);
}

export interface CosineRestartOptions {
  /** The steps of the first period. */
  readonly steps: number;
  /** How much longer each period is than the one before; default: 2. */
  readonly longer?: number | undefined;
  /** How much of the rate each period starts from; default: 1. */
  readonly lower?: number | undefined;
  /** What share of its rate a period ends at; default: 0. */
  readonly alpha?: number | undefined;
}

/** cosineDecay again and again: SGDR, Loshchilov and Hutter, 2017. */
export function cosineDecayRestarts(initial: number, options: CosineRestartOptions): Schedule {
  checkKeys('cosineDecayRestarts', options, ['steps', 'longer', 'lower', 'alpha']);
  const { steps, longer = 2, lower = 1, alpha = 0 } = options ?? {};
  checkPositive({ initial, steps, longer, lower });
  return (step) => {
    const passed = div(asFloat(step), steps);
    if (longer === 1) {
      const period = floor(passed);
      const high = mul(initial, pow(scalar(lower), period));
      return mul(high, halfCosine(sub(passed, period), alpha));
    }
    // Period i begins after (1 - longer^i) / (1 - longer) first periods.
    const period = floor(div(log(sub(1, mul(passed, 1 - longer))), Math.log(longer)));
    const length = pow(scalar(longer), period);
    const share = div(sub(passed, div(sub(1, length), 1 - longer)), length);
    return mul(mul(initial, pow(scalar(lower), period)), halfCosine(share, alpha));
  };
}

/** values[i] up to and at boundaries[i] steps, the last value after them all. */
export function piecewiseConstant(
  boundaries: readonly number[],
  values: readonly number[],
): Schedule {
  if (!Array.isArray(boundaries) || !boundaries.every((b, i) => i === 0 || b > boundaries[i - 1])) {
    throw invalidArgument('boundaries', 'a list of increasing numbers', boundaries);
  }
  if (!Array.isArray(values) || values.length !== boundaries.length + 1) {
    throw invalidArgument('values', `a list of ${boundaries.length + 1} numbers`, values);
  }
  return (step) => {
    let rate: Tensor<'float32'> = scalar(values[boundaries.length]!);
    for (let i = boundaries.length - 1; i >= 0; i--) {
      const past = less(constant(BigInt(boundaries[i]!), { dtype: 'int64' }), step);
      rate = select(past, rate, scalar(values[i]!));
    }
    return rate;
  };
}

/** Up from 0 in a straight line over `steps` steps, then as `then` says, from its own beginning. */
export function warmup(steps: number, then: number | Schedule): Schedule {
  checkPositive({ steps });
  return (step) => {
    const after = maximum(sub(step, constant(BigInt(steps), { dtype: 'int64' })), 0n);
    const rate = typeof then === 'number' ? scalar(then) : then(after);
    return mul(rate, minimum(1, div(asFloat(add(step, 1n)), steps)));
  };
}

function checkPositive(values: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (typeof value !== 'number' || !(value > 0)) {
      throw invalidArgument(name, 'a positive number', value);
    }
  }
}
