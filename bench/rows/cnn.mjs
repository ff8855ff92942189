// A small digit CNN in batches of 64, beside the same graph in tfjs on WebAssembly.
import { interleave } from '../lib/measure.mjs';
import { randomFloats } from '../lib/random.mjs';
import { tfjsOn } from '../lib/tfjs.mjs';

const batch = 64;
const input = [batch, 28, 28, 1];
const weights = {
  conv1: [3, 3, 1, 16],
  bias1: [16],
  conv2: [3, 3, 16, 32],
  bias2: [32],
  dense: [7 * 7 * 32, 10],
  bias3: [10],
};
const size = (shape) => shape.reduce((a, b) => a * b, 1);
const weightOf = (shape, i) => randomFloats(size(shape), i + 11).map((v) => v / 8);

function ours(tw, threads) {
  const graph = new tw.Graph();
  const { x, y } = graph.asDefault(() => {
    const [w1, b1, w2, b2, w3, b3] = Object.values(weights).map((shape, i) =>
      tw.constant(tw.ndarray(weightOf(shape, i), { shape })),
    );
    const x = tw.placeholder('float32', [null, 28, 28, 1]);
    const conv = (v, w, b) => tw.relu(tw.conv2d(v, w, { strides: [1, 1], padding: 'SAME' }).add(b));
    const pool = (v) => tw.maxPool(v, [2, 2], { strides: [2, 2], padding: 'VALID' });
    const features = pool(conv(pool(conv(x, w1, b1)), w2, b2));
    return {
      x,
      y: tw.softmax(
        tw
          .reshape(features, [-1, 7 * 7 * 32])
          .matMul(w3)
          .add(b3),
      ),
    };
  });
  return { session: new tw.Session(graph, { threads }), x, y };
}

function theirs(tf) {
  const [w1, b1, w2, b2, w3, b3] = Object.values(weights).map((shape, i) =>
    tf.tensor(weightOf(shape, i), shape),
  );
  const conv = (v, w, b) => tf.relu(tf.add(tf.conv2d(v, w, 1, 'same'), b));
  const pool = (v) => tf.maxPool(v, 2, 2, 'valid');
  return (data) =>
    tf.tidy(() => {
      const features = pool(conv(pool(conv(tf.tensor(data, input), w1, b1)), w2, b2));
      return tf
        .softmax(tf.add(tf.matMul(tf.reshape(features, [-1, 7 * 7 * 32]), w3), b3))
        .dataSync();
    });
}

export default async function cnnRows({ tw, options }) {
  const classify = theirs(await tfjsOn('wasm'));
  const values = randomFloats(size(input), 3);
  const rows = [];
  for (const threads of [1, 2]) {
    const { session, x, y } = ours(tw, threads);
    const feeds = new Map([[x, tw.ndarray(values, { shape: input })]]);
    const [result] = session.runSync([y], { feeds });
    const difference = classify(values).reduce(
      (most, v, i) => Math.max(most, Math.abs(v - result.data[i])),
      0,
    );
    const figures = await interleave(
      { ours: () => session.run([y], { feeds }), tfjs: () => classify(values) },
      options,
    );
    await session.close();
    rows.push({
      row: `digit CNN, batches of ${batch}, ${threads} threads, beside tfjs-wasm`,
      ...figures,
      note: `largest difference ${difference.toExponential(1)}`,
      holds: difference < 1e-4,
    });
  }
  return rows;
}
