// Tensor.eval and Operation.run, and which session and graph are the default.
import {
  add,
  constant,
  Graph,
  getDefaultGraph,
  getDefaultSession,
  matMul,
  mul,
  placeholder,
  randomUniform,
  resetDefaultGraph,
  Session,
  variable,
} from '../../lib/index.js';
import { engineError, inGraph } from './inGraph.js';

/** A graph without a session of its own: what asserts "no default session" needs one. */
const bare = () => new Graph({ defaultSession: false });

test('sess-001, sess-002: the session of the scope evaluates', async () => {
  const graph = new Graph();
  const product = () => matMul(constant([[6]]), constant([[7]]), { name: 'c' });
  const c = graph.asDefault(product);
  await using given = new Session(graph);
  expect((await given.asDefault(() => c.eval())).toArray()).toEqual([[42]]);
  await using implied = graph.asDefault(() => new Session());
  expect(implied.graph).toBe(graph);
  expect((await implied.asDefault(() => c.eval())).toArray()).toEqual([[42]]);
});

test('sess-042: scopes of graphs decide where ops go', () => {
  const graph = new Graph();
  using session = new Session(graph);
  const before = getDefaultGraph();
  graph.asDefault(() => {
    expect(getDefaultGraph()).toBe(session.graph);
    expect(constant(1).op.graph).toBe(session.graph);
    expect(session.asDefault(() => constant(2)).graph).toBe(session.graph);
  });
  expect(getDefaultGraph()).toBe(before);
});

test('eval-001: without a session eval fails, run of a session does not', async () => {
  const graph = bare();
  const c = graph.asDefault(() => constant(5, { name: 'c' }));
  await using session = new Session(graph);
  expect(session.runSync(c).item()).toBe(5);
  await expect(c.eval()).rejects.toThrow(
    engineError(
      'INVALID_ARGUMENT',
      'Cannot evaluate tensor using `eval()`: No default session is registered.',
      `one open session, ${session.label}, runs ${graph.label}`,
    ),
  );
});

inGraph("eval-002: the graph's own session goes on as ops are added", async ({ graph }) => {
  const c = matMul(constant([[1, 1]]), constant([[2, 2, 2], [2, 2, 2]])); // biome-ignore format: a matrix
  expect((await c.eval()).toArray()).toEqual([[4, 4, 4]]);
  const e = matMul(c, constant([[1], [2], [3]]));
  expect((await e.eval()).toArray()).toEqual([[24]]);
  await graph.close();
});

test('eval-003: sessions need not be closed before others are made', async () => {
  const warn = jest.spyOn(process, 'emitWarning');
  const graph = new Graph();
  await using first = new Session(graph);
  await using second = new Session(graph);
  first.asDefault(() => second.asDefault(() => undefined));
  expect(warn).not.toHaveBeenCalled();
  warn.mockRestore();
});

inGraph('sess-041: assignments and feeds by name', async ({ session }) => {
  const v = variable([[1, 1]]);
  const b = constant([[2, 2]], { name: 'b' });
  const assign = v.assign(b);
  await session.initialize();
  const values = await session.asDefault(async () => [
    await assign.eval(),
    await v.eval(),
    await assign.eval({ feeds: { 'b:0': [[3, 3]] } }),
    await v.eval(),
  ]);
  expect(values.map((y) => y.toArray())).toEqual([[[2, 2]], [[2, 2]], [[3, 3]], [[3, 3]]]);
});

inGraph('sess-043: each chain of calls has its own default session', async () => {
  const work = async (i: number) => {
    const graph = new Graph();
    await using session = new Session(graph);
    return await graph.asDefault(() =>
      session.asDefault(async () => {
        const v = variable(i);
        await session.initialize();
        await new Promise((resolve) => setTimeout(resolve, i % 3));
        expect(getDefaultSession()).toBe(session);
        expect(getDefaultGraph()).toBe(graph);
        return (await v.assignAdd(1).eval()).item();
      }),
    );
  };
  const results = await Promise.all(Array.from({ length: 10 }, (_, i) => work(i)));
  expect(results).toEqual(Array.from({ length: 10 }, (_, i) => i + 1));
});

inGraph('stack-003: the scope of a session does not close it', async ({ graph, session }) => {
  const c = constant(37);
  expect((await session.asDefault(() => c.eval())).item()).toBe(37);
  const other = new Session(graph);
  expect((await other.asDefault(() => c.eval())).item()).toBe(37);
  expect(session.closed || other.closed).toBe(false);
  expect(getDefaultSession()).toBeNull();
  await other.close();
});

inGraph('stack-002, stack-004: scopes nest and may be entered again', async ({ session }) => {
  const c = constant(37);
  const inner = await session.asDefault(() => session.asDefault(() => c.eval()));
  expect(inner.item()).toBe(37);
});

test('graph-006, graph-007: default graphs nest; clearing a nested one is refused', () => {
  const [outer, inner] = [new Graph(), new Graph()];
  const root = getDefaultGraph();
  outer.asDefault(() => {
    expect(getDefaultGraph()).toBe(outer);
    inner.asDefault(() => expect(getDefaultGraph()).toBe(inner));
    new Graph();
    expect(getDefaultGraph()).toBe(outer);
    expect(resetDefaultGraph).toThrow('Do not use resetDefaultGraph() to clear nested graphs');
  });
  expect(getDefaultGraph()).toBe(root);
});

test('der-014: a default session of another graph', async () => {
  const [one, two] = [bare(), bare()];
  const t = one.asDefault(() => constant(1, { name: 't' }));
  await using session = new Session(two);
  const text =
    "Cannot use the default session to evaluate tensor: the tensor's graph is different from " +
    "the session's graph. Pass an explicit session to `eval(session=sess)`.";
  const names = [`'t:0' is in ${one.label}`, `${session.label} runs ${two.label}`];
  const place = 'became the default at ';
  const error = engineError('INVALID_ARGUMENT', text, ...names, place, 'eval.test.ts');
  await expect(session.asDefault(() => t.eval())).rejects.toThrow(error);
});

test('der-015: a given session of another graph', async () => {
  const [one, two] = [bare(), bare()];
  const t = one.asDefault(() => constant(1));
  await using session = new Session(two);
  await expect(t.eval({ session })).rejects.toThrow(
    engineError(
      'INVALID_ARGUMENT',
      "Cannot use the given session to evaluate tensor: the tensor's graph is different from the session's graph.",
    ),
  );
});

test('der-016, der-017: the same for operations', async () => {
  const [one, two] = [bare(), bare()];
  const { op } = one.asDefault(() => constant(1));
  await using session = new Session(two);
  await expect(op.run()).rejects.toThrow(
    engineError(
      'INVALID_ARGUMENT',
      'Cannot execute operation using `run()`: No default session is registered.',
    ),
  );
  await expect(session.asDefault(() => op.run())).rejects.toThrow(
    engineError(
      'INVALID_ARGUMENT',
      "Cannot use the default session to execute operation: the operation's graph is different " +
        "from the session's graph.",
    ),
  );
});

inGraph('der-018: an operation gives nothing', async ({ session }) => {
  const { op } = add(1, 2);
  expect(await op.run({ session })).toBeNull();
  expect(op.runSync({ session })).toBeNull();
});

inGraph('der-019: eval is run of one tensor', async ({ session }) => {
  const p = placeholder('float32', []);
  const v = variable(1);
  session.initializeSync();
  const t = mul(v.assignAdd(p), 2);
  const feeds = [[p, 3]] as const;
  expect((await t.eval({ feeds, session })).item()).toBe(8);
  expect((await session.run(t, { feeds })).item()).toBe(14);
  expect(session.runSync(v).item()).toBe(7);
});

inGraph('two evals are two steps, one run is one', async ({ session }) => {
  const x = randomUniform([1]);
  const [a, b] = [add(x, 1), add(x, 2)];
  const [together, apart] = await session.asDefault(async () => [
    await session.run([a, b]),
    [await a.eval(), await b.eval()] as const,
  ]);
  const difference = (pair: readonly { data: ArrayLike<number> }[]) =>
    pair[1]!.data[0]! - pair[0]!.data[0]!;
  expect(difference(together)).toBeCloseTo(1, 5);
  expect(difference(apart)).not.toBeCloseTo(1, 5);
});

inGraph('a closed default session is still the default', async () => {
  const c = constant(1);
  const session = new Session();
  await session.close();
  await expect(session.asDefault(() => c.eval())).rejects.toThrow(
    engineError('FAILED_PRECONDITION', 'Attempted to use a closed Session.'),
  );
});
