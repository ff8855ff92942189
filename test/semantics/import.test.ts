// Graphs as GraphDefs: what is written, what is read, and what is refused.
import {
  add,
  addOp,
  cond,
  constant,
  Graph,
  type GraphDef,
  gradients,
  type ImportGraphDefOptions,
  importGraphDef,
  less,
  matMul,
  mul,
  type NodeDef,
  Operation,
  placeholder,
  Session,
  Tensor,
  variable,
  whileLoop,
} from '../../lib/index.js';
import { engineError, inGraph, mistyped, typeError } from './inGraph.js';

const type = (name: string) => ({ type: `DT_${name}` });
const source = (name: string, dtype = 'FLOAT'): NodeDef => ({
  name,
  op: 'Placeholder',
  attr: { dtype: type(dtype) },
});
const node = (name: string, op: string, input: string[], attr: NodeDef['attr'] = {}): NodeDef => ({
  name,
  op,
  input,
  attr,
});
const neg = (name: string, input: string, dtype = 'FLOAT') =>
  node(name, 'Neg', [input], { T: type(dtype) });
const def = (...nodes: NodeDef[]): GraphDef => ({ node: nodes });
const locations = (...names: string[]) => ({
  list: { s: names.map((name) => Buffer.from(name).toString('base64')) },
});

function expectInvalid(
  graphDef: GraphDef,
  text: string,
  options: ImportGraphDefOptions = {},
): void {
  const graph = new Graph();
  expect(() => importGraphDef(graphDef, { ...options, graph })).toThrow(
    engineError('INVALID_ARGUMENT', text),
  );
  expect(graph.size).toBe(0);
}

inGraph('imp-003, imp-017, imp-018: names', ({ graph }) => {
  constant(1, { name: 'A' });
  constant(1, { name: 'A' });
  constant(1, { name: 'A' });
  const [a, b] = importGraphDef(def(source('A'), neg('B', 'A')), {
    prefix: 'A',
    returnElements: ['A', 'B'],
  });
  expect([a!.name, b!.name]).toEqual(['A_3/A', 'A_3/B']);
  expect(importGraphDef(def(source('A')))).toBeNull();
  expect(graph.operation('import/A').type).toBe('Placeholder');
  importGraphDef(def(source('C')), { prefix: '' });
  expect(graph.operation('C').name).toBe('C');
  expect(() => importGraphDef(def(source('C')), { prefix: '' })).toThrow(
    engineError('INVALID_ARGUMENT', "Node name 'C' already exists in the Graph"),
  );
});

inGraph('imp-005, imp-006: inputs may be mapped', () => {
  const split = node('A', 'Split', ['axis', 'x'], { num_split: { i: 2 }, T: type('FLOAT') });
  const nodes = [source('x'), source('axis', 'INT32'), split];
  const pair = (name: string, k: number) => neg(name, k === 0 ? 'A' : `A:${k}`);
  const t = placeholder('float32', [1], { name: 't' });
  const [b, c, a] = importGraphDef(def(...nodes, pair('B', 0), pair('C', 1)), {
    inputMap: { 'A:1': t },
    returnElements: ['B', 'C', 'A'],
  }).filter((x) => x instanceof Operation);
  expect(b!.inputs[0]).toBe(a!.outputs[0]);
  expect(c!.inputs[0]).toBe(t);
  const [d] = importGraphDef(def(source('A'), neg('B', 'A:0')), {
    inputMap: { A: t },
    returnElements: ['B:0'],
  }).filter((x) => x instanceof Tensor);
  expect(d!.op.inputs[0]).toBe(t);
});

inGraph('imp-007, imp-008: inputs and control inputs', () => {
  const [a, b, c] = importGraphDef(def(neg('B', 'A'), source('A'), node('C', 'NoOp', ['^A'])), {
    returnElements: ['A', 'B', 'C'],
  }).filter((x) => x instanceof Operation);
  expect(b!.inputs).toEqual([a!.outputs[0]]);
  expect(c!.controlInputs).toEqual([a]);
});

test('imp-009: dtypes that do not fit', () => {
  const text = 'was passed int32 from import/A:0 incompatible with expected float32.';
  expectInvalid(def(source('A', 'INT32'), neg('B', 'A')), text);
});

test('imp-010, imp-012: inputs that there are not', () => {
  expectInvalid(def(neg('B', 'A:0')), "Node 'B': Unknown input node 'A:0'");
  expectInvalid(def(node('B', 'NoOp', ['^A'])), "Node 'B': Unknown input node '^A'");
  const text = 'Connecting to invalid output 1 of source node A which has 1 outputs';
  expectInvalid(def(source('A'), neg('B', 'A:1')), text);
});

inGraph('imp-011, imp-016: mapped inputs need no node', () => {
  const [b] = importGraphDef(def(neg('B', 'A:0')), {
    inputMap: { 'A:0': constant(2) },
    returnElements: ['B:0'],
  }).filter((x) => x instanceof Tensor);
  expect(b!.evalSync().item()).toBe(-2);
  expect(importGraphDef(def(source('A')), { inputMap: { 'A:0': 5 } })).toBeNull();
});

test('imp-013, imp-014, imp-015: elements that there are not', () => {
  const one = def(source('A'));
  expectInvalid(one, "Requested return node 'B' not found in graph def", { returnElements: ['B'] });
  expectInvalid(one, "Requested return tensor 'B:0' not found", { returnElements: ['B:0'] });
  const output = "Invalid return output 1 of node 'A', which has 1 output(s)";
  expectInvalid(one, output, { returnElements: ['A:1'] });
  const name = "Cannot convert 'A:B:0' to a tensor name.";
  expectInvalid(one, name, { returnElements: ['A:B:0'] });
  const unused = 'Attempted to map inputs that were not found in graph_def: ';
  expectInvalid(one, `${unused}[B:0]`, { inputMap: { 'B:0': 1 } });
  expectInvalid(one, `${unused}[A:2]`, { inputMap: { 'A:2': 1 } });
  expectInvalid(one, 'requires a non-empty `prefix`', { prefix: '', inputMap: { 'A:0': 1 } });
});

inGraph('imp-019: colocation follows the prefix', ({ graph }) => {
  const b = { ...source('B'), attr: { dtype: type('FLOAT'), _class: locations('loc:@A') } };
  importGraphDef(def(source('A'), b), { prefix: 'imported_graph' });
  const [written] = (graph.toJSON().node ?? []).filter(({ name }) => name.endsWith('/B'));
  expect(written?.attr?._class).toEqual(locations('loc:@imported_graph/A'));
  expectInvalid(def(b), "Node 'B' expects to be colocated with unknown node 'A'");
});

test('imp-021, imp-023: arguments of another type', () => {
  for (const wrong of ['', 3, null, [], { node: 3 }]) {
    expect(() => importGraphDef(mistyped<GraphDef>(wrong))).toThrow(
      typeError('graph_def must be a GraphDef proto.'),
    );
  }
  expect(() => importGraphDef(def(), { returnElements: mistyped<string[]>([7]) })).toThrow(
    typeError('return_elements must be a list of strings.'),
  );
  expect(() => importGraphDef(def(), { inputMap: mistyped<object>(['a']) as never })).toThrow(
    typeError('input_map must be a dictionary mapping strings to Tensor objects.'),
  );
});

test('imp-024, imp-028, imp-029, imp-031: graphs that make no sense', () => {
  expectInvalid(def(source('A'), source('A')), "Node 'A' is not unique");
  const versions = (producer: number, minConsumer: number): GraphDef => ({
    node: [source('A')],
    versions: { producer, minConsumer },
  });
  expectInvalid(versions(-1, 0), 'GraphDef producer version -1 below min producer');
  expectInvalid(versions(1, 2 ** 30), 'above current version');
  const two = node('B', 'Neg', ['A', 'A'], { T: type('FLOAT') });
  const text = "NodeDef expected inputs 'float32' do not match 2 inputs specified";
  expectInvalid(def(source('A'), two), text);
  expectInvalid(def(neg('A', 'B'), neg('B', 'A')), 'contains a cycle with 2 nodes, including: ');
  const unknown = node('B', 'Neg', ['A'], { T: type('FLOAT'), colour: { i: 3 } });
  expectInvalid(def(source('A'), unknown), "NodeDef mentions attr 'colour' not in Op<name=Neg>");
});

test('ops that there are not are told together', () => {
  const graph = new Graph();
  const nodes = [source('A'), node('B', 'Foo', []), node('C', 'Bar', []), node('D', 'Foo', [])];
  expect(() => importGraphDef(def(...nodes), { graph })).toThrow(
    engineError(
      'UNIMPLEMENTED',
      "Op type not registered: 'Bar' (node 'C'), 'Foo' (node 'B' and 1 more)",
    ),
  );
  expect(graph.size).toBe(0);
});

inGraph('attrs of newer producers are taken where they say nothing new', () => {
  const equal = (b: boolean) => {
    const attr = { T: type('FLOAT'), incompatible_shape_error: { b } };
    return def(source('A'), node('B', 'Equal', ['A', 'A'], attr));
  };
  importGraphDef(equal(true));
  expectInvalid(
    equal(false),
    "NodeDef mentions attr 'incompatible_shape_error' not in Op<name=Equal>",
  );
});

inGraph('imp-026: the device of a node wins over the scope', ({ graph }) => {
  const at = (name: string, device: string) => ({ ...source(name), device });
  const imported = graph.device('/device:GPU:0', () =>
    importGraphDef(def(at('a', ''), at('b', '/cpu:0'), at('c', '/job:worker')), {
      returnElements: ['a', 'b', 'c'],
    }),
  );
  const devices = imported.map((x) => (x instanceof Operation ? x.device : ''));
  expect(devices).toEqual(['/device:GPU:0', '/device:CPU:0', '/job:worker/device:GPU:0']);
});

inGraph('imp-027: gradients go through imported nodes', ({ session }) => {
  const mlp = new Graph();
  mlp.asDefault(() => {
    const x = placeholder('float32', [5, 100], { name: 'x' });
    const w = placeholder('float32', [100, 10], { name: 'w' });
    const b = placeholder('float32', [10], { name: 'b' });
    const y = addOp('Tanh', [add(matMul(x, w), b)]).outputs[0]!;
    addOp('Sum', [y, [0, 1]], {}, { name: 'loss' });
  });
  const [w, b] = [variable(new Float32Array(1000).fill(0.1), { shape: [100, 10] }), variable(new Float32Array(10))]; // biome-ignore format: a pair
  const [loss] = importGraphDef(mlp.toGraphDef(), {
    inputMap: new Map([
      ['w', w.value],
      ['b', b.value],
    ]),
    returnElements: ['loss:0'],
  }).filter((x) => x instanceof Tensor);
  const [dw, db] = gradients(loss!, [w, b]);
  expect([dw!.shape, db!.shape]).toEqual([[100, 10], [10]]);
  session.initializeSync();
  const feeds = { 'import/x': new Float32Array(500).fill(0.01) };
  expect(session.runSync(db!, { feeds }).at(3)).toBeCloseTo(5 * (1 - Math.tanh(0.1) ** 2), 4);
});

inGraph('imp-030: defaults of attrs are filled in', ({ graph }) => {
  const product = node('C', 'MatMul', ['A', 'B'], { T: type('FLOAT') });
  importGraphDef(def(source('A'), source('B'), product));
  const [written] = (graph.toJSON().node ?? []).filter(({ name }) => name.endsWith('/C'));
  expect(written?.attr?.transpose_a).toEqual({ b: false });
});

inGraph('imp-032: branches and loops go as functions', ({ graph, session }) => {
  const x = placeholder('float32', [], { name: 'x' });
  const last = whileLoop(
    (i) => less(i, 20),
    (i) => [mul(i, 2)],
    [x],
  )[0];
  const y = cond(
    less(x, 2),
    () => add(last, 1),
    () => mul(last, 3),
  );
  addOp('Identity', [y], {}, { name: 'y' });
  let bytes = graph.toGraphDef();
  for (let round = 0; round < 2; round++) {
    const copy = new Graph();
    importGraphDef(bytes, { graph: copy, prefix: '' });
    using other = new Session(copy);
    for (const value of [1, 3]) {
      const feeds = { x: value };
      const expected = session.runSync('y:0', { feeds });
      expect(other.runSync('y:0', { feeds })).toEqual(expected);
    }
    bytes = copy.toGraphDef();
  }
});

inGraph(
  'grd-001, graphdef-001, graphdef-002: static shapes are written when asked for',
  ({ graph }) => {
    for (const shape of [null, [], [null], [43, 37], [43, null]]) placeholder('float32', shape);
    const shapesOf = (bytes: Uint8Array) => {
      const copy = new Graph();
      importGraphDef(bytes, { graph: copy, prefix: '' });
      return copy.operations.map(({ outputs }) => outputs[0]!.shape);
    };
    const plain = graph.toGraphDef();
    expect(Buffer.from(plain).includes('_output_shapes')).toBe(false);
    const withShapes = graph.toGraphDef({ shapes: true });
    expect(Buffer.from(withShapes).includes('_output_shapes')).toBe(true);
    for (const bytes of [plain, withShapes]) {
      expect(shapesOf(bytes)).toEqual([null, [], [null], [43, 37], [43, null]]);
    }
  },
);
