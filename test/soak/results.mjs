// A synchronous loop over 64 MB results that nobody disposes of stays under 1 GB.
import { figure, graphOf, short, steady, tw } from './lib/soak.mjs';

const count = 16 * 2 ** 20;
const { graph, x, y } = graphOf([count], (x) => tw.relu(x));
const session = new tw.Session(graph);
const feeds = new Map([[x, new Float32Array(count).fill(1)]]);
let sum = 0;
const loop = () => {
  const [result] = session.runSync([y], { feeds });
  sum += result.data[count - 1];
};
// In a short loop the garbage collector may come to let one more result live only after a while.
const most = await steady('64 MB results', short ? 60 : 300, loop, short ? 80 : 16);
figure('most MB seen', most, 1000);
figure('sum of the results', sum);
await session.close();
