// Squeezes digits of 784 pixels into a few numbers and draws them again from these, and so learns
// what digits have in common: also noise is taken away.
//   --code N       how many numbers
//   --data FOLDER  where the files of MNIST's test set are; without them digits are drawn
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as tw from 'tensorwright';
import { imageText } from '../demo/text.mjs';
import { loadDigits } from '../mnist/digits.mjs';

const { nn, train } = tw;
const { values } = parseArgs({
  options: {
    data: { type: 'string', default: join(import.meta.dirname, '../../../shared/inputs') },
    digits: { type: 'string', default: '10000' },
    epochs: { type: 'string', default: '10' },
    code: { type: 'string', default: '24' },
    seed: { type: 'string', default: '1' },
  },
});
const [epochs, codeSize, seed] = [values.epochs, values.code, values.seed].map(Number);
const digits = loadDigits(values.data, Number(values.digits));

/** The code of noisy images, and the logits of the pixels that are drawn from it. */
function autoencoder(images) {
  const wide = { activation: tw.relu };
  const code = nn.dense(nn.dense(nn.flatten(images), 256, wide), codeSize);
  return { code, logits: nn.dense(nn.dense(code, 256, wide), 784) };
}

const graph = new tw.Graph({ seed });
const model = graph.asDefault(() => {
  const images = tw.placeholder('float32', [null, 28, 28, 1], { name: 'images' });
  const noise = tw.randomNormal(tw.shape(images)).mul(0.3);
  const noisy = tw.clipByValue(images.add(noise), 0, 1);
  const { code, logits } = autoencoder(noisy);
  const pixels = nn.flatten(images);
  const loss = nn.losses.sigmoidCrossEntropy(pixels, logits);
  const drawn = tw.sigmoid(logits);
  const error = nn.losses.meanSquaredError(pixels, drawn);
  return { noisy, code, drawn, error, loss, step: train.adam(0.001).minimize(loss) };
});

const session = new tw.Session(graph);
await session.initialize();
const { epochs: history } = await train.fit({
  session,
  step: { loss: model.loss, step: model.step },
  data: train.data({ images: digits.train.images }).shuffle({ seed }).batch(64).prefetch(),
  epochs,
  validate: {
    data: train.data({ images: digits.test.images }).batch(500),
    metrics: { error: model.error },
  },
  callbacks: [train.progress()],
});

const images = digits.test.images.slice([0, 3]);
const { noisy, code, drawn } = await session.run(
  { noisy: model.noisy, code: model.code, drawn: model.drawn },
  { feeds: { images } },
);
for (let i = 0; i < 3; i++) {
  const columns = [images, noisy, drawn].map((x) =>
    imageText(x.slice(i).data)
      .split('\n')
      .map((line) => line.padEnd(56)),
  );
  for (const row of columns[0].keys()) console.log(columns.map((lines) => lines[row]).join('|'));
  console.log(`code: ${Array.from(code.slice(i).data, (v) => v.toFixed(1)).join(' ')}\n`);
}
console.log(`mean squared error: ${history.at(-1).validation.error.toFixed(4)}`);
await session.close();
