export {
  type LogLossOptions,
  logLoss,
  type SmoothedOptions,
  type SparseOptions,
  sigmoidCrossEntropy,
  softmaxCrossEntropy,
  sparseSoftmaxCrossEntropy,
} from './crossEntropy.js';
export { type CtcOptions, ctc } from './ctc.js';
export {
  type AxisOptions,
  absoluteDifference,
  type ContrastiveOptions,
  contrastive,
  cosineDistance,
  type HuberOptions,
  hinge,
  huber,
  type KlDivergenceOptions,
  klDivergence,
  meanSquaredError,
} from './regression.js';
export { type LossOptions, type Reduction, weightedLoss } from './weighted.js';
