// 1,000 concurrent calls over 8 sessions and 4 workers, with aborts, timeouts and closes at random
// moments: every promise settles as it should.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { expect, short, steady, tw } from './lib/soak.mjs';

// Five heaps would grow for long before they are collected by themselves.
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

const kSessions = 8;
const kWorkers = 4;
const kCalls = 1000 / (kWorkers + 1);

let state = isMainThread ? 1 : 7;
const random = (n) => {
  state = (state * 1103515245 + 12345) % 2 ** 31;
  return Math.floor((state / 2 ** 31) * n);
};
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function build() {
  const graph = new tw.Graph();
  return graph.asDefault(() => {
    const x = tw.placeholder('float32', [null]);
    const start = tw.constant(0, { dtype: 'float64' });
    const [forever] = tw.whileLoop(
      (i) => tw.less(i, 1e12),
      (i) => [tw.add(i, 1)],
      [start],
    );
    return { graph, x, y: tw.mul(tw.add(x, 1), 2), forever };
  });
}

const { graph, x, y, forever } = build();
const firstOf = (promise) => promise.then((array) => `value ${array.data[0]}`);
const outcomeOf = (promise) => promise.catch((error) => error.code ?? String(error));

// What is called, and the outcomes that are right while the session stays open.
function call(session, i) {
  const feeds = [[x, Float32Array.of(i, 2, 3)]];
  const right = [`value ${2 * (i + 1)}`];
  const kind = random(10);
  if (kind < 4) return [firstOf(session.run(y, { feeds })), right];
  if (kind < 6) return [firstOf(y.eval({ feeds, session })), right];
  if (kind < 7) return [firstOf(session.asDefault(() => y.eval({ feeds }))), right];
  if (kind < 8) return [session.run(forever, { timeout: 1 + random(20) }), ['DEADLINE_EXCEEDED']];
  if (kind < 9) {
    const signal = AbortSignal.timeout(random(20));
    return [forever.eval({ session, signal }), ['CANCELLED']];
  }
  const signal = AbortSignal.abort();
  return [session.run(y, { feeds, signal }), ['CANCELLED']];
}

const closing = ['CANCELLED', 'FAILED_PRECONDITION', 'DEADLINE_EXCEEDED'];

// Gives what came out wrong, and how many promises settled.
async function round() {
  const sessions = Array.from({ length: kSessions }, () => new tw.Session(graph));
  const closed = new Set([random(kSessions), random(kSessions)]);
  const closes = [...closed].map((k) => sleep(random(15)).then(() => sessions[k].close()));
  const calls = Array.from({ length: kCalls }, async (_, i) => {
    if (i % 20 === 19) await sleep(random(10));
    const k = random(kSessions);
    const [promise, right] = call(sessions[k], i);
    const outcome = await outcomeOf(promise);
    const allowed = closed.has(k) ? [...right, ...closing] : right;
    return allowed.includes(outcome) ? [] : [`${outcome} instead of ${right}`];
  });
  const wrong = (await Promise.all(calls)).flat();
  await Promise.all([...closes, ...sessions.map((session) => session.close())]);
  collect();
  return { settled: calls.length, wrong };
}

async function main() {
  const url = new URL(import.meta.url);
  const workers = Array.from({ length: kWorkers }, () => new Worker(url));
  const answer = (worker) => new Promise((resolve) => worker.once('message', resolve));
  let settled = 0;
  const wrong = [];
  const turn = async () => {
    const answers = workers.map(answer);
    for (const worker of workers) worker.postMessage('round');
    for (const result of await Promise.all([round(), ...answers])) {
      settled += result.settled;
      wrong.push(...result.wrong);
    }
  };
  const [first, rounds] = short ? [2, 5] : [5, 40];
  for (let i = 0; i < first; i++) await turn();
  await steady('concurrent calls', rounds, turn);
  const all = 1000 * (first + rounds);
  expect(settled === all, `${settled} of ${all} promises settled`);
  expect(wrong.length === 0, `${wrong.length} settled wrong ${wrong.slice(0, 5).join('; ')}`);
  await Promise.all(workers.map((worker) => worker.terminate()));
}

if (isMainThread) await main();
else parentPort.on('message', async () => parentPort.postMessage(await round()));
