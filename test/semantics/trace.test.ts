import { inspect } from 'node:util';

// Traces of runs, texts of graphs, and the warning about graphs that grow.
import {
  add,
  constant,
  Graph,
  mul,
  placeholder,
  type RunOptions,
  relu,
  Session,
  Trace,
  variable,
} from '../../lib/index.js';
import { engineError, inGraph, mistyped, typeError } from './inGraph.js';

inGraph('trace-001, trace-002, call-001: what is traced', async ({ session }) => {
  const p = placeholder('float32', [null], { name: 'p' });
  const y = relu(add(p, 1), { name: 'y' });
  const feeds = [[p, [1, 2]]] as const;
  const trace = new Trace();
  session.runSync(y, { feeds });
  expect(trace.runs).toBe(0);
  session.runSync(y, { feeds, trace });
  await session.run(y, { feeds, trace });
  session
    .prepare(y, { feeds: [p] })
    .with({ trace })
    .runSync([3]);
  expect(trace.runs).toBe(3);
  expect(new Set(trace.steps.map(({ run }) => run))).toEqual(new Set([0, 1, 2]));
  expect(trace.steps[0]).toMatchObject({ bytes: 8 });
  expect(trace.steps[0]!.threads).toBeGreaterThanOrEqual(1);
  const wrong = mistyped<RunOptions>({ feeds, trace: {} });
  expect(() => session.runSync(y, wrong)).toThrow(typeError('a Trace for trace'));
});

inGraph('tl-001: a trace for Chrome and Perfetto', ({ session }) => {
  const [a, b] = [variable([1, 2]), variable([3, 4])];
  session.initializeSync();
  const trace = new Trace();
  session.runSync(add(add(a, b), mul(a, b)), { trace });
  const { traceEvents } = JSON.parse(JSON.stringify(trace.toChromeTrace()));
  for (const event of traceEvents) expect(typeof event.ph).toBe('string');
  const names = traceEvents.filter(({ ph }: { ph: string }) => ph === 'M');
  expect(names[0].args.name).toContain('CPU:0');
  const steps = traceEvents.filter(({ ph }: { ph: string }) => ph === 'X');
  expect(steps.length).toBe(trace.steps.length);
  expect(steps[0]).toMatchObject({ cat: 'Op', pid: 1, tid: 1 });
});

inGraph('a trace prints a table by op', ({ session }) => {
  const trace = new Trace();
  session.runSync(relu(add(variable(1).initialValue, placeholder('float32', []))), {
    feeds: { Placeholder: 1 },
    trace,
  });
  const [head, columns, ...rows] = inspect(trace).split('\n');
  expect(head).toMatch(/^Trace of \d+ steps in 1 runs$/);
  expect(columns).toMatch(/^ +ms +share +steps +bytes +op$/);
  for (const [i, { op }] of trace.byOp().entries()) expect(rows[i]).toMatch(new RegExp(` ${op}$`));
});

inGraph('graphs as text', ({ graph }) => {
  const x = placeholder('float32', [null, 3], { name: 'x' });
  const w = variable([[1], [2], [3]], { name: 'w' });
  graph.controlDependencies([x], () => mul(w.value, 2, { name: 'y' }));
  const summary = graph.summary();
  expect(summary).toMatch(/^graph \d+: \d+ operations\nname +op +outputs +inputs\n/);
  expect(summary).toMatch(/\nx +Placeholder +float32 \[\?, 3\]\n/);
  expect(summary).toContain('1 variable of 3 elements (3 trainable), 2 constants of 4 elements');
  const dot = graph.toDot();
  expect(dot).toMatch(/^digraph \{\n/);
  expect(dot).toContain('[label="y\\nMul"];');
  expect(dot).toContain(`${x.op.id} -> ${graph.operation('y').id - 1} [style=dashed];`);
  expect(dot).toContain('[label="float32 [3, 1]"];');
});

/** The arguments of the warnings that fn gives rise to. */
function warningsOf(fn: () => void): unknown[][] {
  const emitted = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  fn();
  const { calls } = emitted.mock;
  emitted.mockRestore();
  return calls;
}

test('a graph that grows in a loop of runs is told once', () => {
  const graph = new Graph();
  using session = new Session(graph);
  const x = graph.asDefault(() => constant(1));
  const [warning, ...others] = warningsOf(() => {
    for (let i = 0; i < 30; i++) session.runSync(add(x, i));
  });
  expect(others).toEqual([]);
  expect(warning).toEqual([
    expect.stringMatching(/^graph \d+ grows: .*trace\.test\.ts:\d+:\d+$/),
    expect.objectContaining({ type: 'GraphGrowthWarning', code: 'TENSORWRIGHT_GRAPH_GROWS' }),
  ]);
});

test('building layers after a run is no growth in a loop', () => {
  const graph = new Graph();
  using session = new Session(graph);
  const x = graph.asDefault(() => constant(1));
  session.runSync(x);
  const warnings = warningsOf(() => {
    let y = x;
    for (let i = 0; i < 100; i++) y = add(y, x);
    for (let i = 0; i < 30; i++) session.runSync([y, x].slice(i % 2));
  });
  expect(warnings).toEqual([]);
});

inGraph('feed-008: the name of an operation with one output is a key', ({ session }) => {
  const a = constant([1], { name: 'a' });
  expect(session.runSync(a, { feeds: { a: [2] } }).toArray()).toEqual([2]);
});

inGraph('kept values are fed without a copy', async ({ graph, session }) => {
  const p = placeholder('float32', [null]);
  const y = add(p, 1);
  const data = new Float32Array(50_000).fill(1);
  using kept = session.runSync(y, { feeds: [[p, data]], keep: true });
  expect([kept.dtype, kept.shape]).toEqual(['float32', [50_000]]);
  expect(kept.read().at(-1)).toBe(2);
  expect(session.runSync(y, { feeds: [[p, kept]] }).at(7)).toBe(3);
  const again = await session.run({ y, p: [y] }, { feeds: new Map([[p, kept]]), keep: true });
  expect(again.y.read().equals(session.runSync(y, { feeds: [[p, kept]] }))).toBe(true);
  expect(session.runSync(p, { feeds: [[p, kept]] }).at(0)).toBe(2);
  await using other = new Session(graph);
  expect(other.runSync(y, { feeds: [[p, again.y]] }).at(0)).toBe(4);
  const { live } = session.memory();
  expect(again.p[0]).toBe(again.y);
  again.y.dispose();
  expect(session.memory().live).toBeLessThanOrEqual(live - data.byteLength);
  const disposed = engineError('FAILED_PRECONDITION', 'was disposed');
  expect(() => session.runSync(y, { feeds: [[p, again.y]] })).toThrow(disposed);
  expect(() => again.y.read()).toThrow(disposed);
});

inGraph('kept values of other kinds, and what cannot be kept', async ({ session }) => {
  const text = placeholder('string', []);
  const flag = placeholder('bool', []);
  const kept = session.runSync([constant(['a', 'bc']), constant(7n), constant([])], { keep: true });
  expect(kept.map((value) => value.read().toArray())).toEqual([['a', 'bc'], 7n, []]);
  const feeds = [[flag, kept[1]]] as const;
  expect(() => session.runSync(flag, { feeds })).toThrow(typeError('a kept value of bool'));
  const fed = session.run([text], { feeds: [[text, 'a']], keep: true });
  await expect(fed).rejects.toThrow(engineError('INVALID_ARGUMENT', 'cannot be kept when a fed'));
  const out = () => session.runSync(constant([1]), { out: new Float32Array(1), keep: true });
  expect(out).toThrow(engineError('INVALID_ARGUMENT', 'cannot be kept with out'));
});
