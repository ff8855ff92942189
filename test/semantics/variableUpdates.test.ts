import {
  add,
  clipByValue,
  constant,
  Graph,
  matMul,
  nn,
  ones,
  placeholder,
  Session,
  type Tensor,
  train,
  variable,
} from '../../lib/index.js';
import { engineError, inGraph, mistyped, typeError } from './inGraph.js';

inGraph('opt-005: constraints hold after a step', ({ session }) => {
  const clipped = (value: Tensor<'float32'>) => value;
  const clip = (low: number, high: number) => (value: Tensor<'float32'>) =>
    clipByValue(value, low, high);
  const v0 = variable([1, 2], { constraint: clip(-0.1, 0) });
  const v1 = variable([3, 4], { constraint: clip(0, 1) });
  const step = train.sgd(3).applyGradients([
    { gradient: constant([0.1, 0.1]), variable: v0 },
    { gradient: constant([0.01, 0.01]), variable: v1 },
  ]);
  session.initializeSync();
  session.runSync(step);
  expect(session.runSync([v0, v1]).map((v) => v.toArray())).toEqual([
    [0, 0],
    [1, 1],
  ]);
  expect(() => variable(1, { constraint: mistyped<typeof clipped>(1) })).toThrow(
    typeError('constraint'),
  );
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
  expect(session.runSync([v.value, v.assignAdd(1), v.read()]).map((x) => x.item())).toEqual([
    0, 1, 1,
  ]);
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
