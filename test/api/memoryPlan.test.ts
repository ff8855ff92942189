import {
  Graph,
  matMul,
  nn,
  placeholder,
  recompute,
  relu,
  Session,
  type Tensor,
  Trace,
  type TracedMemory,
  train,
} from '../../lib/index.js';

const kBatch = 32;

/** What the third step of a training holds: by then the plan knows what kernels need. */
function trainingMemory(
  image: readonly number[],
  model: (x: Tensor<'float32'>) => Tensor<'float32'>,
): TracedMemory {
  const graph = new Graph({ seed: 1 });
  const { x, y, loss, step } = graph.asDefault(() => {
    const x = placeholder('float32', [null, ...image]);
    const y = placeholder('int32', [null]);
    const loss = nn.losses.sparseSoftmaxCrossEntropy(y, model(x));
    return { x, y, loss, step: train.momentum(0.01).minimize(loss) };
  });
  using session = new Session(graph);
  session.initializeSync();
  const pixels = kBatch * image.reduce((a, b) => a * b, 1);
  const feeds: [Tensor, Float32Array | Int32Array][] = [
    [x, Float32Array.from({ length: pixels }, (_, i) => ((i * 37) % 101) / 101)],
    [y, Int32Array.from({ length: kBatch }, (_, i) => i % 10)],
  ];
  const trace = new Trace();
  for (let i = 0; i < 3; i++) session.runSync({ loss, step }, { feeds, trace });
  return trace.memory!;
}

function expectTight({ arena, live, variables, results, planned }: TracedMemory): void {
  expect(planned).toBe(arena + variables + results);
  expect(arena).toBeGreaterThanOrEqual(live);
  expect(planned / (live + variables + results)).toBeLessThan(1.1);
}

const convolutions = (x: Tensor<'float32'>) => {
  let h = x;
  for (const channels of [16, 32]) {
    h = nn.conv2d(h, channels, 3, { activation: relu, padding: 'SAME' });
    h = nn.conv2d(h, channels, 3, { activation: relu, padding: 'SAME', strides: 2 });
  }
  return nn.dense(nn.flatten(h), 10);
};

test('the arena of a training step is little more than what lives at its worst moment', () => {
  const memory = trainingMemory([32, 32, 3], convolutions);
  expectTight(memory);
  expect(memory.liveAt).toMatch(/grad/i);
  expect(memory.temporaries).toBeGreaterThan(0);
});

test('variables and slots are counted', () => {
  const memory = trainingMemory([50], (x) => nn.dense(nn.dense(x, 300, { activation: relu }), 10));
  // Kernels and biases with one slot each, the learning rate's step.
  const parameters = 4 * (50 * 300 + 300 + 300 * 10 + 10);
  expect(memory.variables).toBeGreaterThanOrEqual(2 * parameters);
  expect(memory.variables).toBeLessThan(2 * parameters + 64);
});

test('gradients of weights are computed early, so that activations go', () => {
  // Ten layers as wide as the batch is long: all gradients of activations at once would be as much
  // as all activations.
  const size = 256;
  const memory = trainingMemory([32, size], (x) => {
    let h = x;
    for (let i = 0; i < 10; i++) h = nn.dense(h, size, { activation: relu });
    return nn.dense(nn.flatten(h), 10);
  });
  expectTight(memory);
  const activation = 4 * kBatch * 32 * size;
  const gradients = 4 * 10 * size * size;
  expect(memory.arena).toBeLessThan(13 * activation + gradients);
});

test('recomputing needs less', () => {
  const size = 128;
  const layers = (x: Tensor<'float32'>) => {
    let h = x;
    for (let i = 0; i < 4; i++) h = nn.dense(h, size, { activation: relu });
    return h;
  };
  const model = (block: typeof layers) => (x: Tensor<'float32'>) => {
    let h = x;
    for (let i = 0; i < 4; i++) h = block(h);
    return nn.dense(nn.flatten(h), 10);
  };
  const kept = trainingMemory([64, size], model(layers));
  const again = trainingMemory(
    [64, size],
    model((x) => recompute(layers)(x)),
  );
  const activation = 4 * kBatch * 64 * size;
  expect(kept.arena).toBeGreaterThan(15 * activation);
  expect(again.arena).toBeLessThan(12 * activation);
});

test('a trace of a run without arena', () => {
  const graph = new Graph();
  const { x, y } = graph.asDefault(() => {
    const x = placeholder('float32', [2, 2]);
    return { x, y: matMul(x, x) };
  });
  using session = new Session(graph);
  const trace = new Trace();
  expect(trace.memory).toBeUndefined();
  session.runSync(y, {
    feeds: [
      [
        x,
        [
          [1, 2],
          [3, 4],
        ],
      ],
    ],
    trace,
  });
  expect(trace.memory).toMatchObject({ variables: 0, results: 16 });
  expect(trace.memory!.planned).toBeGreaterThanOrEqual(16);
});
