import '../generated/methods.js';

export { type AttentionOptions, multiHeadAttention } from './attention.js';
export { type BatchNormOptions, batchNorm } from './batchNorm.js';
export type { LayerInput, Numbers } from './checks.js';
export {
  type Conv1dOptions,
  type Conv2dOptions,
  type Conv3dOptions,
  conv1d,
  conv2d,
  conv3d,
} from './conv.js';
export { type Conv2dTransposeOptions, conv2dTranspose } from './convTranspose.js';
export { type DenseOptions, dense, flatten } from './dense.js';
export { type DepthwiseConv2dOptions, depthwiseConv2d } from './depthwise.js';
export { type DropoutOptions, dropout } from './dropout.js';
export { type EmbeddingOptions, embedding } from './embedding.js';
export { type GetVariableOptions, getVariable } from './getVariable.js';
export * as initializers from './initializers/index.js';
export type { VariableInitializer } from './initializers/initializer.js';
export type { KernelOptions, LayerOptions } from './layer.js';
export * as losses from './losses/index.js';
export {
  type GruOptions,
  gru,
  type LstmOptions,
  type LstmState,
  lstm,
  type RnnOptions,
  rnn,
} from './lstm.js';
export * as metrics from './metrics/index.js';
export {
  type GroupNormOptions,
  groupNorm,
  instanceNorm,
  type LayerNormOptions,
  layerNorm,
  type NormOptions,
  rmsNorm,
} from './norm.js';
export { type PositionalEncodingOptions, positionalEncoding } from './positionalEncoding.js';
export type { RecurrentOptions } from './recurrent.js';
export {
  l1,
  l1l2,
  l2,
  type RegularizationOptions,
  type Regularizer,
  regularizationLoss,
} from './regularizers.js';
export {
  currentVariableScope,
  type Reuse,
  type VariableDefaults,
  type VariableScope,
  type VariableScopeOptions,
  variableScope,
} from './scope.js';
export type { Training } from './training.js';
export type { Sizes, WindowOptions } from './window.js';
