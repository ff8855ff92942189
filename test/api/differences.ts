import { gradients, mul, Session, type Tensor } from '../../lib/index.js';

export type Feeds = [Tensor, number | number[] | number[][] | boolean][];

/** The gradients of sum(y * y) by the xs, and the same by central differences. */
function both(y: Tensor<'float64'>, xs: readonly Tensor[], feeds: Feeds) {
  const graph = y.graph;
  const grads = graph.asDefault(() => gradients(mul(y, y), xs, { unconnected: 'zero' }));
  using session = new Session(graph);
  session.initializeSync();
  const analytic = grads.map((grad) => Array.from(session.runSync(grad, { feeds }), Number));
  const loss = (changed: Feeds) =>
    Array.from(session.runSync(y, { feeds: changed }), Number).reduce((sum, v) => sum + v * v, 0);
  const numeric = xs.map((x) => {
    const at = feeds.findIndex(([tensor]) => tensor === x);
    const value = feeds[at]![1];
    const flat = [value].flat(2) as number[];
    return flat.map((_, k) => {
      const moved = (by: number) => {
        const list = flat.map((v, i) => (i === k ? v + by : v));
        const shaped = Array.isArray(value)
          ? Array.isArray(value[0])
            ? value.map((row, r) =>
                list.slice(r * (row as number[]).length).slice(0, (row as number[]).length),
              )
            : list
          : list[0]!;
        return loss(feeds.with(at, [x, shaped]));
      };
      return (moved(1e-5) - moved(-1e-5)) / 2e-5;
    });
  });
  return { analytic, numeric };
}

/** The gradients of sum(y * y) by the xs agree with central differences. */
export function expectClose(y: Tensor<'float64'>, xs: readonly Tensor[], feeds: Feeds): void {
  const { analytic, numeric } = both(y, xs, feeds);
  for (const [i, list] of analytic.entries()) {
    expect(list.length).toBe(numeric[i]!.length);
    for (const [k, v] of list.entries()) expectNear(v, numeric[i]![k]!);
  }
}

/** Five digits after the point, or as many of a large number. */
function expectNear(value: number, expected: number): void {
  const scale = Math.max(1, Math.abs(expected) / 100);
  expect(value / scale).toBeCloseTo(expected / scale, 5);
}
