import { data } from '../../lib/train/data/index.js';
import { all, counter, ten } from './elements.js';

describe('map and prefetch', () => {
  test('elements keep their order, and no more than asked for are in the making', async () => {
    let most = 0;
    let now = 0;
    const slow = data(ten).map(
      async (x) => {
        now += 1;
        most = Math.max(most, now);
        await new Promise((resolve) => setTimeout(resolve, x % 3));
        now -= 1;
        return x;
      },
      { concurrency: 3 },
    );
    expect(await all(slow)).toEqual(ten);
    expect(most).toBe(3);
  });

  test('random numbers of a map depend on seed, pass and element alone', async () => {
    const make = (seed: number) => data(ten).map((_, { random }) => [random(), random()], { seed });
    const first = await all(make(1));
    expect(await all(make(1))).toEqual(first);
    expect(await all(make(2))).not.toEqual(first);
    expect(await all(make(1).epoch(1))).not.toEqual(first);
    expect(new Set(first.flat()).size).toBe(20);
  });

  test('prefetch reads so far ahead and no farther', async () => {
    const { make, state } = counter();
    const reader = data(make).prefetch(3).epoch(0);
    expect((await reader.next()).value).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(state.made).toBeLessThanOrEqual(4);
    expect(state.made).toBeGreaterThanOrEqual(3);
    await reader.return();
    expect(state.closed).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(state.made).toBeLessThanOrEqual(5);
  });

  test('ending early closes the source through every step', async () => {
    const { make, state } = counter();
    const pipeline = data(make)
      .shuffle({ buffer: 2 })
      .map(async (x) => x, { concurrency: 2 })
      .batch(2)
      .prefetch(2)
      .repeat();
    for await (const _ of pipeline) break;
    expect(state.closed).toBe(1);
  });

  test('an error comes after the elements before it and closes the source', async () => {
    const { make, state } = counter();
    const failing = data(make).map((x) => {
      if (x === 3) throw new Error('three');
      return x;
    });
    for (const pipeline of [failing, failing.prefetch(2), failing.batch(1)]) {
      const seen: unknown[] = [];
      const walk = async () => {
        for await (const element of pipeline) seen.push(element);
      };
      await expect(walk()).rejects.toThrow('three');
      expect(seen).toHaveLength(3);
    }
    expect(state.closed).toBe(3);
    const broken = data(async function* () {
      yield 1;
      throw new Error('the source');
    });
    await expect(all(broken.prefetch(5))).rejects.toThrow('the source');
  });
});
