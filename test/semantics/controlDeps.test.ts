import {
  add,
  constant,
  type Graph,
  group,
  identity,
  mul,
  type Operation,
  split,
  type Tensor,
  tuple,
  variable,
} from '../../lib/index.js';
import { engineError, inGraph, mistyped, typeError } from './inGraph.js';

const namesOf = (x: Tensor | Operation) =>
  ('op' in x ? x.op : x).controlInputs.map(({ name }) => name).sort();

// Shared constants would take no notice of where they are made; named ones are their own.
const named = (name: string) => constant(1, { name });
const inside = (graph: Graph, inputs: Parameters<Graph['controlDependencies']>[0], name: string) =>
  graph.controlDependencies(inputs, () => named(name));

inGraph('ctrl-001: what comes after anyway waits for nothing more', ({ graph }) => {
  const [a, b] = [named('a'), named('b')];
  const [c, d, e] = graph.controlDependencies([a], () => {
    const c = named('c');
    return [c, identity(b), identity(c)];
  });
  expect([c, d, e].map((x) => namesOf(x!))).toEqual([['a'], ['a'], []]);
});

inGraph('ctrl-002: scopes add up', ({ graph }) => {
  const as = ['a_1', 'a_2', 'a_3', 'a_4'].map(named);
  const nest = (level: number): Tensor =>
    level === as.length
      ? named('b')
      : graph.controlDependencies([as[level]!], () => nest(level + 1));
  expect(namesOf(nest(0))).toEqual(['a_1', 'a_2', 'a_3', 'a_4']);
});

inGraph('ctrl-003: null forgets the outer scopes', ({ graph }) => {
  const [a, b, c] = [named('a'), named('b'), named('c')];
  graph.controlDependencies([a], () => {
    graph.controlDependencies(null, () => {
      expect(namesOf(named('cleared'))).toEqual([]);
      expect(namesOf(inside(graph, [b], 'one'))).toEqual(['b']);
      graph.controlDependencies([b], () => {
        expect(namesOf(inside(graph, [c], 'two'))).toEqual(['b', 'c']);
      });
    });
    expect(namesOf(named('restored'))).toEqual(['a']);
  });
});

inGraph('ctrl-004: an operation is waited for once', ({ graph }) => {
  const [first, second] = split(0, constant([1, 2]), 2, { name: 'a' });
  const waiting = graph.controlDependencies([first!], () => inside(graph, [second!], 'b'));
  expect(namesOf(waiting)).toEqual(['a']);
});

inGraph('ctrl-005: an input needs no control edge', ({ graph }) => {
  const a = named('a');
  expect(namesOf(graph.controlDependencies([a], () => identity(a)))).toEqual([]);
});

inGraph('ctrl-006: out of all control scopes', ({ graph }) => {
  const a = named('a');
  graph.controlDependencies([a], () => {
    expect(namesOf(inside(graph, null, 'free'))).toEqual([]);
  });
});

inGraph('ctrl-007: variables take no part in control scopes', ({ graph }) => {
  const c = named('c');
  graph.controlDependencies([c], () => {
    const [d, v] = [named('d'), variable(1)];
    expect(namesOf(d)).toEqual(['c']);
    expect(namesOf(v.initializer)).toEqual([]);
  });
});

inGraph('ctrl-009: a chain of control edges', ({ graph, session }) => {
  const v = variable(0);
  const c1 = graph.controlDependencies([v.initializer], () => constant(10, { name: 'c1' }));
  const c2 = graph.controlDependencies([c1], () => constant(20, { name: 'c2' }));
  expect(session.runSync(c2).item()).toBe(20);
  expect(session.runSync(v).item()).toBe(0);
});

inGraph('ctrl-010: a group of initializers', ({ session }) => {
  const [v1, v2] = [variable(0), variable(1)];
  const init = group([v1.initializer, v2.initializer]);
  expect(() => session.runSync(v1)).toThrow(engineError('FAILED_PRECONDITION', 'uninitialized'));
  expect(init.runSync({ session })).toBeNull();
  expect(session.runSync([v1, v2]).map((v) => v.item())).toEqual([0, 1]);
});

inGraph('ctrl-011: a group of nothing', ({ graph }) => {
  const op = group([]);
  expect([op.type, op.graph, op.controlInputs]).toEqual(['NoOp', graph, []]);
  expect(() => group([mistyped(12)])).toThrow(typeError('not 12 with type number'));
});

inGraph('ctrl-012: each member of a tuple waits for all', ({ session }) => {
  const [v1, v2] = [variable(1), variable(10)];
  const after = (v: typeof v1, by: number) =>
    add(identity(v.value, { controlInputs: [v.initializer] }), by);
  const [t1, none, t2] = tuple([after(v1, 2), null, after(v2, 20)]);
  expect(none).toBeNull();
  expect(session.runSync(t1!).item()).toBe(3);
  expect(session.runSync(v2).item()).toBe(10);
  expect(session.runSync(t2!).item()).toBe(30);
  expect(() => tuple([null, null])).toThrow(
    engineError('INVALID_ARGUMENT', 'Must have at least one Tensor: [null,null]'),
  );
});

inGraph('ctrl-013: a tuple waits for its control inputs', ({ session }) => {
  const v = variable(0);
  const [t] = tuple([constant(0)], { controlInputs: [v.assign(1)] });
  session.initializeSync();
  session.runSync(t!);
  expect(session.runSync(v).item()).toBe(1);
});

inGraph('der-001: what nobody needs does not run', ({ session }) => {
  const [v, x] = [variable(0), constant(1)];
  const y = add(x, 1);
  v.assignAdd(1);
  session.initializeSync();
  expect(session.runSync(y).item()).toBe(2);
  expect(session.runSync(v).item()).toBe(0);
});

inGraph('der-002: an operation runs once in a run', ({ session }) => {
  const v = variable(0);
  const w = v.assignAdd(1);
  session.initializeSync();
  const [a, none, b, c] = session.runSync([w, w.op, mul(w, 1), w]);
  expect([a.item(), none, b.item(), c.item()]).toEqual([1, null, 1, 1]);
  expect(session.runSync(v).item()).toBe(1);
});

inGraph('coll-001: collections, whole and by scope', ({ graph }) => {
  const { collections } = graph;
  const [foo, junk, foobar] = ['prefix/foo', 'junk/foo', 'prefixes/foo'].map((name) => ({ name }));
  collections.add('key', 12);
  collections.add('key', 34);
  for (const item of [27, foo, junk, foobar]) collections.add('blah', item);
  expect(collections.get('key')).toEqual([12, 34]);
  expect(collections.get('nothing')).toEqual([]);
  expect(collections.get('blah', 'prefix')).toEqual([foo]);
  expect(collections.get('blah', 'junk/')).toEqual([junk]);
});

inGraph('coll-002: a copy, and the list itself', ({ graph }) => {
  const { collections } = graph;
  collections.add('key', 1);
  collections.get('key').push(2);
  expect(collections.get('key')).toEqual([1]);
  collections.live('other').push(3);
  expect(collections.get('other')).toEqual([3]);
  collections.clear('key');
  expect([collections.get('key'), collections.names]).toEqual([[], ['other']]);
});

inGraph('coll-003: in several collections, in each once', ({ graph }) => {
  graph.collections.add(['1', '2', '1'], 'key');
  expect(graph.collections.get('1')).toEqual(['key']);
});
