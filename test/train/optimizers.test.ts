import type { FloatDType } from '../../lib/dtype.js';
import {
  constant,
  Graph,
  mul,
  type NDArray,
  ndarray,
  Session,
  sum,
  train,
} from '../../lib/index.js';
import { variable } from '../../lib/makeVariable.js';
import type { Variable } from '../../lib/variable.js';
import { lambStep, type Reference, references } from './rules.js';

const tolerances: Readonly<Record<FloatDType, number>> = {
  float64: 1e-12,
  float32: 2e-5,
  float16: 4e-3,
  bfloat16: 3e-2,
};
const dtypes = Object.keys(tolerances) as FloatDType[];
const kinds = {
  sgd: () => train.sgd(0.1),
  momentum: () => train.momentum(0.1),
  nesterov: () => train.nesterov(0.1),
  adagrad: () => train.adagrad(0.1),
  adadelta: () => train.adadelta(0.1),
  rmsProp: () => train.rmsProp(0.1, { momentum: 0.5 }),
  centered: () => train.rmsProp(0.1, { momentum: 0.5, centered: true, epsilon: 1e-3 }),
  adam: () => train.adam(0.1),
  nadam: () => train.adam(0.1, { nesterov: true }),
  ftrl: () => train.ftrl(0.1, { l1: 0.05, l2: 0.01 }),
} satisfies Record<keyof typeof references, () => train.RuleOptimizer>;

const start = (n: number) => Array.from({ length: n }, (_, i) => ((i * 7) % 13) / 4 - 1.5);
const slope = (n: number) => Array.from({ length: n }, (_, i) => ((i * 5) % 11) / 8 - 0.625);

let graph: Graph;
let session: Session;
beforeEach(() => {
  graph = new Graph();
  session = new Session(graph);
});
afterEach(() => session.close());
const inGraph = (title: string, fn: () => void | Promise<void>) =>
  test(title, async () => graph.asDefault(fn));

function close(actual: NDArray, expected: readonly number[], tolerance: number): void {
  const half = actual.dtype === 'float16' || actual.dtype === 'bfloat16';
  const data = Array.from(half ? actual.toFloat32() : (actual.data as ArrayLike<number>));
  expect(data).toHaveLength(expected.length);
  for (const [i, value] of expected.entries()) {
    const bound = tolerance * Math.max(1, Math.abs(value));
    expect(Math.abs(data[i]! - value)).toBeLessThanOrEqual(bound);
  }
}

function withValues(dtype: FloatDType, n: number): { v: Variable; g: ReturnType<typeof constant> } {
  const v = variable(ndarray(start(n), { dtype, shape: [n] }) as never) as Variable;
  return { v, g: constant(ndarray(slope(n), { dtype, shape: [n] })) as never };
}

describe.each(Object.entries(kinds))('%s', (name, make) => {
  const reference: Reference = references[name as keyof typeof references];
  for (const dtype of dtypes) {
    inGraph(`follows its formula in ${dtype}`, () => {
      const sizes = [0, 1, 7, 64, 133];
      const parts = sizes.map((n) => withValues(dtype, n));
      const optimizer = make();
      const step = optimizer.applyGradients(
        parts.map(({ v, g }) => ({ variable: v, gradient: g as never })),
      );
      session.runSync(graph.initializer);
      const values = sizes.map(start);
      const slots = sizes.map((n) => start(n).map(() => ({ ...reference.slots })));
      for (let t = 1; t <= 3; t++) {
        session.runSync(step);
        for (const [k, n] of sizes.entries()) {
          const gradient = slope(n);
          values[k] = values[k]!.map((p, i) =>
            reference.step(p, gradient[i]!, slots[k]![i]!, 0.1, t),
          );
        }
      }
      for (const [k, { v }] of parts.entries()) {
        close(session.runSync(v), values[k]!, tolerances[dtype]);
        for (const slot of optimizer.slotNames) {
          const expected = slots[k]!.map((held) => held[slot]!);
          close(session.runSync(optimizer.slot(v, slot)!), expected, tolerances[dtype]);
        }
      }
      expect(optimizer.slotNames).toEqual(Object.keys(reference.slots));
      expect(session.runSync(optimizer.iterations!).item()).toBe(3n);
    });
  }
});

for (const dtype of dtypes) {
  inGraph(`lamb follows its formula in ${dtype}`, () => {
    const n = 133;
    const { v, g } = withValues(dtype, n);
    const step = train
      .lamb(0.1, { weightDecay: 0.01 })
      .applyGradients([{ variable: v, gradient: g as never }]);
    session.runSync(graph.initializer);
    let expected = start(n);
    const slots = { m: start(n).map(() => 0), v: start(n).map(() => 0) };
    for (let t = 1; t <= 3; t++) {
      session.runSync(step);
      expected = lambStep(expected, slope(n), slots, 0.1, 0.01, t);
    }
    close(session.runSync(v), expected, tolerances[dtype] * 2);
  });
}

inGraph('lamb moves plainly where a norm is zero', () => {
  const v = variable([0, 0]);
  const step = train.lamb(0.5).applyGradients([{ variable: v, gradient: constant([1, -1]) }]);
  session.runSync([graph.initializer]);
  session.runSync(step);
  close(session.runSync(v), [-0.5, 0.5], 1e-5);
});

test.each(Object.keys(kinds))('%s gives the same bits for one thread and for two', (name) => {
  const run = (threads: number) => {
    const own = new Graph();
    return own.asDefault(() => {
      const { v, g } = withValues('float32', 70_001);
      const step = kinds[name as keyof typeof kinds]().applyGradients([
        { variable: v, gradient: g as never },
      ]);
      const runner = new Session(own, { threads });
      runner.runSync(own.initializer);
      runner.runSync(step);
      runner.runSync(step);
      const { data } = runner.runSync(v);
      void runner.close();
      return data;
    });
  };
  expect(run(1)).toEqual(run(2));
});

inGraph('opt-001 gradient descent: one step', () => {
  const [v0, v1] = [variable([1, 2]), variable([3, 4])];
  const step = train.sgd(3).applyGradients([
    { variable: v0, gradient: constant([0.1, 0.1]) },
    { variable: v1, gradient: constant([0.01, 0.01]) },
  ]);
  session.runSync(graph.initializer);
  expect(session.runSync(step)).toBeNull();
  close(session.runSync(v0), [0.7, 1.7], 1e-6);
  close(session.runSync(v1), [2.97, 3.97], 1e-6);
});

inGraph('opt-002 adam: three steps', () => {
  const v = variable([1, 2]);
  const step = train.adam().applyGradients([{ variable: v, gradient: constant([0.1, 0.1]) }]);
  session.runSync(graph.initializer);
  const slots = [1, 2].map(() => ({ m: 0, v: 0 }));
  let expected = [1, 2];
  for (let t = 1; t <= 3; t++) {
    session.runSync(step);
    expected = expected.map((p, i) => references.adam.step(p, 0.1, slots[i]!, 0.001, t));
  }
  close(session.runSync(v), expected, 1e-6);
});

inGraph('opt-003 no variables to optimize', () => {
  const v = variable(1, { trainable: false });
  expect(() => train.sgd(0.1).minimize(mul(v, 2))).toThrow('No variables to optimize.');
});

inGraph('opt-004 no gradients for any variable', () => {
  const v = variable(1);
  expect(() => train.sgd(0.1).minimize(constant(3), { variables: [v] })).toThrow(
    /No gradients provided for any variable, check your graph .* between variables \['Variable'\]/,
  );
  expect(() => train.sgd(0.1).applyGradients([{ variable: v, gradient: null }])).toThrow(
    "No gradients provided for any variable, ['Variable'].",
  );
});

inGraph('minimize moves what the loss depends on and counts the global step', () => {
  const w = variable([3, -2], { name: 'w' });
  const other = variable(1);
  const globalStep = variable(0n, { trainable: false, name: 'global_step' });
  const step = train.sgd(0.5).minimize(sum(w.value.square()), { globalStep });
  session.runSync(graph.initializer);
  for (let i = 0; i < 2; i++) session.runSync(step);
  expect(session.runSync(w).toArray()).toEqual([0, 0]);
  expect(session.runSync(other).item()).toBe(1);
  expect(session.runSync(globalStep).item()).toBe(2n);
});

inGraph('variables decay, but for those that are left out', () => {
  const [w, b] = [variable([1], { name: 'w' }), variable([1], { name: 'b' })];
  const zero = constant([0]);
  const step = train
    .sgd(0.5, { weightDecay: 0.1, decays: ({ name }) => name !== 'b' })
    .applyGradients([
      { variable: w, gradient: zero },
      { variable: b, gradient: zero },
    ]);
  session.runSync(graph.initializer);
  session.runSync(step);
  close(session.runSync(w), [0.95], 1e-7);
  expect(session.runSync(b).toArray()).toEqual([1]);
});

inGraph('variables of several dtypes move together', () => {
  const [single, wide] = [variable([1]), variable([1], { dtype: 'float64' })];
  const step = train.adamW(0.1).applyGradients([
    { variable: single, gradient: constant([1]) },
    { variable: wide, gradient: constant([1], { dtype: 'float64' }) },
  ]);
  session.runSync(graph.initializer);
  session.runSync(step);
  const expected = 1 - 0.1 * 0.01 - (0.1 * Math.sqrt(0.001)) / (Math.sqrt(0.001) + 1e-8);
  close(session.runSync(single), [expected], 1e-6);
  close(session.runSync(wide), [expected], 1e-8);
});

inGraph('a value that was read before a step stays as it was', () => {
  const v = variable([1, 2]);
  const step = train.sgd(1).applyGradients([{ variable: v, gradient: constant([1, 1]) }]);
  session.runSync(graph.initializer);
  const before = session.runSync(v);
  session.runSync(step);
  expect(before.toArray()).toEqual([1, 2]);
  expect(session.runSync(v).toArray()).toEqual([0, 1]);
});

inGraph('the learning rate may be a tensor, a variable or a schedule', () => {
  const rate = variable(0.5, { trainable: false });
  const v = variable([1]);
  const gradient = constant([1]);
  const byVariable = train.sgd(rate).applyGradients([{ variable: v, gradient }]);
  const bySchedule = train
    .sgd(train.piecewiseConstant([1], [0.25, 0.125]))
    .applyGradients([{ variable: v, gradient }]);
  session.runSync(graph.initializer);
  session.runSync(byVariable);
  expect(session.runSync(v).toArray()).toEqual([0.5]);
  for (const expected of [0.25, 0, -0.125]) {
    session.runSync(bySchedule);
    expect(session.runSync(v).toArray()).toEqual([expected]);
  }
});

inGraph('gradients are clipped as asked', () => {
  const moved = (options: train.OptimizerOptions) => {
    const [a, b] = [variable([0, 0]), variable([0])];
    const step = train.sgd(1, options).applyGradients([
      { variable: a, gradient: constant([-3, 0]) },
      { variable: b, gradient: constant([-4]) },
    ]);
    session.runSync(graph.initializer);
    session.runSync(step);
    return [...session.runSync(a).data, ...session.runSync(b).data];
  };
  expect(moved({ clipValue: 2 })).toEqual([2, 0, 2]);
  expect(moved({ clipNorm: 1 })).toEqual([1, 0, 1]);
  close(ndarray(moved({ globalClipNorm: 1 })), [0.6, 0, 0.8], 1e-6);
});

inGraph('what is wrong is said', () => {
  const v = variable([1, 2], { name: 'v' });
  expect(() => train.sgd(-1)).toThrow(/Expected a number from 0 on.* for learningRate/);
  expect(() => train.adam(0.1, { clipNorm: -1 })).toThrow(/clipNorm/);
  const pair = (gradient: unknown) => [{ variable: v, gradient: gradient as never }];
  expect(() => train.sgd(1).applyGradients(pair(constant([1])))).toThrow(
    'var and grad do not have the same shape: vars[0] is [2], grads[0] is [1]',
  );
  expect(() => train.sgd(1).applyGradients(pair(constant([1, 2], { dtype: 'float64' })))).toThrow(
    "Expected a gradient of float32 for variable 'v', got float64",
  );
  const good = constant([1, 1]);
  expect(() => train.sgd(1).applyGradients([...pair(good), ...pair(good)])).toThrow(
    "Variable 'v' has two gradients.",
  );
  const step = train.adam().applyGradients(pair(good));
  expect(() => session.runSync(step)).toThrow(/Adam\/iterations.*uninitialized/);
  const optimizer = train.sgd(1);
  optimizer.applyGradients(pair(good));
  new Graph().asDefault(() => {
    const other = variable([1, 2]);
    expect(() =>
      optimizer.applyGradients([{ variable: other, gradient: constant([1, 1]) }]),
    ).toThrow(/make an optimizer for each graph/);
  });
});
