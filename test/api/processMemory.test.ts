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
