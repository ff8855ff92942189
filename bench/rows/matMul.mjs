// matMul of n x n float32 with the result given, beside the multiply-add peak and ONNX Runtime.
import { fine, interleave } from '../lib/measure.mjs';
import { onnxModel } from '../lib/onnxWriter.mjs';
import { ortSession, ortTensor } from '../lib/ort.mjs';
import { peak } from '../lib/peak.mjs';
import { randomFloats } from '../lib/random.mjs';

const bounds = { constant: { 1: 0.92, 2: 0.88 }, fed: { 1: 0.85, 2: 0.85 } };

const ortModel = (n, w) =>
  onnxModel({
    nodes: [{ op: 'MatMul', inputs: ['x', 'w'], outputs: ['y'] }],
    initializers: w === null ? [] : [{ name: 'w', dims: [n, n], data: w }],
    inputs: w === null ? { x: [n, n], w: [n, n] } : { x: [n, n] },
    outputs: { y: [n, n] },
  });

function ours(tw, n, threads, x, w, kind) {
  const graph = new tw.Graph();
  const { a, b, y } = graph.asDefault(() => {
    const a = tw.placeholder('float32', [n, n]);
    const b =
      kind === 'fed'
        ? tw.placeholder('float32', [n, n])
        : tw.constant(tw.ndarray(w, { shape: [n, n] }));
    return { a, b, y: tw.matMul(a, b) };
  });
  const session = new tw.Session(graph, { threads });
  const shaped = (data) => tw.ndarray(data, { shape: [n, n] });
  const feeds = new Map([[a, shaped(x)]]);
  if (kind === 'fed') feeds.set(b, shaped(w));
  const out = shaped(new Float32Array(n * n));
  return { session, call: () => session.runSync(y, { feeds, out }) };
}

export default async function matMulRows({ tw, options }) {
  const rows = [];
  for (const n of [512, 1024]) {
    const [x, w] = [randomFloats(n * n, 3), randomFloats(n * n, 5)];
    for (const kind of ['constant', 'fed']) {
      for (const threads of [1, 2]) {
        const engine = ours(tw, n, threads, x, w, kind);
        const session = await ortSession(ortModel(n, kind === 'fed' ? null : w), threads);
        const feeds = { x: ortTensor(x, [n, n]) };
        if (kind === 'fed') feeds.w = ortTensor(w, [n, n]);
        const figures = await interleave(
          {
            peak: peak(threads),
            ours: engine.call,
            after: peak(threads),
            ort: () => session.run(feeds),
          },
          fine(options),
        );
        await engine.session.close();
        rows.push({
          row: `matMul ${n} ${kind}, ${threads} threads`,
          ours: figures.ours,
          ort: figures.ort,
          ofPeak: { figures, work: 2 * n ** 3, atLeast: bounds[kind][threads] },
        });
      }
    }
  }
  return rows;
}
