import { type LearningRate, type OptimizerOptions, RuleOptimizer } from './ruleOptimizer.js';

/** Gradient descent: variable -= learning rate * gradient. */
export function sgd(learningRate: LearningRate, options: OptimizerOptions = {}): RuleOptimizer {
  const rule = { type: 'MultiApplyGradientDescent', name: 'SGD', slots: [], byRows: true };
  return new RuleOptimizer(rule, learningRate, options);
}

export interface MomentumOptions extends OptimizerOptions {
  /** How much of the last move stays; default: 0.9. */
  readonly momentum?: number | undefined;
  /** Looks ahead along the move: Sutskever et al., 2013; default: false. */
  readonly nesterov?: boolean | undefined;
}

/** a = momentum * a + gradient; variable -= learning rate * a. */
export function momentum(learningRate: LearningRate, options: MomentumOptions = {}): RuleOptimizer {
  const { momentum: kept = 0.9, nesterov = false } = options;
  const rule = {
    type: 'MultiApplyMomentum',
    options: ['momentum', 'nesterov'],
    byRows: true,
    name: 'Momentum',
    slots: [['accum', 0]] as const,
    attrs: { momentum: kept, use_nesterov: nesterov },
  };
  return new RuleOptimizer(rule, learningRate, options);
}

/** `momentum` with `nesterov: true`. */
export function nesterov(
  learningRate: LearningRate,
  options: Omit<MomentumOptions, 'nesterov'> = {},
): RuleOptimizer {
  return momentum(learningRate, { name: 'Nesterov', ...options, nesterov: true });
}

export interface AdagradOptions extends OptimizerOptions {
  /** What the sums of squares start from; default: 0.1. */
  readonly initialAccumulator?: number | undefined;
  /** Default: 0. */
  readonly epsilon?: number | undefined;
}

/** a += gradient^2; variable -= learning rate * gradient / (sqrt(a) + epsilon). */
export function adagrad(learningRate: LearningRate, options: AdagradOptions = {}): RuleOptimizer {
  const { initialAccumulator = 0.1, epsilon = 0 } = options;
  const rule = {
    type: 'MultiApplyAdagrad',
    options: ['initialAccumulator', 'epsilon'],
    byRows: true,
    name: 'Adagrad',
    slots: [['accum', initialAccumulator]] as const,
    attrs: { epsilon },
  };
  return new RuleOptimizer(rule, learningRate, options);
}

export interface AdadeltaOptions extends OptimizerOptions {
  /** How much of the averages stays; default: 0.95. */
  readonly rho?: number | undefined;
  /** Default: 1e-8. */
  readonly epsilon?: number | undefined;
}

/** Moves by the gradient over its own size times the size of earlier moves: Zeiler, 2012. */
export function adadelta(
  learningRate: LearningRate = 0.001,
  options: AdadeltaOptions = {},
): RuleOptimizer {
  const { rho = 0.95, epsilon = 1e-8 } = options;
  const slots = [
    ['accum', 0],
    ['accum_update', 0],
  ] as const;
  const attrs = { rho, epsilon };
  const rule = {
    options: ['rho', 'epsilon'],
    type: 'MultiApplyAdadelta',
    name: 'Adadelta',
    slots,
    attrs,
    byRows: true,
  };
  return new RuleOptimizer(rule, learningRate, options);
}

export interface RmsPropOptions extends OptimizerOptions {
  /** How much of the average of squares stays; default: 0.9. */
  readonly rho?: number | undefined;
  /** Default: 0. */
  readonly momentum?: number | undefined;
  /** Below the root; default: 1e-10. */
  readonly epsilon?: number | undefined;
  /** Takes the variance of the gradients instead of their mean square; default: false. */
  readonly centered?: boolean | undefined;
}

/** Moves by the gradient over the root of its mean square: Tieleman and Hinton, 2012. */
export function rmsProp(learningRate: LearningRate, options: RmsPropOptions = {}): RuleOptimizer {
  const { rho = 0.9, momentum: kept = 0, epsilon = 1e-10, centered = false } = options;
  const slots = [
    ['ms', centered ? 0 : 1],
    ['mom', 0],
  ] as const;
  const rule = {
    byRows: true,
    options: ['rho', 'momentum', 'epsilon', 'centered'],
    type: centered ? 'MultiApplyCenteredRMSProp' : 'MultiApplyRMSProp',
    name: 'RMSProp',
    slots: centered ? ([...slots, ['mg', 0]] as const) : slots,
    attrs: { rho, momentum: kept, epsilon },
  };
  return new RuleOptimizer(rule, learningRate, options);
}

export interface AdamOptions extends OptimizerOptions {
  /** How much of the average gradient stays; default: 0.9. */
  readonly beta1?: number | undefined;
  /** How much of the average square stays; default: 0.999. */
  readonly beta2?: number | undefined;
  /** Beside the root, outside of the bias correction; default: 1e-8. */
  readonly epsilon?: number | undefined;
  /** Adds the gradient once more to its average: Dozat, 2016; default: false. */
  readonly nesterov?: boolean | undefined;
  /**
   * Whether gradients by slices move the rows that they name alone, and average over the steps that
   * name a row. Default: false; all rows go on moving by their averages.
   */
  readonly lazy?: boolean | undefined;
}

const moments = [
  ['m', 0],
  ['v', 0],
] as const;

/**
 * m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2;
 * variable -= rate sqrt(1 - beta2^t) / (1 - beta1^t) m / (sqrt(v) + epsilon): Kingma and Ba, 2014,
 * in the form before section 2.1.
 */
export function adam(learningRate: LearningRate = 0.001, options: AdamOptions = {}): RuleOptimizer {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, nesterov: ahead = false } = options;
  const { lazy: byRows = false } = options;
  const attrs = { beta1, beta2, epsilon, use_nesterov: ahead };
  const rule = {
    type: 'MultiApplyAdam',
    options: ['beta1', 'beta2', 'epsilon', 'nesterov', 'lazy'],
    name: 'Adam',
    slots: moments,
    counts: true,
    attrs,
    byRows,
  };
  return new RuleOptimizer(rule, learningRate, options);
}

/** Adam with a weight decay of 0.01 unless told otherwise: Loshchilov and Hutter, 2019. */
export function adamW(
  learningRate: LearningRate = 0.001,
  options: AdamOptions = {},
): RuleOptimizer {
  return adam(learningRate, { name: 'AdamW', weightDecay: 0.01, ...options });
}

/**
 * Adam's direction, with the decay in it, as long as the variable: You et al., 2019. epsilon: 1e-6.
 */
export function lamb(
  learningRate: LearningRate = 0.001,
  options: Omit<AdamOptions, 'nesterov' | 'lazy'> = {},
): RuleOptimizer {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-6 } = options;
  const attrs = { beta1, beta2, epsilon };
  const rule = {
    options: ['beta1', 'beta2', 'epsilon'],
    type: 'MultiApplyLamb',
    name: 'Lamb',
    slots: moments,
    counts: true,
    attrs,
  };
  return new RuleOptimizer(rule, learningRate, options);
}

export interface FtrlOptions extends OptimizerOptions {
  /** What the sums of squares start from; default: 0.1. */
  readonly initialAccumulator?: number | undefined;
  /** Strength of the L1 term, which makes weights zero; default: 0. */
  readonly l1?: number | undefined;
  /** Strength of the L2 term; default: 0. */
  readonly l2?: number | undefined;
}

/** Follow the regularized leader, proximal: McMahan et al., 2013. */
export function ftrl(learningRate: LearningRate, options: FtrlOptions = {}): RuleOptimizer {
  const { initialAccumulator = 0.1, l1 = 0, l2 = 0 } = options;
  const slots = [
    ['accum', initialAccumulator],
    ['linear', 0],
  ] as const;
  const rule = {
    options: ['initialAccumulator', 'l1', 'l2'],
    type: 'MultiApplyFtrl',
    name: 'Ftrl',
    slots,
    attrs: { l1, l2 },
    byRows: true,
  };
  return new RuleOptimizer(rule, learningRate, options);
}
