import { add, constant, floorDiv, Graph, placeholder, Session } from '../../lib/index.js';

// Feeds and results of a run that lie where the last one had them are not looked at again.
const graph = new Graph();
const { a, n, sum, quotient } = graph.asDefault(() => {
  const a = placeholder('float32', [2]);
  const n = placeholder('int32', [null]);
  const quotient = floorDiv(constant(12, { dtype: 'int32' }), n);
  return { a, n, sum: add(a, 1), quotient };
});
const session = new Session(graph, { threads: 1 });
afterAll(() => session.close());

test('runs of one plan take their feeds from one place after the other', async () => {
  const prepared = session.prepare([sum, a, sum], { feeds: [a] });
  const kept = session.runSync(sum, { feeds: new Map([[a, [8, 9]]]), keep: true });
  const shared = new Float32Array(new SharedArrayBuffer(8));
  shared.set([5, 6]);
  const feeds = [Float32Array.of(1, 2), Float32Array.of(3, 4), kept, [7, 8], shared, [0, 1]];
  const firsts = [2, 4, 10, 8, 6, 1];
  for (let i = 0; i < 3 * feeds.length; i++) {
    const feed = feeds[i % feeds.length]!;
    const given = i % 2 === 0 ? prepared.runSync(feed) : await prepared.run(feed);
    const [y, x, again] = given.map(({ data }) => Array.from(data));
    const first = firsts[i % feeds.length]!;
    expect(y).toEqual([first, first + 1]);
    expect(again).toEqual(y);
    expect(x).toEqual(y!.map((value) => value - 1));
  }
});

test('runs of one plan give their results to one place after the other', async () => {
  const prepared = session.prepare([sum], { feeds: [a] });
  const out = new Float32Array(2);
  const into = prepared.with({ out: [out] });
  const first = prepared.runSync([0, 1]);
  for (let i = 1; i < 8; i++) {
    const [y] = i % 2 === 0 ? into.runSync([i, i]) : await into.run([i, i]);
    expect(y.data).toBe(out);
    expect(Array.from(out)).toEqual([i + 1, i + 1]);
    expect(Array.from(prepared.runSync([-i, i])[0].data)).toEqual([1 - i, i + 1]);
  }
  expect(Array.from(first[0].data)).toEqual([1, 2]);
  expect(() => prepared.with({ out: [new Float32Array(3)] }).runSync([1, 2])).toThrow('entries');
  expect(Array.from(prepared.runSync([3, 4])[0].data)).toEqual([4, 5]);
});

test('a run that fails leaves nothing behind for the next one', async () => {
  const prepared = session.prepare([quotient], { feeds: [n] });
  for (const shape of [1, 2, 1]) {
    const feed = (value: number) => new Int32Array(shape).fill(value);
    for (const value of [3, 0, 4, 0]) {
      const sync = () => prepared.runSync(feed(value));
      if (value === 0) {
        expect(sync).toThrow('division by zero');
        await expect(prepared.run(feed(0))).rejects.toThrow('division by zero');
      } else {
        expect(Array.from(sync()[0].data)).toEqual(Array.from(feed(12 / value)));
        expect((await prepared.run(feed(value)))[0].data).toEqual(feed(12 / value));
      }
    }
  }
});
