export type { FilePath } from './files.js';
export { formatNpy, loadNpy, loadNpySync, parseNpy, saveNpy, saveNpySync } from './npy.js';
export { formatNpz, loadNpz, loadNpzSync, parseNpz, saveNpz, saveNpzSync } from './npz.js';
export {
  formatSafetensors,
  loadSafetensors,
  loadSafetensorsSync,
  parseSafetensors,
  type SafeTensors,
  type SafeTensorsOptions,
  saveSafetensors,
  saveSafetensorsSync,
} from './safetensors.js';
