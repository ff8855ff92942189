import { Graph, mean, placeholder, Session, sum } from '../../lib/index.js';

test('a reduction without axes reduces all of them', () => {
  const graph = new Graph();
  const { x, y, total, kept, average } = graph.asDefault(() => {
    const x = placeholder('float32', [null, 2]);
    const y = placeholder('float32', null);
    return { x, y, total: sum(x), kept: sum(x, null, { keepDims: true }), average: mean(y) };
  });
  expect(total.shape).toEqual([]);
  expect(kept.shape).toEqual([1, 1]);
  expect(average.shape).toEqual([]);
  const values = [
    [1, 2],
    [3, 4],
  ];
  const session = new Session(graph);
  const feeds = new Map([
    [x, values],
    [y, values],
  ]);
  const out = session.runSync({ total, kept, average }, { feeds });
  expect(out.total.item()).toBe(10);
  expect(out.kept.toArray()).toEqual([[10]]);
  expect(out.average.item()).toBe(2.5);
  session[Symbol.dispose]();
});
