import { loadSync } from '../../lib/onnx/index.js';
import { Session } from '../../lib/session.js';
import type { Values } from '../../lib/value.js';
import { type GraphSpec, kFloat, kInt64, modelFile } from './write.js';

const kBool = 9;

function run(graph: GraphSpec, feeds: Readonly<Record<string, Values>>): Record<string, unknown> {
  const model = loadSync(modelFile({ graph }));
  const session = new Session(model.graph);
  const pairs = Object.entries(feeds).map(([name, value]) => [model.inputs[name]!, value] as const);
  const results = session.runSync(model.outputs, { feeds: pairs });
  return Object.fromEntries(
    Object.entries(results).map(([name, array]) => [name, array.toArray()]),
  );
}

describe('If', () => {
  const branch = (op: string): GraphSpec => ({
    nodes: [{ op, inputs: ['x', 'w'], outputs: ['r'] }],
    outputs: [{ name: 'r', dtype: kFloat }],
  });
  const graph: GraphSpec = {
    initializers: [{ name: 'w', dims: [2], floats: [10, 20] }],
    inputs: [
      { name: 'c', dtype: kBool, shape: [] },
      { name: 'x', dtype: kFloat, shape: [2] },
    ],
    nodes: [
      {
        op: 'If',
        inputs: ['c'],
        outputs: ['y'],
        attributes: { then_branch: { g: branch('Add') }, else_branch: { g: branch('Sub') } },
      },
    ],
    outputs: [{ name: 'y', dtype: kFloat, shape: [2] }],
  };

  test('runs one branch, with values from outside', () => {
    expect(run(graph, { c: true, x: [1, 2] })).toEqual({ y: [11, 22] });
    expect(run(graph, { c: false, x: [1, 2] })).toEqual({ y: [-9, -18] });
  });

  test('tells what is not supported in a branch', () => {
    const nodes = [
      {
        ...graph.nodes![0]!,
        attributes: { then_branch: { g: branch('Foo') }, else_branch: { g: branch('Bar') } },
      },
    ];
    expect(() => loadSync(modelFile({ graph: { ...graph, nodes } }))).toThrow('Foo: the operator');
  });
});

describe('Loop', () => {
  // Sums x * (turn + 1) as long as the sum stays below a limit, and collects the sums.
  const body: GraphSpec = {
    inputs: [
      { name: 'i', dtype: kInt64, shape: [] },
      { name: 'going', dtype: kBool, shape: [] },
      { name: 'sum', dtype: kFloat, shape: [1] },
    ],
    initializers: [{ name: 'most', dims: [], floats: [20] }],
    nodes: [
      { op: 'Cast', inputs: ['i'], outputs: ['turn'], attributes: { to: { i: kFloat } } },
      { op: 'Add', inputs: ['turn', 'one'], outputs: ['factor'] },
      { op: 'Mul', inputs: ['x', 'factor'], outputs: ['part'] },
      { op: 'Add', inputs: ['sum', 'part'], outputs: ['next'] },
      { op: 'Less', inputs: ['next', 'most'], outputs: ['below'] },
      { op: 'Identity', inputs: ['next'], outputs: ['seen'] },
    ],
    outputs: [
      { name: 'below', dtype: kBool, shape: [1] },
      { name: 'next', dtype: kFloat, shape: [1] },
      { name: 'seen', dtype: kFloat, shape: [1] },
    ],
  };
  const graph: GraphSpec = {
    initializers: [
      { name: 'one', dims: [], floats: [1] },
      { name: 'start', dims: [1], floats: [0] },
    ],
    inputs: [
      { name: 'turns', dtype: kInt64, shape: [] },
      { name: 'x', dtype: kFloat, shape: [1] },
    ],
    nodes: [
      {
        op: 'Loop',
        inputs: ['turns', '', 'start'],
        outputs: ['total', 'sums'],
        attributes: { body: { g: body } },
      },
    ],
    outputs: [
      { name: 'total', dtype: kFloat, shape: [1] },
      { name: 'sums', dtype: kFloat, shape: [null, 1] },
    ],
  };

  test('ends by its number of turns, or by its condition', () => {
    expect(run(graph, { turns: 3, x: [2] })).toEqual({ total: [12], sums: [[2], [6], [12]] });
    expect(run(graph, { turns: 100, x: [5] })).toEqual({ total: [30], sums: [[5], [15], [30]] });
  });

  test('may have no turn at all', () => {
    expect(run(graph, { turns: 0, x: [2] }).total).toEqual([0]);
  });
});
