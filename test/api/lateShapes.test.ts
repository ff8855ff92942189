import { addOp, cond, Graph, ndarray, placeholder, Session } from '../../lib/index.js';

const floats = (...shape: number[]) =>
  ndarray(Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i / 64)).reshape(
    shape,
  );

test('weights whose shape is known in the run only are checked then', () => {
  const graph = new Graph();
  const { x, choice, w, y } = graph.asDefault(() => {
    const [x, w] = [placeholder('float32', [3, 2, 3]), placeholder('float32', null)];
    const choice = placeholder('bool', []);
    // Nothing is known of what a branch gives until it has run.
    const late = cond(
      choice,
      () => addOp('Identity', [w]).outputs[0]!,
      () => addOp('Reshape', [w, [1, 20, 3]]).outputs[0]!,
    );
    const inputs = [x, late, floats(1, 20, 5), floats(1, 40)];
    return { x, choice, w, y: addOp('LSTM', inputs, { hidden_size: 5 }).outputs[1]! };
  });
  using session = new Session(graph);
  const run = (weights: unknown, chosen: boolean) =>
    session.runSync(y, {
      feeds: [
        [x, floats(3, 2, 3)],
        [w, weights],
        [choice, chosen],
      ],
    });
  expect(run(floats(60), false).shape).toEqual([1, 2, 5]);
  expect(run(floats(1, 20, 3), true).shape).toEqual([1, 2, 5]);
  expect(() => run(floats(2, 3), true)).toThrow(
    expect.objectContaining({ code: 'INVALID_ARGUMENT', op: 'LSTM' }),
  );
  expect(run(floats(1, 20, 3), true).shape).toEqual([1, 2, 5]);
});

// The sums and what follows them are one step while unknown dims may be the same.
test.each([
  ['fits', [4, 3], [4, 5]],
  ['has more rows', [1, 3], [4, 5]],
  ['has a column', [5, 3], [5, 1]],
  ['has fewer rows', [4, 3], [1, 5]],
])('what is added to a product %s', (_, rows, shape) => {
  const graph = new Graph();
  const { x, w, b, y } = graph.asDefault(() => {
    const [x, w, b] = [1, 2, 3].map(() => placeholder('float32', [null, null]));
    return { x: x!, w: w!, b: b!, y: x!.matMul(w!).add(b!).relu() };
  });
  using session = new Session(graph);
  using plain = new Session(graph, { disabledPasses: ['fuse_elementwise'] });
  const feeds = new Map([
    [x, floats(...rows)],
    [w, floats(3, 5)],
    [b, floats(...shape)],
  ]);
  const expected = plain.runSync(y, { feeds });
  expect(session.runSync(y, { feeds })).toEqual(expected);
  expect(expected.shape).toEqual([Math.max(rows[0]!, shape[0]!), 5]);
});

test('a transpose of what has no rank before the run stays beneath an elementwise op', () => {
  const graph = new Graph();
  const { x, y } = graph.asDefault(() => {
    const x = placeholder('float32', null);
    return { x, y: x.transpose([1, 0]).neg() };
  });
  using session = new Session(graph);
  const matrix = [
    [0, 1, 2],
    [3, 4, 5],
  ];
  const expected = [
    [-0, -3],
    [-1, -4],
    [-2, -5],
  ];
  expect(session.runSync(y, { feeds: [[x, matrix]] }).toArray()).toEqual(expected);
});
