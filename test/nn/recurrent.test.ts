import { Graph, nn, placeholder, Session } from '../../lib/index.js';
import { expectClose, noise, train } from './training.js';

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const [batch, steps, inputs, units] = [2, 4, 3, 2];

/** sum over j of w[row, j] v[j]. */
function dot(w: ArrayLike<number>, row: number, v: readonly number[]): number {
  return v.reduce((sum, x, j) => sum + w[row * v.length + j]! * x, 0);
}

interface Weights {
  readonly kernel: Float32Array;
  readonly recurrent: Float32Array;
  readonly bias: Float32Array;
}

type State = { h: number[]; c: number[] };
type Step = (x: readonly number[], s: State, w: Weights) => State;

const lstmStep: Step = (x, { h, c }, { kernel, recurrent, bias }) => {
  const gate = (k: number, n: number) =>
    dot(kernel, k * units + n, x) + dot(recurrent, k * units + n, h) + bias[k * units + n]!;
  const cell = c.map(
    (v, n) => sigmoid(gate(2, n)) * v + sigmoid(gate(0, n)) * Math.tanh(gate(3, n)),
  );
  return { c: cell, h: cell.map((v, n) => sigmoid(gate(1, n)) * Math.tanh(v)) };
};

const gruStep: Step = (x, { h, c }, { kernel, recurrent, bias }) => {
  const row = (k: number, n: number) => k * units + n;
  const from = (k: number, n: number) => dot(kernel, row(k, n), x) + bias[row(k, n)]!;
  const back = (k: number, n: number) => dot(recurrent, row(k, n), h) + bias[row(k + 3, n)]!;
  const next = h.map((v, n) => {
    const [z, r] = [sigmoid(from(0, n) + back(0, n)), sigmoid(from(1, n) + back(1, n))];
    return (1 - z) * Math.tanh(from(2, n) + r * back(2, n)) + z * v;
  });
  return { h: next, c };
};

const rnnStep: Step = (x, { h, c }, { kernel, recurrent, bias }) => ({
  h: h.map((_, n) => Math.tanh(dot(kernel, n, x) + dot(recurrent, n, h) + bias[n]!)),
  c,
});

/** Outputs [batch, steps, units] and the last states [batch, units] of one direction. */
function written(
  step: Step,
  x: Float32Array,
  w: Weights,
  lengths: readonly number[],
  reverse = false,
  start?: readonly State[],
) {
  const outputs: number[][][] = [];
  const states = Array.from({ length: batch }, (_, b) => {
    let state = start?.[b] ?? { h: [0, 0], c: [0, 0] };
    const rows: number[][] = Array.from({ length: steps }, () => [0, 0]);
    for (let k = 0; k < lengths[b]!; k++) {
      const t = reverse ? lengths[b]! - 1 - k : k;
      const at = (b * steps + t) * inputs;
      state = step(Array.from(x.subarray(at, at + inputs)), state, w);
      rows[t] = state.h;
    }
    outputs.push(rows);
    return state;
  });
  return { outputs, states };
}

async function run(
  layer: 'lstm' | 'gru' | 'rnn',
  options: { direction?: 'forward' | 'bidirectional'; lengths?: number[]; states?: boolean } = {},
) {
  const graph = new Graph({ seed: 5 });
  await using session = new Session(graph);
  const value = noise([batch, steps, inputs]);
  return await graph.asDefault(async () => {
    const x = placeholder('float32', [null, null, inputs]);
    const { states = false, ...rest } = options;
    const biasInitializer = nn.initializers.randomNormal({ stddev: 1 });
    const [h, c] = [noise([batch, units], 8), noise([batch, units], 9)];
    const start = Array.from({ length: batch }, (_, b) => ({
      h: Array.from(h.data.subarray(b * units, (b + 1) * units)),
      c: layer === 'lstm' ? Array.from(c.data.subarray(b * units, (b + 1) * units)) : [0, 0],
    }));
    const common = { ...rest, biasInitializer };
    const made =
      layer === 'lstm'
        ? nn.lstm(x, units, { ...common, ...(states && { initialState: { h, c } }) })
        : nn[layer](x, units, { ...common, ...(states && { initialState: h }) });
    await session.run(graph.initializer);
    const fetched = await session.run([...graph.variables]);
    const found = await session.run(made, { feeds: [[x, value]] });
    expect(made.outputs.shape).toEqual([null, null, found.outputs.shape[2]]);
    const half = (k: number): Weights => {
      const [kernel, recurrent, bias] = fetched.map(({ data, shape }) => {
        const all = Float32Array.from(data, Number);
        const size = all.length / shape[0]!;
        return all.subarray(k * size, (k + 1) * size);
      });
      return { kernel: kernel!, recurrent: recurrent!, bias: bias! };
    };
    return { found, half, x: value.data, start: states ? start : undefined, names: fetched };
  });
}

const stepsOf = { lstm: lstmStep, gru: gruStep, rnn: rnnStep };

test.each(['lstm', 'gru', 'rnn'] as const)('%s follows its formula', async (layer) => {
  for (const states of [false, true]) {
    const { found, half, x, start } = await run(layer, { states });
    const all = [steps, steps];
    const expected = written(stepsOf[layer], x, half(0), all, false, start);
    expect(found.outputs.shape).toEqual([batch, steps, units]);
    expectClose(found.outputs.data, expected.outputs.flat(2));
    const { state } = found;
    const last = 'h' in state ? state.h : state;
    expectClose(
      last.data,
      expected.states.flatMap(({ h }) => h),
    );
    if ('c' in state)
      expectClose(
        state.c.data,
        expected.states.flatMap(({ c }) => c),
      );
  }
});

test.each(['lstm', 'gru', 'rnn'] as const)('%s reads both ways, up to a length', async (layer) => {
  const lengths = [4, 2];
  const { found, half, x } = await run(layer, { direction: 'bidirectional', lengths });
  const there = written(stepsOf[layer], x, half(0), lengths);
  const back = written(stepsOf[layer], x, half(1), lengths, true);
  expect(found.outputs.shape).toEqual([batch, steps, 2 * units]);
  const both = there.outputs.flatMap((rows, b) =>
    rows.flatMap((row, t) => [...row, ...back.outputs[b]![t]!]),
  );
  expectClose(found.outputs.data, both);
  const { state } = found;
  const last = 'h' in state ? state.h : state;
  expectClose(
    last.data,
    there.states.flatMap(({ h }, b) => [...h, ...back.states[b]!.h]),
  );
});

test('recurrent variables have their names, shapes and first values', async () => {
  const graph = new Graph({ seed: 1 });
  await using session = new Session(graph);
  await graph.asDefault(async () => {
    const x = placeholder('float32', [null, null, 20]);
    nn.lstm(x, 8, { direction: 'bidirectional' });
    nn.gru(x, 8);
    nn.gru(x, 8, { resetAfter: false, name: 'plain' });
    expect(graph.variables.map(({ name, shape }) => [name, shape])).toEqual([
      ['lstm/kernel', [2, 32, 20]],
      ['lstm/recurrent_kernel', [2, 32, 8]],
      ['lstm/bias', [2, 32]],
      ['gru/kernel', [1, 24, 20]],
      ['gru/recurrent_kernel', [1, 24, 8]],
      ['gru/bias', [1, 48]],
      ['plain/kernel', [1, 24, 20]],
      ['plain/recurrent_kernel', [1, 24, 8]],
      ['plain/bias', [1, 24]],
    ]);
    await session.run(graph.initializer);
    const [kernel, , bias] = await session.run(graph.variables.slice(0, 3));
    const values = Array.from(kernel!.data, Number);
    expect(values.slice(0, 640)).not.toEqual(values.slice(640));
    const limit = Math.sqrt(6 / (20 + 32));
    expect(Math.max(...values.map(Math.abs))).toBeLessThan(limit);
    expect(Math.max(...values.map(Math.abs))).toBeGreaterThan(0.95 * limit);
    const forget = Array.from({ length: 32 }, (_, i) => (i >= 16 && i < 24 ? 1 : 0));
    expect(bias!.toArray()).toEqual([forget, forget]);
    const open = placeholder('float32', [null, null, null]);
    expect(() => nn.lstm(open, 8)).toThrow('Dim -1 of x has to be known');
    expect(() => nn.gru(x, 1.5)).toThrow('Expected a positive integer for units');
  });
});

test.each(['lstm', 'gru', 'rnn'] as const)('%s learns, in both directions', async (layer) => {
  const { first, last, variables } = await train(
    [4, 5, 3],
    (x) => {
      const both = nn[layer](x, 6, { direction: 'bidirectional', name: 'first' }).outputs;
      return nn.dense(nn[layer](both, 5, { lengths: [5, 4, 3, 2] }).outputs, 2);
    },
    { steps: 300, rate: 1, fed: [null, null, 3] },
  );
  expect(variables).toHaveLength(8);
  expect(last).toBeLessThan(0.7 * first);
});
