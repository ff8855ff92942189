// 50 workers started, and killed in the middle of runs, leave the process well.
import { Worker } from 'node:worker_threads';
import { expect, graphOf, short, steady, tw } from './lib/soak.mjs';

const body = `
  const { parentPort } = require('node:worker_threads');
  const tw = require(${JSON.stringify(new URL('../../dist/index.js', import.meta.url).pathname)});
  const graph = new tw.Graph();
  const [x, y] = graph.asDefault(() => {
    const x = tw.placeholder('float32', [256, 256]);
    let y = x;
    for (let i = 0; i < 20; i++) y = y.matMul(x);
    return [x, y];
  });
  const session = new tw.Session(graph);
  const feeds = new Map([[x, tw.ndarray(new Float32Array(256 * 256), { shape: [256, 256] })]]);
  const again = () => session.run([y], { feeds }).then(again);
  for (let i = 0; i < 8; i++) again();
  parentPort.postMessage('running');
`;

const { graph, x, y } = graphOf([4], (x) => x.add(1));
const session = new tw.Session(graph);
let well = 0;
const count = short ? 8 : 50;
await steady('workers started and killed', count, async (i) => {
  const worker = new Worker(body, { eval: true });
  await new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  await new Promise((resolve) => setTimeout(resolve, (i * 7) % 23));
  await worker.terminate();
  const [result] = await session.run([y], { feeds: new Map([[x, Float32Array.of(0, 1, 2, 3)]]) });
  if (result.data.join() === '1,2,3,4') well++;
});
expect(well === count, `runs that were right after a worker was killed: ${well} of ${count}`);
await session.close();
