import { CompiledLibrary } from './compiled.js';

const library = new CompiledLibrary();
afterAll(() => library.remove());

// The process has to be told by its high-water mark, which /proc alone gives; an instrumented one
// holds more than the program asks for.
const measured =
  process.platform === 'linux' && !process.env.TENSORWRIGHT_SANITIZED ? test : test.skip;

/** Trains blocks of dense layers and prints by how much the process grew, over the plan. */
const training = (around: string) => `
const { readFileSync } = require('node:fs');
const peak = () => 1024 * /VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1];
const [batch, size] = [512, 64];
const graph = new tw.Graph({ seed: 1 });
const { x, y, loss, step } = graph.asDefault(() => {
  const x = tw.placeholder('float32', [null, 64, size]);
  const y = tw.placeholder('int32', [null]);
  const layers = (h) => {
    for (let i = 0; i < 4; i++) h = tw.nn.dense(h, size, { activation: tw.relu });
    return h;
  };
  const block = ${around};
  let h = x;
  for (let i = 0; i < 4; i++) h = block(h);
  const loss = tw.nn.losses.sparseSoftmaxCrossEntropy(y, tw.nn.dense(h.mean(1), 10));
  return { x, y, loss, step: tw.train.adam(0.001).minimize(loss) };
});
const feeds = [[x, new Float32Array(batch * 64 * size).fill(0.3)], [y, new Int32Array(batch)]];
const session = new tw.Session(graph);
const base = peak();
session.initializeSync();
const trace = new tw.Trace();
for (let i = 0; i < 3; i++) session.runSync({ loss, step }, { feeds, trace });
console.log((peak() - base) / trace.memory.planned);
`;

measured.each([
  ['with all activations kept', 'layers'],
  ['recomputed', 'tw.recompute(layers)'],
])('a training step, %s, takes little more of the process than its plan', (_, around) => {
  const { stdout, stderr } = library.run(training(around));
  expect(stderr).toBe('');
  expect(Number(stdout)).toBeGreaterThan(0.95);
  expect(Number(stdout)).toBeLessThan(1.15);
});

/**
 * Trains a model of little memory after a tiny one of its kind, which loads the code that training
 * needs: prints the plan over what lives at the worst moment, and the growth over the plan.
 */
const small = (model: string, batch: number) => `
const { readFileSync } = require('node:fs');
const [now, peak] = [/VmRSS:\\s+(\\d+)/, /VmHWM:\\s+(\\d+)/];
const status = (line) => 1024 * line.exec(readFileSync('/proc/self/status', 'utf8'))[1];
const { nn, relu, gelu } = tw;
const models = {
  mlp: (x, n) => nn.dense(nn.dense(x, 64 * n, { activation: relu }), 64 * n, { activation: relu }),
  cnn: (x, n) => {
    let h = tw.reshape(x, [-1, 28, 28, 1]);
    for (const i of [4, 8]) {
      h = nn.conv2d(h, i * n, 3, { activation: relu, padding: 'SAME' });
      h = tw.maxPool(h, [2, 2], { strides: [2, 2] });
    }
    return nn.dropout(nn.dense(nn.flatten(h), 16 * n, { activation: relu }), 0.4, { training: true });
  },
  transformer: (x, n) => {
    let h = nn.dense(tw.reshape(x, [-1, 56, 14]), 16 * n);
    for (let i = 0; i < 2; i++) {
      const rows = nn.layerNorm(h);
      h = h.add(nn.multiHeadAttention(rows, rows, { heads: 4, causal: true }));
      const wide = nn.dense(nn.layerNorm(h), 64 * n, { activation: gelu });
      h = h.add(nn.dense(wide, 16 * n));
    }
    return tw.mean(h, 1);
  },
};
function train(batch, n) {
  const graph = new tw.Graph({ seed: 1 });
  const { x, y, loss, step } = graph.asDefault(() => {
    const x = tw.placeholder('float32', [null, 784]);
    const y = tw.placeholder('int32', [null]);
    const logits = nn.dense(models.${model}(x, n), 10);
    const loss = nn.losses.sparseSoftmaxCrossEntropy(y, logits);
    return { x, y, loss, step: tw.train.adam(0.001).minimize(loss) };
  });
  const feeds = [[x, new Float32Array(batch * 784).fill(0.3)], [y, new Int32Array(batch)]];
  const session = new tw.Session(graph);
  const base = status(now);
  session.initializeSync();
  const trace = new tw.Trace();
  for (let i = 0; i < 3; i++) {
    session.runSync({ loss, step }, { feeds, trace: i === 2 ? trace : undefined });
  }
  session.close();
  return { ...trace.memory, grown: status(peak) - base };
}
train(1, 1);
const { planned, live, variables, results, grown } = train(${batch}, 8);
console.log(JSON.stringify({ planned, ofLive: planned / (live + variables + results), grown }));
`;

measured.each([
  ['mlp', 512],
  ['mlp', 2000],
  ['cnn', 64],
  ['transformer', 24],
])(
  'the plan of a training step of a small %s, batch %i, is near what lives and what the process needs',
  (model, batch) => {
    const { stdout, stderr } = library.run(small(model, batch));
    expect(stderr).toBe('');
    const { planned, ofLive, grown } = JSON.parse(stdout);
    expect(planned).toBeLessThan(40e6);
    expect(ofLive).toBeLessThan(1.1);
    expect(grown / planned).toBeLessThan(1.15);
  },
);
