// What happens in the middle of an asynchronous run stays there: closing a session rejects its
// runs and nothing else; a fed buffer may be detached or shrunk.
import { expect, graphOf, short, tw } from './lib/soak.mjs';

const n = 256;
const links = 30;
const { graph, x, y } = graphOf([n, n], (x) => {
  let y = x;
  for (let i = 0; i < links; i++) y = y.matMul(x);
  return y;
});
const values = new Float32Array(n * n).map((_, i) => Math.sin(i) / 8);
const shaped = (data) => tw.ndarray(data, { shape: [n, n] });
const feedsOf = (data) => ({ feeds: new Map([[x, shaped(data)]]) });
const steadySession = new tw.Session(graph);
const [{ data: expected }] = steadySession.runSync([y], feedsOf(values));
const same = ({ data }) => data.every((v, i) => Object.is(v, expected[i]));

const rounds = short ? 5 : 50;
let rejected = 0;
let right = 0;
for (let i = 0; i < rounds; i++) {
  const closing = new tw.Session(graph);
  const other = steadySession.run([y], feedsOf(values));
  const cut = closing.run([y], feedsOf(values)).then(
    () => 'done',
    (error) => error.code,
  );
  await new Promise((resolve) => setImmediate(resolve));
  await closing.close();
  const outcome = await cut;
  if (outcome === 'CANCELLED' || outcome === 'done') rejected++;
  if (same((await other)[0])) right++;
}
expect(rejected === rounds, `runs settled by closing their session: ${rejected} of ${rounds}`);
expect(right === rounds, `runs of the other session that were right: ${right} of ${rounds}`);

right = 0;
for (let i = 0; i < rounds; i++) {
  const detached = Float32Array.from(values);
  const runs = [steadySession.run([y], feedsOf(detached))];
  structuredClone(detached.buffer, { transfer: [detached.buffer] });
  const bytes = 4 * n * n;
  const resizable = new Float32Array(new ArrayBuffer(bytes, { maxByteLength: bytes }));
  resizable.set(values);
  runs.push(steadySession.run([y], feedsOf(resizable)));
  resizable.buffer.resize(0);
  global.gc?.();
  const results = await Promise.all(runs);
  if (results.every(([result]) => same(result))) right++;
}
expect(right === rounds, `rounds that a detached or shrunk feed left right: ${right} of ${rounds}`);
await steadySession.close();
