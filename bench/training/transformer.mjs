// A causal transformer with 4 layers of width 256 and 4 heads, 64 tokens, batches of 16.
const [batch, tokens, width, heads, layers, size] = [16, 64, 256, 4, 4, 256];
const part = width / heads;

export const transformer = {
  name: 'transformer, 4 layers of 256, 64 tokens, batch 16',
  backend: 'cpu',
  speedup: 20,
  batch,
  tfjsBatch: 1,
  feeds: ({ integers }, count) => ({
    x: { data: integers(count * tokens, size), shape: [count, tokens] },
    y: { data: integers(count * tokens, size), shape: [count, tokens] },
  }),
  flops: () => {
    const attention = 2 * tokens * width;
    return 2 * batch * tokens * 3 * (layers * (12 * width * width + attention) + width * size);
  },

  ours(tw) {
    const { nn } = tw;
    const ids = tw.placeholder('int32', [null, tokens], { name: 'x' });
    const next = tw.placeholder('int32', [null, tokens], { name: 'y' });
    let x = nn.embedding(ids, size, width);
    x = nn.positionalEncoding(x, { kind: 'learned', maxLength: tokens });
    for (let i = 0; i < layers; i++) {
      const seen = nn.layerNorm(x);
      x = x.add(nn.multiHeadAttention(seen, seen, { heads, causal: true }));
      const hidden = nn.dense(nn.layerNorm(x), 4 * width, { activation: tw.gelu });
      x = x.add(nn.dense(hidden, width));
    }
    return nn.losses.sparseSoftmaxCrossEntropy(next, nn.dense(nn.layerNorm(x), size));
  },

  tfjs(tf, { weight, bias, ones }) {
    const dense = (n, m) => [weight([n, m]), bias([m])];
    const norm = () => [ones([width]), bias([width])];
    const apply = (x, [w, b]) => {
      const rows = tf.add(tf.matMul(tf.reshape(x, [-1, w.shape[0]]), w), b);
      return tf.reshape(rows, [...x.shape.slice(0, -1), w.shape[1]]);
    };
    const normalize = (x, [gamma, beta]) => {
      const { mean, variance } = tf.moments(x, -1, true);
      const scaled = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-5)));
      return tf.add(tf.mul(scaled, gamma), beta);
    };
    const gelu = (x) => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
    const masked = tf.tensor(
      Float32Array.from({ length: tokens ** 2 }, (_, i) =>
        i % tokens > Math.floor(i / tokens) ? -1e30 : 0,
      ),
      [tokens, tokens],
    );
    const attend = (x, projections) => {
      const [q, k, v] = projections.map((projection) =>
        tf.transpose(tf.reshape(apply(x, projection), [-1, tokens, heads, part]), [0, 2, 1, 3]),
      );
      const scores = tf.add(tf.mul(tf.matMul(q, k, false, true), 1 / Math.sqrt(part)), masked);
      const mixed = tf.matMul(tf.softmax(scores), v);
      return tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [-1, tokens, width]);
    };
    const [words, positions] = [weight([size, width]), weight([tokens, width])];
    const blocks = Array.from({ length: layers }, () => ({
      norms: [norm(), norm()],
      projections: [0, 1, 2].map(() => dense(width, width)),
      output: dense(width, width),
      wide: dense(width, 4 * width),
      narrow: dense(4 * width, width),
    }));
    const [lastNorm, last] = [norm(), dense(width, size)];
    return ({ x: ids, y }) => {
      let x = tf.add(tf.gather(words, ids), positions);
      for (const { norms, projections, output, wide, narrow } of blocks) {
        x = tf.add(x, apply(attend(normalize(x, norms[0]), projections), output));
        x = tf.add(x, apply(gelu(apply(normalize(x, norms[1]), wide)), narrow));
      }
      const logits = tf.reshape(apply(normalize(x, lastNorm), last), [-1, size]);
      return tf.losses.softmaxCrossEntropy(tf.oneHot(tf.reshape(y, [-1]), size), logits);
    };
  },
};
