import { Graph, identity, NDArray, placeholder, Session } from '../../lib/index.js';

const kMegabyte = 1 << 20;

function pass() {
  const graph = new Graph();
  return graph.asDefault(() => {
    const x = placeholder('float32', [null]);
    return { graph, x, y: identity(x) };
  });
}

test('a disposed result gives its block back', () => {
  const { graph, x, y } = pass();
  using session = new Session(graph);
  const data = new Float32Array(kMegabyte);
  let address = 0;
  for (let i = 0; i < 300; i++) {
    data[5] = i;
    using result = session.runSync(y, { feeds: [[x, data]] });
    expect(result.data[5]).toBe(i);
    address += result.data.byteOffset;
  }
  expect(address).toBe(0);
  const result = session.runSync(y, { feeds: [[x, data]] });
  result.dispose();
  result.dispose();
  expect(() => result.data).toThrow('the NDArray was disposed');
});

test('a loop that never yields stays bounded', () => {
  const { graph, x, y } = pass();
  using session = new Session(graph);
  const data = new Float32Array(4 * kMegabyte);
  for (let i = 0; i < 60; i++) {
    data[0] = i;
    data[data.length - 1] = -i;
    const { data: out } = session.runSync(y, { feeds: [[x, data]] });
    expect(out[0]).toBe(i);
    expect(out[out.length - 1]).toBe(-i);
  }
  expect(process.memoryUsage().rss).toBeLessThan(1500 * kMegabyte);
});

test('a result in a pool block is fed without a copy, also after its disposal', async () => {
  const { graph, x, y } = pass();
  await using session = new Session(graph);
  const first = session.runSync(y, { feeds: [[x, new Float32Array(kMegabyte).fill(7)]] });
  const again = session.run(y, { feeds: [[x, first]] });
  first.dispose();
  const { data } = await again;
  expect(data[0]).toBe(7);
  expect(data[kMegabyte - 1]).toBe(7);
});

test('results outlive their session', async () => {
  const { graph, x, y } = pass();
  const session = new Session(graph);
  const result = session.runSync(y, { feeds: [[x, new Float32Array(kMegabyte).fill(2)]] });
  await session.close();
  expect(result.data[kMegabyte - 1]).toBe(2);
  result.dispose();
});

test('the memory limit of a session', async () => {
  const { graph, x, y } = pass();
  await using session = new Session(graph, { memoryLimit: 8 * kMegabyte });
  const large = new Float32Array(4 * kMegabyte);
  const out = { code: 'RESOURCE_EXHAUSTED' };
  const feeds = [[x, large]] as const;
  expect(() => session.runSync(y, { feeds })).toThrow(expect.objectContaining(out));
  await expect(session.run(y, { feeds })).rejects.toMatchObject(out);
  expect(session.runSync(y, { feeds: [[x, [1]]] }).item()).toBe(1);
});

test('writing to a result changes nothing else', () => {
  const { graph, x, y } = pass();
  using session = new Session(graph);
  const feed = new NDArray(new Float32Array(kMegabyte).fill(1), [kMegabyte], 'float32');
  const [a, b] = session.runSync([x, y], { feeds: [[x, feed]] });
  a.data[0] = 5;
  b.data[0] = 6;
  expect(feed.data[0]).toBe(1);
  expect(session.runSync(y, { feeds: [[x, feed]] }).data[0]).toBe(1);
});
