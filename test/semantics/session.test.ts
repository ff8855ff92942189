// Sessions: their life, their checks, errors in runs, time limits, devices, growing graphs.
import {
  add,
  assert,
  cast,
  constant,
  Graph,
  gradients,
  identity,
  less,
  matMul,
  mul,
  placeholder,
  Session,
  type SessionOptions,
  Trace,
  variable,
  whileLoop,
} from '../../lib/index.js';
import { engineError, inGraph, mistyped, typeError } from './inGraph.js';

/** A loop of so many steps: long enough to be met in the middle. */
function longLoop(steps = 1e9) {
  const last = whileLoop(
    (i) => less(i, steps),
    (i) => [add(i, 1)],
    [constant(0, { dtype: 'float64' })],
  );
  return last[0];
}

inGraph('sess-010, sess-012: a missing feed names the placeholder', async ({ graph, session }) => {
  const a = placeholder('float32', null, { name: 'a' });
  const error: unknown = await a.eval({ session }).catch((e: unknown) => e);
  expect(error).toEqual(
    engineError('INVALID_ARGUMENT', 'You must feed a value for placeholder tensor'),
  );
  expect(error).toMatchObject({ node: 'a', op: 'Placeholder' });
  expect(graph.operation('a')).toBe(a.op);
});

inGraph('sess-037: ops may be added between runs', ({ session }) => {
  const c = matMul(constant([[1, 1]]), constant([2, 2, 2, 2, 2, 2], { shape: [2, 3] }));
  expect(session.runSync(c).toArray()).toEqual([[4, 4, 4]]);
  const e = matMul(c, constant([[1], [2], [3]]));
  expect(session.runSync(e).toArray()).toEqual([[24]]);
});

inGraph('sess-038: state outlives the growth of the graph', ({ session }) => {
  const a = constant([[1, 1]]);
  const v = variable(matMul(a, constant([2, 2, 2, 2, 2, 2], { shape: [2, 3] })));
  session.initializeSync();
  const read = () => session.runSync(v).toArray();
  expect(read()).toEqual([[4, 4, 4]]);
  const e = matMul(a, constant([3, 3, 3, 3, 3, 3], { shape: [2, 3] }));
  const assign = v.assign(e).op;
  expect(session.runSync(e).toArray()).toEqual([[6, 6, 6]]);
  expect(read()).toEqual([[4, 4, 4]]);
  session.runSync(assign);
  expect(read()).toEqual([[6, 6, 6]]);
});

inGraph('sess-039: variables may be added between runs', ({ graph, session }) => {
  const p = variable([1, 1]);
  session.runSync(constant(0));
  const q = variable([2, 2]);
  session.runSync(graph.initializer);
  expect(session.runSync([p, q]).map((y) => y.toArray())).toEqual([
    [1, 1],
    [2, 2],
  ]);
});

inGraph('sess-045: runs go on while the graph grows', async ({ graph, session }) => {
  const c = identity(constant(5));
  let done = false;
  const runner = async () => {
    let runs = 0;
    for (; !done; runs++) expect((await session.run(c)).item()).toBe(5);
    return runs;
  };
  const runners = Array.from({ length: 10 }, runner);
  for (let i = 0; i < 20; i++) {
    graph.asDefault(() => {
      const p = placeholder('float32', []);
      gradients(mul(p, p), [p]);
      longLoop(3);
    });
    await new Promise(setImmediate);
  }
  done = true;
  for (const runs of await Promise.all(runners)) expect(runs).toBeGreaterThan(0);
});

test('sess-050, sess-051: a closed session runs nothing', async () => {
  const graph = new Graph();
  const [c, long] = graph.asDefault(() => [constant(1), longLoop()]);
  const session = new Session(graph);
  const loop = (async () => {
    for (;;) await session.run(c!);
  })();
  const running = session.run(long!);
  await new Promise((resolve) => setTimeout(resolve, 10));
  const closed = session.close();
  const error = engineError('FAILED_PRECONDITION', 'Attempted to use a closed Session.');
  await expect(loop).rejects.toThrow(error);
  await expect(running).rejects.toThrow(engineError('CANCELLED', ''));
  await closed;
  expect(() => session.runSync(c!)).toThrow(error);
  await expect(session.run(c!)).rejects.toThrow(error);
  expect(() => session.prepare(c!)).toThrow(error);
});

test('sess-053: two sessions of one graph', () => {
  const graph = new Graph();
  const c = graph.asDefault(() => add(1, 2));
  using one = new Session(graph);
  using two = new Session(graph);
  expect(one.runSync(c).equals(two.runSync(c))).toBe(true);
});

inGraph('der-020: closing twice', async ({ graph }) => {
  const session = new Session(graph);
  await session.close();
  await expect(session.close()).resolves.toBeUndefined();
  session[Symbol.dispose]();
});

test('sess-054, sess-055: what a session is made from', () => {
  const make = (...given: unknown[]) => Reflect.construct(Session, given);
  expect(() => make(37)).toThrow(typeError('graph must be a Graph', '37'));
  expect(() => make('INVALID_TARGET')).toThrow(
    typeError('graph must be a Graph', 'INVALID_TARGET'),
  );
  expect(() => make(new Graph(), 37)).toThrow(TypeError);
  expect(() => make({ graph: 37 })).toThrow(typeError('graph'));
});

test('low-012: an empty graph cannot be run', () => {
  using session = new Session(new Graph());
  for (const fetches of [[], 'x:0']) {
    expect(() => session.runSync(fetches)).toThrow(
      engineError(
        'FAILED_PRECONDITION',
        'The Session graph is empty.  Add operations to the graph before calling run().',
      ),
    );
  }
});

inGraph('low-007: nothing to fetch is nothing to do', ({ session }) => {
  constant(1);
  expect(session.runSync([])).toEqual([]);
});

inGraph('time-001, time-004, time-005: a run beyond its time', async ({ graph }) => {
  const options: SessionOptions = { timeout: 60 };
  await using session = new Session(graph, options);
  const [long, c] = [longLoop(), constant(37)];
  const late = engineError('DEADLINE_EXCEEDED', 'Timed out waiting for notification');
  await expect(session.run(long)).rejects.toThrow(late);
  expect(() => session.runSync(long, { timeout: 5 })).toThrow(late);
  await expect(session.run(long, { timeout: 5 })).rejects.toThrow(late);
  expect(session.runSync(c).item()).toBe(37);
  const signal = AbortSignal.timeout(10);
  const run = session.run(long, { timeout: 0, signal });
  await expect(run).rejects.toThrow(engineError('CANCELLED', 'aborted'));
});

inGraph('time-002: the limit of one run', async ({ session }) => {
  const run = session.run(longLoop(), { timeout: 20 });
  await expect(run).rejects.toThrow(
    engineError('DEADLINE_EXCEEDED', 'Timed out waiting for notification'),
  );
});

inGraph('der-022: the first error ends the step; what was assigned stays', ({ session }) => {
  const v = variable(0);
  session.initializeSync();
  const set = v.assign(5);
  const first = assert(less(set, 1), [set], { controlInputs: [set] });
  const second = assert(less(3, 1), [constant(3)], { controlInputs: [first] });
  expect(() => session.runSync([first, second])).toThrow(
    engineError('INVALID_ARGUMENT', 'assertion failed'),
  );
  expect(session.runSync(v).item()).toBe(5);
});

inGraph('call-002, call-003, call-006: prepared calls', ({ session }) => {
  const v = variable(42);
  session.initializeSync();
  expect(session.prepare(v.assignAdd(1).op).runSync()).toBeNull();
  expect(session.runSync(v).item()).toBe(43);
  const p = placeholder('float32', []);
  const trace = new Trace();
  const call = session.prepare(add(p, 1), { feeds: [p.name] }).with({ trace });
  expect(call.runSync(41).item()).toBe(42);
  expect(trace.steps.length).toBeGreaterThan(0);
  expect(() => call.runSync(1, 2)).toThrow(
    engineError('INVALID_ARGUMENT', 'Expected 1 feed tensors, but got 2'),
  );
});

inGraph('place-001, place-002, place-003: only what runs is placed', ({ graph }) => {
  const [a, b] = [constant(1, { device: '/device:GPU:0' }), constant(2, { name: 'b' })];
  using soft = new Session(graph);
  expect(soft.runSync([a, b]).map((y) => y.item())).toEqual([1, 2]);
  expect(soft.placement()).toEqual([
    { name: a.op.name, requested: '/device:GPU:0', device: '/device:CPU:0' },
  ]);
  using hard = new Session(graph, { softPlacement: false });
  expect(hard.runSync(b).item()).toBe(2);
  expect(() => hard.runSync(add(a, b))).toThrow(
    engineError('INVALID_ARGUMENT', 'Cannot assign a device for operation', 'GPU:0', 'CPU:0'),
  );
  expect(hard.runSync(add(a, b), { feeds: [[a, 3]] }).item()).toBe(5);
});

inGraph('dev-002: devices are listed', ({ session }) => {
  const devices = session.devices();
  expect(devices[0]).toMatchObject({
    name: '/job:localhost/replica:0/task:0/device:CPU:0',
    type: 'CPU',
  });
  expect(devices[0]!.memoryLimit).toBeGreaterThan(1 << 20);
});

inGraph('options that no run has are refused', async ({ session }) => {
  const c = cast(constant(7, { dtype: 'int32' }), 'float32');
  const options = mistyped<object>({ feed: {} });
  await expect(session.run(c, options)).rejects.toThrow(typeError('the options of run', 'feed'));
  expect(() => session.runSync(c, options)).toThrow(TypeError);
  expect(session.runSync(c).item()).toBe(7);
});
