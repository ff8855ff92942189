import { Graph, nn, Session } from '../../lib/index.js';

const { initializers } = nn;

async function valuesOf(
  initializer: nn.VariableInitializer,
  shape: readonly number[],
  dtype: 'float32' | 'float64' | 'int32' = 'float32',
  seed = 1,
): Promise<number[]> {
  const graph = new Graph({ seed });
  await using session = new Session(graph);
  const v = nn.getVariable('v', { shape, dtype, initializer, graph });
  await session.run(graph.initializer);
  const value = await session.run(v);
  expect([value.dtype, value.shape]).toEqual([dtype, shape]);
  return Array.from(value.data, Number);
}

function moments(values: readonly number[]) {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length;
  return { mean, variance, least: Math.min(...values), most: Math.max(...values) };
}

test('zeros, ones, constant and identity', async () => {
  expect(await valuesOf(initializers.zeros(), [2, 1])).toEqual([0, 0]);
  expect(await valuesOf(initializers.ones(), [2], 'int32')).toEqual([1, 1]);
  expect(await valuesOf(initializers.constant(7), [2, 2], 'int32')).toEqual([7, 7, 7, 7]);
  expect(await valuesOf(initializers.constant([1, 2]), [2, 2], 'float64')).toEqual([1, 2, 1, 2]);
  expect(await valuesOf(initializers.identity({ gain: 2 }), [2, 3])).toEqual([2, 0, 0, 0, 2, 0]);
  expect(() => initializers.identity()([2], 'float32')).toThrow(
    'Expected a matrix for the initializer identity but received shape [2]',
  );
});

test('random initializers have the distribution asked for', async () => {
  const shape = [100, 100];
  const uniform = moments(
    await valuesOf(initializers.randomUniform({ minval: -1, maxval: 3 }), shape),
  );
  expect(uniform.least).toBeGreaterThanOrEqual(-1);
  expect(uniform.most).toBeLessThanOrEqual(3);
  expect(Math.abs(uniform.mean - 1)).toBeLessThan(0.05);
  expect(Math.abs(uniform.variance - 16 / 12)).toBeLessThan(0.06);
  const normal = moments(await valuesOf(initializers.randomNormal({ mean: 2, stddev: 3 }), shape));
  expect(Math.abs(normal.mean - 2)).toBeLessThan(0.15);
  expect(Math.abs(normal.variance - 9)).toBeLessThan(0.6);
  expect(normal.most).toBeGreaterThan(2 + 2 * 3);
  const cut = moments(await valuesOf(initializers.truncatedNormal({ mean: 2, stddev: 3 }), shape));
  expect(cut.most).toBeLessThanOrEqual(2 + 2 * 3);
  expect(cut.least).toBeGreaterThanOrEqual(2 - 2 * 3);
});

test.each([
  ['glorotUniform', initializers.glorotUniform(), [30, 90], 2 / 120],
  ['glorotNormal', initializers.glorotNormal(), [30, 90], 2 / 120],
  ['heUniform', initializers.heUniform(), [3, 3, 10, 40], 2 / 90],
  ['heNormal', initializers.heNormal(), [3, 3, 10, 40], 2 / 90],
  ['lecunUniform', initializers.lecunUniform(), [50, 60], 1 / 50],
  ['lecunNormal', initializers.lecunNormal(), [50, 60], 1 / 50],
  [
    'fanOut',
    initializers.varianceScaling({ scale: 3, mode: 'fanOut', distribution: 'untruncatedNormal' }),
    [5, 20, 30],
    3 / 150,
  ],
] as const)('%s scales the variance to the fans', async (_name, initializer, shape, variance) => {
  const found = moments(await valuesOf(initializer, shape));
  expect(Math.abs(found.mean)).toBeLessThan(4 * Math.sqrt(variance / 2700));
  expect(Math.abs(found.variance / variance - 1)).toBeLessThan(0.12);
});

test.each([
  [[4, 4], 'float64', 1e-10],
  [[64, 64], 'float32', 2e-5],
  [[3, 3, 2, 40], 'float32', 2e-5],
  [[10, 80], 'float64', 1e-10],
  [[1, 1], 'float32', 1e-6],
] as const)('orthogonal of %j %s', async (shape, dtype, tolerance) => {
  const columns = shape.at(-1)!;
  const rows = shape.slice(0, -1).reduce<number>((a, b) => a * b, 1);
  const q = await valuesOf(initializers.orthogonal({ gain: 2 }), shape, dtype);
  const [count, length] = rows < columns ? [rows, columns] : [columns, rows];
  const at = (vector: number, i: number) =>
    rows < columns ? q[vector * columns + i]! : q[i * columns + vector]!;
  let worst = 0;
  for (let a = 0; a < count; a++) {
    for (let b = 0; b < count; b++) {
      let dot = 0;
      for (let i = 0; i < length; i++) dot += at(a, i) * at(b, i);
      worst = Math.max(worst, Math.abs(dot - (a === b ? 4 : 0)));
    }
  }
  expect(worst).toBeLessThan(4 * tolerance);
});

test('values follow from the seed of the graph and the name, or from the seed given', async () => {
  const build = (seed: number, before: boolean, option: { seed?: number } = {}) => {
    const graph = new Graph({ seed });
    const get = (name: string) =>
      nn.getVariable(name, { shape: [3], initializer: initializers.heNormal(option), graph });
    if (before) get('other');
    return { graph, v: get('v'), w: get('w') };
  };
  const run = async ({ graph, v, w }: ReturnType<typeof build>) => {
    await using session = new Session(graph);
    await session.run(graph.initializer);
    return (await session.run([v, w])).map((x) => x.toArray());
  };
  const first = await run(build(1, false));
  expect(first[0]).not.toEqual(first[1]);
  expect(await run(build(1, true))).toEqual(first);
  expect(await run(build(2, false))).not.toEqual(first);
  const seeded = await run(build(1, false, { seed: 5 }));
  expect(seeded[0]).toEqual(seeded[1]);
});

test('wrong arguments are named', () => {
  expect(() => initializers.varianceScaling({ scale: 0 })).toThrow(
    'Expected a positive number for scale but received 0',
  );
  expect(() => initializers.randomNormal({ stddev: Number.NaN })).toThrow(
    'Expected a finite number for stddev but received NaN',
  );
  expect(() => initializers.orthogonal()([3], 'float32')).toThrow('at least two-dimensional');
  expect(() => initializers.glorotUniform()([3], 'int32')).toThrow(
    'Expected a floating dtype for the initializer randomUniform but received int32',
  );
  const graph = new Graph();
  const wrong = nn.initializers.ones();
  expect(() =>
    nn.getVariable('v', { shape: [2], initializer: () => wrong([3], 'float32'), graph }),
  ).toThrow('Initializer of v gave float32 [3], expected float32 [2].');
});
