// Finds the line that noisy points lie around, by gradient descent.
import { Graph, nn, placeholder, Session, train, variable } from 'tensorwright';

// Points around y = 3 x - 2.
const xs = Float32Array.from({ length: 200 }, (_, i) => i / 100 - 1);
const ys = xs.map((x, i) => 3 * x - 2 + 0.3 * Math.sin(12.9898 * i));

const graph = new Graph();
const { slope, intercept, loss, step } = graph.asDefault(() => {
  const x = placeholder('float32', [null], { name: 'x' });
  const y = placeholder('float32', [null], { name: 'y' });
  const slope = variable(0, { dtype: 'float32', name: 'slope' });
  const intercept = variable(0, { dtype: 'float32', name: 'intercept' });
  const loss = nn.losses.meanSquaredError(y, x.mul(slope).add(intercept));
  return { slope, intercept, loss, step: train.sgd(0.2).minimize(loss) };
});

const session = new Session(graph);
await session.initialize();
for (let i = 0; i <= 50; i++) {
  const out = await session.run({ loss, slope, intercept }, { feeds: { x: xs, y: ys } });
  if (i % 10 === 0) {
    const [m, b] = [out.slope.item().toFixed(3), out.intercept.item().toFixed(3)];
    console.log(`step ${i}: y = ${m} x + ${b}, loss ${out.loss.item().toFixed(4)}`);
  }
  await session.run(step, { feeds: { x: xs, y: ys } });
}
await session.close();
