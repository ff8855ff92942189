import {
  EngineError,
  Graph,
  identity,
  placeholder,
  Session,
  type Tensor,
} from '../../lib/index.js';
import { slowGraph } from './slow.js';

const turn = () => new Promise(setImmediate);
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function pass(): { graph: Graph; x: Tensor<'float32'>; y: Tensor<'float32'> } {
  const graph = new Graph();
  return graph.asDefault(() => {
    const x = placeholder('float32', [null]);
    return { graph, x, y: identity(x) };
  });
}

test('runs overlap, and a short one does not wait for a long one', async () => {
  const { graph, count, result } = slowGraph();
  await using session = new Session(graph);
  let ended = false;
  const long = session.run(result, { feeds: [[count, [4_000_000]]] }).then(() => {
    ended = true;
  });
  for (let i = 0; i < 5; i++) await session.run(result, { feeds: [[count, [10]]] });
  expect(ended).toBe(false);
  await long;
});

test('runs of any length settle, whether the loop polls for them or sleeps', async () => {
  const { graph, count, result } = slowGraph(3);
  await using session = new Session(graph, { threads: 1 });
  let settled = 0;
  for (let i = 0; i < 400; i++) {
    const counts = [10, 300, 1000, 3000, 20_000].slice(i % 5, (i % 5) + 1 + (i % 3));
    const runs = counts.map((n) => session.run(result, { feeds: [[count, [n]]] }));
    if (i % 7 === 0) await sleep(i % 3);
    if (i % 11 === 0) await turn();
    settled += (await Promise.all(runs)).length / counts.length;
  }
  expect(settled).toBe(400);
});

test('the event loop turns while a run goes on', async () => {
  const { graph, count, result } = slowGraph();
  await using session = new Session(graph);
  let ended = false;
  const run = session.run(result, { feeds: [[count, [2_000_000]]] }).finally(() => {
    ended = true;
  });
  let turns = 0;
  while (!ended) {
    await sleep(1);
    turns += 1;
  }
  await run;
  expect(turns).toBeGreaterThan(20);
});

test('awaited tiny runs let timers through', async () => {
  const { graph, x, y } = pass();
  await using session = new Session(graph);
  let timers = 0;
  const timer = setInterval(() => {
    timers += 1;
  }, 1);
  const start = performance.now();
  for (let i = 0; i < 50_000; i++) await session.run(y, { feeds: [[x, [i]]] });
  const took = performance.now() - start;
  clearInterval(timer);
  expect(timers).toBeGreaterThan(took / 20);
});

test('many runs at once give each its own result', async () => {
  const { graph, x, y } = pass();
  await using session = new Session(graph);
  const results = await Promise.all(
    Array.from({ length: 300 }, (_, i) =>
      session.run(y, { feeds: [[x, new Float32Array(1000).fill(i)]] }),
    ),
  );
  for (const [i, { data }] of results.entries()) {
    expect(data[0]).toBe(i);
    expect(data[999]).toBe(i);
  }
});

test('feeds are a snapshot', async () => {
  const { graph, x, y } = pass();
  await using session = new Session(graph);
  for (const n of [3, 1000, 100_000]) {
    const data = new Float32Array(n).fill(1);
    const run = session.run(y, { feeds: [[x, data]] });
    data.fill(2);
    expect((await run).data.every((v) => v === 1)).toBe(true);
  }
});

test('an abort signal cancels', async () => {
  const { graph, count, result } = slowGraph();
  await using session = new Session(graph);
  const feeds = [[count, [5_000_000]]] as const;
  const controller = new AbortController();
  const runs = [1, 2, 3].map(() => session.run(result, { feeds, signal: controller.signal }));
  const outcome = Promise.allSettled(runs);
  await sleep(5);
  controller.abort(new Error('enough'));
  for (const { status, ...rest } of await outcome) {
    expect(status).toBe('rejected');
    const reason: unknown = 'reason' in rest ? rest.reason : undefined;
    expect(reason).toBeInstanceOf(EngineError);
    expect(reason).toMatchObject({ code: 'CANCELLED', cause: new Error('enough') });
  }
  const aborted = { signal: AbortSignal.abort() };
  await expect(session.run(result, aborted)).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(() => session.runSync(result, aborted)).toThrow('aborted');
  await session.run(result, { feeds: [[count, [10]]] });
});

test('a timeout ends a run, sync and async', async () => {
  const { graph, count, result } = slowGraph();
  await using session = new Session(graph);
  const options = { feeds: [[count, [5_000_000]]], timeout: 5 } as const;
  const late = { code: 'DEADLINE_EXCEEDED', message: 'Timed out waiting for notification' };
  await expect(session.run(result, options)).rejects.toMatchObject(late);
  expect(() => session.runSync(result, options)).toThrow(expect.objectContaining(late));
  await session.run(result, { feeds: [[count, [10]]], timeout: 10_000 });
  await expect(session.run(result, { timeout: -1 })).rejects.toThrow('for timeout');
});

test('closing rejects the runs under way, and nothing else', async () => {
  const { graph, count, result } = slowGraph();
  const session = new Session(graph);
  const other = new Session(graph);
  const feeds = [[count, [3_000_000]]] as const;
  const doomed = session.run(result, { feeds });
  const fine = other.run(result, { feeds: [[count, [100_000]]] });
  await turn();
  const rejected = expect(doomed).rejects.toMatchObject({ code: 'CANCELLED' });
  await session.close();
  await rejected;
  expect((await fine).size).toBe(1);
  await other.close();
});

test('disposal does not wait', async () => {
  const { graph, count, result } = slowGraph();
  const session = new Session(graph);
  const doomed = session.run(result, { feeds: [[count, [3_000_000]]] });
  session[Symbol.dispose]();
  await expect(doomed).rejects.toMatchObject({ code: 'CANCELLED' });
});

test('fed buffers may be detached or shrunk in mid-run', async () => {
  const { graph, count, result } = slowGraph();
  const { x, last } = graph.asDefault(() => {
    const x = placeholder('float32', [null]);
    return { x, last: graph.controlDependencies([result], () => identity(x)) };
  });
  await using session = new Session(graph);
  const n = 500_000;
  const detached = new Float32Array(n).fill(3);
  const resizable = Reflect.construct(ArrayBuffer, [4 * n, { maxByteLength: 4 * n }]);
  const shrunk = new Float32Array(resizable).fill(4);
  const runs = [detached, shrunk].map((data) =>
    session.run(last, {
      feeds: [
        [x, data],
        [count, [500_000]],
      ],
    }),
  );
  await turn();
  structuredClone(detached.buffer, { transfer: [detached.buffer] });
  Reflect.apply(Reflect.get(resizable, 'resize'), resizable, [16]);
  const [a, b] = await Promise.all(runs);
  expect(a?.data[n - 1]).toBe(3);
  expect(b?.data[n - 1]).toBe(4);
  expect(() =>
    session.runSync(last, {
      feeds: [
        [x, detached],
        [count, [1]],
      ],
    }),
  ).toThrow('Expected memory that is not detached');
});

test('out arrays may be detached in mid-run', async () => {
  const { graph, count, result } = slowGraph();
  await using session = new Session(graph);
  const out = new Float32Array(1);
  const run = session.run(result, { feeds: [[count, [500_000]]], out });
  await turn();
  structuredClone(out.buffer, { transfer: [out.buffer] });
  await expect(run).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
});
