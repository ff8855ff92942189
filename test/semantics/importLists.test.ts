// TensorArrays of TensorFlow 1 and lists of TensorFlow 2, in loops as exported models have them.
import {
  Graph,
  type GraphDef,
  gradients,
  importGraphDef,
  Session,
  type Tensor,
} from '../../lib/index.js';
import { frame, input, int32 } from './frame.js';
import { engineError } from './inGraph.js';
import { count, float, node, number } from './nodeDefs.js';

const resource = { type: 'DT_RESOURCE' };
const scalar = { shape: { dim: [] } };

const array = (name: string, size: string, dynamic = false) =>
  node(name, 'TensorArrayV3', [size], {
    dtype: float,
    element_shape: scalar,
    dynamic_size: { b: dynamic },
    clear_after_read: { b: true },
    identical_element_shapes: { b: true },
    tensor_array_name: { s: '' },
  });

/** s = s / 2 + x[t] for each step, as dynamic_rnn writes it; all s, and the last one. */
const rnn: GraphDef = {
  node: [
    node('x', 'Placeholder', [], { dtype: float, shape: { shape: { dim: [{ size: -1 }] } } }),
    node('n', 'Size', ['x'], { T: float, out_type: int32 }),
    count('zero', 0),
    count('one', 1),
    number('start', 0),
    array('in', 'n'),
    node('range', 'Range', ['zero', 'n', 'one'], { Tidx: int32 }),
    node('unstack', 'TensorArrayScatterV3', ['in', 'range', 'x', 'in:1'], { T: float }),
    array('out', 'n'),
    ...frame(
      'rnn',
      'rnn/Less',
      [
        { name: 'i', first: 'zero', next: 'rnn/add', type: int32 },
        { name: 's', first: 'start', next: 'rnn/next' },
        { name: 'flow', first: 'out:1', next: 'rnn/write' },
      ],
      { n: 'n', in: 'in', inFlow: 'unstack', out: 'out' },
      { n: int32, in: resource, out: resource },
    ),
    node('rnn/Less', 'Less', ['rnn/i/Merge', 'rnn/n/Enter'], { T: int32 }),
    count('rnn/one', 1, '^rnn/i/Identity'),
    node('rnn/add', 'Add', ['rnn/i/Identity', 'rnn/one'], { T: int32 }),
    node('rnn/read', 'TensorArrayReadV3', ['rnn/in/Enter', 'rnn/i/Identity', 'rnn/inFlow/Enter'], {
      dtype: float,
    }),
    number('rnn/half', 0.5, '^rnn/i/Identity'),
    node('rnn/mul', 'Mul', ['rnn/s/Identity', 'rnn/half']),
    node('rnn/next', 'Add', ['rnn/mul', 'rnn/read']),
    node('rnn/write', 'TensorArrayWriteV3', [
      'rnn/out/Enter',
      'rnn/i/Identity',
      'rnn/next',
      'rnn/flow/Identity',
    ]),
    node('size', 'TensorArraySizeV3', ['out', 'rnn/flow/Exit'], {}),
    node('all', 'Range', ['zero', 'size', 'one'], { Tidx: int32 }),
    node('stack', 'TensorArrayGatherV3', ['out', 'all', 'rnn/flow/Exit'], {
      dtype: float,
      element_shape: scalar,
    }),
    node('close', 'TensorArrayCloseV3', ['out', '^stack'], {}),
  ],
};

function run(def: GraphDef, name: string, feeds: Readonly<Record<string, number | number[]>>) {
  const graph = new Graph();
  const [y] = importGraphDef(def, { graph, prefix: '', returnElements: [name] }) as Tensor[];
  using session = new Session(graph);
  return session.runSync(y!, { feeds }).toArray();
}

test('dynamic_rnn: arrays that a loop reads and writes', () => {
  expect(run(rnn, 'stack:0', { x: [1, 2, 4] })).toEqual([1, 2.5, 5.25]);
  expect(run(rnn, 'rnn/s/Exit:0', { x: [1, 2, 4] })).toBe(5.25);
  expect(run(rnn, 'stack:0', { x: [] })).toEqual([]);
  expect(run(rnn, 'size:0', { x: [3, 3] })).toBe(2);
});

test('arrays in loops are tensors, with gradients and zeros for steps that there were not', () => {
  const nodes = rnn.node!.map((each) =>
    each.name === 'rnn/n/Enter' ? { ...each, input: ['bound'] } : each,
  );
  const def = { node: [...nodes, input('bound', int32)] };
  const graph = new Graph();
  const names = ['stack:0', 'x:0', 'start:0'];
  const [stack, x, start] = importGraphDef(def, {
    graph,
    prefix: '',
    returnElements: names,
  }) as Tensor[];
  const slopes = gradients(stack!, [x!, start!]) as Tensor[];
  using session = new Session(graph);
  const run = (bound: number) => {
    const found = session.runSync([stack!, ...slopes], { feeds: { x: [1, 2, 4], bound } });
    return found.map((each) => each.toArray());
  };
  expect(run(3)).toEqual([[1, 2.5, 5.25], [1.75, 1.5, 1], 0.875]);
  expect(run(2)).toEqual([[1, 2.5, 0], [1.5, 1, 0], 0.75]);
});

test('arrays that grow in loops', () => {
  const nodes = rnn.node!.map((each) => (each.name === 'out' ? array('out', 'zero', true) : each));
  expect(run({ node: nodes }, 'stack:0', { x: [1, 2, 4] })).toEqual([1, 2.5, 5.25]);
  expect(run({ node: nodes }, 'size:0', { x: [1, 2, 4] })).toBe(3);
  expect(run({ node: nodes }, 'stack:0', { x: [] })).toEqual([]);
});

test('arrays that grow, parts that are joined, elements that nobody has written', () => {
  const def: GraphDef = {
    node: [
      count('zero', 0),
      count('two', 2),
      input('x'),
      array('a', 'zero', true),
      node('w', 'TensorArrayWriteV3', ['a', 'two', 'x', 'a:1']),
      node('last', 'TensorArrayReadV3', ['a', 'two', 'w'], { dtype: float }),
      node('first', 'TensorArrayReadV3', ['a', 'zero', 'w'], { dtype: float }),
      node('v', 'Placeholder', [], { dtype: float, shape: { shape: { dim: [{ size: 3 }] } } }),
      node('lengths', 'Const', [], {
        dtype: { type: 'DT_INT64' },
        value: {
          tensor: { dtype: 'DT_INT64', tensorShape: { dim: [{ size: 2 }] }, int64Val: [1, 2] },
        },
      }),
      { ...array('b', 'two'), attr: { dtype: float } },
      node('parts', 'TensorArraySplitV3', ['b', 'v', 'lengths', 'b:1']),
      node('swapped', 'TensorArrayWriteV3', ['b', 'zero', 'part', 'parts']),
      node('part', 'Neg', ['part/read']),
      { ...count('part/at', 1) },
      node('part/read', 'TensorArrayReadV3', ['b', 'part/at', 'parts'], { dtype: float }),
      node('joined', 'TensorArrayConcatV3', ['b', 'swapped'], { dtype: float }),
    ],
  };
  const feeds = { x: 7, v: [1, 2, 3] };
  expect(run(def, 'last:0', feeds)).toBe(7);
  expect(run(def, 'first:0', feeds)).toBe(0);
  expect(run(def, 'joined:0', feeds)).toEqual([-2, -3, 2, 3]);
  expect(run(def, 'joined:1', feeds)).toEqual([2n, 2n]);
});

const dtype = { element_dtype: float };
const shaped = { ...dtype, shape_type: int32 };

test('lists by their ends and by places', () => {
  const def: GraphDef = {
    node: [
      input('x'),
      input('y'),
      count('any', -1),
      count('zero', 0),
      count('three', 3),
      node('indices', 'Const', [], {
        dtype: int32,
        value: {
          tensor: { dtype: 'DT_INT32', tensorShape: { dim: [{ size: 2 }] }, intVal: [2, 0] },
        },
      }),
      node('empty', 'EmptyTensorList', ['any', 'any'], shaped),
      node('a', 'TensorListPushBack', ['empty', 'x'], dtype),
      node('ab', 'TensorListPushBack', ['a', 'y'], dtype),
      node('pop', 'TensorListPopBack', ['ab', 'any'], dtype),
      node('left', 'TensorListLength', ['pop'], {}),
      node('stack', 'TensorListStack', ['ab', 'any'], { ...dtype, num_elements: { i: 2 } }),
      node('wide', 'TensorListResize', ['ab', 'three'], {}),
      node('set', 'TensorListSetItem', ['wide', 'zero', 'y'], dtype),
      node('some', 'TensorListGather', ['set', 'indices', 'any'], dtype),
      node('scatter', 'TensorListScatterV2', ['stack', 'indices', 'any', 'any'], shaped),
      node('all', 'TensorListStack', ['scatter', 'any'], dtype),
      node('out', 'TensorListGetItem', ['ab', 'three', 'any'], dtype),
      node('none', 'TensorListGetItem', ['wide', 'three/less', 'any'], dtype),
      count('three/less', 2),
      count('many', 2 ** 31 - 1),
      node('huge', 'TensorListReserve', ['any', 'many'], shaped),
      node('length', 'TensorListLength', ['huge'], {}),
    ],
  };
  const feeds = { x: 1, y: 2 };
  expect(run(def, 'pop:1', feeds)).toBe(2);
  expect(run(def, 'left:0', feeds)).toBe(1);
  expect(run(def, 'stack:0', feeds)).toEqual([1, 2]);
  expect(run(def, 'some:0', feeds)).toEqual([0, 2]);
  expect(run(def, 'all:0', feeds)).toEqual([2, 0, 1]);
  expect(() => run(def, 'out:0', feeds)).toThrow(
    engineError('INVALID_ARGUMENT', 'Trying to access element 3 in a list with 2 elements.'),
  );
  expect(() => run(def, 'length:0', feeds)).toThrow(
    engineError('RESOURCE_EXHAUSTED', 'a list of 2147483647 elements is too long'),
  );
  expect(() => run(def, 'none:0', feeds)).toThrow(
    engineError('INVALID_ARGUMENT', 'read an uninitialized tensor but element_shape is not fully'),
  );
});

test('what of arrays there is not is listed', () => {
  const grad = node('g', 'TensorArrayGradV3', ['out', 'out:1'], {});
  expect(() => run({ node: [...rnn.node!, grad] }, 'g:0', {})).toThrow(
    engineError('UNIMPLEMENTED', "Op type not registered: 'TensorArrayGradV3' (node 'g')"),
  );
});
