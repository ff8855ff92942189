import { check, checkSync, loadSync } from '../../lib/onnx/index.js';
import { type GraphSpec, kFloat, type ModelSpec, modelFile, type NodeSpec } from './write.js';

const x = { name: 'x', dtype: kFloat, shape: ['n', 2] };
const y = { name: 'y', dtype: kFloat };

const node = (op: string, from: string, to: string, more: Partial<NodeSpec> = {}): NodeSpec => {
  return { op, name: `${op} ${to}`, inputs: [from], outputs: [to], ...more };
};

function problemsOf(nodes: readonly NodeSpec[], more: Partial<GraphSpec> = {}, spec?: ModelSpec) {
  const graph = { nodes, inputs: [x], outputs: [y], ...more };
  return checkSync(modelFile({ ...spec, graph })).problems;
}

test('a model that can be loaded has no problems', async () => {
  const file = modelFile({ graph: { nodes: [node('Relu', 'x', 'y')], inputs: [x], outputs: [y] } });
  const report = { file: 'the model', ok: true, opsets: { 'ai.onnx': 17 }, problems: [] };
  expect(await check(file)).toEqual(report);
  expect(checkSync(file)).toEqual(report);
});

test('operators, dtypes and attributes are in one report', () => {
  const nodes = [
    node('Foo', 'x', 'a'),
    node('Sin', 'x', 'b', { attributes: { wild: { i: 1 } } }),
    node('Add', 'b', 'c', { inputs: ['x', 'w'] }),
    node('Relu', 'x', 'y'),
  ];
  const initializers = [{ name: 'w', dtype: 99, dims: [2], raw: new Uint8Array(2) }];
  expect(problemsOf(nodes, { initializers })).toEqual([
    {
      node: 'w',
      op: 'initializer',
      why: expect.stringContaining('values of data type 99 are not supported'),
    },
    { node: 'Foo a', op: 'Foo', why: 'the operator of ai.onnx opset 17' },
    { node: 'Sin b', op: 'Sin', why: "the attribute 'wild', which the operator does not have" },
  ]);
});

test('what reads unsupported values is looked at as well', () => {
  const nodes = [
    node('Foo', 'x', 'a'),
    node('Sin', 'a', 'b', { attributes: { wild: { i: 1 } } }),
    node('Bar', 'b', 'y'),
  ];
  expect(problemsOf(nodes).map((problem) => problem.op)).toEqual(['Foo', 'Sin', 'Bar']);
});

test('a declared type stands for an unsupported value', () => {
  const attributes = { axis: { i: 0 } };
  const nodes = [node('Foo', 'x', 'a'), node('Softmax', 'a', 'y', { attributes })];
  const valueInfo = [{ name: 'a', dtype: 8, shape: [2, 2] }];
  expect(problemsOf(nodes, { valueInfo }).map((problem) => problem.op)).toEqual(['Foo', 'Softmax']);
  expect(problemsOf(nodes).map((problem) => problem.op)).toEqual(['Foo']);
});

test('problems in subgraphs and functions say where they are', () => {
  const branch = (op: string) => ({
    g: { nodes: [node(op, 'x', `${op} out`)], outputs: [{ ...y, name: `${op} out` }] },
  });
  const attributes = { then_branch: branch('Foo'), else_branch: branch('Sin') };
  const choice = node('If', 'flag', 'y', { attributes });
  const flag = { name: 'flag', dtype: 9, shape: [] };
  expect(problemsOf([choice], { inputs: [x, flag] })).toEqual([
    {
      node: 'Foo Foo out',
      op: 'Foo',
      why: 'the operator of ai.onnx opset 17',
      within: ["then_branch of 'If y'"],
    },
  ]);
  const call = node('F', 'x', 'y', { domain: 'own' });
  const body = { inputs: ['p'], outputs: ['q'], nodes: [node('Bar', 'p', 'q')] };
  const functions = [{ name: 'F', domain: 'own', ...body }];
  const within = ["function own.F called by 'F y'"];
  expect(problemsOf([call], {}, { functions })).toMatchObject([{ op: 'Bar', within }]);
  const later = [node('Foo', 'x', 'a'), { ...call, inputs: ['a'] }];
  expect(problemsOf(later, {}, { functions })).toMatchObject([
    { op: 'Foo' },
    { op: 'Bar', within },
  ]);
});

test('the body of a loop is reported once', () => {
  const body = {
    inputs: [
      { name: 'i', dtype: 7, shape: [] },
      { name: 'go', dtype: 9, shape: [] },
      { name: 's', dtype: kFloat, shape: ['n', 2] },
    ],
    outputs: [{ name: 'go' }, { name: 't' }],
    nodes: [node('Concat', 's', 't', { inputs: ['s', 'x'], attributes: { axis: { i: 0 } } })],
  };
  const dead = node('Foo', 's', 'unused');
  const g = { ...body, nodes: [...body.nodes, dead] };
  const loop = node('Loop', '', 'y', { inputs: ['', '', 'x'], attributes: { body: { g } } });
  expect(problemsOf([loop])).toMatchObject([{ op: 'Foo', within: ["body of 'Loop y'"] }]);
});

test('a model with a problem cannot be loaded', () => {
  const nodes = [node('Sin', 'x', 'y', { attributes: { wild: { i: 1 } } })];
  const file = modelFile({ graph: { nodes, inputs: [x], outputs: [y] } });
  expect(() => loadSync(file)).toThrow("Sin: the attribute 'wild'");
});

test('damaged files and wrong options are errors', async () => {
  await expect(check(Buffer.from('no model'))).rejects.toMatchObject({ code: 'DATA_LOSS' });
  const wrong: object = { sgnal: 1 };
  await expect(check(Buffer.alloc(1), wrong)).rejects.toThrow('sgnal');
});
