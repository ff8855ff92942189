// mnist-8 over the 10,000 test digits, one by one, as its batch is fixed: time and accuracy.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { asRate, interleave } from '../lib/measure.mjs';
import { ortSession, ortTensor } from '../lib/ort.mjs';

const pixels = 28 * 28;

function digits(shared) {
  const read = (name) => gunzipSync(readFileSync(join(shared, 'inputs', name)));
  const images = read('t10k-images-idx3-ubyte.gz').subarray(16);
  const labels = read('t10k-labels-idx1-ubyte.gz').subarray(8);
  return Array.from(labels, (label, i) => ({
    label,
    image: Float32Array.from(images.subarray(i * pixels, (i + 1) * pixels)),
  }));
}

const best = (scores) => scores.indexOf(Math.max(...scores));

export default async function digitRows({ tw, options, shared }) {
  const path = join(shared, 'models', 'mnist-8', 'model.onnx');
  if (!existsSync(path)) return [{ row: 'mnist-8 over 10,000 digits', missing: path }];
  const bytes = readFileSync(path);
  const data = digits(shared);
  const rows = [];
  for (const threads of [1, 2]) {
    const model = await tw.onnx.load(bytes);
    const session = new tw.Session(model.graph, { threads });
    const input = model.inputs.Input3;
    const output = model.outputs.Plus214_Output_0;
    const ort = await ortSession(bytes, threads);
    const right = { ours: 0, ort: 0 };
    // Microseconds of a pass over all digits.
    const pass = (name, scoresOf) => async () => {
      right[name] = 0;
      const began = performance.now();
      for (const { image, label } of data) if (best(await scoresOf(image)) === label) right[name]++;
      return (performance.now() - began) * 1e3;
    };
    const shape = [1, 1, 28, 28];
    const figures = await interleave(
      {
        ours: asRate(
          pass('ours', async (image) => {
            const [scores] = await session.run([output], {
              feeds: new Map([[input, tw.ndarray(image, { shape })]]),
            });
            return scores.data;
          }),
        ),
        ort: asRate(
          pass(
            'ort',
            async (image) =>
              (await ort.run({ Input3: ortTensor(image, shape) })).Plus214_Output_0.data,
          ),
        ),
      },
      { ...options, batches: 5 },
    );
    await session.close();
    const accuracy = right.ours / data.length;
    rows.push({
      row: `mnist-8 over ${data.length} digits, ${threads} threads`,
      ours: figures.ours,
      ort: figures.ort,
      note: `${(100 * accuracy).toFixed(2)} % right (ort ${((right.ort / data.length) * 100).toFixed(2)} %)`,
      holds: accuracy >= 0.988,
    });
  }
  return rows;
}
