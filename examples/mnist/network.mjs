import { cast, equal, maxPool, nn, placeholder, relu } from 'tensorwright';

/** From images to logits: 32 and 64 filters of 3x3, and a hidden layer of 128 units. */
function classify(images, training) {
  const layer = { activation: relu, padding: 'SAME' };
  let x = nn.conv2d(images, 32, 3, layer);
  x = maxPool(x, [2, 2], { strides: [2, 2] });
  x = nn.conv2d(x, 64, 3, layer);
  x = maxPool(x, [2, 2], { strides: [2, 2] });
  x = nn.dense(nn.flatten(x), 128, { activation: relu });
  return nn.dense(nn.dropout(x, 0.4, { training }), 10);
}

/** The loss with dropout, and the share of digits that are recognised without it. */
export function digitNetwork() {
  const images = placeholder('float32', [null, 28, 28, 1], { name: 'images' });
  const labels = placeholder('int32', [null], { name: 'labels' });
  const logits = (training) =>
    nn.variableScope('digits', { reuse: 'auto' }, () => classify(images, training));
  const loss = nn.losses.sparseSoftmaxCrossEntropy(labels, logits(true));
  const seen = logits(false).argMax(-1, { outputType: 'int32' });
  return { loss, accuracy: cast(equal(seen, labels), 'float32').mean() };
}
