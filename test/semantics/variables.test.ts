import {
  add,
  bitwiseAnd,
  cond,
  constant,
  type DType,
  div,
  floorDiv,
  greater,
  greaterEqual,
  less,
  lessEqual,
  logicalAnd,
  logicalNot,
  logicalOr,
  logicalXor,
  matMul,
  mod,
  mul,
  neg,
  ones,
  randomUniform,
  type Session,
  sub,
  sum,
  type Tensor,
  train,
  truncatedNormal,
  variable,
  whileLoop,
} from '../../lib/index.js';
import { engineError, inGraph } from './inGraph.js';

const scalars = (session: Session, list: readonly Tensor[]) =>
  session.runSync(list).map((value) => value.item());

inGraph('var-002: an assignment gives the new value', ({ session }) => {
  const v = variable(0);
  session.initializeSync();
  const steps = [v.assignAdd(1), v.assignSub(2), v.assign(4)];
  const values = steps.flatMap((step) =>
    scalars(session, [step]).concat(scalars(session, [v.value])),
  );
  expect(values).toEqual([1, 1, -1, -1, 4, 4]);
});

inGraph('var-003: variables that begin with others', ({ session }) => {
  const rnd = variable(randomUniform([3, 6]));
  const dep = variable(rnd.initializedValue());
  const both = add(add(rnd.initializedValue(), dep.initializedValue()), 2);
  const depdep = variable(both);
  session.initializeSync();
  const [a, b, c] = session.runSync([rnd, dep, depdep]);
  expect(b.equals(a)).toBe(true);
  expect(c.equals(session.runSync(add(add(rnd, dep), 2)))).toBe(true);
});

inGraph('var-005: variables made in branches', ({ graph, session }) => {
  const v0 = variable(false, { name: 'v0' });
  const made: { readonly v1?: typeof v0; v2?: typeof v0 } = {};
  const branch = (key: 'v1' | 'v2', value: boolean) => () => {
    const v = variable(value, { name: key });
    Object.assign(made, { [key]: v });
    return v.read();
  };
  const r = cond(v0, branch('v1', true), branch('v2', false));
  const { v1, v2 } = made;
  expect(graph.variables).toEqual([v0, v1, v2]);
  session.runSync([v1!.initializer, v2!.initializer]);
  expect(scalars(session, [v1!.value, v2!.value])).toEqual([true, false]);
  expect(() => session.runSync(v0)).toThrow(engineError('FAILED_PRECONDITION', 'v0'));
  expect(() => session.runSync(r)).toThrow(engineError('FAILED_PRECONDITION', 'v0'));
  session.runSync(v0.initializer);
  expect(scalars(session, [r])).toEqual([false]);
});

inGraph('var-006: a tensor of a loop is no initial value', ({ session }) => {
  const loop = (initial: (i: Tensor<'int32'>) => Tensor<'int32'> | (() => Tensor<'int32'>)) =>
    whileLoop(
      (i) => less(i, 2),
      (i) => [add(i, add(mul(variable(initial(i), { name: 'x' }), 0), 1))],
      [constant(0, { dtype: 'int32' })],
    );
  expect(() => loop((i) => add(i, 1))).toThrow(
    engineError('INVALID_ARGUMENT', 'Initializer for variable x/ is from inside a control-flow'),
  );
  const [n] = loop(() => () => constant(7, { dtype: 'int32' }));
  session.initializeSync();
  expect(scalars(session, [n])).toEqual([2]);
});

inGraph('var-007: all variables, and those that are trained', ({ graph }) => {
  const [a, b, c, d] = [
    variable(1),
    variable(2),
    variable(3, { trainable: false }),
    variable(4),
  ] as const;
  expect(graph.variables).toEqual([a, b, c, d]);
  expect(graph.trainableVariables).toEqual([a, b, d]);
  expect(graph.collections.get('variables')).toEqual([a, b, c, d]);
  expect(graph.collections.get('trainable_variables')).toEqual([a, b, d]);
});

inGraph('var-008: the variables of a scope', ({ graph }) => {
  const [one, two] = ['scope_1', 'scope_2'].map((scope) =>
    graph.nameScope(scope, () => variable(0, { name: 'v' })),
  );
  expect(graph.collections.get('variables', 'scope_1')).toEqual([one]);
  expect(graph.collections.get('variables', 'scope_2')).toEqual([two]);
  expect(graph.collections.get('variables', 'scope')).toEqual([]);
});

inGraph('var-009: a variable is an operand like a tensor', ({ session }) => {
  const [f, i, b] = [
    variable([2]),
    variable([20], { dtype: 'int32' }),
    variable([true, false]),
  ] as const;
  session.initializeSync();
  const expected: [Tensor<DType>, unknown][] = [
    [add(f, 1), [3]],
    [add(1, f), [3]],
    [sub(f, 1), [1]],
    [sub(1, f), [-1]],
    [mul(f, 5), [10]],
    [div(f, 10), [Math.fround(0.2)]],
    [div(10, f), [5]],
    [floorDiv(i, 3), [6]],
    [mod(i, 7), [6]],
    [mod(103, i), [3]],
    [less(f, 3), [true]],
    [lessEqual(f, 2), [true]],
    [greater(f, 2), [false]],
    [greaterEqual(f, 2), [true]],
    [bitwiseAnd(i, 4), [4]],
    [logicalAnd(b, [true, true]), [true, false]],
    [logicalOr(b, [false, true]), [true, true]],
    [logicalXor(b, [true, true]), [false, true]],
    [logicalNot(b), [false, true]],
    [neg(f), [-2]],
    [matMul([[1, 1]], variable([[1], [1]]).initialValue), [[2]]],
  ];
  const values = session.runSync(expected.map(([tensor]) => tensor));
  expect(values.map((value) => value.toArray())).toEqual(expected.map(([, value]) => value));
});

inGraph('var-010: functions as initial values', ({ session }) => {
  const v1 = variable(() => truncatedNormal([2]));
  const v2 = variable(neg(v1.initializedValue()));
  for (const v of [v1, v2]) {
    expect(() => session.runSync(v)).toThrow(engineError('FAILED_PRECONDITION'));
  }
  session.initializeSync();
  const [a, b] = session.runSync([v1, v2]);
  expect(b.toArray()).toEqual([...a].map((x) => -x));
});

inGraph('var-011: which variables have no value yet', async ({ session }) => {
  const [v, w] = [variable(1, { name: 'v' }), variable(2, { name: 'w' })];
  const missing = async () => (await session.uninitializedVariables()).map(({ name }) => name);
  expect(await missing()).toEqual(['v', 'w']);
  session.runSync(w.initializer);
  expect(await missing()).toEqual(['v']);
  session.runSync(v.initializer);
  expect(await missing()).toEqual([]);
});

inGraph('var-012: a variable of no elements is trained', ({ session }) => {
  const a = variable(new Float32Array(0), { shape: [0, 2], name: 'a' });
  const b = variable(ones([2, 2]));
  const objective = sum(add(b, matMul(a, a, { transposeA: true })));
  const step = train.sgd(0.1).minimize(objective);
  session.initializeSync();
  session.runSync(step);
  const values = session.runSync(b).toArray();
  expect(values).toEqual([1, 2].map(() => [Math.fround(0.9), Math.fround(0.9)]));
});

inGraph('a variable has the methods of tensors, each use a read of its own', ({ session }) => {
  const v = variable([1, -2], { name: 'v' });
  const before = v.mul(2).add(1);
  const after = v.graph.controlDependencies([v.assign([3, 4]).op], () => v.neg());
  session.initializeSync();
  expect(session.runSync(before).toArray()).toEqual([3, -3]);
  expect(session.runSync(after).toArray()).toEqual([-3, -4]);
  expect(session.runSync(v.sum()).item()).toBe(7);
  expect(() => v.add([1, 2, 3])).toThrow(engineError('INVALID_ARGUMENT'));
});
