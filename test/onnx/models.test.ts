import { join } from 'node:path';

import { compare } from '../../lib/cli/compare.js';
import { load } from '../../lib/onnx/index.js';
import { Session } from '../../lib/session.js';
import { references, sharedFolder } from './shared.js';

const names = [
  'mnist-8',
  'mnist-burn',
  'ultraface-rfb-320',
  'fraud-mlp',
  'fastestdet',
  'ppocr-v3-det',
  'tract-bidi-lstm',
  'basic-pitch',
  'dtln-1',
  'dtln-2',
  'gtcrn-simple',
  'silero-vad-16k-op15',
  'silero-vad-v6',
  'tfbert-cls-tiny',
  'tiny-gpt2-past',
];

const folder = sharedFolder('models');
const suite = folder ? describe : describe.skip;

suite(`real models${folder ? '' : ' (skipped: there is no folder shared/models)'}`, () => {
  test.each(names)('%s gives its reference outputs', async (name) => {
    const model = await load(join(folder!, name, 'model.onnx'));
    const ref = join(folder!, name, 'ref');
    const feeds = references(ref, 'inputs').map(([key, x]) => [model.inputs[key]!, x] as const);
    const session = new Session(model.graph);
    try {
      const outputs = await session.run(model.outputs, { feeds });
      for (const [key, expected] of references(ref, 'outputs')) {
        const difference = compare(outputs[key]!, expected, { rtol: 1e-3, atol: 1e-4 });
        expect({ key, ...difference }).toMatchObject({ ok: true });
      }
    } finally {
      await session.close();
    }
  });
});
