import { add, constant, fold, gradients, mul, placeholder, sub } from '../../lib/index.js';
import { engineError, inGraph, typeError } from './inGraph.js';

inGraph('fold goes through the slices in order', ({ session }) => {
  const x = placeholder('float32', [null, 2]);
  const forth = fold((a, row) => sub(mul(a, 2), row), x, constant([1, 1]));
  const back = fold((a, row) => sub(mul(a, 2), row), x, constant([1, 1]), { reverse: true });
  const run = (rows: number[][]) =>
    session.runSync([forth, back], { feeds: [[x, rows]] }).map((v) => v.toArray());
  expect(
    run([
      [1, 2],
      [3, 4],
    ]),
  ).toEqual([
    [-1, -4],
    [-3, -6],
  ]);
  expect(forth.shape).toEqual([2]);
});

inGraph('fold takes structures, and gradients go through it', ({ session }) => {
  const [x, y] = [constant([1, 2, 3]), constant([4, 5, 6])];
  const { sum, product } = fold(
    (a, e) => ({ sum: add(a.sum, mul(e.x, e.y)), product: mul(a.product, e.x) }),
    { x, y },
    { sum: constant(0), product: constant(1) },
  );
  const grads = gradients([sum, product], [x, y]);
  const values = session.runSync([sum, product, grads[0]!, grads[1]!]).map((v) => v.toArray());
  expect(values).toEqual([32, 6, [10, 8, 8], [1, 2, 3]]);
});

inGraph('what cannot be folded', () => {
  const one = constant(1);
  const keep = (a: typeof one) => a;
  expect(() => fold(keep, one, one)).toThrow(typeError('tensors with a first axis'));
  expect(() => fold(keep, [], one)).toThrow(engineError('INVALID_ARGUMENT', 'No elements'));
  expect(() => fold(keep, [constant([1]), constant([1, 2])], one)).toThrow(
    engineError('INVALID_ARGUMENT', 'same first dim, got 1, 2'),
  );
});
