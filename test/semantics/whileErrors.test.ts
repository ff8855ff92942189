import {
  add,
  cond,
  constant,
  getDefaultGraph,
  gradients,
  identity,
  less,
  mul,
  placeholder,
  square,
  type Tensor,
  variable,
  whileLoop,
} from '../../lib/index.js';
import { engineError, inGraph, type Room, typeError } from './inGraph.js';

const zero = () => constant(0, { dtype: 'int32' });

/** A loop, a tensor of its body, and the parameter of its condition. */
function leaky() {
  let leaked: Tensor<'int32'> | undefined;
  const [n] = whileLoop(
    (i) => less(i, 4),
    (i) => {
      leaked = add(i, 1, { name: 'next' });
      return [leaked];
    },
    [zero()],
  );
  return { n, leaked: leaked! };
}

inGraph('while-017: a tensor of the body cannot be fetched', ({ session }) => {
  const { n, leaked } = leaky();
  expect(session.runSync(n).item()).toBe(4);
  for (const fetch of [leaked, leaked.op, [n, leaked]]) {
    expect(() => session.runSync(fetch)).toThrow(
      engineError(
        'INVALID_ARGUMENT',
        "Operation 'while/next' has been marked as not fetchable.",
        'a while loop',
      ),
    );
  }
});

inGraph('while-018: a tensor of the body cannot be an input outside', () => {
  const { leaked } = leaky();
  expect(() => add(1, leaked, { name: 'sum' })).toThrow(
    engineError(
      'INVALID_ARGUMENT',
      "Cannot use 'while/next' as input to 'sum' because 'while/next' is in a while loop",
    ),
  );
  expect(() =>
    whileLoop(
      (i) => less(i, leaked),
      (i) => [add(i, 1)],
      [zero()],
    ),
  ).toThrow(engineError('INVALID_ARGUMENT', "Cannot use 'while/next' as input to 'Less'"));
});

inGraph('while-020: tensors of the loop cannot be fed, its inputs can', ({ session }) => {
  const c = constant(2);
  let inside: Tensor[] = [];
  const [, r] = whileLoop(
    (i) => less(i, 3),
    (i, x) => {
      const squared = square(c);
      inside = [i, x, squared];
      return [add(i, 1), add(x, squared)];
    },
    [zero(), constant(0)],
  );
  for (const tensor of inside) {
    expect(() => session.runSync(r, { feeds: [[tensor, 1]] })).toThrow(
      engineError('INVALID_ARGUMENT', 'may not be fed.'),
    );
  }
  expect(session.runSync(r, { feeds: [[c, 3]] }).item()).toBe(27);
});

inGraph('while-021: loop variables of any structure', ({ session }) => {
  const results = whileLoop(
    (lv0) => less(lv0, 100),
    (lv0, lv1, lv2) => [add(lv0, 1), { a: lv1.a, b: [add(lv1.b[0]!, 1), lv1.b[1]!] }, add(lv2, 2)],
    [constant(0), { a: constant(1), b: [constant(2), constant(3)] }, constant(4)],
  );
  const [lv0, lv1, lv2] = session.runSync(results);
  expect(Object.keys(lv1)).toEqual(['a', 'b']);
  const found = [lv0, lv1.a, ...lv1.b, lv2].map((value) => value.item());
  expect(found).toEqual([100, 1, 102, 3, 204]);
});

inGraph('while-023: a body waits once for an op outside', ({ session }) => {
  const v = variable(0);
  const increment = v.assignAdd(1).op;
  const [n] = whileLoop(
    (i) => less(i, 2),
    (i) => [getDefaultGraph().controlDependencies([increment], () => add(i, 1))],
    [zero()],
  );
  session.initializeSync();
  expect(session.runSync(n).item()).toBe(2);
  expect(session.runSync(v).item()).toBe(1);
});

inGraph('the second derivative of a loop, and of one whose shapes change', ({ session }: Room) => {
  const x = constant(2);
  const loop = (shapeInvariants?: [undefined, null]) =>
    whileLoop(
      (i) => less(i, 3),
      (i, h) => [add(i, 1), mul(h, h)],
      [zero(), x],
      { shapeInvariants },
    )[1];
  const [first] = gradients(loop(), [x]);
  const [second] = gradients(first!, [x]);
  expect(session.runSync([first!, second!]).map((v) => v.item())).toEqual([8 * 128, 56 * 64]);
  const [changing] = gradients(loop([undefined, null]), [x]);
  expect(session.runSync(changing!).item()).toBe(8 * 128);
  expect(() => gradients(changing!, [x])).toThrow(
    engineError('UNIMPLEMENTED', 'Second-order gradient for while loops not supported where'),
  );
});

inGraph('while-025: a loop in a branch, and its gradient', ({ session }: Room) => {
  const p = placeholder('bool', []);
  const n = constant(0);
  const count = () =>
    whileLoop(
      (x) => less(x, 10),
      (x) => [add(x, 1)],
      [identity(n)],
    )[0];
  const r = cond(p, count, () => mul(n, 2));
  const fetches = [r, gradients(r, [n])[0]!];
  const run = (flag: boolean) =>
    session.runSync(fetches, { feeds: [[p, flag]] }).map((v) => v.item());
  expect(run(true)).toEqual([10, 1]);
  expect(run(false)).toEqual([0, 2]);
});

inGraph('while-026: no variables', () => {
  expect(() =>
    whileLoop(
      () => constant(true),
      () => [],
      [],
    ),
  ).toThrow(engineError('INVALID_ARGUMENT', 'No loop variables provided'));
});

inGraph('while-027: parallelIterations', () => {
  const loop = (options: object) =>
    whileLoop(
      (i) => less(i, 1),
      (i) => [add(i, 1)],
      [zero()],
      options,
    );
  expect(() => loop({ parallelIterations: 0 })).toThrow(
    typeError('parallel_iterations must be a positive integer.'),
  );
  expect(() => loop({ parallel: 1 })).toThrow(typeError('the options of whileLoop'));
});
