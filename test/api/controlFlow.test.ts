import {
  add,
  concat,
  cond,
  constant,
  Graph,
  getDefaultGraph,
  group,
  less,
  mul,
  placeholder,
  Session,
  variable,
  whileLoop,
  zeros,
} from '../../lib/index.js';

test('cond runs one branch, which may use the tensors around it', async () => {
  const graph = new Graph();
  await using session = new Session(graph);
  await graph.asDefault(async () => {
    const p = placeholder('bool', []);
    const x = placeholder('float32', [null]);
    const y = mul(x, 2);
    const a = variable(0, { name: 'a' });
    const both = cond(
      p,
      () => [add(x, y), constant(1)],
      () => [x, constant(2)],
    );
    const counted = cond(
      p,
      () => add(a, 5),
      () => a.read(),
    );
    session.initializeSync();
    const run = (flag: boolean) =>
      session.run([...both, counted], {
        feeds: [
          [p, flag],
          [x, [1, 2]],
        ],
      });
    const [yes, one, five] = await run(true);
    expect([yes?.toArray(), one?.item(), five?.item()]).toEqual([[3, 6], 1, 5]);
    const [no, two, zero] = await run(false);
    expect([no?.toArray(), two?.item(), zero?.item()]).toEqual([[1, 2], 2, 0]);
  });
});

test('cond writes variables in the branch taken only', () => {
  const graph = new Graph();
  using session = new Session(graph);
  graph.asDefault(() => {
    const p = placeholder('bool', []);
    const v = variable(1, { name: 'v' });
    const step = cond(
      p,
      () => getDefaultGraph().controlDependencies([v.assignAdd(10)], () => constant(1)),
      () => constant(0),
    );
    session.initializeSync();
    session.runSync(step, { feeds: [[p, false]] });
    expect(session.runSync(v).item()).toBe(1);
    session.runSync(step, { feeds: [[p, true]] });
    expect(session.runSync(v).item()).toBe(11);
  });
});

test('whileLoop', async () => {
  const graph = new Graph();
  await using session = new Session(graph);
  await graph.asDefault(async () => {
    const n = placeholder('int32', []);
    const factor = placeholder('float32', []);
    const start = [constant(0, { dtype: 'int32' }), constant(1)] as const;
    const [i, power] = whileLoop(
      (k) => less(k, n),
      (k, x) => [add(k, 1), mul(x, factor)],
      start,
    );
    const feeds = [
      [n, 10],
      [factor, 2],
    ] as const;
    const out = await session.run({ i, power }, { feeds });
    expect([out.i.item(), out.power.item()]).toEqual([10, 1024]);
    expect(power.dtype).toBe('float32');
    expect(() =>
      whileLoop(
        () => less(n, n),
        () => [],
        [],
      ),
    ).toThrow('No loop variables provided: Expected a list but received []');
    expect(() => Reflect.apply(whileLoop, undefined, [() => n, () => [], { n }])).toThrow(
      'No loop variables provided: Expected a list but received { n: Tensor(',
    );
  });
});

test('loops nest, and stop at the limit', () => {
  const graph = new Graph();
  using session = new Session(graph);
  graph.asDefault(() => {
    const n = constant(3, { dtype: 'int32' });
    const zero = constant(0, { dtype: 'int32' });
    const [, total] = whileLoop(
      (i) => less(i, n),
      (i, sum) => {
        const [, inner] = whileLoop(
          (j) => less(j, n),
          (j, s) => [add(j, 1), add(s, add(i, 1))],
          [zero, sum],
        );
        return [add(i, 1), inner];
      },
      [zero, zero],
    );
    expect(session.runSync(total).item()).toBe(18);
    const [limited] = whileLoop(
      (i) => less(i, 100),
      (i) => [add(i, 1)],
      [zero],
      {
        maximumIterations: 4,
      },
    );
    expect(session.runSync(limited).item()).toBe(4);
  });
});

test('a state of known shape keeps its place beside one that grows', () => {
  const graph = new Graph();
  using session = new Session(graph);
  graph.asDefault(() => {
    const states = [constant(0), zeros([64]), zeros([0])];
    const [, sum] = whileLoop(
      (i) => less(i, 3),
      (i, s, list) => [add(i, 1), add(s, 1), concat([list, [1]], 0)],
      states,
      { shapeInvariants: [[], [64], [null]] },
    );
    expect(session.runSync(sum!).data).toEqual(new Float32Array(64).fill(3));
  });
});

test('group runs its operations', () => {
  const graph = new Graph();
  using session = new Session(graph);
  graph.asDefault(() => {
    const [a, b] = [variable(1), variable(2)];
    session.initializeSync();
    session.runSync(group([a.assign(5), b.assign(6)]));
    expect(session.runSync([a, b]).map((r) => r.item())).toEqual([5, 6]);
  });
});
