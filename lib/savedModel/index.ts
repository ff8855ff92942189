export { loadSavedModel, loadSavedModelSync } from './load.js';
export type { LoadSavedModelOptions, SavedModel, SavedSignature } from './model.js';
