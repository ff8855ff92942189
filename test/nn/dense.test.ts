import { constant, Graph, ndarray, nn, placeholder, relu, Session } from '../../lib/index.js';
import { expectClose, noise, resultOf, train } from './training.js';

test('dense multiplies, adds and activates', async () => {
  const x = ndarray([
    [1, 2],
    [3, -4],
  ]);
  const y = await resultOf(x, (t) =>
    nn.dense(t, 3, {
      kernelInitializer: [
        [1, 0, 2],
        [0, 1, -1],
      ],
      biasInitializer: [0.5, 0, 0],
      activation: relu,
    }),
  );
  expect(y.toArray()).toEqual([
    [1.5, 2, 0],
    [3.5, 0, 10],
  ]);
});

test('dense works over the last dim of any rank and keeps what is known of the shape', async () => {
  const x = noise([2, 3, 4]);
  const kernel = noise([4, 5], 3);
  const y = await resultOf(x, (t) => nn.dense(t, 5, { kernelInitializer: kernel, useBias: false }));
  const expected: number[] = [];
  for (let row = 0; row < 6; row++) {
    for (let j = 0; j < 5; j++) {
      let sum = 0;
      for (let i = 0; i < 4; i++) sum += x.data[row * 4 + i]! * kernel.data[i * 5 + j]!;
      expected.push(sum);
    }
  }
  expect(y.shape).toEqual([2, 3, 5]);
  expectClose(y.data, expected);

  const graph = new Graph();
  await using session = new Session(graph);
  await graph.asDefault(async () => {
    const one = placeholder('float32', [null, 3, 4]);
    const two = placeholder('float32', [null, null, 4]);
    const dense = (x: typeof one) => nn.dense(x, 5, { name: 'd', reuse: 'auto' });
    const outputs = [dense(one), dense(two)];
    expect(outputs.map(({ shape }) => shape)).toEqual([
      [null, 3, 5],
      [null, null, 5],
    ]);
    await session.run(graph.initializer);
    const [a, b] = await session.run(outputs, {
      feeds: [
        [one, x],
        [two, x],
      ],
    });
    expect(a!.data).toEqual(b!.data);
    const empty = ndarray(new Float32Array(0), { shape: [0, 2, 4] });
    expect((await session.run(outputs[1]!, { feeds: [[two, empty]] })).shape).toEqual([0, 2, 5]);
  });
});

test('layers are named after their kind, and shared where a scope says so', () => {
  const graph = new Graph();
  graph.asDefault(() => {
    const x = placeholder('float32', [null, 4]);
    const model = () => nn.dense(nn.dense(x, 3), 2, { name: 'top', trainable: false });
    nn.variableScope('m', model);
    nn.variableScope('m', { reuse: true }, model);
    nn.dense(nn.dense(x, 3), 1);
    const names = graph.variables.map(({ name, trainable, shape }) => [name, trainable, shape]);
    expect(names).toEqual([
      ['m/dense/kernel', true, [4, 3]],
      ['m/dense/bias', true, [3]],
      ['m/top/kernel', false, [3, 2]],
      ['m/top/bias', false, [2]],
      ['dense/kernel', true, [4, 3]],
      ['dense/bias', true, [3]],
      ['dense_1/kernel', true, [3, 1]],
      ['dense_1/bias', true, [1]],
    ]);
    expect(() => nn.dense(x, 7, { name: 'dense', reuse: true })).toThrow(
      'Trying to share variable dense/kernel, but specified shape [4, 7] and found shape [4, 3].',
    );
    expect(() => nn.dense(x, 7, { name: 'dense' })).toThrow(
      'Variable dense/kernel already exists, disallowed.',
    );
  });
});

test('dense and flatten say what they expect', () => {
  const graph = new Graph();
  graph.asDefault(() => {
    const x = placeholder('float32', [null, null]);
    expect(() => nn.dense(x, 3)).toThrow(
      "Dim -1 of x has to be known but its shape is [?, ?] ('Placeholder:0')",
    );
    expect(() => nn.dense(constant([1, 2]), 3)).toThrow(
      'Expected 2 or more dims for x but received [2]',
    );
    expect(() => nn.dense(constant([[1]]), 0)).toThrow(
      'Expected a positive integer for units but received 0',
    );
    const whole = constant([[1]], { dtype: 'int32' });
    // @ts-expect-error: layers take floating tensors.
    expect(() => nn.dense(whole, 3)).toThrow('Expected a floating dtype for x but received int32');
    // @ts-expect-error: layers take tensors.
    expect(() => nn.dense([[1]], 3)).toThrow('Expected a tensor or a variable for x');
  });
});

test('flatten keeps the batch', async () => {
  const graph = new Graph();
  await using session = new Session(graph);
  await graph.asDefault(async () => {
    const shapes = [
      [null, 2, 3],
      [4, null, 3],
      [null, null, 3],
      [null, 2],
      [null, 0, 3],
    ];
    const xs = shapes.map((shape) => placeholder('float32', shape));
    const ys = xs.map((x) => nn.flatten(x));
    expect(ys.map(({ shape }) => shape)).toEqual([
      [null, 6],
      [4, null],
      [null, null],
      [null, 2],
      [null, 0],
    ]);
    const found = await session.run(ys, {
      feeds: xs.map((x, i) => [x, noise(shapes[i]!.map((dim) => dim ?? 4))]),
    });
    expect(found.map(({ shape }) => shape)).toEqual([
      [4, 6],
      [4, 12],
      [4, 12],
      [4, 2],
      [4, 0],
    ]);
  });
});

test('dense learns', async () => {
  const two = await train([8, 5], (x) => nn.dense(nn.dense(x, 16, { activation: relu }), 2), {
    steps: 200,
  });
  expect(two.last).toBeLessThan(0.3 * two.first);
  const three = await train([2, 4, 5], (x) => nn.dense(x, 3), { fed: [null, null, 5], steps: 200 });
  expect(three.last).toBeLessThan(0.6 * three.first);
});
