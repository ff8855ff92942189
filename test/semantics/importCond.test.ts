// TensorFlow 1's conditionals, pairs of Switch and Merge, as branches.
import {
  Graph,
  type GraphDef,
  gradients,
  importGraphDef,
  type NodeDef,
  Session,
  type Tensor,
} from '../../lib/index.js';
import { engineError } from './inGraph.js';
import { bool, float, node, number } from './nodeDefs.js';

const scalar = { shape: { shape: {} } };

/** The pivots of a conditional, as TensorFlow writes them. */
const pivots = (name: string, predicate: string): NodeDef[] => [
  node(`${name}/Switch`, 'Switch', [predicate, predicate], { T: bool }),
  node(`${name}/switch_t`, 'Identity', [`${name}/Switch:1`], { T: bool }),
  node(`${name}/switch_f`, 'Identity', [`${name}/Switch`], { T: bool }),
  node(`${name}/pred_id`, 'Identity', [predicate], { T: bool }),
];

/** is ? x * 3 : x - y, where x + 1 is made outside. */
const simple: GraphDef = {
  node: [
    node('x', 'Placeholder', [], { dtype: float, ...scalar }),
    node('y', 'Placeholder', [], { dtype: float, ...scalar }),
    node('is', 'Placeholder', [], { dtype: bool, ...scalar }),
    number('one', 1),
    node('x1', 'Add', ['x', 'one']),
    ...pivots('cond', 'is'),
    number('cond/three', 3, '^cond/switch_t'),
    node('cond/x/Switch', 'Switch', ['x1', 'cond/pred_id']),
    node('cond/y/Switch', 'Switch', ['y', 'cond/pred_id']),
    node('cond/mul', 'Mul', ['cond/x/Switch:1', 'cond/three']),
    node('cond/sub', 'Sub', ['cond/x/Switch', 'cond/y/Switch']),
    node('cond/Merge', 'Merge', ['cond/sub', 'cond/mul'], { N: { i: 2 }, T: float }),
    node('result', 'Neg', ['cond/Merge']),
  ],
};

function run(
  def: GraphDef,
  names: readonly string[],
  feeds: Readonly<Record<string, number | boolean>>,
) {
  const graph = new Graph();
  const found = importGraphDef(def, { graph, prefix: '', returnElements: names });
  using session = new Session(graph);
  return session
    .runSync(
      found.map((x) => x as Tensor),
      { feeds },
    )
    .map((y) => y.item());
}

test('a Merge may have its inputs in either order', () => {
  const nodes = simple.node!.map((each) =>
    each.name === 'cond/Merge' ? { ...each, input: ['cond/mul', 'cond/sub'] } : each,
  );
  const names = ['cond/Merge:0', 'cond/Merge:1'];
  expect(run({ node: nodes }, names, { x: 2, y: 5, is: true })).toEqual([9, 0]);
  expect(run({ node: nodes }, names, { x: 2, y: 5, is: false })).toEqual([-2, 1]);
});

test('what a Merge waits for is done in its branch, or before', () => {
  const assign = (name: string, ...waits: string[]) =>
    node(name, 'AssignVariableOp', ['v', 'cond/y/Switch', ...waits], { dtype: float });
  const waits = ['^cond/assign', '^before', '^cond/done'];
  const nodes = simple.node!.map((each) =>
    each.name === 'cond/Merge' ? { ...each, input: [...each.input!, ...waits] } : each,
  );
  const def = {
    node: [
      ...nodes,
      node('v', 'VarHandleOp', [], { dtype: float, ...scalar }),
      node('before', 'AssignVariableOp', ['v', 'one'], { dtype: float }),
      assign('cond/assign', '^before'),
      node('cond/done', 'NoOp', ['^cond/switch_t'], {}),
      node('after', 'ReadVariableOp', ['v', '^cond/Merge'], { dtype: float }),
    ],
  };
  const names = ['cond/Merge:0', 'after:0'];
  expect(run(def, names, { x: 2, y: 5, is: true })).toEqual([9, 1]);
  expect(run(def, names, { x: 2, y: 5, is: false })).toEqual([-2, 5]);
});

test('a conditional becomes a branch with gradients', () => {
  const names = ['result:0', 'cond/Merge:1'];
  expect(run(simple, names, { x: 4, y: 2, is: true })).toEqual([-15, 1]);
  expect(run(simple, names, { x: 4, y: 2, is: false })).toEqual([-3, 0]);
  const graph = new Graph();
  const [result, x] = importGraphDef(simple, { graph, returnElements: ['result:0', 'x:0'] });
  const [slope] = gradients(result as Tensor, [x as Tensor]) as Tensor[];
  using session = new Session(graph);
  for (const [is, expected] of [
    [true, -3],
    [false, -1],
  ] as const) {
    const feeds = { 'import/x': 1, 'import/y': 1, 'import/is': is };
    expect(session.runSync(slope!, { feeds }).item()).toBe(expected);
  }
  expect(graph.operations.some(({ type }) => type === 'StatelessIf')).toBe(true);
});

/** is ? (big ? x * x : x) : 7, the inner one written inside of the outer one. */
const nested: GraphDef = {
  node: [
    node('x', 'Placeholder', [], { dtype: float, ...scalar }),
    node('is', 'Placeholder', [], { dtype: bool, ...scalar }),
    node('big', 'Placeholder', [], { dtype: bool, ...scalar }),
    ...pivots('a', 'is'),
    node('a/big/Switch', 'Switch', ['big', 'a/pred_id'], { T: bool }),
    node('a/x/Switch', 'Switch', ['x', 'a/pred_id']),
    ...pivots('a/b', 'a/big/Switch:1'),
    node('a/b/x/Switch', 'Switch', ['a/x/Switch:1', 'a/b/pred_id']),
    node('a/b/Mul', 'Mul', ['a/b/x/Switch:1', 'a/b/x/Switch:1']),
    node('a/b/Merge', 'Merge', ['a/b/x/Switch', 'a/b/Mul'], { N: { i: 2 }, T: float }),
    number('a/seven', 7, '^a/switch_f'),
    node('a/Merge', 'Merge', ['a/seven', 'a/b/Merge'], { N: { i: 2 }, T: float }),
  ],
};

test('conditionals inside of each other', () => {
  const at = (is: boolean, big: boolean) => run(nested, ['a/Merge:0'], { x: 5, is, big });
  expect([at(true, true), at(true, false), at(false, true), at(false, false)]).toEqual([
    [25],
    [5],
    [7],
    [7],
  ]);
});

test('only the branch that is taken runs', () => {
  const assertion: GraphDef = {
    node: [
      node('ok', 'Placeholder', [], { dtype: bool, ...scalar }),
      node('x', 'Placeholder', [], { dtype: float, ...scalar }),
      ...pivots('c', 'ok'),
      node('c/ok', 'Switch', ['ok', 'c/pred_id'], { T: bool }),
      node('c/Assert', 'Assert', ['c/ok', 'c/x'], { T: { list: { type: ['DT_FLOAT'] } } }),
      node('c/x', 'Switch', ['x', 'c/pred_id']),
      node('c/no', 'Identity', ['c/switch_f', '^c/Assert'], { T: bool }),
      node('c/yes', 'Identity', ['c/switch_t'], { T: bool }),
      node('c/Merge', 'Merge', ['c/no', 'c/yes'], { N: { i: 2 }, T: bool }),
      node('checked', 'Identity', ['x', '^c/Merge']),
    ],
  };
  expect(run(assertion, ['checked:0'], { ok: true, x: 3 })).toEqual([3]);
  expect(() => run(assertion, ['checked:0'], { ok: false, x: 3 })).toThrow(
    engineError('INVALID_ARGUMENT', 'assertion failed: [3]'),
  );
});

test('merges without a predicate', () => {
  const x = node('x', 'Placeholder', [], { dtype: float, ...scalar });
  const merge = node('m', 'Merge', ['x', 'x'], { N: { i: 2 }, T: float });
  expect(() => importGraphDef({ node: [x, merge] }, { graph: new Graph() })).toThrow(
    engineError('INVALID_ARGUMENT', "Node 'm': no predicate decides between the inputs of Merge"),
  );
});
