// The index that steps between a GraphDef and the graph use: true after each change.
import { inlineCalls } from '../../lib/graphdef/inline.js';
import { NodeIndex } from '../../lib/graphdef/nodeIndex.js';
import { WorkGraph } from '../../lib/graphdef/workGraph.js';
import { engineError } from './inGraph.js';
import { node } from './nodeDefs.js';

const names = (nodes: Iterable<{ readonly name: string }>) => [...nodes].map(({ name }) => name);

test('nodes are found by name and by what they read', () => {
  const index = new NodeIndex([
    node('a', 'Const'),
    node('b', 'Neg', ['a']),
    node('c', 'Add', ['a:1', '^b']),
  ]);
  expect(names(index.usersOf('a'))).toEqual(['b', 'c']);
  expect(index.source('a:1')!.name).toBe('a');
  index.set(node('b', 'Neg', ['c:0']));
  expect(names(index.usersOf('a'))).toEqual(['c']);
  expect(names(index.usersOf('c'))).toEqual(['b']);
  index.redirect('a:1', 'd');
  expect(index.get('c')!.input).toEqual(['d', '^b']);
  expect(names(index.usersOf('a'))).toEqual([]);
  index.expand((each) => {
    if (each.name === 'a') return [];
    return each.name === 'b' ? [node('b/_x', 'Neg', ['c']), node('b', 'Neg', ['b/_x'])] : each;
  });
  expect(names(index)).toEqual(['b/_x', 'b', 'c']);
  expect(names(index.usersOf('c'))).toEqual(['b/_x']);
  expect([...index.needed(['c'])].sort()).toEqual(['b', 'b/_x', 'c']);
  index.delete('b');
  expect(names(index.usersOf('b/_x'))).toEqual([]);
  expect([index.has('b'), index.unused('c')]).toEqual([false, 'c_1']);
  expect(() => index.add(node('c', 'Neg'))).toThrow(
    engineError('INVALID_ARGUMENT', "Node 'c' is not unique"),
  );
});

test('functions that are only branches have flat references too', () => {
  const fn = {
    signature: {
      name: 'f',
      inputArg: [{ name: 'x', type: 'DT_FLOAT' }],
      outputArg: [{ name: 'y', type: 'DT_INT32' }],
    },
    nodeDef: [node('u', 'Unique', ['x'])],
    ret: { y: 'u:idx:0' },
  };
  const branches = { then_branch: { func: { name: 'f' } }, else_branch: { func: { name: 'f' } } };
  const graph = new WorkGraph({
    node: [node('if', 'If', [], branches)],
    library: { function: [fn, { signature: { name: 'unused' } }] },
  });
  inlineCalls(graph);
  expect([...graph.functions.keys()]).toEqual(['f']);
  expect(graph.functions.get('f')!.ret).toEqual({ y: 'u:1' });
});
