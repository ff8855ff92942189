import { CompiledLibrary } from './compiled.js';

const library = new CompiledLibrary();
afterAll(() => library.remove());

/** A graph of many steps; `start(n)` begins a run in which each draws n values. */
const slow = `
const graph = new tw.Graph();
const { count, result, x, copy } = graph.asDefault(() => {
  const count = tw.placeholder('int32', [1]);
  let result = tw.sum(tw.randomNormal(count));
  for (let i = 0; i < 50; i++) {
    result = graph.controlDependencies([result], () => tw.sum(tw.randomNormal(count)));
  }
  const x = tw.placeholder('float32', [null]);
  return { count, result, x, copy: graph.controlDependencies([result], () => tw.identity(x)) };
});
const session = new tw.Session(graph);
const start = (n) => session.run(result, { feeds: [[count, [n]]] });
`;

test.each<[string, string, number]>([
  ['idle', 'start(10)', 0],
  ['process.exit in mid-run', 'start(5e6); setTimeout(() => process.exit(3), 20)', 3],
  ['process.exit at once', 'start(5e6); process.exit(3)', 3],
  ['process.exit with results', 'start(10).then(() => process.exit(3))', 3],
  [
    'an uncaught error in mid-run',
    "start(5e6); setTimeout(() => { throw new Error('x'); }, 20)",
    1,
  ],
  ['an uncaught error after a run', "start(10).then(() => { throw new Error('x'); })", 1],
  ['an unhandled rejection', "session.run('nothing')", 1],
  ['process.exit after close in mid-run', 'start(5e6); session.close(); process.exit(3)', 3],
  [
    'lent memory at exit',
    'const r = session.runSync(copy, { feeds: [[x, new Float32Array(1e6)], [count, [1]]] }); globalThis.r = r; process.exit(3)',
    3,
  ],
  ['a pending run keeps the process', 'start(1e6).then(() => { process.exitCode = 4; })', 4],
])('%s', (_, program, status) => {
  expect(library.run(slow + program)).toMatchObject({ status, signal: null });
});

test('SIGTERM in mid-run', () => {
  const program = `${slow} start(5e6); setTimeout(() => process.kill(process.pid, 'SIGTERM'), 20);`;
  expect(library.run(program)).toMatchObject({ status: null, signal: 'SIGTERM' });
});

test('50 workers ended in the middle of runs', () => {
  const program = `
const { Worker, isMainThread } = require('node:worker_threads');
${slow}
const feeds = [[x, new Float32Array(1e5)], [count, [20000]]];
if (!isMainThread) {
  const again = () => session.run(copy, { feeds }).then(again);
  for (let i = 0; i < 8; i++) again();
  require('node:worker_threads').parentPort.postMessage('running');
} else (async () => {
  for (let i = 0; i < 50; i += 2) {
    await Promise.all([0, 1].map(async (k) => {
      const worker = new Worker(__filename);
      await new Promise((resolve) => worker.once('message', resolve));
      await new Promise((resolve) => setTimeout(resolve, (i * 7 + k * 3) % 25));
      await worker.terminate();
    }));
  }
  const { data } = await session.run(copy, { feeds });
  if (data.length !== 1e5) throw new Error('wrong');
  console.log('well');
})();`;
  expect(library.run(program)).toMatchObject({ status: 0, signal: null, stdout: 'well\n' });
}, 120_000);

test('sessions that nobody closes are collected', () => {
  const program = `
${slow}
(async () => {
  let before = 0;
  for (let i = 0; i < 600; i++) {
    const s = new tw.Session(graph);
    await s.run(copy, { feeds: [[x, new Float32Array(1e5)], [count, [10]]] });
    if (i % 20 === 0) { gc(); await new Promise(setImmediate); }
    if (i === 200) before = process.memoryUsage().rss;
  }
  const grown = process.memoryUsage().rss - before;
  console.log(grown < 32 * 2 ** 20 ? 'bounded' : grown);
})();`;
  expect(library.run(program, ['--expose-gc'])).toMatchObject({ status: 0, stdout: 'bounded\n' });
}, 120_000);

test('a missing addon is explained', () => {
  const program = `
process.env.TENSORWRIGHT_NATIVE_PATH = '/nowhere/x.node';
for (const key of Object.keys(require.cache)) delete require.cache[key];
try { require(require('node:path').join(__dirname, 'index.js')); } catch (e) { console.log(e.message); }`;
  const { stdout } = library.run(program);
  expect(stdout).toContain('Cannot load the native addon of tensorwright');
  expect(stdout).toContain('/nowhere/x.node (TENSORWRIGHT_NATIVE_PATH): no such file');
  expect(stdout).toContain('npx tensorwright build');
});
