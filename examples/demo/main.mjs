// Trains a small network on drawn digits, saves its weights, and classifies 10,000 other digits
// with it, in batches. Run it by `npm run demo`.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { io, Session } from 'tensorwright';
import { drawDigits, side } from './drawDigits.mjs';
import { classifyingGraph, trainingGraph } from './network.mjs';
import { confusionText, imageText, progressOf } from './text.mjs';

const { values } = parseArgs({
  options: {
    train: { type: 'string', default: '12000' },
    test: { type: 'string', default: '10000' },
    epochs: { type: 'string', default: '3' },
    batch: { type: 'string', default: '64' },
    threads: { type: 'string' },
  },
});
const [trainCount, testCount, epochs, batch] = ['train', 'test', 'epochs', 'batch'].map((name) =>
  Number(values[name]),
);
const options = values.threads ? { threads: Number(values.threads) } : {};
const pixels = side * side;
const secondsSince = (began) => (performance.now() - began) / 1000;

/** The ranges [from, to) of the batches of `count` images. */
function batchesOf(count) {
  return Array.from({ length: Math.ceil(count / batch) }, (_, i) => ({
    from: i * batch,
    to: Math.min(count, (i + 1) * batch),
  }));
}

async function train({ images, labels }) {
  const model = trainingGraph(7);
  const session = new Session(model.graph, options);
  await session.initialize();
  const progress = progressOf('training   ');
  const total = epochs * trainCount;
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const { from, to } of batchesOf(trainCount)) {
      const feeds = new Map([
        [model.images, images.subarray(from * pixels, to * pixels)],
        [model.labels, labels.subarray(from, to)],
        [model.rate, 0.1 / (1 + epoch)],
      ]);
      const { loss } = await session.run({ loss: model.loss, step: model.step }, { feeds });
      progress(epoch * trainCount + to, total, `loss ${loss.item().toFixed(3)} `);
    }
  }
  const weights = await session.run(model.weights);
  await session.close();
  return weights;
}

async function classify(model, { images }) {
  const session = new Session(model.graph, options);
  const predictions = new Uint8Array(testCount);
  const progress = progressOf('classifying');
  const began = performance.now();
  for (const { from, to } of batchesOf(testCount)) {
    const feeds = new Map([[model.images, images.subarray(from * pixels, to * pixels)]]);
    const digits = await session.run(model.digits, { feeds });
    predictions.set(Array.from(digits, Number), from);
    progress(to, testCount, `${Math.round(to / secondsSince(began))} images/s `);
  }
  const seconds = secondsSince(began);
  await session.close();
  return { predictions, seconds };
}

const folder = mkdtempSync(join(tmpdir(), 'tensorwright-demo-'));
try {
  let began = performance.now();
  const [trainSet, testSet] = [drawDigits(trainCount, 1), drawDigits(testCount, 2)];
  console.log(`drew ${trainCount + testCount} digits in ${secondsSince(began).toFixed(1)} s`);

  began = performance.now();
  const path = join(folder, 'digits.safetensors');
  await io.saveSafetensors(path, await train(trainSet));
  console.log(`trained ${epochs} epochs in ${secondsSince(began).toFixed(1)} s`);

  const { tensors } = await io.loadSafetensors(path);
  const model = classifyingGraph(tensors);
  const { predictions, seconds } = await classify(model, testSet);
  const right = predictions.filter((digit, i) => digit === testSet.labels[i]).length;
  console.log(
    `classified ${testCount} digits in batches of ${batch} in ${seconds.toFixed(2)} s: ` +
      `${Math.round(testCount / seconds)} images/s, ${((100 * right) / testCount).toFixed(2)} % right`,
  );
  console.log(`\n${confusionText(testSet.labels, predictions)}\n`);

  const image = testSet.images.subarray(0, pixels);
  const probabilities = await model.probabilities.eval({ feeds: { images: image } });
  const digit = probabilities.data.indexOf(Math.max(...probabilities.data));
  const sure = (100 * probabilities.at(0, digit)).toFixed(1);
  console.log(`${imageText(image)}\n\nThis is a ${digit} (${sure} %).`);
  await model.graph.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
