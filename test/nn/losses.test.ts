import {
  constant,
  Graph,
  gradients,
  type NDArray,
  nn,
  placeholder,
  Session,
  type Tensor,
} from '../../lib/index.js';
import { expectClose, noise } from './training.js';

const { losses } = nn;

async function evaluated(make: () => Tensor): Promise<NDArray> {
  const graph = new Graph();
  await using session = new Session(graph);
  return await session.run(graph.asDefault(make));
}

async function expectLoss(
  make: () => Tensor,
  expected: number | readonly number[],
  tolerance = 1e-5,
) {
  const found = await evaluated(make);
  expect(found.shape.length).toBe(typeof expected === 'number' ? 0 : 1);
  expectClose(Float64Array.from(found.data as Float32Array), [expected].flat(), tolerance);
}

/** The slopes of a loss by its predictions, by central differences in float64. */
async function expectSlopes(
  predictions: readonly number[],
  loss: (p: Tensor<'float64'>) => Tensor<'float64'>,
) {
  const graph = new Graph();
  await using session = new Session(graph);
  await graph.asDefault(async () => {
    const p = placeholder('float64', [predictions.length]);
    const y = loss(p);
    const [slope] = gradients(y, [p]);
    const at = async (x: readonly number[]) =>
      (await session.run(y, { feeds: [[p, Float64Array.from(x)]] })).item();
    const found = await session.run(slope!, { feeds: [[p, Float64Array.from(predictions)]] });
    const expected: number[] = [];
    for (const i of predictions.keys()) {
      const moved = (by: number) => predictions.map((v, k) => (k === i ? v + by : v));
      expected.push(((await at(moved(1e-5))) - (await at(moved(-1e-5)))) / 2e-5);
    }
    expectClose(Float64Array.from(found.data, Number), expected, 1e-8);
  });
}

test('weights and reductions follow TensorFlow', async () => {
  const values = [1, 2, 3, 4];
  const reduced = (reduction: nn.losses.Reduction | undefined, weights?: nn.Numbers) =>
    expect(
      evaluated(() => losses.weightedLoss(constant(values), { reduction, weights })).then((x) =>
        x.toArray(),
      ),
    ).resolves;
  const weights = [0, 2, 0, 1];
  await reduced('none', weights).toEqual([0, 4, 0, 4]);
  await reduced('sum', weights).toBe(8);
  await reduced('mean', weights).toEqual(Math.fround(8 / 3));
  await reduced('sumOverBatchSize', weights).toBe(2);
  await reduced('sumByNonzeroWeights', weights).toBe(4);
  await reduced(undefined, weights).toBe(4);
  await reduced(undefined).toBe(2.5);
  await reduced('mean', 3).toBe(2.5);
  await reduced('sumByNonzeroWeights', 3).toBe(7.5);
  await reduced('sumByNonzeroWeights', 0).toBe(0);
  await reduced('mean', [0, 0, 0, 0]).toBe(0);
  await reduced('none', [[1], [0], [1], [0]]).toEqual([1, 0, 3, 0]);
  await reduced(undefined, [true, false, false, false]).toBe(1);
  // A weight for each row counts each of its losses.
  const rows = () =>
    losses.weightedLoss(
      constant([
        [1, 2],
        [3, 4],
      ]),
      { weights: [0, 1], reduction: 'mean' },
    );
  await expectLoss(rows, 3.5);
  expect(() => losses.weightedLoss(constant(values), { weights: [1, 2] })).toThrow(
    'weights can not be broadcast to values: weights [2], losses [4]',
  );
  // @ts-expect-error: no such reduction.
  expect(() => losses.weightedLoss(constant(values), { reduction: 'max' })).toThrow(
    "Expected 'none', 'sum', 'mean', 'sumOverBatchSize' or 'sumByNonzeroWeights' for reduction",
  );
});

const softmax = (row: readonly number[]) => {
  const all = row.map(Math.exp);
  const total = all.reduce((a, b) => a + b, 0);
  return all.map((v) => v / total);
};

test('softmaxCrossEntropy, dense and sparse, with smoothing and any rank', async () => {
  const logits = noise([2, 3, 4]);
  const labels = [
    [0, 3, 1],
    [2, 2, 0],
  ];
  const rows = Array.from({ length: 6 }, (_, i) => Array.from(logits.data.slice(4 * i, 4 * i + 4)));
  const oneHot = labels.map((l) => l.map((k) => [0, 1, 2, 3].map((j) => Number(j === k))));
  for (const labelSmoothing of [0, 0.1, 1]) {
    const each = rows.map((row, i) => {
      const p = softmax(row);
      const y = oneHot.flat()[i]!.map((v) => v * (1 - labelSmoothing) + labelSmoothing / 4);
      return -y.reduce((sum, v, j) => sum + v * Math.log(p[j]!), 0);
    });
    const options = { labelSmoothing, reduction: 'none' } as const;
    for (const make of [
      () => losses.softmaxCrossEntropy(oneHot, constant(logits), options),
      () => losses.sparseSoftmaxCrossEntropy(labels, constant(logits), options),
    ]) {
      const found = await evaluated(make);
      expect(found.shape).toEqual([2, 3]);
      expectClose(Float64Array.from(found.data as Float32Array), each);
    }
    const mean = each.reduce((a, b) => a + b, 0) / 6;
    await expectLoss(
      () => losses.sparseSoftmaxCrossEntropy(labels, constant(logits), { labelSmoothing }),
      mean,
    );
  }
});

test('sparseSoftmaxCrossEntropy leaves ignored labels out', async () => {
  const logits = noise([4, 3]);
  const rows = [0, 1, 2, 3].map((i) => Array.from(logits.data.slice(3 * i, 3 * i + 3)));
  const [a, , c] = rows.map((row, i) => -Math.log(softmax(row)[[2, 0, 1, 0][i]!]!));
  const make = (options: nn.losses.SparseOptions) => () =>
    losses.sparseSoftmaxCrossEntropy([2, -1, 1, -1], constant(logits), options);
  await expectLoss(make({ ignoreLabel: -1 }), (a! + c!) / 2);
  await expectLoss(make({ ignoreLabel: -1, weights: [1, 1, 3, 1], reduction: 'none' }), [
    a!,
    0,
    3 * c!,
    0,
  ]);
  await expect(evaluated(make({}))).rejects.toThrow('outside the valid range of [0, 3)');
});

test('sigmoidCrossEntropy is exact far from 0 and has the slope of the sigmoid at 0', async () => {
  const logits = [-100, -10, -0.5, 0, 0.5, 10, 100];
  const z = [0, 1, 0.25, 1, 0.75, 1, 0];
  const each = logits.map(
    (x, i) => Math.max(x, 0) - x * z[i]! + Math.log1p(Math.exp(-Math.abs(x))),
  );
  await expectLoss(
    () => losses.sigmoidCrossEntropy(z, constant(logits), { reduction: 'none' }),
    each,
    1e-6,
  );
  const smooth = logits.map((x, i) => {
    const label = z[i]! * 0.8 + 0.1;
    return Math.max(x, 0) - x * label + Math.log1p(Math.exp(-Math.abs(x)));
  });
  await expectLoss(
    () => losses.sigmoidCrossEntropy(z, constant(logits), { labelSmoothing: 0.2 }),
    smooth.reduce((a, b) => a + b, 0) / 7,
  );
  await expectSlopes([-3, -0.5, 0, 0.5, 3], (p) =>
    losses.sigmoidCrossEntropy([0, 1, 1, 0, 0.5], p, { reduction: 'sum' }),
  );
});

test('losses of single numbers', async () => {
  const y = [1, 0, 1, 0];
  const p = [0.75, 0.25, 0.5, 0.9];
  const mean = (f: (y: number, p: number) => number) =>
    y.reduce((sum, v, i) => sum + f(v, p[i]!), 0) / 4;
  const log = (l: number, q: number) => -l * Math.log(q + 1e-7) - (1 - l) * Math.log(1 - q + 1e-7);
  await expectLoss(() => losses.logLoss(y, constant(p)), mean(log));
  await expectLoss(
    () => losses.meanSquaredError(y, constant(p)),
    mean((a, b) => (a - b) ** 2),
  );
  await expectLoss(
    () => losses.absoluteDifference(y, constant(p)),
    mean((a, b) => Math.abs(a - b)),
  );
  const hinged = mean((a, b) => Math.max(0, 1 - (2 * a - 1) * b));
  await expectLoss(() => losses.hinge(y, constant(p)), hinged);
  const huber = (delta: number) =>
    mean((a, b) => {
      const e = Math.abs(a - b);
      return e <= delta ? (e * e) / 2 : delta * e - (delta * delta) / 2;
    });
  await expectLoss(() => losses.huber(y, constant(p)), huber(1));
  await expectLoss(() => losses.huber(y, constant(p), { delta: 0.3 }), huber(0.3));
  const apart = (margin: number) => mean((a, d) => (a ? d * d : Math.max(0, margin - d) ** 2));
  await expectLoss(() => losses.contrastive(y, constant(p)), apart(1));
  await expectLoss(() => losses.contrastive(y, constant(p), { margin: 0.5 }), apart(0.5));
});

test('losses of vectors', async () => {
  const y = [
    [0.6, 0.8],
    [1, 0],
  ];
  const p = [
    [1, 0],
    [0.8, 0.6],
  ];
  const cosine = await evaluated(() =>
    losses.cosineDistance(y, constant(p), { reduction: 'none' }),
  );
  expect(cosine.shape).toEqual([2, 1]);
  expectClose(Float64Array.from(cosine.data as Float32Array), [0.4, 0.2]);
  const q = [
    [0.2, 0.8],
    [0.5, 0.5],
  ];
  const kl = y.map((row, i) =>
    row.reduce((sum, v, j) => sum + (v === 0 ? 0 : v * Math.log(v / q[i]![j]!)), 0),
  );
  await expectLoss(() => losses.klDivergence(y, constant(q), { reduction: 'none' }), kl);
  const never = await evaluated(() => losses.klDivergence([[1, 0]], constant([[0, 1]])));
  expectClose(Float64Array.from(never.data as Float32Array), [-Math.log(1e-7)]);
});

test.each([
  ['meanSquaredError', (p) => losses.meanSquaredError([1, 0, -1], p)],
  ['absoluteDifference', (p) => losses.absoluteDifference([1, 0, -1], p)],
  ['huber', (p) => losses.huber([1, 0, -3], p)],
  ['hinge', (p) => losses.hinge([1, 0, 0], p)],
  ['logLoss', (p) => losses.logLoss([1, 0, 0], p.sigmoid())],
  ['contrastive', (p) => losses.contrastive([1, 0, 0], p.abs())],
  ['cosineDistance', (p) => losses.cosineDistance([[1, 0, 0]], p.reshape([1, 3]))],
  ['klDivergence', (p) => losses.klDivergence([[0.2, 0.3, 0.5]], p.reshape([1, 3]).softmax())],
  [
    'smoothed cross entropies',
    (p) => {
      const logits = p.reshape([1, 3]);
      const options = { labelSmoothing: 0.2, weights: 2 };
      const dense = losses.softmaxCrossEntropy([[0, 0.5, 0.5]], logits, options);
      return losses.sparseSoftmaxCrossEntropy([2], logits, options).add(dense);
    },
  ],
] satisfies [string, (p: Tensor<'float64'>) => Tensor<'float64'>][])(
  'the slopes of %s',
  async (_name, loss) => {
    await expectSlopes([0.3, -0.7, 1.6], loss);
  },
);

test('losses say what they expect', () => {
  const graph = new Graph();
  graph.asDefault(() => {
    const p = placeholder('float32', [null, 1]);
    expect(() => losses.meanSquaredError([1, 2], p)).toThrow(
      'Shapes of labels [2] and predictions [?, 1] differ.',
    );
    expect(() => losses.sparseSoftmaxCrossEntropy([[1]], p)).toThrow(
      'Expected labels of 1 dims, one less than logits, but received 2',
    );
    expect(() => losses.huber([[1]], p, { delta: 0 })).toThrow(
      'Expected a positive number for delta',
    );
    expect(() => losses.softmaxCrossEntropy([[1]], p, { labelSmoothing: 2 })).toThrow(
      'Expected a number in [0, 1] for labelSmoothing but received 2',
    );
    expect(losses.hinge([[1]], p).name).toMatch(/^hinge_loss\//);
    expect(losses.hinge([[1]], p, { name: 'mine' }).name).toMatch(/^mine\//);
  });
});
