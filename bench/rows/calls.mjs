// What a call costs: one scalar add, and a chain of a thousand small adds.
import { interleave } from '../lib/measure.mjs';
import { onnxModel } from '../lib/onnxWriter.mjs';
import { ortSession, ortTensor } from '../lib/ort.mjs';
import { randomFloats } from '../lib/random.mjs';
import { scalarAdd } from '../lib/scalarAdd.mjs';

async function addRows({ tw, options }) {
  const { a, b, y, session, prepare, one, two } = scalarAdd(tw);
  const prepared = prepare();
  const model = onnxModel({
    nodes: [{ op: 'Add', inputs: ['a', 'b'], outputs: ['y'] }],
    inputs: { a: [], b: [] },
    outputs: { y: [] },
  });
  const ort = await ortSession(model, 1);
  const feeds = { a: ortTensor(one, []), b: ortTensor(two, []) };
  const figures = await interleave(
    {
      runSync: () =>
        session.runSync([y], {
          feeds: new Map([
            [a, one],
            [b, two],
          ]),
        }),
      prepared: () => prepared.runSync(one, two),
      run: () =>
        session.run([y], {
          feeds: new Map([
            [a, one],
            [b, two],
          ]),
        }),
      ort: () => ort.run(feeds),
    },
    options,
  );
  await session.close();
  return Object.entries({ runSync: 0.15, prepared: 0.05, run: 0.4 }).map(([way, atMost]) => ({
    row: `scalar add, ${way === 'prepared' ? 'prepared runSync' : way}`,
    ours: figures[way],
    ort: figures.ort,
    ofOrt: { atMost },
  }));
}

const links = 1000;
const width = 16;

function chainModel() {
  const nodes = [];
  for (let k = 0; k < links; k++) {
    nodes.push({
      op: 'Add',
      inputs: [k === 0 ? 'x0' : `y${k - 1}`, `x${k % 8}`],
      outputs: [`y${k}`],
    });
  }
  const inputs = Object.fromEntries(Array.from({ length: 8 }, (_, k) => [`x${k}`, [1, width]]));
  return onnxModel({ nodes, inputs, outputs: { [`y${links - 1}`]: [1, width] } });
}

function chainByLoop(values) {
  const sum = Float32Array.from(values[0]);
  for (let k = 0; k < links; k++) {
    for (let i = 0; i < width; i++) sum[i] = Math.fround(sum[i] + values[k % 8][i]);
  }
  return sum;
}

async function chain({ tw, options }) {
  const values = Array.from({ length: 8 }, (_, k) => randomFloats(width, k + 1));
  const graph = new tw.Graph();
  const { xs, y } = graph.asDefault(() => {
    const xs = values.map(() => tw.placeholder('float32', [1, width]));
    let y = xs[0];
    for (let k = 0; k < links; k++) y = y.add(xs[k % 8]);
    return { xs, y };
  });
  const session = new tw.Session(graph, { threads: 1 });
  const feeds = new Map(xs.map((x, k) => [x, tw.ndarray(values[k], { shape: [1, width] })]));
  const [result] = session.runSync([y], { feeds });
  const expected = chainByLoop(values);
  if (
    !Buffer.from(result.data.buffer, result.data.byteOffset, 4 * width).equals(
      Buffer.from(expected.buffer),
    )
  ) {
    throw new Error(`chain: got ${result.data}, expected ${expected}`);
  }
  const ort = await ortSession(chainModel(), 1);
  const ortFeeds = Object.fromEntries(values.map((x, k) => [`x${k}`, ortTensor(x, [1, width])]));
  const figures = await interleave(
    {
      runSync: () => session.runSync([y], { feeds }),
      run: () => session.run([y], { feeds }),
      ort: () => ort.run(ortFeeds),
    },
    options,
  );
  await session.close();
  return ['runSync', 'run'].map((way) => ({
    row: `chain of ${links} adds of [1, ${width}], ${way}`,
    ours: figures[way],
    ort: figures.ort,
    ofOrt: { atMost: 0.1 },
  }));
}

export default async function callRows(context) {
  return [...(await addRows(context)), ...(await chain(context))];
}
