import { Graph } from '../../lib/graph.js';
import { infoSync, load, loadSync } from '../../lib/onnx/index.js';
import { Session } from '../../lib/session.js';
import type { Values } from '../../lib/value.js';
import {
  type GraphSpec,
  kFloat,
  kInt64,
  type ModelSpec,
  modelFile,
  type NodeSpec,
} from './write.js';

const x = { name: 'x', dtype: kFloat, shape: ['n', 2] };
const y = { name: 'y', dtype: kFloat };

function fileOf(nodes: readonly NodeSpec[], more: Partial<GraphSpec> = {}, opset = 17): Buffer {
  return modelFile({ opset, graph: { nodes, inputs: [x], outputs: [y], ...more } });
}

/** The output y for x of a model in the graph's own session. */
function run(file: Uint8Array, value: Values = [[1, -2]]): unknown {
  const model = loadSync(file);
  const session = new Session(model.graph);
  const [result] = session.runSync([model.outputs.y!], { feeds: [[model.inputs.x!, value]] });
  return result.toArray();
}

const relu: NodeSpec = { op: 'Relu', name: 'act', inputs: ['x'], outputs: ['y'] };

describe('a loaded model', () => {
  test('has records of inputs and outputs, and what the file says', async () => {
    const spec: ModelSpec = {
      opset: 13,
      domains: { 'com.example': 3 },
      metadata: { author: 'me' },
      graph: { name: 'g', nodes: [relu], inputs: [x], outputs: [{ ...y, shape: ['n', 2] }] },
    };
    const model = await load(modelFile(spec));
    expect(Object.keys(model.inputs)).toEqual(['x']);
    expect(model.inputs.x?.shape).toEqual([null, 2]);
    expect(model.outputs.y?.op).toMatchObject({ type: 'Relu', name: 'act' });
    expect(model.outputs.y?.shape).toEqual([null, 2]);
    expect(model.opsets).toEqual({ 'ai.onnx': 13, 'com.example': 3 });
    expect(model.metadata).toMatchObject({ graphName: 'g', properties: { author: 'me' } });
    expect(model.signature.inputs).toEqual([
      { name: 'x', type: 'tensor(float)', dtype: 'float32', shape: ['n', 2] },
    ]);
  });

  test('keeps the names of nodes, made fit for a graph', () => {
    const nodes: NodeSpec[] = [
      { op: 'Relu', name: '/a/b:0', inputs: ['x'], outputs: ['t'] },
      { op: 'Neg', inputs: ['t'], outputs: ['y'] },
    ];
    const { graph } = loadSync(fileOf(nodes));
    expect(graph.operations.map((op) => op.name)).toEqual(['x', 'a/b_0', 'y']);
  });

  test('goes into a graph given, under a prefix', () => {
    const graph = new Graph();
    loadSync(fileOf([relu]), { graph, prefix: 'first' });
    loadSync(fileOf([relu]), { graph, prefix: 'second/' });
    const names = graph.operations.map((op) => op.name);
    expect(names).toEqual(['first/x', 'first/act', 'second/x', 'second/act']);
    expect(() => loadSync(fileOf([relu]), { graph, prefix: 'first' })).toThrow(
      "the model: the graph has an op 'first/x' already; another prefix keeps them apart",
    );
  });

  test('has trainable variables when asked to', () => {
    const weights = { initializers: [{ name: 'w', dims: [2], floats: [3, 4] }] };
    const nodes = [{ op: 'Mul', inputs: ['x', 'w'], outputs: ['y'] }];
    const { graph, inputs, outputs } = loadSync(fileOf(nodes, weights), { variables: true });
    expect(graph.variables.map((variable) => variable.name)).toEqual(['w']);
    expect(graph.variables[0]?.trainable).toBe(true);
    const session = new Session(graph);
    session.runSync(graph.initializer);
    const [result] = session.runSync([outputs.y!], { feeds: [[inputs.x!, [[1, 2]]]] });
    expect(result.toArray()).toEqual([[3, 8]]);
  });

  test('takes inputs with initializers as constants, and nodes in any order', () => {
    const nodes: NodeSpec[] = [
      { op: 'Add', name: 'last', inputs: ['t', 'b'], outputs: ['y'] },
      { op: 'Relu', name: 'first', inputs: ['x'], outputs: ['t'] },
    ];
    const more = {
      inputs: [x, { name: 'b', dtype: kFloat, shape: [2] }],
      initializers: [{ name: 'b', dims: [2], floats: [10, 20] }],
    };
    expect(Object.keys(loadSync(fileOf(nodes, more)).inputs)).toEqual(['x']);
    expect(run(fileOf(nodes, more))).toEqual([[11, 20]]);
  });
});

describe('versions', () => {
  const axes = { initializers: [{ name: 'axes', dtype: kInt64, dims: [1], int64s: [0] }] };

  test('axes are an attribute or an input', () => {
    const old = {
      op: 'Unsqueeze',
      inputs: ['x'],
      outputs: ['y'],
      attributes: { axes: { ints: [0] } },
    };
    expect(run(fileOf([old], {}, 11))).toEqual([[[1, -2]]]);
    const now = { op: 'Unsqueeze', inputs: ['x', 'axes'], outputs: ['y'] };
    expect(run(fileOf([now], axes, 13))).toEqual([[[1, -2]]]);
  });

  test('bounds of Clip are attributes or inputs', () => {
    const old = { op: 'Clip', inputs: ['x'], outputs: ['y'], attributes: { min: { f: -1 } } };
    expect(run(fileOf([old], {}, 6))).toEqual([[1, -1]]);
    const low = { initializers: [{ name: 'low', dims: [], floats: [-0.5] }] };
    const now = { op: 'Clip', inputs: ['x', 'low'], outputs: ['y'] };
    expect(run(fileOf([now], low, 13))).toEqual([[1, -0.5]]);
  });

  test('an old Softmax goes over all dims from the axis on, 1 when none is given', () => {
    const more = { inputs: [{ ...x, shape: [1, 2, 1] }] };
    const old = { op: 'Softmax', inputs: ['x'], outputs: ['y'] };
    expect(run(fileOf([old], more, 8), [[[1], [1]]])).toEqual([[[0.5], [0.5]]]);
    expect(run(fileOf([old], more, 13), [[[1], [1]]])).toEqual([[[1], [1]]]);
  });

  test('an old Add broadcasts along an axis', () => {
    const attributes = { broadcast: { i: 1 }, axis: { i: 0 } };
    const add = { op: 'Add', inputs: ['x', 'b'], outputs: ['y'], attributes };
    const b = { initializers: [{ name: 'b', dims: [2], floats: [10, 20] }] };
    expect(
      run(fileOf([add], b, 6), [
        [1, 2],
        [3, 4],
      ]),
    ).toEqual([
      [11, 12],
      [23, 24],
    ]);
  });

  test('Slice and Reshape take their zeros and negative numbers', () => {
    const vector = (name: string, int64s: number[]) => ({ name, dtype: kInt64, dims: [1], int64s });
    const initializers = [
      vector('starts', [-1]),
      vector('ends', [2 ** 62]),
      vector('last', [1]),
      { name: 'shape', dtype: kInt64, dims: [3], int64s: [0, 1, -1] },
    ];
    const nodes = [
      { op: 'Slice', inputs: ['x', 'starts', 'ends', 'last'], outputs: ['t'] },
      { op: 'Reshape', inputs: ['t', 'shape'], outputs: ['y'] },
    ];
    expect(
      run(fileOf(nodes, { initializers }), [
        [1, 2],
        [3, 4],
      ]),
    ).toEqual([[[2]], [[4]]]);
  });
});

describe('values that a mapping has to know', () => {
  const axis = { initializers: [{ name: 'axis', dims: [1], floats: [0] }] };
  const unsqueeze = { op: 'Unsqueeze', inputs: ['x', 'axes'], outputs: ['y'] };

  test('may be computed from constants', () => {
    const to = { to: { i: kInt64 } };
    const cast = { op: 'Cast', inputs: ['axis'], outputs: ['axes'], attributes: to };
    expect(run(fileOf([cast, unsqueeze], axis))).toEqual([[[1, -2]]]);
  });

  test('need at least a rank when they are fed', () => {
    const inputs = [{ name: 'x' }, { name: 'axes', dtype: kInt64, shape: [null] }];
    expect(() => loadSync(fileOf([unsqueeze], { inputs }))).toThrow('an input of unknown rank');
  });
});

describe('functions of a model', () => {
  test('are not needed to be known to the engine', () => {
    expect(() => loadSync(fileOf([{ ...relu, domain: 'com.example' }]))).toThrow(
      'the operator of com.example opset 1',
    );
  });
});

describe('what cannot be loaded', () => {
  test('is told all at once, with the nodes', () => {
    const nodes: NodeSpec[] = [
      { op: 'Foo', name: 'a', inputs: ['x'], outputs: ['t'] },
      { op: 'Foo', name: 'b', inputs: ['t'], outputs: ['u'] },
      { op: 'Relu', name: 'c', inputs: ['u'], outputs: ['v'] },
      { op: 'Bar', name: 'd', domain: 'z', inputs: ['x'], outputs: ['y'] },
    ];
    const file = fileOf(nodes);
    expect(() => loadSync(file)).toThrow(
      expect.objectContaining({
        code: 'UNIMPLEMENTED',
        message:
          'the model needs what is not supported:' +
          "\n  Foo: the operator of ai.onnx opset 17 ('a', 'b')" +
          "\n  Bar: the operator of z opset 1 ('d')",
      }),
    );
    expect(infoSync(file)).toMatchObject({
      operators: { Foo: 2, Relu: 1, 'z.Bar': 1 },
      parameters: 0,
      unsupported: [{ node: 'a' }, { node: 'b' }, { node: 'd' }],
    });
  });

  test.each([
    ['a value that nothing makes', [{ ...relu, inputs: ['q'] }], "nothing makes the value 'q'"],
    [
      'a value that is made twice',
      [relu, { ...relu, name: 'again' }],
      "two nodes make the value 'y'",
    ],
    [
      'a circle',
      [
        { ...relu, inputs: ['t'] },
        { ...relu, inputs: ['y'], outputs: ['t'] },
      ],
      "'act' (Relu) depends on its own output",
    ],
    [
      'an attribute of another type',
      [{ ...relu, op: 'Softmax', attributes: { axis: { f: 1 } } }],
      "node 'act' (Softmax): attribute 'axis' has type FLOAT, expected INT",
    ],
    [
      'shapes that do not fit',
      [{ op: 'MatMul', name: 'mm', inputs: ['x', 'x'], outputs: ['y'] }],
      "node 'mm' (MatMul)",
    ],
  ])('%s', (_, nodes, sentence) => {
    const inputs = [{ ...x, shape: [3, 2] }];
    expect(() => loadSync(fileOf(nodes, { inputs }))).toThrow(
      expect.objectContaining({
        code: 'INVALID_ARGUMENT',
        message: expect.stringContaining(sentence),
      }),
    );
  });

  test('a missing file and wrong arguments', async () => {
    await expect(load('/no/such.onnx')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(() => loadSync('/no/such.onnx')).toThrow("Cannot read the model '/no/such.onnx'");
    await expect(load(Buffer.alloc(0))).rejects.toMatchObject({ code: 'DATA_LOSS' });
    const wrong: unknown = 5;
    await expect(load(wrong as string)).rejects.toThrow(
      'Expected the path or the bytes of a model',
    );
  });
});

test('Multinomial draws classes by their chances alone', () => {
  const logits = { name: 'x', dtype: kFloat, shape: [2, 3] };
  const attributes = { sample_size: { i: 50 }, dtype: { i: 7 }, seed: { f: 3 } };
  const node: NodeSpec = { op: 'Multinomial', inputs: ['x'], outputs: ['y'], attributes };
  const file = fileOf([node], { inputs: [logits], outputs: [{ name: 'y', dtype: kInt64 }] });
  const [first, second] = run(file, [
    [0, -Infinity, -Infinity],
    [-Infinity, 1, 1],
  ]) as bigint[][];
  expect(new Set(first)).toEqual(new Set([0n]));
  expect(new Set(second)).toEqual(new Set([1n, 2n]));
});
