import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { EngineError, NDArray, ndarray } from '../../lib/index.js';
import { type Data, data, files, lines } from '../../lib/train/data/index.js';
import { Random } from '../../lib/train/data/random.js';
import { all, counter, ten } from './elements.js';

const folder = mkdtempSync(join(tmpdir(), 'tw-data-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('sources', () => {
  test('rows of arrays by name, batched with the remainder', async () => {
    const x = ndarray(
      Float32Array.from({ length: 10 }, (_, i) => i),
      { shape: [5, 2] },
    );
    const batches = await all(data({ x, y: Int32Array.of(0, 1, 2, 3, 4) }).batch(2));
    expect(batches.map(({ y }) => y.toArray())).toEqual([[0, 1], [2, 3], [4]]);
    expect(batches[1]?.x.shape).toEqual([2, 2]);
    expect(batches[1]?.x.toArray()).toEqual([
      [4, 5],
      [6, 7],
    ]);
    expect(batches[0]?.y.dtype).toBe('int32');
    const whole = data({ x, y: [0, 1, 2, 3, 4] }).batch(2, { remainder: 'drop' });
    expect(whole.length).toBe(2);
    expect(await all(whole)).toHaveLength(2);
  });

  test('a batch is memory of its own', async () => {
    const x = ndarray([1, 2, 3, 4]);
    const [first] = await all(data({ x }).batch(4));
    first!.x.data[0] = 9;
    expect(x.data[0]).toBe(1);
  });

  test.each([
    ['float16', [0.5, 1, -2]],
    ['int64', [1n, 2n, 3n]],
    ['bool', [true, false, true]],
    ['string', ['a', 'b', 'c']],
    [
      'complex64',
      [
        { re: 1, im: 2 },
        { re: 3, im: 4 },
        { re: 5, im: 6 },
      ],
    ],
  ] as const)('rows of %s', async (dtype, values) => {
    const rows = NDArray.from(values, { dtype });
    const [a, b] = await all(data({ rows }).shuffle({ seed: 3 }).batch(2));
    const got = [...a!.rows, ...b!.rows];
    expect(got).toHaveLength(3);
    for (const value of values) expect(got).toContainEqual(value);
  });

  test('lists, streams and functions', async () => {
    expect(await all(data(ten))).toEqual(ten);
    expect(data(ten).length).toBe(10);
    expect(await all(data(new Set(['a', 'b'])))).toEqual(['a', 'b']);
    const { make, state } = counter(4);
    const source = data(make);
    expect(await all(source)).toEqual([0, 1, 2, 3]);
    expect(await all(source)).toEqual([0, 1, 2, 3]);
    expect(state.closed).toBe(2);
    const perEpoch = data((epoch) => [epoch]);
    expect(await all(perEpoch.epoch(7))).toEqual([7]);
    const later = data(async () => ten);
    expect(await all(later.take(2))).toEqual([0, 1]);
  });

  test('a generator is used up after one pass, and says so', async () => {
    const source = data(counter(3).make());
    expect(await all(source)).toHaveLength(3);
    await expect(all(source)).rejects.toThrow(/walked already.*give data\(\) a function/);
  });

  test('elements of objects, tuples and numbers become batches', async () => {
    const elements = [
      { x: ndarray([1, 2]), pair: [1, 'a'] as const },
      { x: ndarray([3, 4]), pair: [2, 'b'] as const },
    ];
    const [batch] = await all(data(elements).batch(2));
    expect(batch?.x.toArray()).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(batch?.pair[0].toArray()).toEqual([1, 2]);
    expect(batch?.pair[1].toArray()).toEqual(['a', 'b']);
  });

  test('lines and files', async () => {
    const path = join(folder, 'text.txt');
    writeFileSync(path, 'one\r\ntwo\n\nlast');
    expect(await all(lines(path))).toEqual(['one', 'two', '', 'last']);
    expect(await all(lines([path, path]))).toHaveLength(8);
    await expect(all(lines(join(folder, 'none')))).rejects.toThrow(/cannot read .*none/);
    mkdirSync(join(folder, 'deep'));
    for (const name of ['b.png', 'a.png', 'c.txt']) writeFileSync(join(folder, 'deep', name), '');
    const names = await all(files(join(folder, 'deep'), { extensions: ['png'] }));
    expect(names).toEqual([join(folder, 'deep', 'a.png'), join(folder, 'deep', 'b.png')]);
    expect(await all(files(folder, { recursive: true, extensions: ['.png'] }))).toEqual(names);
    expect((await all(files(join(folder, 'deep')).shuffle())).sort()).toHaveLength(3);
    await expect(all(files(join(folder, 'none')))).rejects.toThrow(/cannot read .*none/);
  });
});

describe('order', () => {
  test('each pass has an order of its own, always the same', async () => {
    const shuffled = data(ten).shuffle({ seed: 5 });
    const passes = await Promise.all([0, 1, 2].map((epoch) => all(shuffled.epoch(epoch))));
    for (const pass of passes) expect([...pass].sort()).toEqual(ten);
    expect(new Set(passes.map(String)).size).toBe(3);
    expect(await all(data(ten).shuffle({ seed: 5 }).epoch(1))).toEqual(passes[1]);
    expect(await all(data(ten).shuffle({ seed: 6 }).epoch(1))).not.toEqual(passes[1]);
  });

  test('streams are drawn from a buffer', async () => {
    const { make } = counter(10);
    const shuffled = data(make).shuffle({ buffer: 4, seed: 1 });
    const pass = await all(shuffled);
    expect([...pass].sort()).toEqual(ten);
    expect(pass).not.toEqual(ten);
    expect(await all(shuffled)).toEqual(pass);
    expect(await all(shuffled.epoch(1))).not.toEqual(pass);
    expect(() => data(make).shuffle()).toThrow(/Expected a buffer/);
    expect(() =>
      data(ten)
        .map((x) => x)
        .shuffle(),
    ).toThrow(/Expected a buffer/);
  });

  test('the shuffle is fair', async () => {
    const counts = new Array<number>(24).fill(0);
    const orders = new Map<string, number>();
    for (let epoch = 0; epoch < 4800; epoch++) {
      const order = String(await all(data([0, 1, 2, 3]).shuffle({ seed: 1 }).epoch(epoch)));
      if (!orders.has(order)) orders.set(order, orders.size);
      counts[orders.get(order)!]! += 1;
    }
    const squares = counts.reduce((sum, count) => sum + (count - 200) ** 2 / 200, 0);
    // The 0.999 quantile of chi-square with 23 degrees of freedom is 49.7.
    expect(squares).toBeLessThan(49.7);
  });

  test('repeat and take', async () => {
    expect(await all(data([1, 2]).repeat(3))).toEqual([1, 2, 1, 2, 1, 2]);
    expect(data([1, 2]).repeat(3).length).toBe(6);
    expect(await all(data([1, 2]).repeat().take(5))).toEqual([1, 2, 1, 2, 1]);
    expect(await all(data([]).repeat())).toEqual([]);
    expect(await all(data(ten).take(3).shuffle()).then((x) => x.sort())).toEqual([0, 1, 2]);
    const twice = data(ten).shuffle({ seed: 2 }).repeat(2);
    const pass = await all(twice);
    expect(pass.slice(0, 10)).not.toEqual(pass.slice(10));
    expect(await all(twice.epoch(1))).not.toEqual(pass);
  });

  const pipelines: readonly (readonly [string, () => Data<unknown>])[] = [
    ['list', () => data(ten)],
    ['shuffled list', () => data(ten).shuffle({ seed: 1 })],
    ['stream', () => data(counter(10).make)],
    ['shuffled stream', () => data(counter(10).make).shuffle({ buffer: 3 })],
    ['repeated', () => data(ten).shuffle().repeat(3)],
    ['repeated stream', () => data(counter(4).make).repeat(3)],
    ['endless', () => data(ten).shuffle().repeat().take(34)],
    ['taken', () => data(counter(10).make).take(7)],
    ['batched columns', () => data({ x: ten }).shuffle().batch(3)],
    ['batched stream', () => data(counter(10).make).batch(3)],
    ['shuffled batches', () => data({ x: ten }).batch(3).shuffle({ seed: 4 })],
    ['batches of a repetition', () => data(ten).repeat(2).batch(3, { remainder: 'drop' })],
    ['mapped', () => data(ten).map((x, { random, index }) => [x, index, random()])],
    ['mapped at once', () => data(ten).map(async (x) => 2 * x, { concurrency: 4 })],
    [
      'all of it',
      () =>
        data(ten)
          .shuffle()
          .map((x) => ({ x }))
          .batch(2)
          .prefetch(2)
          .repeat(2),
    ],
  ];
  test.each(pipelines)('going on in the midst: %s', async (_, make) => {
    const pipeline = make();
    for (const epoch of [0, 1]) {
      const whole = await all(pipeline.epoch(epoch));
      for (const skip of [0, 1, 2, whole.length - 1, whole.length, whole.length + 2]) {
        const rest = await all(pipeline.epoch(epoch, { skip }));
        expect(JSON.stringify(rest)).toBe(JSON.stringify(whole.slice(skip)));
      }
      if (pipeline.length !== undefined) expect(whole).toHaveLength(pipeline.length);
    }
  });
});

describe('mistakes', () => {
  test('are named', async () => {
    expect(() => data({ x: [1, 2], y: [1] })).toThrow(/differ in their first dim: 'x' is \[2\]/);
    expect(() => data(JSON.parse('3'))).toThrow(/Expected arrays by name/);
    expect(() => data({})).toThrow(/at least one array/);
    expect(() => data(ten).batch(0)).toThrow(/Expected an integer of at least 1 for size/);
    expect(() => data(ten).shuffle({ seed: 0.5 })).toThrow(/for seed/);
    expect(() => data(ten).epoch(-1)).toThrow(/for epoch/);
    const uneven = data([ndarray([1]), ndarray([1, 2])]).batch(2);
    const error = await all(uneven).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(EngineError);
    expect(String(error)).toMatch(/Expected float32 \[1\] for element 1 of a batch.*float32 \[2\]/);
  });
});

test('a large shuffle lets the event loop turn', async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  const rows = data(new Uint8Array(3_000_000)).shuffle();
  const reader = rows.epoch(0);
  await reader.next();
  await reader.return();
  clearInterval(timer);
  expect(turns).toBeGreaterThan(5);
});

test('the generator gives even numbers', () => {
  const random = new Random(1);
  const counts = new Array<number>(10).fill(0);
  for (let i = 0; i < 100_000; i++) counts[random.below(10)]! += 1;
  const squares = counts.reduce((sum, count) => sum + (count - 1e4) ** 2 / 1e4, 0);
  expect(squares).toBeLessThan(27.9);
  const uniform = Array.from({ length: 1000 }, () => random.uniform());
  expect(Math.min(...uniform)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...uniform)).toBeLessThan(1);
});
