// Names, look-ups, conversions, collections, devices, and what a graph refuses.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import {
  add,
  addOp,
  constant,
  convertToTensor,
  Graph,
  getDefaultGraph,
  identity,
  matMul,
  NDArray,
  type Operation,
  ones,
  placeholder,
  Session,
  type Tensor,
  unique,
  type Values,
  variable,
  zeros,
} from '../../lib/index.js';
import { engineError, inGraph, mistyped, typeError } from './inGraph.js';

inGraph('shape-001, shape-003: static shapes', () => {
  expect(add(zeros([2, 3]), ones([1, 3])).shape).toEqual([2, 3]);
  expect(add(placeholder('float32'), ones([1, 3])).shape).toBeNull();
});

inGraph('shape-005: a failed op leaves the graph as it was', ({ graph, session }) => {
  const { size } = graph;
  const [two, three] = [placeholder('float32', [2]), placeholder('float32', [3])];
  expect(() => add(two, three)).toThrow(engineError('INVALID_ARGUMENT', '[2]', '[3]'));
  expect(graph.size).toBe(size + 2);
  expect(session.runSync(constant(1)).item()).toBe(1);
});

inGraph('tensor-001, tensor-002, tensor-003: a tensor is no value of JavaScript', () => {
  const t = ones([2], { name: 'test_ones' });
  for (const use of [
    () => Number(t),
    () => mistyped<number>(t) > 1,
    () => mistyped<number>(t) * 2,
  ]) {
    expect(use).toThrow(typeError('Cannot convert a symbolic Tensor', 'not allowed in Graph'));
  }
  for (const use of [
    () => [...mistyped<Values[]>(t)],
    () => Float32Array.from(mistyped<number[]>(t)),
  ]) {
    expect(use).toThrow(typeError('iterating'));
  }
  expect(() => NDArray.from(mistyped<Values>(t))).toThrow(TypeError);
});

inGraph('op-001: outputs have names by index', () => {
  const op = unique([1, 1, 2], { name: 'myop' }).y.op;
  expect(op.outputs.map(({ name }) => name)).toEqual(['myop:0', 'myop:1']);
});

inGraph('op-003: names that are none', () => {
  for (const name of ['', '_invalid', '-invalid', '/invalid', 'invalid:0']) {
    expect(() => addOp('NoOp', [], {}, { name })).toThrow(
      engineError('INVALID_ARGUMENT', `'${name}' is not a valid node name`),
    );
  }
});

inGraph('op-005, op-006: dtypes wished for and asked for', () => {
  const dtypes = [
    convertToTensor([2, 3, 5, 7], { preferredDtype: 'float32' }),
    convertToTensor([], { preferredDtype: 'int64' }),
    convertToTensor([1.23], { preferredDtype: 'int64' }),
  ].map(({ dtype }) => dtype);
  expect(dtypes).toEqual(['float32', 'int64', 'float32']);
  expect(() => convertToTensor([1.23], { dtype: 'int64' })).toThrow(TypeError);
});

inGraph('op-007, op-008: tensors are not cast, operations are no tensors', () => {
  const t = constant(1);
  expect(convertToTensor(t, { dtype: 'float32' })).toBe(t);
  expect(() => convertToTensor(t, { dtype: 'int32' })).toThrow(
    engineError(
      'INVALID_ARGUMENT',
      'Tensor conversion requested dtype int32 for Tensor with dtype float32',
    ),
  );
  const op = addOp('NoOp', []);
  expect(() => convertToTensor(mistyped<Tensor>(op))).toThrow(typeError("Can't convert Operation"));
  expect(() => addOp('Identity', [op])).toThrow(typeError("Can't convert Operation"));
});

inGraph('graph-003: the inputs of an operation are a copy', () => {
  const { op } = matMul(ones([1, 2]), ones([2, 1]));
  mistyped<Tensor[]>(op.inputs).push(op.inputs[0]!);
  expect(op.inputs).toHaveLength(2);
});

inGraph('graph-004: a finalized graph stays as it is', ({ graph }) => {
  graph.finalize();
  const error = engineError('FAILED_PRECONDITION', 'Graph is finalized and cannot be modified.');
  expect(() => addOp('NoOp', [])).toThrow(error);
  expect(() => graph.collections.add('key', 1)).toThrow(error);
  expect(() => graph.collections.clear('key')).toThrow(error);
});

inGraph('graph-005: objects may stand for tensors', ({ graph, session }) => {
  const t = constant(7, { name: 't' });
  const stand = { asTensor: () => t };
  expect(graph.element(stand)).toBe(t);
  expect(graph.element('t')).toBe(t.op);
  expect(session.runSync(stand).item()).toBe(7);
  expect(() => graph.element(mistyped<Tensor>({}))).toThrow(
    typeError('Can not convert a Object into a Tensor or Operation.'),
  );
});

inGraph('graph-010: a graph that nobody holds is collected', async () => {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  const make = () => {
    const graph = new Graph();
    const sum = graph.asDefault(() => add(1, variable(2).initialValue));
    using session = new Session(graph);
    session.runSync(sum);
    return new WeakRef(graph);
  };
  const ref = make();
  for (let i = 0; i < 20 && ref.deref(); i++) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    if (typeof collect === 'function') collect();
  }
  expect(ref.deref()).toBeUndefined();
});

inGraph(
  'graph-011, graph-012, graph-013, graph-014, graph-015: names that do not fit',
  ({ graph }) => {
    constant(1, { name: 'c' });
    const form = 'Tensor names must be of the form "<op_name>:<output_index>"';
    const missing = 'refers to a Tensor which does not exist';
    expect(() => graph.tensor('c:1')).toThrow(
      engineError('NOT_FOUND', missing, 'exists but only has 1 outputs'),
    );
    expect(() => graph.tensor('nope:0')).toThrow(
      engineError('NOT_FOUND', missing, 'does not exist in the graph'),
    );
    expect(() => graph.tensor('c')).toThrow(
      engineError('INVALID_ARGUMENT', 'refers to an Operation, not a Tensor', form),
    );
    expect(() => graph.tensor('a:b:0')).toThrow(engineError('INVALID_ARGUMENT', form));
    expect(() => graph.operation('c:0')).toThrow(
      engineError('INVALID_ARGUMENT', 'appears to refer to a Tensor, not a Operation'),
    );
  },
);

inGraph('graph-016: names are strings', ({ graph }) => {
  expect(() => graph.tensor(mistyped<string>(3))).toThrow(typeError('Tensor names are strings'));
  expect(() => graph.operation(mistyped<string>(3))).toThrow(
    typeError('Operation names are strings'),
  );
});

inGraph('name-005, name-006, name-008: names are made unique', ({ graph }) => {
  const given = ['foo_2', 'foo', 'foo', 'foo'].map((name) => graph.uniqueName(name));
  expect(given).toEqual(['foo_2', 'foo', 'foo_1', 'foo_3']);
  const other = new Graph();
  other.asDefault(() => {
    expect([other.uniqueName('foo'), other.uniqueName('Foo')]).toEqual(['foo', 'Foo_1']);
    const inScope = (scope: string) => other.nameScope(scope, () => other.uniqueName('foo'));
    expect([inScope('bar'), inScope('Bar')]).toEqual(['bar/foo', 'Bar_1/foo']);
    const names = [undefined, undefined, 'my_op'].map(
      (name) => addOp('NoOp', [], {}, { name }).name,
    );
    expect(names).toEqual(['NoOp', 'NoOp_1', 'my_op']);
  });
});

inGraph('name-007: scopes that are none', ({ graph }) => {
  for (const name of ['foo:0', '_bar']) {
    expect(() => graph.nameScope(name, () => 0)).toThrow(
      engineError('INVALID_ARGUMENT', `'${name}' is not a valid scope name`),
    );
  }
  graph.nameScope('foo', () => graph.nameScope('_bar', (scope) => expect(scope).toBe('foo/_bar/')));
});

inGraph('name-014: values of two graphs', () => {
  const other = new Graph().asDefault(() => constant(1));
  const error = engineError('INVALID_ARGUMENT', 'must be from the same graph');
  expect(() => add(constant(1), other)).toThrow(error);
});

inGraph('coll-001, coll-002, coll-003: collections', ({ graph }) => {
  const { collections } = graph;
  collections.add('key', 12);
  collections.add('key', 34);
  const [inside, outside] = [{ name: 'prefix/foo' }, { name: 'junk/foo' }];
  for (const item of [27, inside, outside]) collections.add('blah', item);
  expect(collections.get('key')).toEqual([12, 34]);
  expect(collections.get('nothing')).toEqual([]);
  expect(collections.get('blah', 'prefix')).toEqual([inside]);
  collections.get('key').push(56);
  expect(collections.get('key')).toEqual([12, 34]);
  expect(collections.live('fresh')).toEqual([]);
  collections.live('fresh').push(1);
  expect(collections.get('fresh')).toEqual([1]);
  collections.add(['one', 'two', 'one'], 'item');
  expect([collections.get('one'), collections.get('two')]).toEqual([['item'], ['item']]);
  collections.clear('key');
  expect(collections.get('key')).toEqual([]);
  const v = variable(1, { name: 'v' });
  expect(collections.get('variables', 'v')).toEqual([v]);
  expect(collections.names).toEqual([
    'variables',
    'trainable_variables',
    'blah',
    'fresh',
    'one',
    'two',
  ]);
});

const deviceOf = (options: { device?: string } = {}): string =>
  addOp('NoOp', [], {}, options).device;

inGraph('devs-001: device scopes refine each other', ({ graph }) => {
  const devices: string[] = [];
  graph.device('/job:worker/replica:2', () => {
    devices.push(deviceOf());
    graph.device('/job:worker/replica:3/task:0', () => devices.push(deviceOf()));
    devices.push(deviceOf());
    devices.push(
      deviceOf({ device: 'gpu:1' }),
      graph.device(null, () => deviceOf()),
    );
  });
  expect(devices).toEqual([
    '/job:worker/replica:2',
    '/job:worker/replica:3/task:0',
    '/job:worker/replica:2',
    '/job:worker/replica:2/device:GPU:1',
    '',
  ]);
});

inGraph('dev-001: device strings have one form', () => {
  const device = '/job:worker/replica:0/task:3/cpu:1';
  expect(deviceOf({ device })).toBe('/job:worker/replica:0/task:3/device:CPU:1');
  expect(() => deviceOf({ device: '/x:0/y' })).toThrow(
    engineError('INVALID_ARGUMENT', 'Malformed device specification'),
  );
});

inGraph('devs-006: colocation overrides device scopes', ({ graph }) => {
  let a: Operation | undefined;
  let b: Operation | undefined;
  graph.device('/cpu:0', () => {
    a = constant(1, { device: '/gpu:0', name: 'a' }).op;
    b = graph.colocateWith(a, () => addOp('NoOp', []));
  });
  expect(b?.device).toBe('/device:GPU:0');
  expect(b?.colocatedWith).toEqual([a]);
});

inGraph('devs-007: assignments go where the variable is', ({ graph }) => {
  const v = graph.device('/job:ps', () => variable(1));
  const assign = graph.device('/job:worker', () => v.assign(2));
  expect(assign.op.controlInputs.map(({ device }) => device)).toEqual(['/job:ps']);
  expect(getDefaultGraph()).toBe(graph);
  expect(identity(assign).op.device).toBe('');
});

inGraph('k-const-ragged, k-const-toomany: constants that are no arrays', () => {
  expect(() => constant([[1, 2], [3]])).toThrow(
    engineError(
      'INVALID_ARGUMENT',
      "Can't convert non-rectangular array to Tensor",
      'must be a dense tensor, but values[0] has 2 elements, values[1] has 1 element',
    ),
  );
  expect(() => constant([1, 2, 3, 4, 5, 6, 7], { shape: [5] })).toThrow(
    engineError('INVALID_ARGUMENT', 'Too many', 'elements provided.'),
  );
});
