// What loops do with lists, in the ways that exporters and people write it.
import {
  Graph,
  type GraphDef,
  gradients,
  importGraphDef,
  type NodeDef,
  Session,
  type Tensor,
} from '../../lib/index.js';
import { input, int32 } from './frame.js';
import { bool, count, float, node } from './nodeDefs.js';

const variant = { type: 'DT_VARIANT' };
const dtype = { element_dtype: float };
const shaped = { ...dtype, shape_type: int32 };
const vector = (name: string) =>
  node(name, 'Placeholder', [], { dtype: float, shape: { shape: { dim: [{ size: -1 }] } } });
const any = (name: string) => count(name, -1);
const identity = (name: string, from: string, T = variant) => node(name, 'Identity', [from], { T });

interface Variable {
  readonly name: string;
  readonly type: { readonly type: string };
  /** Before the first step, and after each one. */
  readonly first: string;
  readonly next: string;
}

/** A loop while t < n, its functions made of these nodes. */
function loop(name: string, variables: readonly Variable[], nodes: readonly NodeDef[]) {
  const all = [
    { name: 't', type: int32, first: 'zero', next: 'more:z:0' },
    { name: 'n', type: int32, first: 'n', next: 'n' },
    ...variables,
  ];
  const inputArg = all.map((each) => ({ name: each.name, type: each.type.type }));
  const outputArg = all.map(({ type }, k) => ({ name: `out_${k}`, ...type }));
  const call = node(
    name,
    'StatelessWhile',
    all.map(({ first }) => first),
    {
      T: { list: { type: inputArg.map(({ type }) => type) } },
      cond: { func: { name: `${name}_cond` } },
      body: { func: { name: `${name}_body` } },
    },
  );
  const library = [
    {
      signature: { name: `${name}_cond`, inputArg, outputArg: [{ name: 'go', ...bool }] },
      nodeDef: [node('less', 'Less', ['t', 'n'], { T: int32 })],
      ret: { go: 'less:z:0' },
    },
    {
      signature: { name: `${name}_body`, inputArg, outputArg },
      nodeDef: [
        count('one', 1),
        node('more', 'AddV2', ['t', 'one:output:0'], { T: int32 }),
        ...nodes,
      ],
      ret: Object.fromEntries(all.map(({ next }, k) => [`out_${k}`, next] as const)),
    },
  ];
  return { call, library };
}

function imported(def: GraphDef, names: readonly string[]) {
  const graph = new Graph();
  return { graph, found: importGraphDef(def, { graph, prefix: '', returnElements: names }) };
}

function run(def: GraphDef, names: readonly string[], feeds: Record<string, number | number[]>) {
  const { graph, found } = imported(def, names);
  using session = new Session(graph);
  return session.runSync(found as Tensor[], { feeds }).map((value) => value.toArray());
}

const item = (list: string, at: string) =>
  node('item', 'TensorListGetItem', [list, at, 'any:output:0'], dtype);
const start = [vector('x'), input('n', int32), count('zero', 0), any('any')];

/** Twice each item, pushed to a list that begins empty. */
const pushed = loop(
  'push',
  [
    { name: 'list', type: variant, first: 'empty', next: 'push:output_handle:0' },
    { name: 'in', type: variant, first: 'in', next: 'in' },
  ],
  [
    any('any'),
    item('in', 't'),
    node('twice', 'AddV2', ['item:item:0', 'item:item:0']),
    node('push', 'TensorListPushBack', ['list', 'twice:z:0'], dtype),
  ],
);
const pushing: GraphDef = {
  node: [
    ...start,
    node('in', 'TensorListFromTensor', ['x', 'any'], shaped),
    node('empty', 'EmptyTensorList', ['any', 'any'], shaped),
    pushed.call,
    identity('list', 'push:2'),
    node('stack', 'TensorListStack', ['list', 'any'], dtype),
    node('length', 'TensorListLength', ['list'], {}),
    count('one', 1),
    node('second', 'TensorListGetItem', ['list', 'one', 'any'], dtype),
    node('popped', 'TensorListPopBack', ['list', 'any'], dtype),
  ],
  library: { function: pushed.library },
};

test('a list that grows by an item in each step is a tensor, and a list where it has to be', () => {
  const names = ['stack:0', 'length:0', 'second:0', 'popped:1'];
  const x = [1, 2, 3, 4];
  expect(run(pushing, names, { x, n: 3 })).toEqual([[2, 4, 6], 3, 4, 6]);
  expect(run(pushing, ['stack:0', 'length:0'], { x, n: 0 })).toEqual([[], 0]);
  const { graph, found } = imported(pushing, ['second:0', 'x:0']);
  const [second, from] = found as Tensor[];
  const slopes = gradients(second!, [from!]) as Tensor[];
  using session = new Session(graph);
  const [slope] = session.runSync(slopes, { feeds: { x, n: 3 } });
  expect(slope!.toArray()).toEqual([0, 2, 0, 0]);
});

/** For each t the sum of the products of item t with all items: a loop that reads in a loop. */
const inner = loop(
  'inner',
  [
    { name: 'sum', type: float, first: 'none', next: 'sum_1:z:0' },
    { name: 'in', type: variant, first: 'in', next: 'in' },
    { name: 'factor', type: float, first: 'item:item:0', next: 'factor' },
  ],
  [
    any('any'),
    item('in', 't'),
    node('mul', 'Mul', ['item:item:0', 'factor']),
    node('sum_1', 'AddV2', ['sum', 'mul:z:0']),
  ],
);
const outer = loop(
  'outer',
  [
    { name: 'out', type: variant, first: 'out', next: 'set:output_handle:0' },
    { name: 'in', type: variant, first: 'in', next: 'in' },
  ],
  [
    any('any'),
    item('in', 't'),
    count('zero', 0),
    node('none', 'ZerosLike', ['item:item:0']),
    {
      ...inner.call,
      input: ['zero:output:0', 'n', 'none:y:0', 'in', 'item:item:0'],
    },
    node('set', 'TensorListSetItem', ['out', 't', 'inner:output:2'], dtype),
  ],
);

test('a list that a loop in a loop reads, and places by their numbers', () => {
  const def: GraphDef = {
    node: [
      ...start,
      node('in', 'TensorListFromTensor', ['x', 'any'], shaped),
      node('out', 'TensorListReserve', ['any', 'n'], shaped),
      outer.call,
      node('places', 'Placeholder', [], {
        dtype: int32,
        shape: { shape: { dim: [{ size: -1 }] } },
      }),
      node('some', 'TensorListGather', ['outer:2', 'places', 'any'], dtype),
      node('back', 'TensorListStack', ['outer:3', 'any'], dtype),
    ],
    library: { function: [...inner.library, ...outer.library] },
  };
  const feeds = { x: [1, 2, 3], n: 3, places: [2, 0] };
  expect(run(def, ['some:0', 'back:0'], feeds)).toEqual([
    [18, 6],
    [1, 2, 3],
  ]);
  const { graph, found } = imported(def, ['some:0', 'x:0']);
  const [some, x] = found as Tensor[];
  const slopes = gradients(some!, [x!]) as Tensor[];
  using session = new Session(graph);
  expect(session.runSync(slopes, { feeds })[0]!.toArray()).toEqual([10, 4, 10]);
});

/** The sum of the items in odd places: a list that a loop hands to a branch. */
const choosing = loop(
  'choose',
  [
    { name: 'sum', type: float, first: 'nothing', next: 'if:output:0' },
    { name: 'in', type: variant, first: 'in', next: 'in' },
  ],
  [
    count('two', 2),
    node('mod', 'FloorMod', ['t', 'two:output:0'], { T: int32 }),
    node('odd', 'Equal', ['mod:z:0', 'one:output:0'], { T: int32 }),
    node('if', 'StatelessIf', ['odd:z:0', 'in', 't', 'sum'], {
      Tcond: bool,
      Tin: { list: { type: ['DT_VARIANT', 'DT_INT32', 'DT_FLOAT'] } },
      Tout: { list: { type: ['DT_FLOAT'] } },
      then_branch: { func: { name: 'take' } },
      else_branch: { func: { name: 'leave' } },
    }),
  ],
);
const branchArgs = [
  { name: 'list', ...variant },
  { name: 'at', ...int32 },
  { name: 'sum', ...float },
];

test('a list that a loop hands to a branch', () => {
  const signature = (name: string) => {
    return { name, inputArg: branchArgs, outputArg: [{ name: 'y', ...float }] };
  };
  const def: GraphDef = {
    node: [
      ...start,
      input('nothing'),
      node('in', 'TensorListFromTensor', ['x', 'any'], shaped),
      choosing.call,
      identity('y', 'choose:2', float),
    ],
    library: {
      function: [
        ...choosing.library,
        {
          signature: signature('take'),
          nodeDef: [any('any'), item('list', 'at'), node('add', 'AddV2', ['item:item:0', 'sum'])],
          ret: { y: 'add:z:0' },
        },
        { signature: signature('leave'), ret: { y: 'sum' } },
      ],
    },
  };
  const feeds = { x: [1, 2, 3, 4], n: 4, nothing: 0 };
  expect(run(def, ['y:0'], feeds)).toEqual([6]);
  const { graph, found } = imported(def, ['y:0', 'x:0']);
  const [y, x] = found as Tensor[];
  const slopes = gradients(y!, [x!]) as Tensor[];
  using session = new Session(graph);
  expect(session.runSync(slopes, { feeds })[0]!.toArray()).toEqual([0, 1, 0, 1]);
});

test('a list that branches hand on to others, each twice, is refused in time', () => {
  const types = { Tcond: bool, Tin: { list: { type: ['DT_VARIANT', 'DT_BOOL'] } } };
  const passing = (name: string, list: string, p: string, to: string) =>
    node(name, 'StatelessIf', [p, list, p], {
      ...types,
      Tout: { list: { type: ['DT_FLOAT'] } },
      then_branch: { func: { name: to } },
      else_branch: { func: { name: to } },
    });
  const depth = 60;
  const signature = (i: number) => ({
    name: `f${i}`,
    inputArg: [
      { name: 'l', ...variant },
      { name: 'p', ...bool },
    ],
    outputArg: [{ name: 'y', ...float }],
  });
  const passed = Array.from({ length: depth }, (_, i) => ({
    signature: signature(i),
    nodeDef: [
      passing('a', 'l', 'p', `f${i + 1}`),
      passing('b', 'l', 'p', `f${i + 1}`),
      node('s', 'AddV2', ['a:output:0', 'b:output:0'], { T: float }),
    ],
    ret: { y: 's:z:0' },
  }));
  const last = {
    signature: signature(depth),
    nodeDef: [
      count('zero', 0),
      any('any'),
      node('g', 'TensorListGetItem', ['l', 'zero:output:0', 'any:output:0'], dtype),
    ],
    ret: { y: 'g:item:0' },
  };
  const made = node('made', 'TensorListFromTensor', ['x', 'any'], shaped);
  const p = node('p', 'Placeholder', [], { dtype: bool, shape: { shape: {} } });
  const def: GraphDef = {
    node: [vector('x'), p, any('any'), made, passing('y', 'made', 'p', 'f0')],
    library: { function: [...passed, last] },
  };
  const began = performance.now();
  expect(() => importGraphDef(def, { graph: new Graph() })).toThrow('hold each other too often');
  expect(performance.now() - began).toBeLessThan(8000);
});
