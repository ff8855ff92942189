import {
  add,
  addOp,
  cond,
  constant,
  gradients,
  greater,
  group,
  identity,
  less,
  mul,
  type Operation,
  placeholder,
  placeholderWithDefault,
  sub,
  switchCase,
  type Tensor,
  variable,
} from '../../lib/index.js';
import { engineError, inGraph, mistyped, typeError } from './inGraph.js';

inGraph('cond-002: a cond in a branch', ({ session }) => {
  const x = constant(10);
  const inner = () =>
    cond(
      greater(1, 2),
      () => sub(x, 5),
      () => add(x, 1),
    );
  const r = cond(
    less(1, 2),
    () => add(inner(), 1),
    () => sub(x, 1),
  );
  expect(session.runSync(r).item()).toBe(12);
});

inGraph('cond-003: a boolean of the host', () => {
  const one = () => constant(1);
  expect(() => cond(mistyped(false), one, one)).toThrow(
    typeError('pred must not be a JavaScript boolean'),
  );
});

inGraph('cond-004: of a branch only what the fetches need runs', ({ session }) => {
  const [v1, v2, v3] = [variable(7), variable(7), variable(7)];
  const r = cond(
    less(1, 2),
    () => [v1.assign(1), v2.assign(2)],
    () => [v3.assign(3), v3.assign(3)],
  );
  session.initializeSync();
  expect(session.runSync(r[1]!).item()).toBe(2);
  expect(session.runSync([v1, v2, v3]).map((v) => v.item())).toEqual([7, 2, 7]);
  session.runSync(group([r[0]!]));
  expect(session.runSync([v1, v2, v3]).map((v) => v.item())).toEqual([1, 2, 7]);
});

inGraph('cond-005: several results', ({ session }) => {
  const [x, y] = [constant(10), constant(200)];
  const r = cond(
    less(1, 2),
    () => [add(x, 1), add(x, 2)],
    () => [y, y],
  );
  expect(session.runSync(r).map((v) => v.item())).toEqual([11, 12]);
});

inGraph('cond-006: branches of one structure', ({ session }) => {
  const x = constant(1);
  const pick = (ifTrue: () => object, ifFalse: () => object) => () =>
    cond(less(1, 2), mistyped<() => Tensor>(ifTrue), mistyped<() => Tensor>(ifFalse));
  const error = engineError('INVALID_ARGUMENT', 'have the same nested structure');
  expect(
    pick(
      () => ({ a: x, b: x }),
      () => ({ c: x, d: x }),
    ),
  ).toThrow(error);
  expect(
    pick(
      () => [x, x],
      () => [x],
    ),
  ).toThrow(error);
  const both = cond(
    less(1, 2),
    () => ({ a: x, b: [x, add(x, 1)] }),
    () => ({ a: x, b: [x, x] }),
  );
  const { a, b } = session.runSync(both);
  expect([a.item(), b[1]?.item()]).toEqual([1, 2]);
});

inGraph('cond-007: the gradient of the branch taken', ({ session }) => {
  const [x, c] = [constant(10), placeholder('int32', [])];
  const r = cond(
    less(c, 2),
    () => mul(x, 42),
    () => mul(x, 3),
  );
  const grad = gradients(r, [x])[0]!;
  const at = (value: number) => session.runSync(grad, { feeds: [[c, value]] }).item();
  expect([at(1), at(3)]).toEqual([42, 3]);
});

for (const [id, make] of [
  ['cond-008', () => constant(true)],
  ['cond-009', () => placeholderWithDefault<'bool'>(true)],
] as const) {
  inGraph(`${id}: a predicate may be fed`, ({ session }) => {
    const p = make();
    const r = cond(
      p,
      () => constant(0),
      () => constant(37),
    );
    const run = (flag: boolean) => session.runSync(r, { feeds: [[p, flag]] }).item();
    expect([run(false), run(true), session.runSync(r).item()]).toEqual([37, 0, 0]);
  });
}

inGraph('cond-010: what is in a branch cannot be fetched', ({ graph, session }) => {
  const x = constant(1);
  const inside: Operation[] = [];
  const keep = (tensor: Tensor<'float32'>) => {
    inside.push(tensor.op, ...tensor.op.inputs.map(({ op }) => op));
    return tensor;
  };
  const r = cond(
    less(1, 2),
    () => keep(add(x, 2, { name: 'two' })),
    () => keep(add(x, 0)),
  );
  expect(session.runSync(graph.operations.flatMap((op) => op.inputs)).length).toBeGreaterThan(3);
  expect(session.runSync(r).item()).toBe(3);
  expect(inside.length).toBe(6);
  for (const op of inside) {
    for (const fetch of [op, ...op.outputs]) {
      expect(() => session.runSync(fetch)).toThrow(
        engineError('INVALID_ARGUMENT', "'cond/", 'has been marked as not fetchable'),
      );
    }
  }
  expect(() => addOp('Mul', [inside[0]!.outputs[0]!, 2], {}, { name: 'double' })).toThrow(
    engineError(
      'INVALID_ARGUMENT',
      "Cannot use 'cond/two' as input to 'double' because 'cond/two' is in a branch of a cond",
    ),
  );
});

inGraph('cond-011: there are no dead tensors', () => {
  expect(() => addOp('Switch', [constant(1), constant(true)])).toThrow(
    engineError('NOT_FOUND', "Op type not registered 'Switch'"),
  );
});

inGraph('cond-012: nothing flows through integers', () => {
  const n = constant(10, { dtype: 'int32' });
  const r = cond(
    less(1, 2),
    () => add(n, 1),
    () => n,
  );
  expect(gradients(identity(constant(1)), [r])).toEqual([null]);
});

inGraph('cond-013: the first predicate that holds decides', ({ session }) => {
  const [x, y, z] = [constant(1), constant(2), constant(3)];
  const give = (value: number) => () => constant(value);
  const item = (tensor: Tensor) => session.runSync(tensor).item();
  const otherwise = give(-1);
  const cases = [
    [greater(y, z), give(17)],
    [greater(y, x), give(23)],
  ] as const;
  expect(item(switchCase(cases, { otherwise }))).toBe(23);
  const twice = [
    [greater(y, x), give(17)],
    [greater(y, x), give(23)],
  ] as const;
  expect(item(switchCase(twice, { otherwise }))).toBe(17);
  expect(item(switchCase(cases, { otherwise, exclusive: true }))).toBe(23);
  expect(() => item(switchCase(twice, { otherwise, exclusive: true }))).toThrow(
    engineError('INVALID_ARGUMENT', 'Input error:', 'exclusive=True'),
  );
  expect(item(switchCase([[greater(x, y), give(1)]], { otherwise }))).toBe(-1);
  expect(() => item(switchCase([[greater(x, y), give(1)]]))).toThrow(
    engineError('INVALID_ARGUMENT', 'Input error:', 'None of conditions'),
  );
});

inGraph('switchCase by index', ({ session }) => {
  const i = placeholder('int32', []);
  const x = constant(5);
  const branches = [1, 10, 100].map((factor) => () => mul(x, factor));
  const by = switchCase(i, branches);
  const other = switchCase(i, branches, { otherwise: () => constant(0) });
  const grad = gradients(by, [x])[0]!;
  const run = (index: number) =>
    session.runSync([by, other, grad], { feeds: [[i, index]] }).map((v) => v.item());
  expect([0, 1, 2].map(run)).toEqual([
    [5, 5, 1],
    [50, 50, 10],
    [500, 500, 100],
  ]);
  expect([run(3), run(-1)]).toEqual([
    [500, 0, 100],
    [500, 0, 100],
  ]);
  expect(() => switchCase(mistyped(constant(1)), branches)).toThrow(
    engineError('INVALID_ARGUMENT', 'requested dtype int32'),
  );
  expect(() => switchCase(i, [])).toThrow(typeError('Expected a list of functions for branches'));
});

inGraph('cond-016: branches of one dtype', () => {
  const integer = (): Tensor<'float32'> => mistyped(constant(1, { dtype: 'int32' }));
  expect(() => cond(less(1, 2), () => constant(1), integer)).toThrow(
    engineError('INVALID_ARGUMENT', 'must have the same type', '[float32] and [int32]'),
  );
});

inGraph('branches must be functions and give something', () => {
  const one = () => constant(1);
  expect(() => cond(less(1, 2), mistyped(constant(1)), one)).toThrow(
    typeError('ifTrue must be callable.'),
  );
  expect(() =>
    cond(
      less(1, 2),
      () => [],
      () => [],
    ),
  ).toThrow(engineError('INVALID_ARGUMENT', 'must return at least one result.'));
});
