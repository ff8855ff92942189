// The graph of one scalar add, whose calls show what a call costs.
export function scalarAdd(tw) {
  const graph = new tw.Graph();
  const { a, b, y } = graph.asDefault(() => {
    const a = tw.placeholder('float32', []);
    const b = tw.placeholder('float32', []);
    return { a, b, y: a.add(b) };
  });
  const session = new tw.Session(graph, { threads: 1 });
  const prepare = () => session.prepare([y], { feeds: [a, b] });
  return { a, b, y, session, prepare, one: Float32Array.of(1), two: Float32Array.of(2) };
}
