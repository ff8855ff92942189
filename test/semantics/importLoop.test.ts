// TensorFlow 1's loops, frames of Enter, Merge, Switch, NextIteration and Exit, as whileLoops.
import {
  Graph,
  type GraphDef,
  gradients,
  importGraphDef,
  type NodeDef,
  Session,
  type Tensor,
} from '../../lib/index.js';
import { frame, input, int32 } from './frame.js';
import { engineError } from './inGraph.js';
import { bool, count, float, node, number } from './nodeDefs.js';

const scale = (loop: string) => [
  node(`${loop}/Less`, 'Less', [`${loop}/i/Merge`, `${loop}/n`], { T: int32 }),
  count(`${loop}/n`, 3, `^${loop}/i/Merge`),
  node(`${loop}/add`, 'Add', [`${loop}/i/Identity`, `${loop}/one`], { T: int32 }),
  count(`${loop}/one`, 1, `^${loop}/i/Identity`),
];

/** x times y, three times; y comes from outside. */
const simple: GraphDef = {
  node: [
    input('x'),
    input('y'),
    count('zero', 0),
    ...frame(
      'while',
      'while/Less',
      [
        { name: 'i', first: 'zero', next: 'while/add', type: int32 },
        { name: 'x', first: 'x', next: 'while/mul' },
      ],
      { y: 'y' },
    ),
    ...scale('while'),
    node('while/mul', 'Mul', ['while/x/Identity', 'while/y/Enter']),
    node('result', 'Neg', ['while/x/Exit']),
  ],
};

function run(def: GraphDef, name: string, feeds: Readonly<Record<string, number | boolean>>) {
  const graph = new Graph();
  const [y] = importGraphDef(def, { graph, prefix: '', returnElements: [name] });
  using session = new Session(graph);
  return session.runSync(y as Tensor, { feeds }).item();
}

test('a loop comes after what enters it waits for, and carries the handle of a variable', () => {
  const resource = { type: 'DT_RESOURCE' };
  const enters = new Set(['while/x/Enter']);
  const def: GraphDef = {
    node: [
      input('x'),
      count('zero', 0),
      number('two', 2),
      node('v', 'VarHandleOp', [], { dtype: float, shape: { shape: {} } }),
      node('assign', 'AssignVariableOp', ['v', 'two'], { dtype: float }),
      ...frame('while', 'while/Less', [
        { name: 'i', first: 'zero', next: 'while/add', type: int32 },
        { name: 'x', first: 'x', next: 'while/mul' },
        { name: 'v', first: 'v', next: 'while/v/Identity', type: resource },
      ]).map((each) =>
        enters.has(each.name) ? { ...each, input: [...each.input!, '^assign'] } : each,
      ),
      ...scale('while'),
      node('while/read', 'ReadVariableOp', ['while/v/Identity'], { dtype: float }),
      node('while/mul', 'Mul', ['while/x/Identity', 'while/read']),
      node('after', 'ReadVariableOp', ['while/v/Exit', '^while/x/Exit'], { dtype: float }),
    ],
  };
  expect(run(def, 'while/x/Exit:0', { x: 3 })).toBe(24);
  expect(run(def, 'after:0', { x: 3 })).toBe(2);
});

test('a frame becomes a loop with gradients', () => {
  expect(run(simple, 'result:0', { x: 2, y: 3 })).toBe(-54);
  expect(run(simple, 'while/i/Exit:0', { x: 2, y: 3 })).toBe(3);
  const graph = new Graph();
  const names = ['result:0', 'x:0', 'y:0'];
  const [result, x, y] = importGraphDef(simple, { graph, returnElements: names }) as Tensor[];
  const slopes = gradients(result!, [x!, y!], { unconnected: 'zero' });
  using session = new Session(graph);
  const feeds = { 'import/x': 2, 'import/y': 3 };
  expect(session.runSync(slopes, { feeds }).map((slope) => slope.item())).toEqual([-27, -54]);
});

test('colocation with the plumbing of a loop is dropped', () => {
  const group = { _class: { list: { s: [Buffer.from('loc:@while/x/Enter').toString('base64')] } } };
  const nodes = simple.node!.map((each) => {
    const isColocated = each.name === 'while/mul' || each.name === 'result';
    return isColocated ? { ...each, attr: { ...each.attr, ...group } } : each;
  });
  expect(run({ node: nodes }, 'result:0', { x: 2, y: 3 })).toBe(-54);
});

test('a loop in a loop, and a conditional in a loop', () => {
  const nested: GraphDef = {
    node: [
      input('x'),
      input('y'),
      count('zero', 0),
      ...frame(
        'a',
        'a/Less',
        [
          { name: 'i', first: 'zero', next: 'a/add', type: int32 },
          { name: 'x', first: 'x', next: 'a/c/Merge' },
        ],
        { y: 'y' },
      ),
      ...scale('a'),
      count('a/zero', 0, '^a/i/Identity'),
      ...frame(
        'a/b',
        'a/b/Less',
        [
          { name: 'i', first: 'a/zero', next: 'a/b/add', type: int32 },
          { name: 'x', first: 'a/x/Identity', next: 'a/b/sum' },
        ],
        { y: 'a/y/Enter' },
      ),
      ...scale('a/b'),
      node('a/b/sum', 'Add', ['a/b/x/Identity', 'a/b/y/Enter']),
      // is it large? then half of it
      number('a/limit', 10, '^a/i/Identity'),
      node('a/large', 'Greater', ['a/b/x/Exit', 'a/limit']),
      node('a/c/pred_id', 'Identity', ['a/large'], { T: bool }),
      node('a/c/Switch', 'Switch', ['a/large', 'a/large'], { T: bool }),
      node('a/c/switch_t', 'Identity', ['a/c/Switch:1'], { T: bool }),
      number('a/c/half', 0.5, '^a/c/switch_t'),
      node('a/c/x/Switch', 'Switch', ['a/b/x/Exit', 'a/c/pred_id']),
      node('a/c/mul', 'Mul', ['a/c/x/Switch:1', 'a/c/half']),
      node('a/c/Merge', 'Merge', ['a/c/x/Switch', 'a/c/mul'], { N: { i: 2 }, T: float }),
    ],
  };
  let expected = 1;
  for (let i = 0; i < 3; i++) {
    expected += 3 * 2;
    if (expected > 10) expected *= 0.5;
  }
  expect(run(nested, 'a/x/Exit:0', { x: 1, y: 2 })).toBe(expected);
});

test('a loop in a conditional', () => {
  const def: GraphDef = {
    node: [
      ...simple.node!.map((each) => {
        if (each.name === 'while/x/Enter') return { ...each, input: ['x/Switch:1'] };
        if (each.name === 'while/y/Enter') return { ...each, input: ['y/Switch:1'] };
        if (each.name === 'zero') return { ...each, input: ['^switch_t'] };
        return each;
      }),
      input('is', bool),
      node('Switch', 'Switch', ['is', 'is'], { T: bool }),
      node('switch_t', 'Identity', ['Switch:1'], { T: bool }),
      node('x/Switch', 'Switch', ['x', 'is']),
      node('y/Switch', 'Switch', ['y', 'is']),
      node('Merge', 'Merge', ['x/Switch', 'result'], { N: { i: 2 }, T: float }),
    ],
  };
  const at = (is: boolean) => run(def, 'Merge:0', { x: 2, y: 3, is });
  expect([at(true), at(false)]).toEqual([-54, 2]);
});

test('what a loop does, it does in each step', () => {
  const def: GraphDef = {
    node: [
      ...simple.node!.map((each) => {
        const waits = each.name === 'while/mul' ? ['^while/Assert'] : [];
        return { ...each, input: [...(each.input ?? []), ...waits] };
      }),
      number('while/limit', 10, '^while/i/Identity'),
      node('while/ok', 'Less', ['while/x/Identity', 'while/limit']),
      node('while/Assert', 'Assert', ['while/ok', 'while/x/Identity'], {
        T: { list: { type: ['DT_FLOAT'] } },
      }),
    ],
  };
  expect(run(def, 'result:0', { x: 1, y: 2 })).toBe(-8);
  expect(() => run(def, 'result:0', { x: 2, y: 3 })).toThrow(
    engineError('INVALID_ARGUMENT', 'assertion failed: [18]'),
  );
});

test.each<[string, (def: readonly NodeDef[]) => NodeDef[], string]>([
  [
    'without a condition',
    (nodes) => nodes.filter(({ op }) => op !== 'LoopCond'),
    'has 0 conditions and 2 variables',
  ],
  [
    'without a way back',
    (nodes) =>
      nodes.map((each) =>
        each.op === 'Merge' ? { ...each, input: [each.input![0]!, each.input![0]!] } : each,
      ),
    'has 1 conditions and 0 variables',
  ],
  [
    'that reads what is outside',
    (nodes) =>
      nodes.map((each) =>
        each.name === 'while/mul' ? { ...each, input: ['while/x/Identity', 'y'] } : each,
      ),
    "reads 'y', which is outside",
  ],
])('a frame %s', (_, change, message) => {
  const def = { node: change(simple.node!) };
  expect(() => importGraphDef(def, { graph: new Graph() })).toThrow(
    engineError('INVALID_ARGUMENT', message),
  );
});
