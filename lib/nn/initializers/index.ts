export type { SeedOption, VariableInitializer } from './initializer.js';
export { type OrthogonalOptions, orthogonal } from './orthogonal.js';
export {
  type NormalOptions,
  randomNormal,
  randomUniform,
  truncatedNormal,
  type UniformOptions,
} from './random.js';
export {
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  lecunNormal,
  lecunUniform,
  type VarianceScalingOptions,
  varianceScaling,
} from './scaling.js';
export { constant, identity, ones, zeros } from './simple.js';
