import {
  add,
  bitwiseAnd,
  cond,
  constant,
  type DType,
  div,
  floorDiv,
  Graph,
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
  nn,
  ones,
  placeholder,
  randomUniform,
  Session,
  sub,
  sum,
  type Tensor,
  train,
  truncatedNormal,
  variable,
  whileLoop,
} from '../../lib/index.js';
import { engineError, inGraph, mistyped, typeError } from './inGraph.js';

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

inGraph('var-013: products over no elements are zero', ({ session }) => {
  const v = variable(new Float32Array(0), { shape: [0, 2] });
  session.initializeSync();
  expect(session.runSync(matMul(ones([2, 0]), v)).toArray()).toEqual([
    [0, 0],
    [0, 0],
  ]);
});

inGraph('var-014: no initial value', () => {
  for (const nothing of [null, undefined]) {
    expect(() => variable(mistyped<number>(nothing))).toThrow(
      engineError('INVALID_ARGUMENT', 'initial_value must be specified.'),
    );
  }
});

inGraph('var-016: adding to a variable without a value', ({ session }) => {
  const v = variable(1, { name: 'v' });
  for (const step of [v.assignAdd(1), v.assignSub(1)]) {
    expect(() => session.runSync(step)).toThrow(
      engineError('FAILED_PRECONDITION', 'use uninitialized value v'),
    );
  }
});

inGraph('var-017: a variable of unknown shape takes any', ({ session }) => {
  const v = variable([1], { shape: null });
  const p = placeholder('float32');
  const assign = v.assign(p);
  for (const size of [1024, 10]) {
    const value = new Float32Array(size * size);
    const feeds = [
      [p, [...Array(size).keys()].map((row) => value.subarray(row * size, row * size + size))],
    ] as const;
    expect(session.runSync(assign, { feeds }).shape).toEqual([size, size]);
    expect(session.runSync(v).shape).toEqual([size, size]);
  }
});

inGraph('var-018: values of another dtype or shape', () => {
  const v = variable(1, { dtype: 'int32' });
  expect(() => v.assign(1.5)).toThrow(typeError('int32'));
  expect(() => v.assign(mistyped(constant(1)))).toThrow(engineError('INVALID_ARGUMENT', 'int32'));
  expect(() => v.assign([0])).toThrow();
  expect(() => v.assign(constant([0], { dtype: 'int32' }))).toThrow(
    engineError('INVALID_ARGUMENT', 'Assign requires shapes of both tensors to match.'),
  );
});

inGraph('var-019: a read sees the writes before it in the program only', ({ session }) => {
  const v = variable(0);
  session.initializeSync();
  expect(scalars(session, [v.value, v.assignAdd(1), v.read()])).toEqual([0, 1, 1]);
});

inGraph('var-021: reading a variable without a value', ({ session }) => {
  const v = variable(1, { name: 'v' });
  expect(() => session.runSync(v)).toThrow(
    engineError(
      'FAILED_PRECONDITION',
      'Error while reading resource variable v',
      'This could mean that the variable was uninitialized.',
      'session.initialize()',
    ),
  );
});

inGraph('an error names all variables that a run lacks', async ({ session }) => {
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => variable(1, { name }));
  session.runSync(c!.initializer);
  const read = add(add(a!, b!), c!);
  const names = 'Variables of this run without a value: a, b.';
  const error = engineError('FAILED_PRECONDITION', 'resource variable', names);
  expect(() => session.runSync([read, d!.assign(2)])).toThrow(error);
  await expect(session.run([read, d!.assign(2)])).rejects.toThrow(error);
});

inGraph('var-022: tensors have no assign', ({ session }) => {
  expect('assign' in constant([1, 2, 3])).toBe(false);
  const v = variable([1, 2, 3]);
  session.initializeSync();
  expect(session.runSync(v.scatterUpdate([0, 1], [5, 6])).toArray()).toEqual([5, 6, 3]);
});

inGraph('var-023: each session has values of its own', async ({ graph, session }) => {
  const v = variable(1, { name: 'v' });
  session.runSync(v.assign(5).op);
  await using other = new Session(graph);
  expect(() => other.runSync(v)).toThrow(engineError('FAILED_PRECONDITION', 'uninitialized'));
  await v.load(7, { session: other });
  expect([session, other].map((s) => s.runSync(v).item())).toEqual([5, 7]);
});

inGraph('rows of variables are set, added to and subtracted from', ({ session }) => {
  const v = variable([
    [1, 1],
    [2, 2],
    [3, 3],
  ]);
  const steps = [
    v.scatterAdd(
      [0, 0],
      [
        [1, 2],
        [1, 2],
      ],
    ),
    v.scatterSub([2], [[3, 0]]),
    v.scatterUpdate([1], [[9, 9]]),
  ];
  session.initializeSync();
  const values = steps.map((step) => session.runSync(step).toArray());
  expect(values).toEqual([
    [
      [3, 5],
      [2, 2],
      [3, 3],
    ],
    [
      [3, 5],
      [2, 2],
      [0, 3],
    ],
    [
      [3, 5],
      [9, 9],
      [0, 3],
    ],
  ]);
  expect(() => session.runSync(v.scatterAdd([3], [[0, 0]]))).toThrow(
    engineError('INVALID_ARGUMENT', 'indices[0] = 3 is not in [0, 3)'),
  );
});

inGraph('low-002: an assignment is seen by the next run', ({ session }) => {
  const v = variable(new Float32Array(10));
  session.runSync(v.assign(new Float32Array(10).fill(20)));
  expect(session.runSync(v).toArray()).toEqual(Array(10).fill(20));
});

inGraph('vs-001: reuse says whether a variable is there', ({ graph }) => {
  const get = (reuse: boolean) => () => nn.getVariable('v', { shape: [1], reuse });
  expect(graph.size).toBe(0);
  expect(get(true)).toThrow(engineError('INVALID_ARGUMENT', 'does not exist'));
  get(false)();
  expect(get(false)).toThrow(engineError('INVALID_ARGUMENT', 'already exists'));
});

test('vs-002: the same variable twice', () => {
  new Graph().asDefault(() => {
    const get = () => nn.getVariable('v', { shape: [1], reuse: 'auto' });
    expect(get()).toBe(get());
  });
});
