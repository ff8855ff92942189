import { constant, Graph, nn, placeholder, Session, type Tensor } from '../../lib/index.js';
import { noise } from './training.js';

const { metrics } = nn;

interface Batch {
  readonly y: readonly number[];
  readonly p: readonly number[];
  readonly w?: readonly number[];
}

/** What update gives after each batch, value at the end, and value after a reset. */
async function streamed(
  metric: (y: Tensor<'int32'>, p: Tensor<'float32'>, w: Tensor<'float32'>) => nn.metrics.Metric,
  batches: readonly Batch[],
) {
  const graph = new Graph();
  await using session = new Session(graph);
  return await graph.asDefault(async () => {
    const y = placeholder('int32', [null]);
    const p = placeholder('float32', [null]);
    const w = placeholder('float32', [null]);
    const { value, update, reset } = metric(y, p, w);
    expect(graph.trainableVariables).toEqual([]);
    await session.run(graph.initializer);
    const updates: unknown[] = [];
    for (const batch of batches) {
      const feeds = new Map<Tensor, readonly number[]>([
        [y, batch.y],
        [p, batch.p],
        [w, batch.w ?? batch.y.map(() => 1)],
      ]);
      const before = (await session.run(value)).toArray();
      const [same, after] = await session.run([value, update], { feeds });
      expect(same!.toArray()).toEqual(before);
      expect(after!.dtype).toBe('float64');
      updates.push(after!.toArray());
    }
    const end = (await session.run(value)).toArray();
    expect(end).toEqual(updates.at(-1));
    await session.run(reset);
    return { updates, end, cleared: (await session.run(value)).toArray() };
  });
}

test('mean and accuracy stream, with weights', async () => {
  const mean = await streamed(
    (_y, p, w) => metrics.mean(p, { weights: w }),
    [
      { y: [0, 0], p: [1, 3] },
      { y: [0], p: [5], w: [2] },
    ],
  );
  expect(mean).toEqual({ updates: [2, 3.5], end: 3.5, cleared: 0 });
  const accuracy = await streamed(
    (y, p, w) => metrics.accuracy(y, p, { weights: w }),
    [
      { y: [0, 1, 2], p: [0, 1, 1] },
      { y: [3], p: [3], w: [3] },
    ],
  );
  expect(accuracy).toEqual({ updates: [2 / 3, 5 / 6], end: 5 / 6, cleared: 0 });
});

test('topKAccuracy counts ties and leaves out what is not finite', async () => {
  const graph = new Graph();
  await using session = new Session(graph);
  await graph.asDefault(async () => {
    const scores = constant([
      [0.1, 0.9, 0.5],
      [0.3, 0.3, 0.3],
      [0.1, 0.2, 0.3],
      [Number.NaN, 1, 2],
    ]);
    const labels = [2, 0, 0, 0];
    const found = [1, 2, 3].map((k) => metrics.topKAccuracy(labels, scores, k).update);
    await session.run(graph.initializer);
    expect((await session.run(found)).map((v) => v.item())).toEqual([0.25, 0.5, 0.75]);
  });
});

test('confusionMatrix counts, and refuses classes that are not there', async () => {
  const make = (y: Tensor<'int32'>, p: Tensor<'float32'>, w: Tensor<'float32'>) =>
    metrics.confusionMatrix(y, p.cast('int32'), 3, { weights: w });
  const { updates, cleared } = await streamed(make, [
    { y: [0, 1, 2, 2], p: [0, 2, 2, 1] },
    { y: [2, 0], p: [2, 1], w: [5, 0] },
  ]);
  expect(updates).toEqual([
    [
      [1, 0, 0],
      [0, 0, 1],
      [0, 1, 1],
    ],
    [
      [1, 0, 0],
      [0, 0, 1],
      [0, 1, 6],
    ],
  ]);
  expect(cleared).toEqual([
    [0, 0, 0],
    [0, 0, 0],
    [0, 0, 0],
  ]);
  await expect(streamed(make, [{ y: [3], p: [0] }])).rejects.toThrow('labels out of range');
  await expect(streamed(make, [{ y: [0], p: [-1] }])).rejects.toThrow('predictions out of range');
});

test('precision, recall and f1 of two classes', async () => {
  const batches = [
    { y: [1, 1, 0, 0], p: [0.9, 0.4, 0.6, 0.1] },
    { y: [1, 0], p: [0.8, 0.7], w: [2, 1] },
  ];
  // Hits 1 then 3, taken 2 then 5, actual 2 then 4.
  for (const [metric, expected] of [
    [metrics.precision, [1 / 2, 3 / 5]],
    [metrics.recall, [1 / 2, 3 / 4]],
    [metrics.f1, [1 / 2, 6 / 9]],
  ] as const) {
    const found = await streamed((y, p, w) => metric(y, p, { weights: w }), batches);
    expect(found).toEqual({ updates: expected, end: expected[1], cleared: 0 });
  }
  const strict = await streamed((y, p) => metrics.recall(y, p, { threshold: 0.85 }), batches);
  expect(strict.end).toBe(1 / 3);
});

test('precision, recall and f1 of several classes', async () => {
  const batch = { y: [0, 0, 1, 2, 2, 2], p: [0, 1, 1, 2, 0, 2] };
  // Class by class: hits [1, 1, 2], taken [2, 2, 2], actual [2, 1, 3].
  const averages = {
    none: { precision: [1 / 2, 1 / 2, 1], recall: [1 / 2, 1, 2 / 3], f1: [1 / 2, 2 / 3, 4 / 5] },
    macro: { precision: 2 / 3, recall: 13 / 18, f1: (1 / 2 + 2 / 3 + 4 / 5) / 3 },
    micro: { precision: 4 / 6, recall: 4 / 6, f1: 4 / 6 },
    weighted: { precision: 4.5 / 6, recall: 4 / 6, f1: (2 / 2 + 2 / 3 + 12 / 5) / 6 },
  };
  for (const average of ['none', 'macro', 'micro', 'weighted'] as const) {
    for (const name of ['precision', 'recall', 'f1'] as const) {
      const options = { classes: 3, average };
      const make = (y: Tensor<'int32'>, p: Tensor<'float32'>) =>
        metrics[name](y, p.cast('int32'), options);
      const { end } = await streamed(make, [batch]);
      const expected = [averages[average][name]].flat();
      for (const [i, v] of [end as number | number[]].flat().entries()) {
        expect(v).toBeCloseTo(expected[i]!, 12);
      }
    }
  }
});

/** The share of pairs of a positive and a negative that are in order, ties counting half. */
function ranked(y: readonly number[], p: readonly number[]): number {
  let [won, pairs] = [0, 0];
  for (const [i, a] of y.entries()) {
    for (const [j, b] of y.entries()) {
      if (a !== 1 || b !== 0) continue;
      pairs++;
      won += p[i]! > p[j]! ? 1 : p[i] === p[j] ? 0.5 : 0;
    }
  }
  return won / pairs;
}

test('auc is the share of pairs in order, as far as thresholds tell', async () => {
  const n = 200;
  const scores = Array.from(noise([n]).data, (v) => Math.round((v + 1) * 50) / 100);
  const y = Array.from(noise([n], 5).data, (v, i) => Number(v + scores[i]! > 0.4));
  const half = n / 2;
  const batches = [
    { y: y.slice(0, half), p: scores.slice(0, half) },
    { y: y.slice(half), p: scores.slice(half) },
  ];
  // Scores are multiples of 0.01, and thresholds lie between them.
  const exact = await streamed((l, p) => metrics.auc(l, p, { thresholds: 202 }), batches);
  expect(exact.end).toBeCloseTo(ranked(y, scores), 10);
  expect(exact.cleared).toBe(0);
  const coarse = await streamed((l, p) => metrics.auc(l, p, { thresholds: 5 }), batches);
  expect(Math.abs((coarse.end as number) - ranked(y, scores))).toBeLessThan(0.1);
  const weighted = await streamed(
    (l, p, w) => metrics.auc(l, p, { weights: w }),
    [{ y: [1, 0, 0], p: [0.6, 0.4, 0.8], w: [1, 3, 1] }],
  );
  expect(weighted.end).toBeCloseTo(0.75, 10);
});

test('auc of the curve of precision and recall', async () => {
  const batch = { y: [0, 0, 1, 1], p: [0, 0.5, 0.3, 0.9] };
  const { end } = await streamed(
    (y, p) => metrics.auc(y, p, { thresholds: 3, curve: 'PR' }),
    [batch],
  );
  // Thresholds -0, 0.5, 1: hits [2, 1, 0], taken [4, 1, 0].
  const slope = 1 / 3;
  const offset = 1 - slope;
  expect(end).toBeCloseTo((slope * (1 + offset * Math.log(4)) + 1) / 2, 10);
  const perfect = await streamed(
    (y, p) => metrics.auc(y, p, { curve: 'PR' }),
    [{ y: [0, 1], p: [0.2, 0.8] }],
  );
  expect(perfect.end).toBeCloseTo(1, 10);
});

test('metrics share and name their sums by scopes, and say what they expect', () => {
  const graph = new Graph();
  graph.asDefault(() => {
    const p = placeholder('float32', [null]);
    nn.variableScope('eval', () => metrics.accuracy([1], p));
    metrics.auc([1], p, { name: 'quality', thresholds: 10 });
    expect(graph.variables.map(({ name, shape }) => [name, shape])).toEqual([
      ['eval/accuracy/total', []],
      ['eval/accuracy/count', []],
      ['quality/hits', [10]],
      ['quality/alarms', [10]],
    ]);
    const column = placeholder('float32', [null, 1]);
    expect(() => metrics.accuracy([1], column)).toThrow(
      'Shapes of labels [1] and predictions [?, 1] differ.',
    );
    expect(() => metrics.auc([1], p, { thresholds: 1 })).toThrow('at least 2 for thresholds');
    expect(() => metrics.topKAccuracy([1], column, 0)).toThrow('positive integer for k');
  });
});
