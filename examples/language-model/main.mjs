// Trains a small transformer on sentences that a grammar makes, lets it write, and asks the grammar
// what it thinks of the result.
//   --text FILE    another text, words between spaces
//   --likely       writes the likeliest words instead of drawing them
//   --save FILE    keeps the trained model there
//   --load FILE    writes with the model of that file, without any training
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Graph, Session, train } from 'tensorwright';
import { randomOf } from '../demo/random.mjs';
import { isSentence, randomSentence } from './grammar.mjs';
import { languageModel } from './model.mjs';

const { values } = parseArgs({
  options: {
    text: { type: 'string' },
    words: { type: 'string', default: '100000' },
    context: { type: 'string', default: '32' },
    width: { type: 'string', default: '64' },
    layers: { type: 'string', default: '3' },
    epochs: { type: 'string', default: '6' },
    seed: { type: 'string', default: '1' },
    likely: { type: 'boolean', default: false },
    save: { type: 'string' },
    load: { type: 'string' },
  },
});
const [count, context, width, layers, epochs, seed] = [
  values.words,
  values.context,
  values.width,
  values.layers,
  values.epochs,
  values.seed,
].map(Number);

function grammarWords() {
  const { integer } = randomOf(seed);
  const words = [];
  while (words.length < count) words.push(...randomSentence(integer));
  return words;
}

const words = values.text ? readFileSync(values.text, 'utf8').trim().split(/\s+/) : grammarWords();
const vocabulary = [...new Set(words)].sort();
const ids = Int32Array.from(words, (word) => vocabulary.indexOf(word));
const windows = Array.from({ length: Math.floor((ids.length - 1) / context) }, (_, i) =>
  ids.subarray(i * context, (i + 1) * context + 1),
);

const graph = new Graph({ seed });
const { loss, step, likely, drawn } = graph.asDefault(() => {
  const size = vocabulary.length;
  const model = languageModel({ size, context, width, heads: 4, layers });
  const steps = epochs * Math.ceil(windows.length / 16);
  const rate = train.warmup(Math.ceil(steps / 20), train.cosineDecay(0.003, { steps }));
  return { ...model, step: train.adamW(rate, { globalClipNorm: 1 }).minimize(model.loss) };
});
const session = new Session(graph);

async function learn() {
  await session.initialize();
  await train.fit({
    session,
    step: { loss, step },
    data: train.data(windows).shuffle({ seed }).batch(16),
    feeds: (window) => ({ window }),
    epochs,
    callbacks: [
      ({ epoch, metrics, examples, seconds }) => {
        const speed = Math.round((examples * context) / seconds);
        if ((epoch + 1) % Math.ceil(epochs / 10) !== 0) return;
        console.log(`epoch ${epoch + 1}: loss ${metrics.loss.toFixed(3)}, ${speed} words/s`);
      },
    ],
  });
}

/** Begins as the text does and goes on from the last words that fit. */
async function write(length) {
  const next = values.likely ? likely : drawn;
  const written = [ids[0]];
  while (written.length < length) {
    const feeds = { begun: [written.slice(-context)] };
    const { data } = await session.run(next, { feeds });
    written.push(Number(data.at(-1)));
  }
  return written.map((id) => vocabulary[id]).join(' ');
}

if (values.load) await session.restore(values.load);
else await learn();
if (values.save) await session.save(values.save);
const text = await write(Math.min(300, words.length));
console.log(`\n${text.replaceAll(' . ', '.\n')}`);

if (!values.text) {
  const sentences = text.split(/(?<= \.) /).slice(0, -1);
  const right = sentences.filter((sentence) => isSentence(sentence.split(' ')));
  const known = new Set(words.join(' ').split(/(?<= \.) /));
  const fresh = right.filter((sentence) => !known.has(sentence));
  console.log(`\n${right.length} of ${sentences.length} sentences are right, ${fresh.length} new`);
}
await session.close();
