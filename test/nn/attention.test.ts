import {
  constant,
  Graph,
  NDArray,
  nn,
  placeholder,
  Session,
  type Tensor,
} from '../../lib/index.js';
import { expectClose, noise, resultOf, train } from './training.js';

const [batch, queries, keys, size, heads] = [2, 3, 4, 6, 2];

/** Attention written out; `seen` says whether a query sees a key. */
function attended(
  x: Float32Array,
  memory: Float32Array,
  weights: readonly Float32Array[],
  k: number,
  seen: (b: number, q: number, k: number) => boolean,
): number[] {
  const [wq, wk, wv, wo] = weights as [Float32Array, Float32Array, Float32Array, Float32Array];
  const times = (rows: ArrayLike<number>, w: Float32Array) =>
    Array.from({ length: rows.length }, (_, at) => {
      const [row, column] = [Math.floor(at / size), at % size];
      let sum = 0;
      for (let i = 0; i < size; i++) sum += rows[row * size + i]! * w[i * size + column]!;
      return sum;
    });
  const [q, key, value] = [times(x, wq), times(memory, wk), times(memory, wv)];
  const depth = size / heads;
  const mixed = new Array<number>(q.length).fill(0);
  const count = x.length / batch / size;
  for (let b = 0; b < batch; b++)
    for (let h = 0; h < heads; h++)
      for (let i = 0; i < count; i++) {
        const scores = Array.from({ length: k }, (_, j) => {
          let dot = 0;
          for (let d = 0; d < depth; d++)
            dot +=
              q[(b * count + i) * size + h * depth + d]! * key[(b * k + j) * size + h * depth + d]!;
          return seen(b, i, j) ? dot / Math.sqrt(depth) : Number.NEGATIVE_INFINITY;
        });
        const most = Math.max(...scores);
        const shares = scores.map((s) => (most === -Infinity ? 1 : Math.exp(s - most)));
        const total = shares.reduce((a, c) => a + c, 0);
        for (let j = 0; j < k; j++)
          for (let d = 0; d < depth; d++)
            mixed[(b * count + i) * size + h * depth + d]! +=
              (shares[j]! / total) * value[(b * k + j) * size + h * depth + d]!;
      }
  return times(mixed, wo);
}

interface Options {
  readonly causal?: boolean;
  readonly keyMask?: readonly (readonly boolean[])[];
  readonly mask?: readonly (readonly boolean[])[];
}

/** The layer with weights of noise, and these weights. */
async function attention(x: NDArray<'float32'>, memory: NDArray<'float32'>, options: Options) {
  const graph = new Graph({ seed: 3 });
  await using session = new Session(graph);
  return await graph.asDefault(async () => {
    const [a, b] = [placeholder('float32', [null, null, size]), constant(memory)];
    const y = nn.multiHeadAttention(a, x === memory ? a : b, {
      heads,
      useBias: false,
      kernelInitializer: nn.initializers.randomNormal({ stddev: 0.7 }),
      ...options,
    });
    await session.run(graph.initializer);
    const names = graph.variables.map(({ name }) => name);
    expect(names).toEqual(
      ['query', 'key', 'value', 'output'].map((n) => `multi_head_attention/${n}/kernel`),
    );
    const weights = await session.run([...graph.variables]);
    const found = await session.run(y, { feeds: [[a, x]] });
    expect(y.shape).toEqual([null, null, size]);
    return { found, weights: weights.map(({ data }) => Float32Array.from(data, Number)) };
  });
}

test('queries look at a memory', async () => {
  const [x, memory] = [noise([batch, queries, size]), noise([batch, keys, size], 2)];
  const { found, weights } = await attention(x, memory, {});
  expect(found.shape).toEqual([batch, queries, size]);
  expectClose(
    found.data,
    attended(x.data, memory.data, weights, keys, () => true),
  );
});

test('masks hide keys', async () => {
  const [x, memory] = [noise([batch, queries, size]), noise([batch, keys, size], 2)];
  const keyMask = [
    [true, true, false, false],
    [true, true, true, false],
  ];
  const mask = [
    [true, false, true, true],
    [false, false, false, true],
    [true, true, true, true],
  ];
  const some = await attention(x, memory, { keyMask, mask });
  const seen = (b: number, q: number, k: number) => keyMask[b]![k]! && mask[q]![k]!;
  expectClose(some.found.data, attended(x.data, memory.data, some.weights, keys, seen));
  // Counted from the ends: the last query sees the last key.
  const causal = await attention(x, memory, { causal: true });
  const early = (_b: number, q: number, k: number) => k <= q + keys - queries;
  expectClose(causal.found.data, attended(x.data, memory.data, causal.weights, keys, early));
  const self = await attention(x, x, { causal: true });
  const before = (_b: number, q: number, k: number) => k <= q;
  expectClose(self.found.data, attended(x.data, x.data, self.weights, queries, before));
});

test('a causal step does not see later ones', async () => {
  const layer = (t: Tensor<'float32'>) => nn.multiHeadAttention(t, t, { heads, causal: true });
  const x = noise([1, 4, size]);
  const changed = new NDArray(x.data.slice(), x.shape, 'float32');
  changed.data.fill(9, 3 * size);
  const [a, b] = [await resultOf(x, layer), await resultOf(changed, layer)];
  expect(a.data.slice(0, 3 * size)).toEqual(b.data.slice(0, 3 * size));
  expect(a.data.slice(3 * size)).not.toEqual(b.data.slice(3 * size));
});

test('multiHeadAttention has sizes of its own and says what it expects', () => {
  const graph = new Graph();
  graph.asDefault(() => {
    const x = placeholder('float32', [null, 5, size]);
    const y = nn.multiHeadAttention(x, x, { heads: 4, keySize: 8, valueSize: 12, outputSize: 7 });
    expect(y.shape).toEqual([null, 5, 7]);
    expect(() => nn.multiHeadAttention(x, x, { heads: 4 })).toThrow(
      'Expected a divisor of keySize 6 for heads but received 4',
    );
    expect(() => nn.multiHeadAttention(x, x, { heads, dropout: 0.1 })).toThrow(
      'Expected a boolean or a bool tensor for training but received undefined',
    );
  });
});

test('sinusoidal positions turn at the speeds of the formula', async () => {
  const x = noise([2, 7, 8]);
  const expected = Array.from(x.data, (v, i) => {
    const [position, column] = [Math.floor(i / 8) % 7, i % 8];
    const angle = position / 10_000 ** ((column - (column % 2)) / 8);
    return v + (column % 2 === 0 ? Math.sin(angle) : Math.cos(angle));
  });
  expectClose((await resultOf(x, (t) => nn.positionalEncoding(t))).data, expected, 1e-6);
  const graph = new Graph();
  await using session = new Session(graph);
  await graph.asDefault(async () => {
    const open = placeholder('float32', [null, null, 8]);
    const y = nn.positionalEncoding(open);
    expect(y.shape).toEqual([null, null, 8]);
    expectClose((await session.run(y, { feeds: [[open, x]] })).data, expected, 1e-6);
    const odd = placeholder('float32', [null, null, 3]);
    expect(() => nn.positionalEncoding(odd)).toThrow(
      'Expected an even last dim for x but received 3',
    );
  });
});

test('learned positions are rows of a variable', async () => {
  const graph = new Graph();
  await using session = new Session(graph);
  await graph.asDefault(async () => {
    const table = noise([5, 2], 2);
    const x = placeholder('float32', [null, null, 2]);
    const options = { kind: 'learned', maxLength: 5, initializer: table } as const;
    const y = nn.positionalEncoding(x, options);
    expect(y.shape).toEqual([null, null, 2]);
    await session.run(graph.initializer);
    const value = noise([2, 3, 2]);
    const found = await session.run(y, { feeds: [[x, value]] });
    expectClose(
      found.data,
      Array.from(value.data, (v, i) => v + table.data[i % 6]!),
    );
    await expect(session.run(y, { feeds: [[x, noise([1, 6, 2])]] })).rejects.toThrow();
    const long = placeholder('float32', [null, 6, 2]);
    expect(() => nn.positionalEncoding(long, options)).toThrow(
      'Expected at most 5 steps for x but received 6',
    );
  });
});

test('a transformer block learns', async () => {
  const training = true;
  const { first, last } = await train(
    [4, 5, 8],
    (x) => {
      const placed = nn.positionalEncoding(x, { kind: 'learned', maxLength: 5 });
      const seen = nn.multiHeadAttention(placed, placed, {
        heads: 2,
        causal: true,
        dropout: 0.01,
        training,
      });
      const h = nn.layerNorm(placed.add(seen));
      return nn.dense(nn.dense(h, 16, { activation: (t) => t.gelu() }), 2);
    },
    { steps: 150, fed: [null, null, 8] },
  );
  expect(last).toBeLessThan(0.5 * first);
});
