export { type GetVariableOptions, getVariable } from './getVariable.js';
export * as initializers from './initializers/index.js';
export type { VariableInitializer } from './initializers/initializer.js';
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
