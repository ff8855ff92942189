export { accumulate } from './accumulate.js';
export {
  type AverageOptions,
  type ExponentialMovingAverage,
  exponentialMovingAverage,
} from './average.js';
export { clipByGlobalNorm, clipByNorm, globalNorm } from './clip.js';
export { type LossScaleOptions, lossScale } from './lossScale.js';
export {
  type ApplyOptions,
  type ComputeGradientsOptions,
  type GradientPair,
  type MinimizeOptions,
  Optimizer,
} from './optimizer.js';
export {
  type AdadeltaOptions,
  type AdagradOptions,
  type AdamOptions,
  adadelta,
  adagrad,
  adam,
  adamW,
  type FtrlOptions,
  ftrl,
  lamb,
  type MomentumOptions,
  momentum,
  nesterov,
  type RmsPropOptions,
  rmsProp,
  sgd,
} from './optimizers.js';
export type { LearningRate, OptimizerOptions, RuleOptimizer } from './ruleOptimizer.js';
export {
  type CosineRestartOptions,
  cosineDecay,
  cosineDecayRestarts,
  type DecayOptions,
  exponentialDecay,
  inverseTimeDecay,
  naturalExpDecay,
  type PolynomialDecayOptions,
  piecewiseConstant,
  polynomialDecay,
  type Schedule,
  warmup,
} from './schedules.js';
