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
