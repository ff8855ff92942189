import { Graph, Session, variable } from '../../lib/index.js';

function counters() {
  const graph = new Graph();
  return graph.asDefault(() => {
    const [v, w] = [variable(1, { name: 'v' }), variable(10, { name: 'w' })];
    return { graph, v, w, more: v.assignAdd(1) };
  });
}

test('initialize gives values to what has none, and leaves the rest', async () => {
  const { graph, v, w, more } = counters();
  using session = new Session(graph);
  session.initializeSync({ variables: [v] });
  expect(await session.uninitializedVariables()).toEqual([w]);
  session.runSync(more);
  await session.initialize();
  expect(session.runSync([v, w]).map((x) => x.item())).toEqual([2, 10]);
  // Variables that came later, as the slots of an optimizer.
  const late = graph.asDefault(() => variable(v.initializedValue(), { name: 'late' }));
  session.initializeSync();
  expect(session.runSync([v, late]).map((x) => x.item())).toEqual([2, 2]);
});

test('initialize begins anew when told to', async () => {
  const { graph, v, w, more } = counters();
  using session = new Session(graph);
  await session.initialize();
  session.runSync([more, w.assignAdd(5)]);
  await session.initialize({ force: true, variables: [v] });
  expect(session.runSync([v, w]).map((x) => x.item())).toEqual([1, 15]);
  session.initializeSync({ force: true });
  expect(session.runSync([v, w]).map((x) => x.item())).toEqual([1, 10]);
});

test('initialize refuses what it does not know', async () => {
  const { graph, v } = counters();
  const other = counters();
  using session = new Session(graph);
  const wrong = (options: object) => expect(session.initialize(options)).rejects;
  await wrong({ forced: true }).toThrow('forced');
  await wrong({ force: 1 }).toThrow('Expected a boolean for force but received 1');
  await wrong({ variables: v }).toThrow('Expected a list for variables');
  await wrong({ variables: [v, other.v] }).toThrow(
    /Expected a variable of graph \d+ for variables\[1\] but received Variable\('v'/,
  );
  await session.close();
  await expect(session.initialize()).rejects.toThrow('Attempted to use a closed Session.');
});
