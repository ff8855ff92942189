// The resident memory of a process that trains grows by little more than the plan says, and the
// plan is little more than what must live at the worst moment of a step.
import { fork } from 'node:child_process';

import { expect, figure, short, tw } from './lib/soak.mjs';

const models = {
  convolutions(x, wide) {
    let h = x;
    for (const channels of wide ? (short ? [32] : [32, 64, 128]) : [4]) {
      h = tw.nn.conv2d(h, channels, 3, { activation: tw.relu, padding: 'SAME' });
      h = tw.nn.conv2d(h, channels, 3, { activation: tw.relu, padding: 'SAME' });
      h = tw.maxPool(h, [2, 2], { strides: [2, 2] });
    }
    return tw.nn.dense(tw.mean(h, [1, 2]), 10);
  },
  transformer: (x, wide) => transformer(x, wide, (block) => block),
  recomputed: (x, wide) => transformer(x, wide, tw.recompute),
};

function transformer(x, isWide, wrapped) {
  const width = isWide ? 256 : 16;
  const block = wrapped((h) => {
    const rows = tw.nn.layerNorm(h);
    const seen = tw.add(h, tw.nn.multiHeadAttention(rows, rows, { heads: 8, causal: true }));
    const wide = tw.nn.dense(tw.nn.layerNorm(seen), 4 * width, { activation: tw.gelu });
    return tw.add(seen, tw.nn.dense(wide, width));
  });
  let h = tw.nn.dense(tw.reshape(x, [-1, 64, 256]), width);
  for (let i = 0; i < (short ? 2 : 4); i++) h = block(h);
  return tw.nn.dense(tw.mean(h, 1), 10);
}

async function train(model, batch, wide) {
  const graph = new tw.Graph({ seed: 1 });
  const m = graph.asDefault(() => {
    const x = tw.placeholder('float32', [null, 64, 64, 4]);
    const y = tw.placeholder('int32', [null]);
    const loss = tw.nn.losses.sparseSoftmaxCrossEntropy(y, model(x, wide));
    return { x, y, loss, step: tw.train.adam(0.001).minimize(loss) };
  });
  const session = new tw.Session(graph);
  await session.initialize();
  const xs = new Float32Array(batch * 64 * 64 * 4).map((_, i) => ((i * 37) % 101) / 101);
  const feeds = [
    [m.x, xs],
    [m.y, new Int32Array(batch).map((_, i) => i % 10)],
  ];
  const trace = new tw.Trace();
  for (let i = 0; i < 4; i++) await session.run({ loss: m.loss, step: m.step }, { feeds, trace });
  await session.close();
  return { ...trace.memory, feeds: xs.byteLength };
}

// One model after a tiny training of it, which loads code that is not part of any plan.
async function measure(name) {
  await train(models[name], 1, false);
  const base = process.memoryUsage.rss();
  const memory = await train(models[name], 48, true);
  process.send({ ...memory, grown: process.resourceUsage().maxRSS * 1024 - base });
}

async function check(name) {
  const child = fork(process.argv[1], [...process.argv.slice(2), '--model', name]);
  const memory = await new Promise((resolve, reject) => {
    child.once('message', resolve).once('exit', (code) => reject(new Error(`status ${code}`)));
  });
  const { planned, live, variables, results, feeds, grown } = memory;
  figure(`${name}: MB planned`, planned / 1e6);
  figure(`${name}: planned of live`, planned / (live + variables + results), 1.1);
  figure(`${name}: MB grown`, grown / 1e6);
  // What JavaScript itself grows by counts for more in a short training.
  const own = short ? 8e6 : 0;
  figure(`${name}: grown of planned and fed`, (grown - own) / (planned + feeds), 1.15);
  return grown;
}

const child = process.argv.indexOf('--model');
if (child > 0) {
  await measure(process.argv[child + 1]);
} else {
  await check('convolutions');
  const kept = await check('transformer');
  const again = await check('recomputed');
  expect(again < 0.85 * kept, 'recomputing lowers what the process needs');
}
