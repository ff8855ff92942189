import { loadSync } from '../../lib/onnx/index.js';
import { Session } from '../../lib/session.js';
import { type GraphSpec, kFloat, kInt64, modelFile, type SparseSpec } from './write.js';

const rows: SparseSpec = {
  values: { name: 's', dtype: kFloat, dims: [2], floats: [5, 7] },
  indices: { dtype: kInt64, dims: [2, 2], int64s: [0, 1, 1, 2] },
  dims: [2, 3],
};
const places = { ...rows, indices: { dtype: kInt64, dims: [2], int64s: [1, 5] } };
const dense = [
  [0, 5, 0],
  [0, 0, 7],
];

function load(graph: GraphSpec) {
  return loadSync(modelFile({ opset: 13, graph: { outputs: [{ name: 'y' }], ...graph } }));
}

function run(graph: GraphSpec) {
  const model = load(graph);
  using session = new Session(model.graph);
  return session.runSync(model.outputs.y!).toArray();
}

const nodes = [{ op: 'Identity', inputs: ['s'], outputs: ['y'] }];

test.each([rows, places])('a sparse initializer, by rows or by places', (sparse) => {
  expect(run({ nodes, sparse: [sparse] })).toEqual(dense);
});

test('a sparse constant', () => {
  const constant = {
    op: 'Constant',
    inputs: [],
    outputs: ['y'],
    attributes: { sparse_value: { sparse: rows } },
  };
  expect(run({ nodes: [constant] })).toEqual(dense);
});

test('one without values is all zeros', () => {
  const none = { dtype: kInt64, dims: [0, 2], int64s: [] };
  const values = { name: 's', dtype: kFloat, dims: [0], floats: [] };
  expect(run({ nodes, sparse: [{ values, indices: none, dims: [2, 1] }] })).toEqual([[0], [0]]);
});

test('a sparse initializer that a branch reads', () => {
  const branch: GraphSpec = { nodes, outputs: [{ name: 'y' }], sparse: [rows] };
  const attributes = { then_branch: { g: branch }, else_branch: { g: branch } };
  const condition = { name: 'c', dtype: 9, dims: [], int32s: [1] };
  const choice = { op: 'If', inputs: ['c'], outputs: ['y'], attributes };
  expect(run({ nodes: [choice], initializers: [condition] })).toEqual(dense);
});

test('indices beyond the dims and dims that are none are refused', () => {
  const beyond = { ...places, indices: { dtype: kInt64, dims: [2], int64s: [1, 6] } };
  expect(() => load({ nodes, sparse: [beyond] })).toThrow('has indices beyond its dims');
  const few = { ...rows, indices: { dtype: kInt64, dims: [3], int64s: [0, 1, 1] } };
  expect(() => load({ nodes, sparse: [few] })).toThrow('has 2 values and 3 indices');
  const huge = { ...places, dims: [2 ** 30, 2 ** 30] };
  expect(() => load({ nodes, sparse: [huge] })).toThrow('has the dims');
});
