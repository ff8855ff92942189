import { constant, Graph, nn, placeholder, Session } from '../../lib/index.js';
import { ctcLoss } from '../ops/reference/ctc.js';
import { descend, expectClose, noise } from './training.js';

const { ctc } = nn.losses;
const [batch, steps, classes] = [2, 5, 4];
const logits = noise([batch, steps, classes]);
const row = (n: number, t: number) =>
  Array.from(logits.data.slice((n * steps + t) * classes, (n * steps + t + 1) * classes));
const expected = (n: number, labels: number[], length = steps, blank = 0) =>
  ctcLoss({ logits: Array.from({ length }, (_, t) => row(n, t)), labels, blank }).loss;

test('ctc is the sum over all alignments', async () => {
  const graph = new Graph();
  await using session = new Session(graph);
  await graph.asDefault(async () => {
    const labels = [
      [1, 2],
      [3, 3],
    ];
    const x = constant(logits);
    const options = { logitLengths: [5, 4], labelLengths: [1, 2], reduction: 'none' } as const;
    const found = await session.run([
      ctc(labels, x, { reduction: 'none' }),
      ctc(labels, x),
      ctc(labels, x, options),
      ctc(
        [
          [0, 1],
          [2, 2],
        ],
        x,
        { blank: 3, weights: [1, 0] },
      ),
      ctc(labels, x.cast('float64'), { reduction: 'none' }),
      ctc(labels, x.cast('float16').cast('float32'), { reduction: 'none' }),
      ctc(labels, x.cast('float16'), { reduction: 'none' }).cast('float32'),
    ]);
    const values = found.map((v) => Array.from(v, Number));
    const all = [expected(0, [1, 2]), expected(1, [3, 3])];
    expectClose(values[0]!, all);
    expectClose(values[1]!, [(all[0]! + all[1]!) / 2]);
    expectClose(values[2]!, [expected(0, [1]), expected(1, [3, 3], 4)]);
    expectClose(values[3]!, [expected(0, [0, 1], steps, 3)]);
    expectClose(values[4]!, all, 1e-12);
    expectClose(values[6]!, values[5]!, 2e-3);
  });
});

test('what cannot be read is infinite, or left out', async () => {
  const graph = new Graph();
  await using session = new Session(graph);
  await graph.asDefault(async () => {
    const x = placeholder('float32', [null, null, classes]);
    const labels = [
      [1, 1],
      [1, 2],
    ];
    const losses = [true, false].map((ignoreImpossible) =>
      ctc(labels, x, { ignoreImpossible, reduction: 'none' }),
    );
    const value = noise([2, 2, classes]);
    const [kept, plain] = await session.run(losses, { feeds: [[x, value]] });
    expect(kept!.data[0]).toBe(0);
    expect(plain!.data[0]).toBe(Number.POSITIVE_INFINITY);
    expect(kept!.data[1]).toBe(plain!.data[1]);
  });
});

test('a layer learns to read', async () => {
  const graph = new Graph({ seed: 1 });
  await using session = new Session(graph);
  await graph.asDefault(async () => {
    const read = nn.dense(constant(noise([2, 8, 6])), classes);
    const loss = ctc(
      [
        [1, 2, 1],
        [3, 3, 0],
      ],
      read,
      { labelLengths: [3, 2] },
    );
    const step = descend(loss, 0.5);
    await session.run(graph.initializer);
    for (let i = 0; i < 300; i++) await session.run(step);
    expect((await session.run(loss)).item()).toBeLessThan(0.1);
    const found = await session.run(read.argMax(-1));
    const readings = found.toArray() as bigint[][];
    const merged = readings.map((line) => line.filter((k, t) => k !== line[t - 1] && k !== 0n));
    expect(merged).toEqual([
      [1n, 2n, 1n],
      [3n, 3n],
    ]);
  });
});

test('ctc says what it expects', () => {
  const graph = new Graph();
  graph.asDefault(() => {
    const x = placeholder('float32', [null, 5, classes]);
    expect(() => ctc([1], x)).toThrow('Expected 2 dims for labels but received [1]');
    expect(() => ctc([[1]], placeholder('float32', [5, 4]))).toThrow('Expected 3 dims for logits');
    const wrong = placeholder('int64', [null, 2]);
    // @ts-expect-error: labels are int32.
    expect(() => ctc(wrong, x)).toThrow('Expected int32 for labels but received int64');
  });
});
