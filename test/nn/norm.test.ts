import {
  constant,
  Graph,
  mean,
  ndarray,
  nn,
  placeholder,
  placeholderWithDefault,
  Session,
  type Tensor,
} from '../../lib/index.js';
import { descend, expectClose, noise, resultOf, train } from './training.js';

/** (x - mean) / sqrt(variance + epsilon) over the elements that `group` gives the same key. */
function normalized(x: ArrayLike<number>, group: (i: number) => number, epsilon: number) {
  const groups = new Map<number, number[]>();
  for (let i = 0; i < x.length; i++) {
    groups.set(group(i), [...(groups.get(group(i)) ?? []), x[i]!]);
  }
  const moments = new Map(
    [...groups].map(([key, values]) => {
      const centre = values.reduce((a, b) => a + b, 0) / values.length;
      const variance = values.reduce((a, b) => a + (b - centre) ** 2, 0) / values.length;
      return [key, { centre, variance, n: values.length }];
    }),
  );
  const y = Array.from(x, (v, i) => {
    const { centre, variance } = moments.get(group(i))!;
    return (v - centre) / Math.sqrt(variance + epsilon);
  });
  return { y, moments };
}

const gammaInitializer = [1, 2, 3, 4];
const betaInitializer = [0.5, 0, -1, 2];

test('layerNorm normalises the last dims', async () => {
  const x = noise([3, 2, 4]);
  const y = await resultOf(x, (t) => nn.layerNorm(t, { gammaInitializer, betaInitializer }));
  const { y: plain } = normalized(x.data, (i) => Math.floor(i / 4), 1e-5);
  expectClose(
    y.data,
    plain.map((v, i) => v * gammaInitializer[i % 4]! + betaInitializer[i % 4]!),
  );
  const both = await resultOf(x, (t) => nn.layerNorm(t, { axis: -2, epsilon: 0.1 }));
  expectClose(both.data, normalized(x.data, (i) => Math.floor(i / 8), 0.1).y);
});

test('rmsNorm divides by the root of the mean square', async () => {
  const x = noise([3, 4]);
  const y = await resultOf(x, (t) => nn.rmsNorm(t, { gammaInitializer }));
  const expected = Array.from(x.data, (v, i) => {
    const row = x.data.subarray(i - (i % 4), i - (i % 4) + 4);
    const square = row.reduce((a, b) => a + b * b, 0) / 4;
    return (v / Math.sqrt(square + 1e-5)) * gammaInitializer[i % 4]!;
  });
  expectClose(y.data, expected);
});

test('groupNorm and instanceNorm normalise channels of each image', async () => {
  const x = noise([2, 3, 3, 4]);
  const image = (i: number) => Math.floor(i / 36);
  const groups = await resultOf(x, (t) => nn.groupNorm(t, 2, { gammaInitializer }));
  const { y } = normalized(x.data, (i) => image(i) * 2 + Math.floor((i % 4) / 2), 1e-5);
  expectClose(
    groups.data,
    y.map((v, i) => v * gammaInitializer[i % 4]!),
  );
  const each = await resultOf(x, (t) => nn.instanceNorm(t, { betaInitializer }));
  const alone = normalized(x.data, (i) => image(i) * 4 + (i % 4), 1e-5).y;
  expectClose(
    each.data,
    alone.map((v, i) => v + betaInitializer[i % 4]!),
  );
  const graph = new Graph();
  graph.asDefault(() => {
    expect(() => nn.groupNorm(placeholder('float32', [null, 5, 4]), 3)).toThrow(
      'Expected a divisor of 4 channels for groups but received 3',
    );
  });
});

test('batchNorm takes the statistics of the batch, and moves the averages', async () => {
  const x = noise([6, 4]);
  const graph = new Graph();
  await using session = new Session(graph);
  await graph.asDefault(async () => {
    const input = placeholder('float32', [null, 4]);
    const layer = (training: boolean) =>
      nn.batchNorm(input, {
        training,
        momentum: 0.9,
        gammaInitializer,
        betaInitializer,
        name: 'bn',
        reuse: 'auto',
      });
    const [fresh, kept] = [layer(true), layer(false)];
    expect(graph.variables.map((v) => [v.name, v.trainable])).toEqual([
      ['bn/gamma', true],
      ['bn/beta', true],
      ['bn/moving_mean', false],
      ['bn/moving_variance', false],
    ]);
    expect(graph.updates).toHaveLength(1);
    await session.run(graph.initializer);
    const feeds = new Map([[input, x]]);
    const { y, moments } = normalized(x.data, (i) => i % 4, 1e-3);
    const shaped = (values: number[]) =>
      values.map((v, i) => v * gammaInitializer[i % 4]! + betaInitializer[i % 4]!);
    const before = await session.run(kept, { feeds });
    expectClose(before.data, shaped(Array.from(x.data, (v) => v / Math.sqrt(1 + 1e-3))));
    // Fetching the result alone is enough.
    expectClose((await session.run(fresh, { feeds })).data, shaped(y));
    const [, , average, spread] = await session.run([...graph.variables]);
    const channels = [0, 1, 2, 3].map((c) => moments.get(c)!);
    expectClose(
      Float64Array.from(average!.data, Number),
      channels.map(({ centre }) => 0.1 * centre),
    );
    expectClose(
      Float64Array.from(spread!.data, Number),
      channels.map(({ variance, n }) => 0.9 + (0.1 * variance * n) / (n - 1)),
    );
    for (let i = 0; i < 150; i++) await session.run(graph.updates[0]!, { feeds });
    const after = await session.run(kept, { feeds });
    const last = shaped(
      Array.from(x.data, (v, i) => {
        const { centre, variance } = channels[i % 4]!;
        return (v - centre) / Math.sqrt((variance * 6) / 5 + 1e-3);
      }),
    );
    expectClose(after.data, last, 1e-4);
  });
});

test.each([
  ['channels_last', [5, 4]],
  ['channels_last', [2, 3, 4]],
  ['channels_last', [2, 2, 3, 4]],
  ['channels_last', [2, 2, 3, 2, 4]],
  ['channels_first', [3, 4, 5]],
  ['channels_first', [3, 4, 2, 3]],
  ['channels_first', [2, 4, 2, 3, 2]],
] as const)('batchNorm with %s of %j', async (dataFormat, shape) => {
  const x = noise(shape);
  const inner =
    dataFormat === 'channels_last' ? 1 : shape.slice(2).reduce<number>((a, b) => a * b, 1);
  const channel = (i: number) => Math.floor(i / inner) % 4;
  const options = { dataFormat, gammaInitializer, betaInitializer, training: true };
  const expected = normalized(x.data, channel, 1e-3).y.map(
    (v, i) => v * gammaInitializer[channel(i)]! + betaInitializer[channel(i)]!,
  );
  const y = await resultOf(x, (t) => nn.batchNorm(t, options));
  expect(y.shape).toEqual(shape);
  expectClose(y.data, expected);
  const graph = new Graph();
  await using session = new Session(graph);
  await graph.asDefault(async () => {
    const open = shape.map((dim, i) =>
      i === (dataFormat === 'channels_last' ? shape.length - 1 : 1) ? dim : null,
    );
    const input = placeholder('float32', open);
    const z = nn.batchNorm(input, options);
    expect(z.shape).toEqual(open);
    await session.run(graph.initializer);
    expectClose((await session.run(z, { feeds: [[input, x]] })).data, expected);
  });
});

test('batchNorm asks a tensor whether it trains', async () => {
  const graph = new Graph();
  await using session = new Session(graph);
  await graph.asDefault(async () => {
    const training = placeholderWithDefault(constant(false));
    const x = noise([6, 4]);
    const y = nn.batchNorm(constant(x), { training, momentum: 0.5 });
    await session.run(graph.initializer);
    const average = graph.variables.find(({ name }) => name.endsWith('moving_mean'))!;
    const still = await session.run([y, average.value]);
    expectClose(
      still[0]!.data,
      Array.from(x.data, (v) => v / Math.sqrt(1 + 1e-3)),
    );
    expect((await session.run(average)).toArray()).toEqual([0, 0, 0, 0]);
    const fresh = await session.run(y, { feeds: [[training, true]] });
    const { y: expected, moments } = normalized(x.data, (i) => i % 4, 1e-3);
    expectClose(fresh.data, expected);
    const moved = await session.run(average);
    expectClose(
      Float64Array.from(moved.data, Number),
      [0, 1, 2, 3].map((c) => moments.get(c)!.centre / 2),
    );
  });
});

test('batchNorm in float64 and without gamma and beta', async () => {
  const graph = new Graph();
  await using session = new Session(graph);
  await graph.asDefault(async () => {
    const x = ndarray([[1], [3]], { dtype: 'float64' });
    const y = nn.batchNorm(constant(x), { training: true, center: false, scale: false });
    await session.run(graph.initializer);
    const found = await session.run(y);
    expect(found.dtype).toBe('float64');
    const unit = 1 / Math.sqrt(1.001);
    expectClose(found.data, [-unit, unit], 1e-12);
    expect(graph.variables.map(({ dtype }) => dtype)).toEqual(['float64', 'float64']);
  });
});

test('batchNorm wants to know whether it trains', () => {
  const graph = new Graph();
  graph.asDefault(() => {
    const x = placeholder('float32', [null, 4]);
    // @ts-expect-error: training has to be said.
    expect(() => nn.batchNorm(x, {})).toThrow(
      'Expected a boolean or a bool tensor for training but received undefined',
    );
    expect(() => nn.batchNorm(x, { training: true, momentum: 2 })).toThrow(
      'Expected a number in [0, 1] for momentum but received 2',
    );
  });
});

test('a step by hand moves the averages too', async () => {
  const graph = new Graph();
  await using session = new Session(graph);
  await graph.asDefault(async () => {
    const x = constant(noise([8, 3]));
    const y = nn.dense(nn.batchNorm(x, { training: true, momentum: 0 }), 1);
    const step = descend(mean(y.square()), 0.1);
    await session.run(graph.initializer);
    await session.run(step);
    const average = graph.variables.find(({ name }) => name.endsWith('moving_mean'))!;
    const { moments } = normalized(noise([8, 3]).data, (i) => i % 3, 0);
    expectClose(
      Float64Array.from((await session.run(average)).data, Number),
      [0, 1, 2].map((c) => moments.get(c)!.centre),
    );
  });
});

const images = [4, 3, 3, 4];
test.each([
  ['batchNorm', images, (x: Tensor<'float32'>) => nn.batchNorm(x, { training: true })],
  ['layerNorm', images, (x: Tensor<'float32'>) => nn.layerNorm(x)],
  ['rmsNorm', images, (x: Tensor<'float32'>) => nn.rmsNorm(x)],
  ['groupNorm', images, (x: Tensor<'float32'>) => nn.groupNorm(x, 3)],
  ['instanceNorm', images, (x: Tensor<'float32'>) => nn.instanceNorm(x)],
  [
    'batchNorm that is told by a tensor',
    images,
    (x: Tensor<'float32'>) => nn.batchNorm(x, { training: placeholderWithDefault(constant(true)) }),
  ],
] as const)('%s learns', async (_name, shape, layer) => {
  const { first, last } = await train(shape, (x) => nn.dense(layer(nn.dense(x, 6)), 2), {
    steps: 60,
  });
  expect(last).toBeLessThan(0.8 * first);
});
