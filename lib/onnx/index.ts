import '../generated/methods.js';

export {
  type CheckOptions,
  type CheckReport,
  type CheckSyncOptions,
  check,
  checkSync,
} from './check.js';
export type { Problem } from './context.js';
export type { NamedShape, SaveOptions, SaveSyncOptions } from './export/options.js';
export { info, infoSync, type ModelInfo } from './info.js';
export type { InputShapes } from './inputs.js';
export {
  type LoadOptions,
  type LoadProgress,
  type LoadSyncOptions,
  load,
  loadSync,
} from './load.js';
export type { Model, ModelMetadata, ValueInfo } from './model.js';
export { save, saveSync } from './save.js';
export type { ModelSource } from './source.js';
