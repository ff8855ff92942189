// The network of examples/mnist: 32 and 64 filters of 3x3, pools, 128 units, dropout; batches of 64.
const batch = 64;

export const cnn = {
  name: 'digit CNN, batch 64',
  backend: 'cpu',
  speedup: 20,
  batch,
  tfjsBatch: 2,
  feeds: ({ floats, integers }, count) => ({
    x: { data: floats(count * 784), shape: [count, 28, 28, 1] },
    y: { data: integers(count, 10), shape: [count] },
  }),
  flops: () => {
    const first = 784 * 9 * 32;
    const others = 196 * 9 * 32 * 64 + 3136 * 128 + 128 * 10;
    return 2 * batch * (2 * first + 3 * others);
  },

  ours(tw) {
    const { nn } = tw;
    const images = tw.placeholder('float32', [null, 28, 28, 1], { name: 'x' });
    const y = tw.placeholder('int32', [null], { name: 'y' });
    const layer = { activation: tw.relu, padding: 'SAME' };
    let x = tw.maxPool(nn.conv2d(images, 32, 3, layer), [2, 2], { strides: [2, 2] });
    x = tw.maxPool(nn.conv2d(x, 64, 3, layer), [2, 2], { strides: [2, 2] });
    x = nn.dense(nn.flatten(x), 128, { activation: tw.relu });
    const logits = nn.dense(nn.dropout(x, 0.4, { training: true }), 10);
    return nn.losses.sparseSoftmaxCrossEntropy(y, logits);
  },

  tfjs(tf, { weight, bias }) {
    const convs = [
      [weight([3, 3, 1, 32]), bias([32])],
      [weight([3, 3, 32, 64]), bias([64])],
    ];
    const [w3, b3] = [weight([3136, 128]), bias([128])];
    const [w4, b4] = [weight([128, 10]), bias([10])];
    return ({ x, y }) => {
      const features = convs.reduce((input, [w, b]) => {
        const sums = tf.add(tf.conv2d(input, w, 1, 'same'), b);
        return tf.maxPool(tf.relu(sums), 2, 2, 'valid');
      }, x);
      const hidden = tf.relu(tf.add(tf.matMul(tf.reshape(features, [-1, 3136]), w3), b3));
      const logits = tf.add(tf.matMul(tf.dropout(hidden, 0.4), w4), b4);
      return tf.losses.softmaxCrossEntropy(tf.oneHot(y, 10), logits);
    };
  },
};
