// Goes on training a network that came as an ONNX file. It knows upright digits; now it gets some
// that lie on their side.
//   --digits N    so many digits of the new kind to train with
//   --last        trains the last layer only, the others stay as they were
import { parseArgs } from 'node:util';
import { cast, equal, ndarray, nn, onnx, placeholder, Session, train } from 'tensorwright';
import { drawDigits, side } from '../demo/drawDigits.mjs';

const { values } = parseArgs({
  options: {
    digits: { type: 'string', default: '1000' },
    epochs: { type: 'string', default: '8' },
    last: { type: 'boolean', default: false },
  },
});
const [count, epochs] = [values.digits, values.epochs].map(Number);

const model = await onnx.load(new URL('digits.onnx', import.meta.url), { variables: true });
const { graph, inputs, outputs } = model;
for (const { name, shape } of graph.variables) console.log(`${name} [${shape.join(', ')}]`);

const { labels, accuracy, loss, step } = graph.asDefault(() => {
  const labels = placeholder('int32', [null]);
  const seen = outputs.logits.argMax(-1, { outputType: 'int32' });
  const loss = nn.losses.sparseSoftmaxCrossEntropy(labels, outputs.logits);
  const variables = graph.variables.filter(({ name }) => !values.last || /^linear/.test(name));
  const step = train.adam(0.002).minimize(loss, { variables });
  return { labels, accuracy: cast(equal(seen, labels), 'float32').mean(), loss, step };
});

/** Digits of the file's layout, [n, channels, height, width], upright or turned to the left. */
function digits(n, seed, isTurned) {
  const drawn = drawDigits(n, seed);
  const images = ndarray(drawn.images, { shape: [n, 1, side, side] });
  if (!isTurned) return { images, labels: drawn.labels };
  const mirrored = images.transpose([0, 1, 3, 2]);
  return { images: mirrored.slice(null, null, [null, null, -1]), labels: drawn.labels };
}
const feeds = (batch) => [
  [inputs.images, batch.images],
  [labels, batch.labels],
];
const tests = { upright: digits(1000, 2, false), lying: digits(1000, 3, true) };

const session = new Session(graph);
async function test(when) {
  const shares = [];
  for (const [kind, set] of Object.entries(tests)) {
    const share = (await session.run(accuracy, { feeds: feeds(set) })).item();
    shares.push(`${(100 * share).toFixed(1)} % of ${kind} digits`);
  }
  console.log(`${when}: ${shares.join(', ')}`);
}

await session.initialize();
await test('as it came');
await train.fit({
  session,
  step: { loss, step },
  data: train
    .data(digits(count, 4, true))
    .shuffle({ seed: 1 })
    .batch(32),
  feeds,
  epochs,
  callbacks: [train.progress()],
});
await test('fine-tuned');
await session.close();
