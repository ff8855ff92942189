import {
  addOp,
  constant,
  Graph,
  getDefaultGraph,
  identity,
  placeholder,
  resetDefaultGraph,
  variable,
} from '../../lib/index.js';

const x = () => placeholder('float32', [null, 3], { name: 'x' });

test('the default graph follows asDefault, also across await', async () => {
  const graph = new Graph();
  const outer = getDefaultGraph();
  await graph.asDefault(async () => {
    expect(getDefaultGraph()).toBe(graph);
    await new Promise(setImmediate);
    expect(getDefaultGraph()).toBe(graph);
    expect(resetDefaultGraph).toThrow('Do not use resetDefaultGraph() to clear nested graphs.');
  });
  expect(getDefaultGraph()).toBe(outer);
  resetDefaultGraph();
  expect(getDefaultGraph()).not.toBe(outer);
});

test('names are made unique, without regard to case, under scopes', () => {
  const graph = new Graph();
  graph.asDefault(() => {
    const names = ['a', 'A', 'a_1', 'a'].map((name) => identity(1, { name }).op.name);
    expect(names).toEqual(['a', 'A_1', 'a_1_1', 'a_2']);
    graph.nameScope('s', (scope) => {
      expect(scope).toBe('s/');
      expect(identity(1, { name: 'b' }).name).toBe('s/b:0');
      expect(constant(3).op.type).toBe('Const');
      graph.nameScope(null, () => expect(identity(1, { name: 'c' }).op.name).toBe('c'));
    });
    graph.nameScope('s', (scope) => expect(scope).toBe('s_1/'));
    graph.nameScope('s/', () => expect(identity(1, { name: 'b' }).op.name).toBe('s/b_1'));
    expect(() => identity(1, { name: '-x' })).toThrow("'-x' is not a valid node name");
    expect(() => graph.nameScope('-x', () => 0)).toThrow("'-x' is not a valid scope name");
  });
});

test('lookup by name', () => {
  const graph = new Graph();
  const tensor = graph.asDefault(x);
  expect(graph.tensor('x:0')).toBe(tensor);
  expect(graph.operation('x')).toBe(tensor.op);
  expect(graph.operations).toEqual([tensor.op]);
  const cases: [() => unknown, string, string][] = [
    [
      () => graph.tensor('y:0'),
      'NOT_FOUND',
      "The name 'y:0' refers to a Tensor which does not exist. The operation, 'y', does not exist in the graph.",
    ],
    [
      () => graph.tensor('x:5'),
      'NOT_FOUND',
      "The name 'x:5' refers to a Tensor which does not exist. The operation, 'x', exists but only has 1 outputs.",
    ],
    [() => graph.tensor('x:-1'), 'INVALID_ARGUMENT', 'looks a like a Tensor name'],
    [() => graph.tensor('x'), 'INVALID_ARGUMENT', 'refers to an Operation, not a Tensor'],
    [() => graph.tensor('y'), 'INVALID_ARGUMENT', 'looks like an (invalid) Operation name'],
    [() => graph.operation('y'), 'NOT_FOUND', 'refers to an Operation not in the graph'],
    [() => graph.operation('x:0'), 'INVALID_ARGUMENT', 'appears to refer to a Tensor'],
  ];
  for (const [call, code, message] of cases) {
    expect(call).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  }
});

test('shapes are inferred and merged', () => {
  new Graph().asDefault(() => {
    const tensor = identity(x());
    expect(tensor.shape).toEqual([null, 3]);
    expect(tensor.rank).toBe(2);
    expect(tensor.setShape([2, null]).shape).toEqual([2, 3]);
    expect(() => tensor.setShape([4, 3])).toThrow();
    expect(String(tensor)).toBe("Tensor('Identity:0', float32, [2, 3])");
  });
});

test('inputs decide the graph', () => {
  const [a, b] = [new Graph(), new Graph()];
  const inA = a.asDefault(x);
  const inB = b.asDefault(x);
  expect(b.asDefault(() => identity(inA)).graph).toBe(a);
  expect(() => addOp('Assert', [true, [inA, inB]])).toThrow('must be from the same graph as');
  expect(() => addOp('Identity', [inA], {}, { graph: b })).toThrow(
    'is not from the passed-in graph',
  );
});

test('a failed op adds nothing', () => {
  const graph = new Graph();
  graph.asDefault(() => {
    const tensor = x();
    const { size } = graph;
    expect(() => addOp('Nothing', [tensor])).toThrow(
      expect.objectContaining({ code: 'NOT_FOUND' }),
    );
    expect(() => addOp('Identity', [tensor], { nothing: 1 })).toThrow("has no attr 'nothing'");
    expect(() => addOp('Identity', [null])).toThrow('Expected a tensor or a value for input');
    expect(() => addOp('Identity', [tensor.op])).toThrow("Can't convert Operation 'x' to Tensor");
    expect(graph.size).toBe(size);
  });
});

test('small unnamed constants are shared', () => {
  const graph = new Graph();
  graph.asDefault(() => {
    expect(constant([1, 2])).toBe(constant([1, 2]));
    expect(constant([1, 2])).not.toBe(constant([[1, 2]]));
    expect(constant([1, 2])).not.toBe(constant([1, 2], { dtype: 'int32' }));
    expect(constant([1, 2], { name: 'c' })).not.toBe(constant([1, 2], { name: 'c' }));
    const large = new Float32Array(1000);
    expect(constant(large)).not.toBe(constant(large));
    const { size } = graph;
    for (let i = 0; i < 10; i++) identity(7);
    expect(graph.size).toBe(size + 11);
  });
});

test('finalize refuses additions', () => {
  const graph = new Graph();
  graph.asDefault(x);
  graph.finalize();
  expect(graph.finalized).toBe(true);
  expect(() => graph.asDefault(x)).toThrow(
    expect.objectContaining({
      code: 'FAILED_PRECONDITION',
      message: expect.stringContaining('Graph is finalized and cannot be modified.'),
    }),
  );
});

test('control inputs and devices', () => {
  const graph = new Graph();
  graph.asDefault(() => {
    const a = identity(1, { name: 'a' });
    const before = identity(2);
    const [c, d, e] = graph.controlDependencies([a, a], () => {
      const inner = constant(3);
      return [inner, identity(before), identity(inner)];
    });
    expect(c?.op.controlInputs).toEqual([a.op]);
    expect(d?.op.controlInputs).toEqual([a.op]);
    expect(e?.op.controlInputs).toEqual([]);
    graph.controlDependencies([a], () => {
      expect(identity(a).op.controlInputs).toEqual([]);
      graph.controlDependencies([before], () =>
        expect(new Set(identity(4).op.inputs[0]?.op.controlInputs)).toEqual(
          new Set([a.op, before.op]),
        ),
      );
      graph.controlDependencies(null, () => expect(constant(5).op.controlInputs).toEqual([]));
      const v = variable(6);
      expect(v.initializer.controlInputs).toEqual([]);
    });
    const f = graph.device('/device:CPU:0', () => identity(4));
    expect(f.op.device).toBe('/device:CPU:0');
    expect(() => identity(5, { device: 'cpu:' })).toThrow('Malformed device specification');
    expect(() => graph.device('/job:w/cpu:0/cpu:1', () => 0)).toThrow('Malformed device');
  });
});

test('a tensor is no host value', () => {
  const tensor = new Graph().asDefault(x);
  expect(() => Array.from(Object(tensor))).toThrow('is not iterable');
  expect(() => Number(tensor)).toThrow('is not a number');
});

test('variables have their ops under their name', () => {
  const graph = new Graph();
  graph.asDefault(() => {
    const v = variable([1, 2], { name: 'v' });
    expect(v.initializer.name).toBe('v/Assign');
    expect(v.value.name).toBe('v/Read:0');
    expect(graph.variables).toEqual([v]);
    expect(graph.initializer.operations).toEqual([v.initializer]);
  });
});

test('tensors and operations are their names in JSON, not their graphs', () => {
  const graph = new Graph();
  const y = graph.asDefault(() => x().neg());
  expect(JSON.stringify({ y, op: y.op })).toBe('{"y":"Neg:0","op":"Neg"}');
});

test('a graph closes its own session at the end of a block', async () => {
  const graph = new Graph();
  const two = graph.asDefault(() => constant(2));
  await two.eval();
  await graph[Symbol.asyncDispose]();
  expect(graph.defaultSession?.closed).toBe(true);
});

test('options that there are not, and control inputs that are none, are refused', () => {
  new Graph().asDefault(() => {
    const v = variable([1, 2], { name: 'v' });
    expect(String(v)).toBe("Variable('v', float32, [2])");
    expect(() => variable([1], { trainabel: false } as never)).toThrow("received 'trainabel'");
    for (const controlInputs of [[null], [3], 'x', v.op]) {
      expect(() => constant(1, { controlInputs } as never)).toThrow(
        /^Expected a list of operations and tensors for controlInputs but received/,
      );
    }
  });
});
