import {
  Graph,
  maxPool,
  NDArray,
  nn,
  placeholder,
  relu,
  Session,
  type Tensor,
  train,
} from '../../lib/index.js';
import { noise } from './training.js';

const size = 12;
const kinds = 3;

/** Bars that stand, lie or cross, in noise. */
function drawn(count: number, salt: number) {
  const images = noise([count, size, size, 1], salt);
  const labels = Int32Array.from({ length: count }, (_, n) => n % kinds);
  for (let n = 0; n < count; n++) {
    const at = 2 + ((n * 7) % (size - 4));
    for (let i = 0; i < size; i++) {
      const stand = (n * size + i) * size + at;
      const lie = (n * size + at) * size + i;
      if (labels[n] !== 1) images.data[stand]! += 1.5;
      if (labels[n] !== 0) images.data[lie]! += 1.5;
    }
  }
  return { images, labels: new NDArray(labels, [count], 'int32') };
}

function classify(images: Tensor<'float32'>, training: boolean) {
  let x = nn.conv2d(images, 8, 3, { padding: 'SAME', activation: relu });
  x = nn.batchNorm(x, { training, momentum: 0.9 });
  x = maxPool(x, [2, 2], { strides: [2, 2] });
  x = nn.dropout(nn.flatten(x), 0.2, { training });
  return nn.dense(x, kinds, { kernelRegularizer: nn.l2(1e-4) });
}

async function trained(threads: number) {
  const graph = new Graph({ seed: 1 });
  await using session = new Session(graph, { threads });
  const model = graph.asDefault(() => {
    const images = placeholder('float32', [null, size, size, 1]);
    const labels = placeholder('int32', [null]);
    const build = (training: boolean) =>
      nn.variableScope('bars', { reuse: 'auto' }, () => classify(images, training));
    const error = nn.losses.sparseSoftmaxCrossEntropy(labels, build(true));
    const loss = error.add(nn.regularizationLoss() as Tensor<'float32'>);
    const logits = build(false);
    const accuracy = nn.metrics.accuracy(labels, logits.argMax(-1));
    const top = nn.metrics.topKAccuracy(labels, logits, 2);
    return { images, labels, loss, accuracy, top, step: train.adam(0.01).minimize(loss) };
  });
  const feedsOf = (data: ReturnType<typeof drawn>) =>
    new Map<Tensor, NDArray>([
      [model.images, data.images],
      [model.labels, data.labels],
    ]);
  await session.run(graph.initializer);
  for (let i = 0; i < 80; i++) await session.run(model.step, { feeds: feedsOf(drawn(30, i + 1)) });
  for (let i = 0; i < 3; i++) {
    await session.run([model.accuracy.update, model.top.update], {
      feeds: feedsOf(drawn(50, 99 + i)),
    });
  }
  const { accuracy, top } = await session.run({
    accuracy: model.accuracy.value,
    top: model.top.value,
  });
  const values = await session.run([...graph.trainableVariables]);
  return {
    accuracy: accuracy.item(),
    top: top.item(),
    names: graph.trainableVariables.map(({ name }) => name),
    weights: values.map(({ data }) => Array.from(data, Number)),
  };
}

test('a model with layers, losses and metrics learns, bit for bit the same for any threads', async () => {
  const [one, two] = [await trained(1), await trained(2)];
  expect(one.names).toEqual([
    'bars/conv2d/kernel',
    'bars/conv2d/bias',
    'bars/batch_normalization/gamma',
    'bars/batch_normalization/beta',
    'bars/dense/kernel',
    'bars/dense/bias',
  ]);
  expect(one.accuracy).toBeGreaterThan(0.95);
  expect(one.top).toBeGreaterThanOrEqual(one.accuracy);
  expect(two).toEqual(one);
});
