import {
  addOp,
  cond,
  constant,
  type FloatDType,
  fold,
  Graph,
  multinomial,
  type NDArray,
  placeholder,
  randomNormal,
  randomShuffle,
  randomUniform,
  randomUniformInt,
  Session,
  statelessRandomNormal,
  statelessRandomUniform,
  statelessRandomUniformInt,
  statelessTruncatedNormal,
  type Tensor,
  truncatedNormal,
  zeros,
} from '../../lib/index.js';

const floats: readonly FloatDType[] = ['float32', 'float64', 'float16', 'bfloat16'];

function numbersOf(value: NDArray): number[] {
  return [...(value.toArray() as unknown[]).flat(9)].map(Number);
}

/** What `runs` runs of a new session give for the tensor made in a new graph of that seed. */
function draws(make: () => Tensor, options: { seed?: number; runs?: number } = {}): number[][] {
  const graph = new Graph({ defaultSession: false, ...(options.seed && { seed: options.seed }) });
  const tensor = graph.asDefault(make);
  using session = new Session(graph);
  return Array.from({ length: options.runs ?? 1 }, () => numbersOf(session.runSync(tensor)));
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

describe.each(floats)('distributions of %s', (dtype) => {
  const options = { dtype, seed: 1 };
  const loose = dtype === 'bfloat16' ? 1 : 2;

  test('uniform', () => {
    const [values] = draws(() => randomUniform([100, 50], options));
    expect(values).toHaveLength(5000);
    expect(Math.min(...values!)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values!)).toBeLessThan(1);
    expect(mean(values!)).toBeCloseTo(0.5, loose - 0.5);
  });

  test('normal', () => {
    const [values] = draws(() => randomNormal([5000], options));
    expect(mean(values!)).toBeCloseTo(0, 1);
    expect(mean(values!.map((v) => v * v))).toBeCloseTo(1, 1);
  });

  test('truncated normal', () => {
    const [values] = draws(() => truncatedNormal([5000], options));
    expect(Math.max(...values!.map(Math.abs))).toBeLessThanOrEqual(2);
    expect(mean(values!.map((v) => v * v))).toBeCloseTo(0.774, 1);
  });

  test('stateless ops depend on the seed alone', () => {
    for (const op of [statelessRandomUniform, statelessRandomNormal, statelessTruncatedNormal]) {
      const [a, b] = draws(() => op([7], constant([1, 2], { dtype: 'int64' }), { dtype }), {
        runs: 2,
      });
      const [other] = draws(() => op([7], constant([2, 1], { dtype: 'int64' }), { dtype }));
      expect(a).toEqual(b);
      expect(a).not.toEqual(other);
    }
  });
});

test.each(['int32', 'int64'] as const)('integers of %s', (dtype) => {
  const bounds = () => [constant(-2, { dtype }), constant(3, { dtype })] as const;
  const [values] = draws(() => randomUniformInt([2000], ...bounds(), { seed: 1 }));
  expect([...new Set(values)].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2]);
  const seed = () => constant([3, 4], { dtype: 'int32' });
  const [pure] = draws(() => statelessRandomUniformInt([2000], seed(), ...bounds()));
  expect([...new Set(pure)].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2]);
});

test('an empty range is an error', () => {
  const three = () => constant(3, { dtype: 'int32' });
  expect(() => draws(() => randomUniformInt([2], three(), three()))).toThrow(
    'Need minval < maxval, got 3 >= 3',
  );
});

test('sequences go on within a session and begin again in the next', () => {
  const make = () => randomUniform([4], { seed: 9 });
  const [first, second] = draws(make, { runs: 2 });
  expect(second).not.toEqual(first);
  expect(draws(make, { runs: 2 })).toEqual([first, second]);
});

test('without an op seed, the seed of the graph and the name of the op decide', () => {
  const named = (name: string) => () => randomNormal([4], { name });
  const [a] = draws(named('a'), { seed: 5 });
  expect(draws(named('a'), { seed: 5 })[0]).toEqual(a);
  expect(draws(named('b'), { seed: 5 })[0]).not.toEqual(a);
  expect(draws(named('a'), { seed: 6 })[0]).not.toEqual(a);
  expect(draws(named('a'))[0]).not.toEqual(draws(named('a'))[0]);
});

test('one run draws once for all that use the value', () => {
  const graph = new Graph({ defaultSession: false });
  const r = graph.asDefault(() => randomUniform([3]));
  const [a, b] = graph.asDefault(() => [r.add(0), r.add(0)] as const);
  using session = new Session(graph);
  const [x, y] = session.runSync([a, b]);
  expect(numbersOf(x)).toEqual(numbersOf(y));
});

test('shuffled rows stay whole', () => {
  const rows = Array.from({ length: 40 }, (_, i) => [2 * i, 2 * i + 1]);
  const [values] = draws(() => randomShuffle(constant(rows), { seed: 2 }));
  expect(values).not.toEqual(rows.flat());
  const found = Array.from({ length: 40 }, (_, i) => values!.slice(2 * i, 2 * i + 2));
  expect(found.sort((a, b) => a[0]! - b[0]!)).toEqual(rows);
});

test('classes are drawn by their weights', () => {
  const logits = () => constant([[0, Math.log(3), Number.NEGATIVE_INFINITY]]);
  const [values] = draws(() => multinomial(logits(), 4000, { seed: 2 }));
  expect(mean(values!)).toBeCloseTo(0.75, 1);
  expect(Math.max(...values!)).toBe(1);
});

test('random ops in branches and loops repeat with the seed of the graph', () => {
  const drawn = (seed: number) => {
    const graph = new Graph({ seed });
    const [a, b] = graph.asDefault(() => {
      const draw = (x: Tensor) => addOp('RandomUniform', [[3]]).outputs[0]!.add(x);
      const loop = () =>
        fold((sum: Tensor, x: Tensor) => draw(sum.add(x)), constant([1, 2]), zeros([3]));
      return [loop(), loop()];
    });
    const values = [0, 1].map(() => {
      using session = new Session(graph);
      return [0, 1].map(() => session.runSync([a, b]).map(({ data }) => [...data]));
    });
    expect(values[1]).toEqual(values[0]);
    return values[0]!.flat();
  };
  const [first, other] = drawn(5);
  expect(drawn(5)[0]).toEqual(first);
  expect(drawn(6)[0]).not.toEqual(first);
  expect(other).not.toEqual(first);
});

test('ops of one name in several subgraphs count their draws by themselves', () => {
  const graph = new Graph({ seed: 5 });
  const { p, choice, loop, top } = graph.asDefault(() => {
    const p = placeholder('bool', []);
    const draw = () => addOp('RandomUniform', [[2]]).outputs[0]!;
    const loop = fold(
      (sum: Tensor, x: Tensor) => draw().add(x).add(sum),
      constant([1, 2]),
      zeros([2]),
    );
    return { p, choice: cond(p, draw, draw), loop, top: draw() };
  });
  expect(top.op.name).toBe('RandomUniform');
  const run = (session: Session, fetch: Tensor, flag = true) =>
    numbersOf(session.runSync(fetch, { feeds: [[p, flag]] }));
  const alone = [choice, loop, top].map((fetch) => {
    using session = new Session(graph);
    return [0, 1, 2].map(() => run(session, fetch));
  });
  using together = new Session(graph);
  for (const at of [0, 1, 2]) {
    expect([choice, loop, top].map((fetch) => run(together, fetch))).toEqual(
      alone.map((values) => values[at]),
    );
  }
  // The branches draw different numbers, and neither moves the other on.
  using other = new Session(graph);
  const drawn = [0, 1, 2].map(() => [run(other, choice, false), run(other, choice)]);
  expect(drawn.map(([, yes]) => yes)).toEqual(alone[0]);
  expect(new Set(drawn.flat(2)).size).toBe(12);
});
