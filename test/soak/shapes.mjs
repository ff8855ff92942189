// 100,000 runs with changing feed shapes leave no memory behind.
import { graphOf, short, steady, tw } from './lib/soak.mjs';

const { graph, x, y } = graphOf([null, null], (x) => tw.relu(x.add(1)).mul(x));
const session = new tw.Session(graph);
const values = new Float32Array(64 * 64).fill(0.5);
await steady('changing feed shapes', short ? 4000 : 100_000, async (i) => {
  const shape = [1 + (i % 61), 1 + ((i * 7) % 59)];
  const feeds = new Map([[x, tw.ndarray(values.subarray(0, shape[0] * shape[1]), { shape })]]);
  if (i % 2 === 0) session.runSync([y], { feeds });
  else await session.run([y], { feeds });
});
await session.close();
