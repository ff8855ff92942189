import { Graph, nn, placeholder, relu, Session } from '../../lib/index.js';
import { expectClose, noise, resultOf, train } from './training.js';

/** Convolution of [batch, height, width, channels], written out. */
function convolved(
  x: { data: ArrayLike<number>; shape: readonly number[] },
  w: { data: ArrayLike<number>; shape: readonly number[] },
  [stride, before, oh, ow]: readonly [number, number, number, number],
  groups = 1,
): number[] {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const [kh, kw, per, filters] = w.shape as [number, number, number, number];
  const result: number[] = [];
  for (let n = 0; n < batch; n++)
    for (let y = 0; y < oh; y++)
      for (let z = 0; z < ow; z++)
        for (let f = 0; f < filters; f++) {
          let sum = 0;
          const first = Math.floor((f * groups) / filters) * per;
          for (let i = 0; i < kh; i++)
            for (let j = 0; j < kw; j++)
              for (let c = 0; c < per; c++) {
                const [row, column] = [y * stride + i - before, z * stride + j - before];
                if (row < 0 || row >= height || column < 0 || column >= width) continue;
                const at = ((n * height + row) * width + column) * channels + first + c;
                sum += x.data[at]! * w.data[((i * kw + j) * per + c) * filters + f]!;
              }
          result.push(sum);
        }
  return result;
}

test('conv2d convolves, with strides, paddings and groups', async () => {
  const x = noise([2, 7, 7, 4]);
  const w = noise([3, 3, 4, 6], 2);
  const plain = await resultOf(x, (t) => nn.conv2d(t, 6, 3, { kernelInitializer: w }));
  expect(plain.shape).toEqual([2, 5, 5, 6]);
  expectClose(plain.data, convolved(x, w, [1, 0, 5, 5]));
  const same = await resultOf(x, (t) =>
    nn.conv2d(t, 6, [3, 3], { kernelInitializer: w, strides: 2, padding: 'SAME' }),
  );
  expect(same.shape).toEqual([2, 4, 4, 6]);
  expectClose(same.data, convolved(x, w, [2, 1, 4, 4]));
  const half = noise([3, 3, 2, 6], 3);
  const grouped = await resultOf(x, (t) =>
    nn.conv2d(t, 6, 3, { kernelInitializer: half, groups: 2, biasInitializer: [0, 1, 2, 3, 4, 5] }),
  );
  const expected = convolved(x, half, [1, 0, 5, 5], 2).map((v, i) => v + (i % 6));
  expectClose(grouped.data, expected);
});

test('conv2d with channels first gives the same numbers', async () => {
  const x = noise([1, 5, 5, 3]);
  const options = { kernelInitializer: noise([3, 3, 3, 2], 2), biasInitializer: [1, -1] } as const;
  const last = await resultOf(x, (t) => nn.conv2d(t, 2, 3, { ...options, activation: relu }));
  const first = await resultOf(x, (t) =>
    nn
      .conv2d(t.transpose([0, 3, 1, 2]), 2, 3, { ...options, dataFormat: 'NCHW', activation: relu })
      .transpose([0, 2, 3, 1]),
  );
  expectClose(first.data, last.data);
});

test('conv1d and conv3d are conv2d of other ranks', async () => {
  const w = noise([3, 4, 6], 2);
  const x = noise([2, 7, 4]);
  const line = await resultOf(x, (t) => nn.conv1d(t, 6, 3, { kernelInitializer: w, strides: 2 }));
  const wide = { data: x.data, shape: [2, 1, 7, 4] };
  // With stride 2 over a height of 1 the first row counts alone.
  const expected = convolved(wide, { data: w.data, shape: [1, 3, 4, 6] }, [2, 0, 1, 3]);
  expect(line.shape).toEqual([2, 3, 6]);
  expectClose(line.data, expected);
  const cube = noise([2, 1, 7, 7, 4]);
  const filter = noise([1, 3, 3, 4, 6], 3);
  const solid = await resultOf(cube, (t) =>
    nn.conv3d(t, 6, [1, 3, 3], { kernelInitializer: filter }),
  );
  expect(solid.shape).toEqual([2, 1, 5, 5, 6]);
  const flat = { data: cube.data, shape: [2, 7, 7, 4] };
  expectClose(
    solid.data,
    convolved(flat, { data: filter.data, shape: [3, 3, 4, 6] }, [1, 0, 5, 5]),
  );
});

test('depthwiseConv2d convolves each channel by itself', async () => {
  const x = noise([2, 6, 6, 3]);
  const w = noise([3, 3, 3, 2], 2);
  const y = await resultOf(x, (t) =>
    nn.depthwiseConv2d(t, 3, { kernelInitializer: w, multiplier: 2 }),
  );
  expect(y.shape).toEqual([2, 4, 4, 6]);
  // A convolution in 3 groups whose filters [3, 3, 1, 6] are the same numbers.
  expectClose(y.data, convolved(x, { data: w.data, shape: [3, 3, 1, 6] }, [1, 0, 4, 4], 3));
});

test.each([
  ['VALID', 2, 3, [9, 11]],
  ['SAME', 2, 3, [8, 10]],
  ['VALID', 3, 2, [12, 15]],
] as const)('conv2dTranspose %s of stride %d and window %d', async (padding, stride, k, area) => {
  const x = noise([2, 4, 5, 3]);
  const w = noise([k, k, 2, 3], 2);
  const [height, width] = area;
  const spread = new Array<number>(2 * height * width * 2).fill(0);
  for (let n = 0; n < 2; n++)
    for (let y = 0; y < 4; y++)
      for (let z = 0; z < 5; z++)
        for (let i = 0; i < k; i++)
          for (let j = 0; j < k; j++)
            for (let f = 0; f < 2; f++)
              for (let c = 0; c < 3; c++) {
                // Where SAME cuts a row off, it cuts it off behind.
                const [row, column] = [y * stride + i, z * stride + j];
                if (row >= height || column >= width) continue;
                spread[((n * height + row) * width + column) * 2 + f]! +=
                  x.data[((n * 4 + y) * 5 + z) * 3 + c]! * w.data[((i * k + j) * 2 + f) * 3 + c]!;
              }
  const options = { kernelInitializer: w, strides: stride, padding };
  const y = await resultOf(x, (t) => nn.conv2dTranspose(t, 2, k, options));
  expect(y.shape).toEqual([2, height, width, 2]);
  expectClose(y.data, spread);

  const graph = new Graph();
  await using session = new Session(graph);
  await graph.asDefault(async () => {
    const open = placeholder('float32', [null, null, 5, 3]);
    const z = nn.conv2dTranspose(open, 2, k, options);
    expect(z.shape).toEqual([null, null, width, 2]);
    await session.run(graph.initializer);
    expectClose((await session.run(z, { feeds: [[open, x]] })).data, spread);
  });
});

test('convolutions say what they expect', () => {
  const graph = new Graph();
  graph.asDefault(() => {
    const x = placeholder('float32', [null, 8, 8, 4]);
    expect(() => nn.conv1d(x, 2, 3)).toThrow('Expected 3 dims for x but received [?, 8, 8, 4]');
    expect(() => nn.conv2d(x, 6, 3, { groups: 3 })).toThrow(
      'Expected a divisor of 4 channels and 6 filters for groups but received 3',
    );
    expect(() => nn.conv2d(x, 2, [3])).toThrow('Expected 2 numbers for kernelSize');
    expect(() => nn.conv2d(x, 2, 3, { strides: 0 })).toThrow(
      'Expected a positive integer for strides but received 0',
    );
    const open = placeholder('float32', [null, 8, 8, null]);
    expect(() => nn.conv2d(open, 2, 3)).toThrow('Dim -1 of x has to be known');
    expect(() => nn.depthwiseConv2d(x, 3, { multiplier: -1 })).toThrow('positive integer');
  });
});

test.each([
  ['conv1d', [4, 8, 3], (x) => nn.conv1d(x, 2, 3)],
  ['conv2d', [4, 6, 6, 2], (x) => nn.conv2d(x, 3, 3, { padding: 'SAME', strides: 2 })],
  ['conv3d', [2, 4, 4, 4, 2], (x) => nn.conv3d(x, 2, 2)],
  ['depthwiseConv2d', [4, 6, 6, 2], (x) => nn.depthwiseConv2d(x, 3, { multiplier: 2 })],
  ['conv2dTranspose', [4, 3, 3, 2], (x) => nn.conv2dTranspose(x, 2, 3, { strides: 2 })],
] satisfies [string, number[], Parameters<typeof train>[1]][])(
  '%s learns',
  async (_n, shape, f) => {
    const { first, last, variables } = await train(shape, f, { steps: 100, rate: 0.3 });
    expect(variables).toHaveLength(2);
    expect(last).toBeLessThan(0.85 * first);
  },
);
