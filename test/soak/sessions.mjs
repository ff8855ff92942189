// 2,000 sessions opened and closed, each with variables and a run, leave no memory behind.
import { short, steady, tw } from './lib/soak.mjs';

const graph = new tw.Graph();
const { y } = graph.asDefault(() => {
  const w = tw.variable(tw.ndarray(new Float32Array(4096), { shape: [64, 64] }), { name: 'w' });
  return { y: tw.matMul(w, tw.constant(tw.ndarray(new Float32Array(4096), { shape: [64, 64] }))) };
});
await steady('sessions opened and closed', short ? 200 : 2000, async () => {
  const session = new tw.Session(graph);
  await session.run(graph.initializer);
  session.runSync([y]);
  await session.close();
});
