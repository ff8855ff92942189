import '../generated/methods.js';

export { accumulate } from './accumulate.js';
export {
  type AverageOptions,
  type ExponentialMovingAverage,
  exponentialMovingAverage,
} from './average.js';
export { Checkpoints, type CheckpointsOptions } from './checkpoints.js';
export { clipByGlobalNorm, clipByNorm, globalNorm } from './clip.js';
export {
  type BatchOptions,
  type Columns,
  Data,
  data,
  type EpochOptions,
  type FilesOptions,
  files,
  lines,
  type MapContext,
  type MapOptions,
  type ShuffleOptions,
  type Stacked,
  type WorkerMapOptions,
} from './data/index.js';
export { type TensorBoardOptions, tensorBoard } from './events/tensorBoard.js';
export { EventWriter, type EventWriterOptions } from './events/writer.js';
export type {
  Callback,
  EpochRecord,
  FitResult,
  TrainingRun,
  Watched,
} from './fit/callback.js';
export { type EarlyStoppingOptions, earlyStopping } from './fit/earlyStopping.js';
export { type Batches, type FitOptions, fit, type ValidateOptions } from './fit/fit.js';
export type { Metrics, StepResult } from './fit/means.js';
export { type ProgressStream, progress } from './fit/progress.js';
export type { FeedsOf, StepFetches, StepFunction } from './fit/step.js';
export type { StreamingMetric, ValidationMetrics } from './fit/validate.js';
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
