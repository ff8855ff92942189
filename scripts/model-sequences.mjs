// Streams of frames through models that carry states from call to call: what a call gives as a state
// is fed to the next one. All frames and the last states are compared with recorded ones.
import { createRequire } from 'node:module';
import { join } from 'node:path';

const { Session, io, ndarray, onnx } = createRequire(import.meta.url)('../dist/index.js');

// By model: the input that takes the frames and the output that is compared, with their files; the
// states as input, output and, where there is one, the file of the last value.
const silero = {
  frames: ['input', 'seq_input.npy'],
  results: ['output', 'seq_output.npy'],
  states: [['state', 'stateN', 'seq_final_stateN.npy']],
};
const sequences = {
  'silero-vad-v6': silero,
  'silero-vad-16k-op15': silero,
  'gtcrn-simple': {
    frames: ['mix', 'seq_mix.npy'],
    results: ['enh', 'seq_enh.npy'],
    states: [
      ['conv_cache', 'conv_cache_out'],
      ['tra_cache', 'tra_cache_out'],
      ['inter_cache', 'inter_cache_out'],
    ],
  },
};

/** The largest |got - expected| / (atol + rtol |expected|): a match when not above 1. */
function deviation(got, expected, rtol = 1e-3, atol = 1e-4) {
  if (got.length !== expected.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  for (let i = 0; i < got.length; i++) {
    const off = Math.abs(got[i] - expected[i]) / (atol + rtol * Math.abs(expected[i]));
    if (!(off <= worst)) worst = off;
  }
  return worst;
}

/** The feeds of the first call: states of zeros, and the rate that silero's models ask for. */
function firstFeeds(model, states) {
  const feeds = new Map();
  for (const [input] of states) {
    const shape = model.inputs[input].shape.map((dim) => dim ?? 1);
    const data = new Float32Array(shape.reduce((a, b) => a * b, 1));
    feeds.set(model.inputs[input], ndarray(data, { shape }));
  }
  if (model.inputs.sr) feeds.set(model.inputs.sr, 16000n);
  return feeds;
}

async function streamed(folder, name, { frames, results, states }) {
  const load = (file) => io.loadNpy(join(folder, name, 'ref', file));
  const model = await onnx.load(join(folder, name, 'model.onnx'));
  const [x, expected] = [await load(frames[1]), await load(results[1])];
  const count = x.shape[0];
  const [size, each] = [x.data.length / count, expected.data.length / count];
  const feeds = firstFeeds(model, states);
  const shape = model.inputs[frames[0]].shape.map((dim, axis) => dim ?? (axis === 0 ? 1 : size));
  const session = new Session(model.graph);
  let worst = 0;
  for (let frame = 0; frame < count; frame++) {
    const data = x.data.slice(frame * size, (frame + 1) * size);
    feeds.set(model.inputs[frames[0]], ndarray(data, { shape }));
    const out = await session.run(model.outputs, { feeds });
    const wanted = expected.data.subarray(frame * each, (frame + 1) * each);
    worst = Math.max(worst, deviation(out[results[0]].data, wanted));
    for (const [input, output] of states) feeds.set(model.inputs[input], out[output]);
  }
  for (const [input, , file] of states) {
    if (!file) continue;
    const last = feeds.get(model.inputs[input]);
    worst = Math.max(worst, deviation(last.data, (await load(file)).data));
  }
  await session.close();
  return { name: `${name}: ${count} frames`, worst };
}

/** Runs every sequence; each result has a name and the largest deviation in tolerances. */
export async function runSequences(folder) {
  const done = [];
  for (const [name, sequence] of Object.entries(sequences)) {
    done.push(await streamed(folder, name, sequence));
  }
  return done;
}
