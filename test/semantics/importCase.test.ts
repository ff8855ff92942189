// Case, a choice among several branches.
import { Graph, type GraphDef, importGraphDef, Session, type Tensor } from '../../lib/index.js';
import { input, int32 } from './frame.js';
import { engineError } from './inGraph.js';
import { float, node, number } from './nodeDefs.js';

const branch = (name: string, factor: number) => ({
  signature: {
    name,
    inputArg: [{ name: 'x', type: 'DT_FLOAT' }],
    outputArg: [
      { name: 'y', type: 'DT_FLOAT' },
      { name: 'same', type: 'DT_FLOAT' },
    ],
  },
  nodeDef: [number('factor', factor), node('mul', 'Mul', ['x', 'factor:output:0'])],
  ret: { y: 'mul:z:0', same: 'x' },
});

const types = { list: { type: ['DT_FLOAT', 'DT_FLOAT'] } };

function def(op: string, names: readonly string[]): GraphDef {
  return {
    node: [
      input('x'),
      input('i', int32),
      node('case', op, ['i', 'x'], {
        Tin: { list: { type: ['DT_FLOAT'] } },
        Tout: types,
        branches: { list: { func: names.map((name) => ({ name })) } },
        output_shapes: { list: {} },
      }),
      node('sum', 'AddV2', ['case', 'case:1'], { T: float }),
    ],
    library: { function: [branch('tens', 10), branch('double', 2), branch('minus', -1)] },
  };
}

function run(graphDef: GraphDef, i: number): number {
  const graph = new Graph();
  const [y] = importGraphDef(graphDef, {
    graph,
    prefix: '',
    returnElements: ['sum:0'],
  }) as Tensor[];
  using session = new Session(graph);
  return Number(session.runSync(y!, { feeds: { x: 3, i } }).item());
}

test('the branch that the index says, the last one for other indices', () => {
  for (const op of ['Case', 'StatelessCase']) {
    const three = def(op, ['tens', 'double', 'minus']);
    expect([0, 1, 2, 3, -1].map((i) => run(three, i))).toEqual([33, 9, 0, 0, 0]);
    expect([0, 1].map((i) => run(def(op, ['double', 'tens']), i))).toEqual([9, 33]);
    expect([0, 1].map((i) => run(def(op, ['double']), i))).toEqual([9, 9]);
  }
});

test('branches that there are not, and those that hold themselves', () => {
  expect(() => run(def('Case', []), 0)).toThrow(
    engineError('INVALID_ARGUMENT', "Node 'case' has no branches"),
  );
  const [first, ...others] = def('Case', ['tens', 'double']).library!.function!;
  const again = node('case', 'Case', ['x', 'x'], def('Case', ['tens', 'double']).node![2]!.attr);
  const fn = { ...first!, nodeDef: [...first!.nodeDef!, again] };
  const graphDef = { ...def('Case', ['tens', 'double']), library: { function: [fn, ...others] } };
  expect(() => run(graphDef, 0)).toThrow(
    engineError('INVALID_ARGUMENT', "Node 'case': function 'tens' holds itself"),
  );
});

test('arguments and results of a function that is the whole graph', () => {
  const graphDef = {
    node: [
      node('x', '_Arg', [], { T: float, index: { i: 0 } }),
      node('y', 'Neg', ['x']),
      node('ret', '_Retval', ['y'], { T: float, index: { i: 0 } }),
    ],
  };
  const graph = new Graph();
  const [y] = importGraphDef(graphDef, {
    graph,
    prefix: '',
    returnElements: ['ret:0'],
  }) as Tensor[];
  using session = new Session(graph);
  expect(session.runSync(y!, { feeds: { x: [1, 2] } }).toArray()).toEqual([-1, -2]);
});
