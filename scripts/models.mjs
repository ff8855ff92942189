// Runs models through `tensorwright run --expect` on their reference inputs. The folder of models
// may be given; each has model.onnx and ref/io.json, which names the .npy files of inputs and outputs.
// Then streams through the models that carry states, and magika on its published examples.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { runLabels } from './model-labels.mjs';
import { runSequences } from './model-sequences.mjs';

const names = [
  'basic-pitch',
  'dtln-1',
  'dtln-2',
  'fastestdet',
  'fraud-mlp',
  'gtcrn-simple',
  'lgbm-classifier',
  'magika-v3_3',
  'mlnet-iris',
  'mnist-8',
  'mnist-burn',
  'mobilenet-qdq',
  'ppocr-v3-det',
  'qlstm',
  'silero-vad-16k-op15',
  'silero-vad-v6',
  'sklearn-rf-go',
  'squeezenet-winml',
  'tfbert-cls-tiny',
  'tiny-gpt2-past',
  'tract-bidi-lstm',
  'ultraface-rfb-320',
  'xgb-regressor',
];
const folder = process.argv[2] ?? '../shared/models';
if (!existsSync(folder)) {
  console.log(`models: no folder ${folder}, nothing to run`);
  process.exit(0);
}

let passed = 0;
let failed = 0;
function note(name, matches, why = '') {
  console.log(`${name}: ${matches ? 'matches' : why}`);
  if (matches) passed++;
  else failed++;
}

for (const name of names) {
  const ref = join(folder, name, 'ref');
  const { inputs } = JSON.parse(readFileSync(join(ref, 'io.json'), 'utf8'));
  const output = mkdtempSync(join(tmpdir(), 'tensorwright-model-'));
  const feeds = inputs.flatMap((input) => ['--input', `${input.name}=${join(ref, input.file)}`]);
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      'dist/cli/main.js',
      'run',
      join(folder, name, 'model.onnx'),
      ...feeds,
      ...['--output', output, '--expect', ref, '--rtol', '1e-3', '--atol', '1e-4'],
    ],
    { encoding: 'utf8' },
  );
  rmSync(output, { recursive: true, force: true });
  note(name, status === 0, `status ${status}\n${stdout}${stderr}`);
}
for (const { name, worst } of await runSequences(folder)) {
  note(name, worst <= 1, `off by ${worst} times the tolerance`);
}
const labels = await runLabels(folder);
note(labels.name, labels.wrong.length === 0, labels.wrong.join('\n'));
console.log(`models: ${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
