import { constant, Graph, gradients, mul, Session, sum, train, variable } from '../../lib/index.js';

let graph: Graph;
let session: Session;
beforeEach(() => {
  graph = new Graph();
  session = new Session(graph);
});
afterEach(() => session.close());
const inGraph = (title: string, fn: () => void) => test(title, () => graph.asDefault(fn));

function ratesOf(schedule: train.Schedule, steps: readonly number[]): number[] {
  return steps.map((step) => {
    const at = constant(BigInt(step), { dtype: 'int64' });
    return session.runSync(schedule(at)).item() as number;
  });
}

function expectClose(actual: ArrayLike<number>, expected: readonly number[], tolerance = 1e-6) {
  expect(actual).toHaveLength(expected.length);
  for (const [i, value] of expected.entries()) {
    expect(Math.abs(actual[i]! - value)).toBeLessThanOrEqual(tolerance * Math.max(1, value));
  }
}

inGraph('schedules follow their formulas', () => {
  const steps = [0, 1, 5, 10, 17, 40];
  const expectRates = (schedule: train.Schedule, formula: (step: number) => number) =>
    expectClose(ratesOf(schedule, steps), steps.map(formula), 3e-6);
  expectRates(
    train.exponentialDecay(0.5, { steps: 10, rate: 0.5 }),
    (step) => 0.5 * 0.5 ** (step / 10),
  );
  expectRates(
    train.exponentialDecay(0.5, { steps: 10, rate: 0.5, staircase: true }),
    (step) => 0.5 * 0.5 ** Math.floor(step / 10),
  );
  expectRates(
    train.naturalExpDecay(0.5, { steps: 10, rate: 0.5 }),
    (step) => 0.5 * Math.exp((-0.5 * step) / 10),
  );
  expectRates(
    train.inverseTimeDecay(0.5, { steps: 10, rate: 0.5 }),
    (step) => 0.5 / (1 + (0.5 * step) / 10),
  );
  expectRates(
    train.polynomialDecay(0.5, { steps: 10, end: 0.1, power: 2 }),
    (step) => 0.4 * (1 - Math.min(step, 10) / 10) ** 2 + 0.1,
  );
  expectRates(train.polynomialDecay(0.5, { steps: 10, end: 0.1, cycle: true }), (step) => {
    const whole = 10 * Math.max(1, Math.ceil(step / 10));
    return 0.4 * (1 - step / whole) + 0.1;
  });
  expectRates(train.cosineDecay(0.5, { steps: 20, alpha: 0.1 }), (step) => {
    const share = Math.min(step, 20) / 20;
    return 0.5 * (0.9 * 0.5 * (1 + Math.cos(Math.PI * share)) + 0.1);
  });
  // Periods of 8, 16 and 32 steps, each from half the rate before.
  expectRates(train.cosineDecayRestarts(0.5, { steps: 8, lower: 0.5 }), (step) => {
    const [begin, length, period] = step < 8 ? [0, 8, 0] : step < 24 ? [8, 16, 1] : [24, 32, 2];
    const share = (step - begin!) / length!;
    return 0.5 * 0.5 ** period! * 0.5 * (1 + Math.cos(Math.PI * share));
  });
  expectRates(
    train.cosineDecayRestarts(0.5, { steps: 8, longer: 1 }),
    (step) => 0.5 * 0.5 * (1 + Math.cos(Math.PI * ((step / 8) % 1))),
  );
  expectRates(train.piecewiseConstant([5, 17], [3, 2, 1]), (step) =>
    step <= 5 ? 3 : step <= 17 ? 2 : 1,
  );
  expectRates(train.warmup(10, 0.5), (step) => 0.5 * Math.min(1, (step + 1) / 10));
  expectRates(
    train.warmup(10, train.exponentialDecay(0.5, { steps: 10, rate: 0.5 })),
    (step) => 0.5 * 0.5 ** (Math.max(0, step - 10) / 10) * Math.min(1, (step + 1) / 10),
  );
});

inGraph('schedules refuse what has no meaning', () => {
  expect(() => train.exponentialDecay(0.1, { steps: 0, rate: 0.5 })).toThrow(
    'Expected a positive number for steps but received 0',
  );
  expect(() => train.piecewiseConstant([2, 1], [1, 2, 3])).toThrow(/increasing numbers/);
  expect(() => train.piecewiseConstant([1], [1])).toThrow(/a list of 2 numbers/);
});

inGraph('norms and clipping', () => {
  const [a, b] = [constant([3, 0]), constant([[4]], { dtype: 'float16' })];
  expect(session.runSync(train.globalNorm([a, null, b])).item()).toBe(5);
  const { clipped, norm } = train.clipByGlobalNorm([a, null, b], 2.5);
  expect(clipped[1]).toBeNull();
  expect(session.runSync(clipped[0]!).toArray()).toEqual([1.5, 0]);
  expect(Array.from(session.runSync(clipped[2]!).toFloat32())).toEqual([2]);
  expect(session.runSync(norm).item()).toBe(5);
  const same = train.clipByGlobalNorm([a], 10).clipped[0]!;
  expect(session.runSync(same).toArray()).toEqual([3, 0]);
  const broken = train.clipByGlobalNorm([constant([Infinity, 1])], 1).clipped[0]!;
  expect(session.runSync(broken).toArray()).toEqual([NaN, NaN]);
  const rows = train.clipByNorm(
    constant([
      [3, 4],
      [0.3, 0.4],
    ]),
    1,
    { axes: [1] },
  );
  expectClose(session.runSync(rows).data, [0.6, 0.8, 0.3, 0.4]);
  expect(session.runSync(train.clipByNorm(constant([0, 0]), 1)).toArray()).toEqual([0, 0]);
});

inGraph('moving averages follow their variables', () => {
  const v = variable([1, 2], { name: 'v' });
  const average = train.exponentialMovingAverage(0.75);
  expect(() => average.average(v)).toThrow("There is no average of variable 'v'");
  const update = average.apply([v]);
  const move = v.assignAdd([4, 4]);
  session.runSync(graph.initializer);
  expect(session.runSync(average.average(v)).toArray()).toEqual([1, 2]);
  session.runSync(move);
  session.runSync(update);
  expect(session.runSync(average.average(v)).toArray()).toEqual([2, 3]);
  session.runSync(average.assignAverages());
  expect(session.runSync(v).toArray()).toEqual([2, 3]);
  expect(average.average(v).trainable).toBe(false);
});

inGraph('moving averages are quicker at first when they know the number of updates', () => {
  const v = variable(1);
  const count = variable(0n, { dtype: 'int64', trainable: false });
  const average = train.exponentialMovingAverage(0.999, { numUpdates: count });
  const update = average.apply([v]);
  session.runSync(graph.initializer);
  session.runSync(v.assign(11));
  session.runSync(update);
  expectClose([session.runSync(average.average(v)).item()], [1 + 0.9 * 10]);
});

inGraph('accumulated steps are those of the mean gradient', () => {
  const [v, w] = [variable([1, 2]), variable([1, 2])];
  const scale = variable(1, { trainable: false });
  const loss = (x: typeof v) => sum(mul(x.value.square(), scale));
  const every = train.accumulate(train.momentum(0.1), 3).minimize(loss(v), { variables: [v] });
  const plain = train.momentum(0.1).minimize(loss(w), { variables: [w] });
  session.runSync(graph.initializer);
  for (let round = 0; round < 2; round++) {
    for (const factor of [1, 2, 6]) {
      session.runSync(scale.assign(factor));
      session.runSync(every);
    }
    session.runSync(scale.assign(3));
    session.runSync(plain);
    expectClose(session.runSync(v).data, [...session.runSync(w).data]);
  }
});

inGraph('a scaled loss gives the same step, and none when it overflows', () => {
  const v = variable([1, 2], { dtype: 'float16' });
  const factor = variable(1, { dtype: 'float16', trainable: false });
  const loss = sum(mul(v.value.square(), factor));
  const options = { initial: 1024, growthInterval: 2 };
  const step = train.lossScale(train.sgd(0.25), options).minimize(loss, { variables: [v] });
  const scale = graph.variables.find(({ name }) => name.endsWith('scale'))!;
  const read = () => [...session.runSync(v).toFloat32()];
  session.runSync(graph.initializer);
  session.runSync(step);
  expect(read()).toEqual([0.5, 1]);
  session.runSync(step);
  expect(read()).toEqual([0.25, 0.5]);
  expect(session.runSync(scale).item()).toBe(2048);
  session.runSync(factor.assign(1000));
  session.runSync(step);
  expect(read()).toEqual([0.25, 0.5]);
  expect(session.runSync(scale).item()).toBe(1024);
});

inGraph('a minimized loss falls under every wrapper', () => {
  const v = variable([3, -2]);
  const loss = sum(v.value.square());
  const wrapped = train.lossScale(train.accumulate(train.adam(0.2), 2), { initial: 8 });
  const step = wrapped.minimize(loss);
  expect(gradients(loss, [v])[0]).not.toBeNull();
  session.runSync(graph.initializer);
  for (let i = 0; i < 200; i++) session.runSync(step);
  expect(session.runSync(loss).item() as number).toBeLessThan(0.01);
});
