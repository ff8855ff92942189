import {
  add,
  concat,
  cond,
  constant,
  gather,
  getDefaultGraph,
  gradients,
  identity,
  less,
  mul,
  ones,
  placeholder,
  square,
  stack,
  type Tensor,
  tile,
  variable,
  whileLoop,
} from '../../lib/index.js';
import { engineError, inGraph, mistyped, type Room, typeError } from './inGraph.js';

const zero = () => constant(0, { dtype: 'int32' });

inGraph('while-001: counts to 10000', ({ session }) => {
  const [n] = whileLoop(
    (n) => less(n, 10000),
    (n) => [add(n, 1)],
    [zero()],
  );
  expect(session.runSync(n).item()).toBe(10000);
});

inGraph('while-002: several variables that depend on each other', ({ session }) => {
  const [, , , o] = whileLoop(
    (i) => less(i, 100),
    (i, m, c, o) => [add(i, 1), add(m, 1), add(c, 1), add(add(o, add(m, 1)), add(c, 1))],
    [zero(), zero(), zero(), zero()],
  );
  expect(session.runSync(o).item()).toBe(10100);
});

inGraph('while-003: what is outside is gathered in the loop', ({ session }) => {
  const x = constant([1, 2, 3, 4, 5, 6], { dtype: 'int32' });
  const sumFrom = (start: Tensor<'int32'>) =>
    whileLoop(
      (i) => less(i, 6),
      (i, o) => [add(i, 1), add(o, gather(x, i, 0))],
      [zero(), start],
    )[1];
  expect(session.runSync(sumFrom(sumFrom(zero()))).item()).toBe(42);
});

inGraph('while-004: a variable grows when its invariant lets it', ({ session }) => {
  const [, list] = whileLoop(
    (i) => less(i, 6),
    (i, c) => [add(i, 1), concat([c, stack([add(i, 1)])], 0)],
    [zero(), constant([0], { dtype: 'int32' })],
    { shapeInvariants: [undefined, [null]] },
  );
  expect(list.shape).toEqual([null]);
  expect(session.runSync(list).toArray()).toEqual([0, 1, 2, 3, 4, 5, 6]);
});

inGraph('while-005: maximumIterations', ({ session }) => {
  const x = constant([1, 2, 3, 4, 5], { dtype: 'int32' });
  const loop = (maximumIterations: number) =>
    whileLoop(
      (i) => less(i, 10),
      (i, v) => [add(i, 1), add(v, i)],
      [zero(), x],
      { maximumIterations },
    )[1];
  expect(session.runSync(loop(3)).toArray()).toEqual([4, 5, 6, 7, 8]);
  expect(session.runSync(loop(0)).toArray()).toEqual([1, 2, 3, 4, 5]);
  expect(() => loop(-1)).toThrow(typeError('Expected a non-negative integer'));
});

inGraph('while-006: a shape that changes needs an invariant', () => {
  const loop = () =>
    whileLoop(
      (i) => less(i, 5),
      (i, j) => [add(i, 1), tile(j, [2, 1])],
      [zero(), ones([2, 2])],
    );
  expect(loop).toThrow(
    engineError(
      'INVALID_ARGUMENT',
      'enters the loop with shape [2, 2], but has shape [4, 2] after one iteration',
      'use the `shape_invariants` argument',
    ),
  );
});

inGraph('while-007: as many results as variables', () => {
  const more = (i: Tensor<'int32'>): [Tensor<'int32'>] => mistyped([add(i, 1), i]);
  expect(() => whileLoop((i) => less(i, 5), more, [zero()])).toThrow(
    engineError('INVALID_ARGUMENT', 'same nested structure', '[*] and [*, *]'),
  );
});

inGraph('while-008: the gradient of repeated squares', ({ session }) => {
  const v = constant(2);
  const [r] = whileLoop(
    (v) => less(v, 100),
    (v) => [square(v)],
    [v],
  );
  expect(session.runSync(gradients(r, [v])[0]!).item()).toBe(1024);
});

inGraph('while-009: gradients by a captured tensor and by a variable', ({ session }) => {
  const [a, v] = [constant(3), constant(2)];
  const [r] = whileLoop(
    (v) => less(v, 100),
    (v) => [mul(v, a)],
    [v],
  );
  const found = gradients(r, [a, v]).map((grad) => session.runSync(grad!).item());
  expect(found).toEqual([216, 81]);
});

inGraph('while-010: gradients by variables that feed each other', ({ session }) => {
  const [x, y] = [constant(3), constant(2)];
  const [rx, ry] = whileLoop(
    (x) => less(x, 100),
    (x, y) => [mul(x, add(x, y)), add(x, y)],
    [x, y],
  );
  const found = [
    ...gradients([rx, ry], [x]),
    ...gradients([rx, ry], [y]),
    ...gradients([rx], [x]),
    ...gradients([rx], [y]),
  ];
  expect(found.map((grad) => session.runSync(grad!).item())).toEqual([304, 124, 295, 120]);
});

inGraph('while-013: the gradient of loops in a loop', ({ session }) => {
  const v = constant(1);
  const inner = (s: Tensor<'float32'>) =>
    whileLoop(
      (i) => less(i, 4),
      (i, x) => [add(i, 1), mul(x, 2)],
      [zero(), s],
    )[1];
  const [r] = whileLoop(
    (x) => less(x, 128),
    (x) => [mul(inner(x), inner(x))],
    [v],
  );
  expect(session.runSync(gradients(r, [v])[0]!).item()).toBe(512);
});

inGraph('while-016: variables change in the order of the body', ({ graph, session }) => {
  const [a, b] = [variable(0), variable(0)];
  const [n] = whileLoop(
    (i) => less(i, 10),
    (i) => {
      const first = a.assignAdd(1);
      const second = graph.controlDependencies([first], () => b.assignAdd(a));
      return [graph.controlDependencies([second], () => add(i, 1))];
    },
    [zero()],
  );
  session.initializeSync();
  session.runSync(n);
  expect(session.runSync([a, b]).map((v) => v.item())).toEqual([10, 55]);
});

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
