// Steps of training with Adam: beside tfjs, and the products of a step beside the peak.
// peers/torch_train.py measures the same models in PyTorch.
import { asRate, interleave } from '../lib/measure.mjs';
import { peak } from '../lib/peak.mjs';
import { randomFloats } from '../lib/random.mjs';
import { tfjsOn } from '../lib/tfjs.mjs';
import { cnn } from '../training/cnn.mjs';
import { mlp } from '../training/mlp.mjs';
import { transformer } from '../training/transformer.mjs';

const rate = 0.001;
const size = (shape) => shape.reduce((a, b) => a * b, 1);
const randoms = {
  floats: (count) => randomFloats(count, 5),
  integers: (count, below) =>
    Int32Array.from(randomFloats(count, 7), (v) => Math.floor(((v + 1) / 2) * below)),
};
const products = /MatMul|Conv2D/;

async function ourStep(tw, model, threads) {
  const graph = new tw.Graph({ seed: 1 });
  const { loss, step } = graph.asDefault(() => {
    const made = model.ours(tw);
    return { loss: made, step: tw.train.adam(rate).minimize(made) };
  });
  const session = new tw.Session(graph, { threads });
  await session.initialize();
  const feeds = Object.fromEntries(
    Object.entries(model.feeds(randoms, model.batch)).map(([name, { data, shape }]) => [
      name,
      tw.ndarray(data, { shape }),
    ]),
  );
  return { session, run: (trace) => session.run({ loss, step }, { feeds, trace }) };
}

async function theirStep(model) {
  const tf = await tfjsOn(model.backend);
  let seed = 0;
  const variable = (values, shape) => tf.variable(tf.tensor(values, shape));
  const lossOf = model.tfjs(tf, {
    weight: (shape) => {
      const scale = Math.sqrt(6 / (size(shape.slice(0, -1)) + shape.at(-1)));
      return variable(
        randomFloats(size(shape), ++seed).map((v) => v * scale),
        shape,
      );
    },
    bias: (shape) => variable(new Float32Array(size(shape)), shape),
    ones: (shape) => variable(new Float32Array(size(shape)).fill(1), shape),
  });
  const feeds = Object.fromEntries(
    Object.entries(model.feeds(randoms, model.tfjsBatch ?? model.batch)).map(
      ([name, { data, shape }]) => [
        name,
        tf.tensor(data, shape, data instanceof Int32Array ? 'int32' : 'float32'),
      ],
    ),
  );
  const optimizer = tf.train.adam(rate);
  return () => {
    const loss = optimizer.minimize(() => lossOf(feeds), true);
    const [value] = loss.dataSync();
    loss.dispose();
    return value;
  };
}

/**
 * Steps of both in turn. On its CPU backend tfjs takes a minute for a step: there one with a small
 * batch is measured and multiplied.
 */
async function besideTfjs({ tw, options }, model, threads, theirs) {
  const { session, run } = await ourStep(tw, model, threads);
  const { batch, tfjsBatch = batch, backend } = model;
  const part = asRate(async () => {
    const start = performance.now();
    theirs();
    return ((performance.now() - start) * 1e3 * batch) / tfjsBatch;
  });
  const tfjs = tfjsBatch < batch ? part : theirs;
  const settings = { batches: tfjs === part ? 2 : options.batches, batchMs: 150 };
  const figures = await interleave({ ours: () => run(), tfjs }, settings);
  await session.close();
  const [most, median] = [figures.ours.min, figures.ours.median].map((us) => 1e6 / us);
  const scaled = tfjsBatch < batch ? `, tfjs by a batch of ${tfjsBatch}` : '';
  return {
    row: `${model.name}, ${threads} threads, beside tfjs-${backend}`,
    ...figures,
    ofOrt: { atMost: 1 / model.speedup },
    note: `${most.toFixed(1)} / ${median.toFixed(1)} steps/s${scaled}`,
  };
}

/** The products of a step, forwards and backwards, as one piece of work. */
async function ofPeak({ tw, options }, model, threads) {
  const { session, run } = await ourStep(tw, model, threads);
  const ours = asRate(async () => {
    const trace = new tw.Trace();
    await run(trace);
    const steps = trace.steps.filter(({ op }) => products.test(op));
    return steps.reduce((sum, { start, end }) => sum + (end - start) * 1e3, 0);
  });
  for (let i = 0; i < 3; i++) await run();
  const candidates = { peak: peak(threads), ours, after: peak(threads) };
  const figures = await interleave(candidates, { batches: 5 * options.batches });
  await session.close();
  return {
    row: `products of the ${model.name}, ${threads} threads`,
    ours: figures.ours,
    ofPeak: { figures, work: model.flops(), atLeast: 0.75 },
  };
}

export default async function trainRows(context) {
  const rows = [];
  for (const model of [mlp, cnn, transformer]) {
    const theirs = await theirStep(model);
    for (const threads of [1, 2]) rows.push(await besideTfjs(context, model, threads, theirs));
    for (const threads of [1, 2]) rows.push(await ofPeak(context, model, threads));
  }
  return rows;
}
