// Trains a convolutional network on handwritten digits: 8,000 to train, 2,000 to test.
//   --data FOLDER   where the files of MNIST's test set are; without them digits are drawn
//   --augment       turns, scales and shifts the digits of the training
//   --run FOLDER    keeps checkpoints and curves there; the same command goes on after a stop
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Graph, Session, train } from 'tensorwright';
import { augment } from './augment.mjs';
import { loadDigits } from './digits.mjs';
import { digitNetwork } from './network.mjs';

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: join(import.meta.dirname, '../../../shared/inputs') },
    digits: { type: 'string', default: '10000' },
    epochs: { type: 'string', default: '10' },
    batch: { type: 'string', default: '64' },
    augment: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    threads: { type: 'string' },
    run: { type: 'string' },
  },
});
const [epochs, batch, seed] = [values.epochs, values.batch, values.seed].map(Number);
const digits = loadDigits(values.data, Number(values.digits));
console.log(`${values.digits} ${digits.real ? 'handwritten' : 'drawn'} digits`);

const graph = new Graph({ seed });
const { loss, accuracy, step } = graph.asDefault(() => {
  const network = digitNetwork();
  const steps = epochs * Math.ceil(digits.train.labels.shape[0] / batch);
  const step = train.adam(train.cosineDecay(0.002, { steps })).minimize(network.loss);
  return { ...network, step };
});

const session = new Session(graph, { threads: values.threads && Number(values.threads) });
await session.initialize();
const examples = train.data(digits.train).shuffle({ seed });
const callbacks = [train.progress()];
if (values.run) {
  callbacks.push(new train.Checkpoints(join(values.run, 'checkpoints'), { resume: true }));
  callbacks.push(train.tensorBoard(values.run));
}
// Ctrl+C ends the training after the step in progress.
const controller = new AbortController();
process.once('SIGINT', () => controller.abort());

const began = performance.now();
const result = await train.fit({
  session,
  step: { step, loss },
  data: (values.augment ? examples.map(augment, { seed }) : examples).batch(batch).prefetch(),
  epochs,
  validate: { data: train.data(digits.test).batch(500), metrics: { accuracy } },
  callbacks,
  signal: controller.signal,
});
const seconds = ((performance.now() - began) / 1000).toFixed(1);
const last = result.epochs.at(-1)?.validation.accuracy ?? 0;
console.log(`${result.stopped} after ${seconds} s, ${(100 * last).toFixed(2)} % right`);
await session.close();
