// A recurrent layer as Keras writes it: a While whose functions read and write lists of tensors.
import {
  Graph,
  type GraphDef,
  gradients,
  importGraphDef,
  NDArray,
  Session,
  type Tensor,
} from '../../lib/index.js';
import { int32 } from './frame.js';
import { bool, count, float, node } from './nodeDefs.js';

const ints = (name: string, ...values: number[]) =>
  node(name, 'Const', [], {
    dtype: int32,
    value: {
      tensor: {
        dtype: 'DT_INT32',
        tensorShape: { dim: [{ size: values.length }] },
        intVal: values,
      },
    },
  });

const identity = (name: string, from: string, T: { type: string }) =>
  node(name, 'Identity', [from, '^NoOp'], { T });

const carried = {
  counter: 'DT_INT32',
  max: 'DT_INT32',
  time: 'DT_INT32',
  out: 'DT_VARIANT',
  state: 'DT_FLOAT',
  steps: 'DT_INT32',
  in: 'DT_VARIANT',
  kernel: 'DT_FLOAT',
};
const inputArg = Object.entries(carried).map(([name, type]) => ({ name, type }));
const types = { list: { type: Object.values(carried) } };

/** state = tanh(x[t] * kernel + state); `at`: where the outputs go, all or only the last one. */
function layer(at: 'time' | 'only', size: string): GraphDef {
  const body = [
    ints('shape', -1, 2),
    node('item', 'TensorListGetItem', ['in', 'time', 'shape:output:0'], { element_dtype: float }),
    node('mul', 'Mul', ['item:item:0', 'kernel']),
    node('add', 'AddV2', ['mul:z:0', 'state']),
    node('tanh', 'Tanh', ['add:z:0']),
    count('only', 0),
    node('set', 'TensorListSetItem', ['out', at === 'time' ? at : 'only:output:0', 'tanh:y:0'], {
      element_dtype: float,
    }),
    count('one', 1),
    node('next', 'AddV2', ['time', 'one:output:0'], { T: int32 }),
    node('counted', 'AddV2', ['counter', 'one:output:0'], { T: int32 }),
    node('NoOp', 'NoOp', [], {}),
    identity('Identity', 'counted:z:0', int32),
    identity('Identity_1', 'max', int32),
    identity('Identity_2', 'next:z:0', int32),
    identity('Identity_3', 'set:output_handle:0', { type: 'DT_VARIANT' }),
    identity('Identity_4', 'tanh:y:0', float),
  ];
  const results = [0, 1, 2, 3, 4].map((i) => `${i === 0 ? 'Identity' : `Identity_${i}`}:output:0`);
  const outputArg = inputArg.map(({ type }, i) => ({ name: `identity_${i}`, type }));
  const ret = Object.fromEntries(
    [...results, 'steps', 'in', 'kernel'].map((ref, i) => [`identity_${i}`, ref] as const),
  );
  const cond = [
    node('less', 'Less', ['time', 'steps'], { T: int32 }),
    node('below', 'Less', ['counter', 'max'], { T: int32 }),
    node('both', 'LogicalAnd', ['less:z:0', 'below:z:0'], {}),
  ];
  const dims = [-1, -1, 2].map((dim) => ({ size: dim }));
  const lists = { element_dtype: float, shape_type: int32 };
  return {
    node: [
      node('x', 'Placeholder', [], { dtype: float, shape: { shape: { dim: dims } } }),
      node('kernel', 'Placeholder', [], { dtype: float, shape: { shape: { dim: [{ size: 2 }] } } }),
      node('start', 'Placeholder', [], { dtype: float, shape: { shape: { dim: dims.slice(1) } } }),
      ints('shape', -1, 2),
      count('zero', 0),
      count('one', 1),
      node('in', 'TensorListFromTensor', ['x', 'shape'], lists),
      node('steps', 'TensorListLength', ['in'], {}),
      node('out', 'TensorListReserve', ['shape', size], lists),
      node('while', 'While', ['zero', 'steps', 'zero', 'out', 'start', 'steps', 'in', 'kernel'], {
        T: types,
        cond: { func: { name: 'cond' } },
        body: { func: { name: 'body' } },
      }),
      node('y', 'TensorListStack', ['while:3', 'shape'], { element_dtype: float }),
    ],
    library: {
      function: [
        {
          signature: { name: 'cond', inputArg, outputArg: [{ name: 'go', ...bool }] },
          nodeDef: cond,
          ret: { go: 'both:z:0' },
        },
        { signature: { name: 'body', inputArg, outputArg }, nodeDef: body, ret },
      ],
    },
  };
}

const x = [[[1, 0]], [[0, 1]], [[-1, 1]]];
const kernel = [0.5, 2];

function expected(): number[][][] {
  let state = [0, 0];
  return x.map(([row]) => {
    state = state.map((s, i) => Math.tanh(row![i]! * kernel[i]! + s));
    return [state];
  });
}

function run(def: GraphDef) {
  const graph = new Graph();
  const names = ['y:0', 'while:4', 'kernel:0'];
  const elements = importGraphDef(def, { graph, prefix: '', returnElements: names });
  const [y, last, weights] = elements as Tensor[];
  const [slope] = gradients(y!, [weights!]) as Tensor[];
  using session = new Session(graph);
  const at = (values: number[]) => {
    const feeds = { x, kernel: values, start: [[0, 0]] };
    return session.runSync({ y: y!, last: last!, slope: slope! }, { feeds });
  };
  const sum = (values: number[]) =>
    [...at(values).y.data].reduce<number>((total, value) => total + Number(value), 0);
  const found = at(kernel);
  const slopes = kernel.map((_, i) => {
    const moved = (by: number) => kernel.map((value, j) => (i === j ? value + by : value));
    return (sum(moved(0.01)) - sum(moved(-0.01))) / 0.02;
  });
  for (const [i, value] of slopes.entries()) expect(found.slope.data[i]).toBeCloseTo(value, 3);
  return { shape: y!.shape, all: [...found.y.data], last: [...found.last.data] };
}

test('a layer that gives all of its outputs', () => {
  const { shape, all, last } = run(layer('time', 'steps'));
  expect(shape).toEqual([null, null, 2]);
  const wanted = expected().flat(2);
  for (const [i, value] of wanted.entries()) expect(all[i]).toBeCloseTo(value, 5);
  expect(all).toHaveLength(6);
  expect(last).toEqual(all.slice(4));
});

test('a layer that gives its last output', () => {
  const { all, last } = run(layer('only', 'one'));
  expect(all).toEqual(last);
  expect(all[0]).toBeCloseTo(expected()[2]![0]![0]!, 5);
});

test('a layer that gives its last output, of no step', () => {
  const graph = new Graph();
  const found = importGraphDef(layer('only', 'one'), {
    graph,
    prefix: '',
    returnElements: ['y:0', 'while:4'],
  }) as Tensor[];
  using session = new Session(graph);
  const x = new NDArray(new Float32Array(0), [0, 1, 2], 'float32');
  const values = session.runSync(found, { feeds: { x, kernel, start: [[3, 4]] } });
  expect(values.map((value) => value.toArray())).toEqual([[[[0, 0]]], [[3, 4]]]);
});
