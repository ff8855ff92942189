// A feed shape that was not seen before costs at most 1 ms and 5 us for each node more than a
// cached run. The short form runs beside other tests and allows three times as much.
import { figure, graphOf, percentile, short, tw } from './lib/soak.mjs';

for (const nodes of [10, 100, 1000]) {
  const { graph, x, y } = graphOf([null, 16], (x) => {
    const w = tw.constant(tw.ndarray(new Float32Array(256).fill(0.1), { shape: [16, 16] }));
    let y = x;
    for (let i = 0; i < nodes; i++) y = i % 2 === 0 ? tw.tanh(y) : tw.matMul(y, w);
    return y;
  });
  const session = new tw.Session(graph, { threads: 1 });
  const run = (rows) => {
    const feeds = new Map([[x, tw.ndarray(new Float32Array(rows * 16), { shape: [rows, 16] })]]);
    const began = performance.now();
    session.runSync([y], { feeds });
    return performance.now() - began;
  };
  run(1);
  run(1);
  const extra = [];
  for (let rows = 2; rows < 42; rows++) {
    const first = run(rows);
    extra.push(first - Math.min(run(rows), run(rows), run(rows)));
  }
  figure(
    `${nodes} nodes, ms for an unseen shape, median`,
    percentile(extra, 0.5),
    (1 + 0.005 * nodes) * (short ? 3 : 1),
  );
  await session.close();
}
