// The seven models at their reference inputs, by run, on one and two threads.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { interleave } from '../lib/measure.mjs';
import { ortSession, ortTensor } from '../lib/ort.mjs';

const bound = ['fastestdet', 'ultraface-rfb-320', 'ppocr-v3-det', 'tract-bidi-lstm'];
const beside = ['mnist-8', 'mnist-burn', 'fraud-mlp'];

async function modelRow({ tw, options, shared }, name, threads) {
  const folder = join(shared, 'models', name);
  const { inputs } = JSON.parse(readFileSync(join(folder, 'ref', 'io.json'), 'utf8'));
  const bytes = readFileSync(join(folder, 'model.onnx'));
  const arrays = inputs.map(({ file }) => tw.io.loadNpySync(join(folder, 'ref', file)));

  const ort = await ortSession(bytes, threads);
  const ortFeeds = Object.fromEntries(
    inputs.map((input, i) => [input.name, ortTensor(arrays[i].data, input.dims)]),
  );
  const model = await tw.onnx.load(bytes);
  const session = new tw.Session(model.graph, { threads });
  const feeds = new Map(inputs.map((input, i) => [model.inputs[input.name], arrays[i]]));
  const figures = await interleave(
    { ours: () => session.run(model.outputs, { feeds }), ort: () => ort.run(ortFeeds) },
    { ...options, batchMs: 150 },
  );
  await session.close();
  await ort.release();
  return {
    row: `${name}, ${threads} threads`,
    ours: figures.ours,
    ort: figures.ort,
    ...(bound.includes(name) ? { ofOrt: { atMost: 1 }, mean: 'models' } : {}),
  };
}

export default async function modelRows(context) {
  if (!existsSync(join(context.shared, 'models')))
    return [{ row: 'models', missing: context.shared }];
  const rows = [];
  for (const name of [...bound, ...beside]) {
    for (const threads of [1, 2]) {
      try {
        rows.push(await modelRow(context, name, threads));
      } catch (error) {
        rows.push({ row: `${name}, ${threads} threads`, missing: error.message, failed: true });
      }
    }
  }
  return rows;
}
