// tfjs on its WebAssembly backend or, for what that one cannot do, in plain JavaScript.
import { createRequire, register } from 'node:module';
import { dirname, sep } from 'node:path';

const require = createRequire(import.meta.url);
register('./tfjsModules.mjs', import.meta.url);

export async function tfjsOn(backend) {
  const tf = require('@tensorflow/tfjs-core');
  // They are kept in a registry of the process.
  await import('@tensorflow/tfjs-core/dist/register_all_gradients.js');
  if (backend === 'wasm') {
    const wasm = require('@tensorflow/tfjs-backend-wasm');
    wasm.setWasmPaths(dirname(require.resolve('@tensorflow/tfjs-backend-wasm')) + sep);
  } else {
    require('@tensorflow/tfjs-backend-cpu');
  }
  await tf.setBackend(backend);
  await tf.ready();
  return tf;
}
