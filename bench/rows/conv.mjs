// Convolutions at 56x56, batch 1, channels last for us and channels first for ONNX Runtime, beside
// the multiply-add peak. Strict sessions leave Winograd's algorithm out, which needs fewer
// multiplications than are counted here.
import { fine, interleave } from '../lib/measure.mjs';
import { onnxModel } from '../lib/onnxWriter.mjs';
import { ortSession, ortTensor } from '../lib/ort.mjs';
import { peak } from '../lib/peak.mjs';
import { randomFloats } from '../lib/random.mjs';

const size = 56;
const cases = [
  { kernel: 3, from: 64, to: 64 },
  { kernel: 1, from: 64, to: 256 },
];

const ortModel = ({ kernel, from, to }, w) =>
  onnxModel({
    nodes: [
      {
        op: 'Conv',
        inputs: ['x', 'w'],
        outputs: ['y'],
        attributes: { pads: Array(4).fill((kernel - 1) / 2), kernel_shape: [kernel, kernel] },
      },
    ],
    initializers: [{ name: 'w', dims: [to, from, kernel, kernel], data: w }],
    inputs: { x: [1, from, size, size] },
    outputs: { y: [1, to, size, size] },
  });

function ours(tw, { kernel, from, to }, threads, x, w) {
  const graph = new tw.Graph();
  const { a, y } = graph.asDefault(() => {
    const a = tw.placeholder('float32', [1, size, size, from]);
    const filter = tw.constant(tw.ndarray(w, { shape: [kernel, kernel, from, to] }));
    return { a, y: tw.conv2d(a, filter, { strides: [1, 1, 1, 1], padding: 'SAME' }) };
  });
  const session = new tw.Session(graph, { threads, strict: true });
  const feeds = new Map([[a, tw.ndarray(x, { shape: [1, size, size, from] })]]);
  const out = tw.ndarray(new Float32Array(size * size * to), { shape: [1, size, size, to] });
  return { session, call: () => session.runSync(y, { feeds, out }) };
}

export default async function convRows({ tw, options }) {
  const rows = [];
  for (const shape of cases) {
    const { kernel, from, to } = shape;
    const x = randomFloats(size * size * from, 3);
    const w = randomFloats(kernel * kernel * from * to, 5);
    for (const threads of [1, 2]) {
      const engine = ours(tw, shape, threads, x, w);
      const session = await ortSession(ortModel(shape, w), threads);
      const feeds = { x: ortTensor(x, [1, from, size, size]) };
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
        row: `conv ${kernel}x${kernel} ${from} to ${to} at ${size}x${size}, ${threads} threads`,
        ours: figures.ours,
        ort: figures.ort,
        ofPeak: { figures, work: 2 * size * size * from * to * kernel * kernel, atLeast: 0.9 },
      });
    }
  }
  return rows;
}
