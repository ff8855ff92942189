import {
  constant,
  Graph,
  gradients,
  nn,
  ones,
  placeholder,
  placeholderWithDefault,
  Session,
} from '../../lib/index.js';
import { descend, expectClose, noise, resultOf } from './training.js';

test('dropout drops a share of the elements and scales the others', async () => {
  const x = noise([100, 100]);
  const y = await resultOf(x, (t) => nn.dropout(t, 0.25, { training: true }));
  let dropped = 0;
  for (const [i, v] of y.data.entries()) {
    if (v === 0) dropped++;
    else expect(v).toBeCloseTo(x.data[i]! / 0.75, 5);
  }
  expect(Math.abs(dropped / 10_000 - 0.25)).toBeLessThan(0.02);
});

test('dropout does nothing outside of training', async () => {
  const graph = new Graph();
  graph.asDefault(() => {
    const x = placeholder('float32', [null]);
    expect(nn.dropout(x, 0.5, { training: false })).toBe(x);
    expect(nn.dropout(x, 0, { training: true })).toBe(x);
    // @ts-expect-error: training has to be said.
    expect(() => nn.dropout(x, 0.5, {})).toThrow(
      'Expected a boolean or a bool tensor for training',
    );
    expect(() => Reflect.apply(nn.dropout, undefined, [x, 0.5])).toThrow(
      'Expected a boolean or a bool tensor for training but received undefined',
    );
    expect(() => nn.dropout(x, 1, { training: true })).toThrow(
      'Expected a number in [0, 1) for rate but received 1',
    );
  });
});

test('dropout draws anew at each run, by the seed of the graph', async () => {
  const results: unknown[] = [];
  for (const seed of [1, 1, 2]) {
    const graph = new Graph({ seed });
    await using session = new Session(graph);
    const y = graph.asDefault(() => nn.dropout(ones([64]), 0.5, { training: true }));
    const runs = [await session.run(y), await session.run(y)].map((v) => v.toArray());
    expect(runs[0]).not.toEqual(runs[1]);
    results.push(runs);
  }
  expect(results[0]).toEqual(results[1]);
  expect(results[0]).not.toEqual(results[2]);
});

test('dropout asks a tensor whether it trains, and its gradient has the same mask', async () => {
  const graph = new Graph({ seed: 1 });
  await using session = new Session(graph);
  await graph.asDefault(async () => {
    for (const dtype of ['float32', 'float64'] as const) {
      const training = placeholderWithDefault(constant(true));
      const x = ones([50, 4], { dtype });
      const y = nn.dropout(x, 0.5, { training, noiseShape: [50, 1] });
      const [slope] = gradients(y, [x]);
      const [still] = await session.run([y], { feeds: [[training, false]] });
      expect(new Set(still!.data)).toEqual(new Set([1]));
      const [fresh, grad] = await session.run([y, slope!]);
      expect(fresh!.dtype).toBe(dtype);
      expect(new Set(fresh!.data)).toEqual(new Set([0, 2]));
      expect(grad!.data).toEqual(fresh!.data);
      for (const row of fresh!.rows()) expect(new Set(row.data).size).toBe(1);
    }
  });
});

test('embedding looks vectors up, and its gradient reaches these rows alone', async () => {
  const graph = new Graph();
  await using session = new Session(graph);
  await graph.asDefault(async () => {
    const ids = placeholder('int32', [null, 2]);
    const table = noise([5, 3]);
    const y = nn.embedding(ids, 5, 3, { initializer: table });
    expect([y.shape, y.dtype]).toEqual([[null, 2, 3], 'float32']);
    expect(graph.variables.map(({ name }) => name)).toEqual(['embedding/embeddings']);
    await session.run(graph.initializer);
    const feeds = new Map([
      [
        ids,
        [
          [4, 1],
          [1, 1],
        ],
      ],
    ]);
    const row = (i: number) => Array.from(table.data.subarray(i * 3, i * 3 + 3));
    expect((await session.run(y, { feeds })).toArray()).toEqual([
      [row(4), row(1)],
      [row(1), row(1)],
    ]);
    await session.run(descend(y.sum(), 1), { feeds });
    const after = await session.run(graph.variables[0]!);
    const counts = [0, 3, 0, 0, 1];
    const expected = Array.from(table.data, (v, i) => v - counts[Math.floor(i / 3)]!);
    expectClose(Float64Array.from(after.data, Number), expected);
    await expect(session.run(y, { feeds: [[ids, [[5, 0]]]] })).rejects.toThrow(
      '= 5 is not in [0, 5)',
    );
  });
});

test('embedding takes values and other dtypes, and says what it expects', async () => {
  const graph = new Graph();
  graph.asDefault(() => {
    const y = nn.embedding([[1, 2]], 3, 4, { dtype: 'float64', name: 'words' });
    expect([y.shape, y.dtype]).toEqual([[1, 2, 4], 'float64']);
    expect(() => nn.embedding([1], 0, 4)).toThrow('Expected a positive integer for count');
    const wrong = constant([1]);
    // @ts-expect-error: ids are integers.
    expect(() => nn.embedding(wrong, 3, 4)).toThrow(
      'Expected int32 or int64 for ids but received float32',
    );
  });
});
