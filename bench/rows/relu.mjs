// relu of 16 M floats: what a large result costs.
import { interleave } from '../lib/measure.mjs';
import { onnxModel } from '../lib/onnxWriter.mjs';
import { ortSession, ortTensor } from '../lib/ort.mjs';
import { randomFloats } from '../lib/random.mjs';

const count = 16 * 2 ** 20;

export default async function reluRows({ tw, options }) {
  const rows = [];
  const values = randomFloats(count, 7);
  for (const threads of [1, 2]) {
    const graph = new tw.Graph();
    const { x, y } = graph.asDefault(() => {
      const x = tw.placeholder('float32', [count]);
      return { x, y: tw.relu(x) };
    });
    const session = new tw.Session(graph, { threads });
    const feeds = new Map([[x, values]]);
    const model = onnxModel({
      nodes: [{ op: 'Relu', inputs: ['x'], outputs: ['y'] }],
      inputs: { x: [count] },
      outputs: { y: [count] },
    });
    const ort = await ortSession(model, threads);
    const ortFeeds = { x: ortTensor(values, [count]) };
    const figures = await interleave(
      {
        disposed: () => session.runSync([y], { feeds })[0].dispose(),
        run: () => session.run([y], { feeds }),
        ort: () => ort.run(ortFeeds),
      },
      { ...options, batchMs: 300 },
    );
    await session.close();
    for (const [way, title, atMost] of [
      ['disposed', 'runSync, disposed', 1 / 5],
      ['run', 'run, nothing disposed', 1 / 2],
    ]) {
      rows.push({
        row: `relu of 16 M, ${title}, ${threads} threads`,
        ours: figures[way],
        ort: figures.ort,
        ofOrt: { atMost },
      });
    }
  }
  return rows;
}
