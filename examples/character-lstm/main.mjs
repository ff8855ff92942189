// Learns a text by heart, character by character, with an LSTM, and writes it down.
//   --text FILE    another text
//   --save FILE    keeps the trained model there
//   --load FILE    writes with the model of that file, without any training
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Graph, Session, train } from 'tensorwright';
import { alphabetOf } from './alphabet.mjs';
import { readingModel, writingModel } from './model.mjs';

const tyger = new URL('tyger.txt', import.meta.url);
const { values } = parseArgs({
  options: {
    text: { type: 'string' },
    units: { type: 'string', default: '128' },
    epochs: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    save: { type: 'string' },
    load: { type: 'string' },
  },
});
const text = readFileSync(values.text ?? tyger, 'utf8').trim();
const alphabet = alphabetOf(text);
const [units, epochs, seed] = [values.units, values.epochs, values.seed].map(Number);

const graph = new Graph({ seed });
const { reading, step, writing } = graph.asDefault(() => {
  const reading = readingModel(alphabet.size, units);
  const step = train.adam(0.005, { globalClipNorm: 1 }).minimize(reading.loss);
  return { reading, step, writing: writingModel(alphabet.size, units) };
});
const session = new Session(graph);

/** Pieces of the text, each with the same piece one character later. */
function* pieces(length) {
  const ids = alphabet.encode(text);
  for (let at = 0; at + 1 < ids.length; at += length) {
    const end = Math.min(at + length, ids.length - 1);
    yield { ids: [ids.subarray(at, end)], next: [ids.subarray(at + 1, end + 1)] };
  }
}

async function learn() {
  await session.initialize();
  await train.fit({
    session,
    step: { loss: reading.loss, step, carry: reading.carry },
    data: async function* () {
      await session.run(reading.restart);
      yield* pieces(64);
    },
    epochs,
    callbacks: [
      ({ epoch, metrics }, run) => {
        if (metrics.loss < 0.02) run.stop('it knows the text by heart');
        else if ((epoch + 1) % 10 !== 0) return;
        console.log(`epoch ${epoch + 1}: loss ${metrics.loss.toFixed(3)}`);
      },
    ],
  });
}

/** Starts with the first character of the text, and goes on by itself. */
async function write(count) {
  const next = session.prepare(writing.fetches, { feeds: writing.feeds });
  let id = alphabet.encode(text[0]);
  let [h, c] = [new Float32Array(units), new Float32Array(units)];
  const ids = [...id];
  while (ids.length < count) {
    const out = await next.run([id], [h], [c]);
    [id, h, c] = out.map(({ data }) => data);
    ids.push(id[0]);
  }
  return alphabet.decode(ids);
}

if (values.load) await session.restore(values.load);
else await learn();
if (values.save) await session.save(values.save);
const written = await write(text.length);
console.log(`\n${written}`);
const right = [...written].filter((character, i) => character === text[i]).length;
console.log(`\n${right} of ${text.length} characters are right`);
await session.close();
