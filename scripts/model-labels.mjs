// File types by magika: the features of published example files go through the model, and its label
// and score are compared with the published ones. The model takes variances as differences of nearly
// equal sums, so that its scores depend on how a runtime rounds: they are held to one in a hundred.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const { Session, ndarray, onnx } = createRequire(import.meta.url)('../dist/index.js');

const kSpace = new Set([9, 10, 11, 12, 13, 32]);

/** The first and the last bytes of a file without the white space around it, filled with padding. */
function features(content, { beg_size, end_size, block_size, padding_token }) {
  const size = Math.min(block_size, content.length);
  let [first, last] = [0, size];
  const head = content.subarray(0, size);
  const tail = content.subarray(content.length - size);
  while (first < size && kSpace.has(head[first])) first++;
  while (last > 0 && kSpace.has(tail[last - 1])) last--;
  const beg = new Int32Array(beg_size).fill(padding_token);
  beg.set(head.subarray(first, first + beg_size));
  const end = new Int32Array(end_size).fill(padding_token);
  const kept = tail.subarray(Math.max(0, last - end_size), last);
  end.set(kept, end_size - kept.length);
  return Int32Array.from([...beg, ...end]);
}

/** Runs all published examples that the model itself decides; how many agree in label and score. */
export async function runLabels(folder) {
  const dir = join(folder, 'magika-v3_3');
  const config = JSON.parse(readFileSync(join(dir, 'config.min.json'), 'utf8'));
  const file = join(dir, 'expected', 'standard_v3_3-inference_examples_by_content.json.gz');
  const examples = JSON.parse(gunzipSync(readFileSync(file)).toString());
  const decided = examples.filter(({ prediction }) => prediction?.dl !== 'undefined');
  const model = await onnx.load(join(dir, 'model.onnx'));
  const session = new Session(model.graph);
  let agreed = 0;
  const wrong = [];
  for (const { content_base64, prediction } of decided) {
    const bytes = features(Buffer.from(content_base64, 'base64'), config);
    const feeds = new Map([[model.inputs.bytes, ndarray(bytes, { shape: [1, bytes.length] })]]);
    const { data } = (await session.run(model.outputs, { feeds })).target_label;
    const best = data.indexOf(Math.max(...data));
    const label = config.target_labels_space[best];
    const off = Math.abs(data[best] - prediction.score);
    const same = label === prediction.dl && off <= 0.01;
    if (same) agreed++;
    else wrong.push(`${label} ${data[best]}, expected ${prediction.dl} ${prediction.score}`);
  }
  await session.close();
  return { name: `magika-v3_3: ${agreed} of ${decided.length} published labels`, wrong };
}
