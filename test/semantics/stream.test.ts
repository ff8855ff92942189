// Runs over iterables of feeds.
import { add, type Feeds, mul, placeholder, variable } from '../../lib/index.js';
import { engineError, inGraph, mistyped, typeError } from './inGraph.js';

inGraph('a stream gives the results in order', async ({ session }) => {
  const x = placeholder('float32', [], { name: 'x' });
  const v = variable(0);
  session.initializeSync();
  const y = add(mul(v.assignAdd(1), 100), x);
  for (const prefetch of [0, 1, 4]) {
    session.initializeSync({ force: true });
    const results: unknown[] = [];
    const feeds = Array.from({ length: 5 }, (_, i) => ({ x: i }));
    for await (const [value] of session.stream([y], feeds, { prefetch }))
      results.push(value.item());
    expect(results).toEqual([100, 201, 302, 403, 504]);
  }
});

inGraph('feeds are asked for ahead, no further than said', async ({ session }) => {
  const x = placeholder('float32', [], { name: 'x' });
  let asked = 0;
  let closed = false;
  async function* source() {
    try {
      for (; ; asked++) yield { x: asked };
    } finally {
      closed = true;
    }
  }
  const seen: number[] = [];
  for await (const value of session.stream(mul(x, 2), source(), { prefetch: 2 })) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    seen.push(value.item());
    expect(asked).toBeLessThanOrEqual(seen.length + 3);
    if (seen.length === 4) break;
  }
  expect(seen).toEqual([0, 2, 4, 6]);
  expect(asked).toBeGreaterThan(4);
  expect(closed).toBe(true);
});

inGraph('an error ends the stream at its place', async ({ session }) => {
  const x = placeholder('float32', [], { name: 'x' });
  const collect = async (feeds: Iterable<Feeds>, signal?: AbortSignal) => {
    const seen: number[] = [];
    try {
      for await (const y of session.stream(add(x, 1), feeds, { prefetch: 3, signal })) {
        seen.push(y.item());
      }
    } catch (error) {
      return { seen, error };
    }
    return { seen, error: undefined };
  };
  const bad = await collect([{ x: 1 }, { x: 2 }, {}, { x: 4 }]);
  expect(bad.seen).toEqual([2, 3]);
  expect(bad.error).toEqual(engineError('INVALID_ARGUMENT', 'You must feed a value'));
  function* broken() {
    yield { x: 1 };
    throw new Error('no more');
  }
  expect(await collect(broken())).toMatchObject({ seen: [2], error: { message: 'no more' } });
  const aborted = await collect([{ x: 1 }], AbortSignal.abort());
  expect(aborted.error).toEqual(engineError('CANCELLED', 'aborted'));
  expect(await collect([])).toEqual({ seen: [], error: undefined });
});

inGraph('what no stream is made of', async ({ session }) => {
  const x = placeholder('float32', []);
  const first = (feeds: unknown, options?: object) =>
    session.stream(x, mistyped<Feeds[]>(feeds), options).next();
  await expect(first(3)).rejects.toThrow(typeError('an iterable or async iterable of feeds'));
  await expect(first([], { prefetch: -1 })).rejects.toThrow(typeError('for prefetch'));
  await expect(first([], { ahead: 1 })).rejects.toThrow(typeError('the options of stream'));
});
