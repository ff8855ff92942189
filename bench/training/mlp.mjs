// 784-512-512-10 with relu, batches of 128.
const sizes = [784, 512, 512, 10];
const batch = 128;

export const mlp = {
  name: 'MLP 784-512-512-10, batch 128',
  backend: 'wasm',
  speedup: 5,
  batch,
  feeds: ({ floats, integers }, count) => ({
    x: { data: floats(count * 784), shape: [count, 784] },
    y: { data: integers(count, 10), shape: [count] },
  }),
  // Multiply-adds of an example: the products forwards, those that give the gradients of weights,
  // and those that give the gradients of inputs, of which the first layer's is not needed.
  flops: () => {
    const layers = sizes.slice(1).map((n, i) => sizes[i] * n);
    const sum = layers.reduce((a, b) => a + b);
    return 2 * batch * (3 * sum - layers[0]);
  },

  ours(tw) {
    let x = tw.placeholder('float32', [null, 784], { name: 'x' });
    const y = tw.placeholder('int32', [null], { name: 'y' });
    for (const n of sizes.slice(1, -1)) x = tw.nn.dense(x, n, { activation: tw.relu });
    return tw.nn.losses.sparseSoftmaxCrossEntropy(y, tw.nn.dense(x, 10));
  },

  tfjs(tf, { weight, bias }) {
    const layers = sizes.slice(1).map((n, i) => [weight([sizes[i], n]), bias([n])]);
    return ({ x, y }) => {
      const logits = layers.reduce((input, [w, b], i) => {
        const sums = tf.add(tf.matMul(input, w), b);
        return i < layers.length - 1 ? tf.relu(sums) : sums;
      }, x);
      return tf.losses.softmaxCrossEntropy(tf.oneHot(y, 10), logits);
    };
  },
};
