// What TensorFlow's optimizer joins to one op, and its converter for browsers.
import {
  Graph,
  type GraphDef,
  importGraphDef,
  type NodeDef,
  Session,
  type Tensor,
} from '../../lib/index.js';
import { engineError } from './inGraph.js';
import { float, node } from './nodeDefs.js';

const source = (name: string, ...dims: number[]) =>
  node(name, 'Placeholder', [], {
    dtype: float,
    shape: { shape: { dim: dims.map((size) => ({ size })) } },
  });
const fused = (...ops: string[]) => ({
  fused_ops: { list: { s: ops.map((op) => Buffer.from(op)) } },
});

function run(nodes: readonly NodeDef[], feeds: Record<string, unknown>) {
  const def: GraphDef = { node: nodes };
  const graph = new Graph();
  const [y] = importGraphDef(def, { graph, prefix: '', returnElements: ['y:0'] }) as Tensor[];
  using session = new Session(graph);
  return session.runSync(y!, { feeds: feeds as never }).toArray();
}

test('a product with a bias and an activation', () => {
  const nodes = (...ops: string[]) => [
    source('a', 2, 2),
    source('b', 2, 2),
    source('bias', 2),
    source('more', 2, 2),
    node('y', '_FusedMatMul', ['a', 'b', 'bias', 'more'].slice(0, 2 + Math.min(ops.length, 2)), {
      T: float,
      num_args: { i: 1 },
      epsilon: { f: 0 },
      leakyrelu_alpha: { f: 0.5 },
      transpose_a: { b: false },
      transpose_b: { b: true },
      ...fused(...ops),
    }),
  ];
  const [a, b] = [
    [
      [1, 2],
      [3, 4],
    ],
    [
      [1, 0],
      [0, -1],
    ],
  ];
  const feeds = { a, b, bias: [10, 1], more: a };
  expect(run(nodes(), feeds)).toEqual([
    [1, -2],
    [3, -4],
  ]);
  expect(run(nodes('BiasAdd', 'LeakyRelu').map(withoutMore), feeds)).toEqual([
    [11, -0.5],
    [13, -1.5],
  ]);
  expect(run(nodes('BiasAdd', 'Add', 'Relu'), feeds)).toEqual([
    [12, 1],
    [16, 1],
  ]);
  expect(() => run(nodes('BiasAdd', 'Unheard'), feeds)).toThrow(
    engineError('INVALID_ARGUMENT', "Node 'y': _FusedMatMul with Unheard is not supported"),
  );
});

const withoutMore = (each: NodeDef): NodeDef =>
  each.name === 'y' ? { ...each, input: each.input!.slice(0, 3) } : each;

test('convolutions with batch normalization', () => {
  const format = { data_format: { s: Buffer.from('NHWC') }, padding: { s: Buffer.from('VALID') } };
  const ones = { list: { i: [1, 1, 1, 1] } };
  const norm = ['gamma', 'beta', 'mean', 'variance'];
  const nodes = (op: string) => [
    source('x', 1, 1, 1, 2),
    source('w', 1, 1, 2, 1),
    ...norm.map((name) => source(name, op === '_FusedConv2D' ? 1 : 2)),
    node('y', op, ['x', 'w', ...norm], {
      T: float,
      strides: ones,
      dilations: ones,
      explicit_paddings: { list: {} },
      epsilon: { f: 0 },
      num_args: { i: 4 },
      ...format,
      ...fused('FusedBatchNorm', 'Relu6'),
    }),
  ];
  const image = { x: [[[[1, 2]]]], w: [[[[3], [1]]]] };
  const statistics = (values: number[]) => ({
    gamma: values.map(() => 2),
    beta: values.map(() => 1),
    mean: values,
    variance: values.map(() => 4),
  });
  expect(run(nodes('_FusedConv2D'), { ...image, ...statistics([3]) })).toEqual([[[[3]]]]);
  const depthwise = nodes('FusedDepthwiseConv2dNative').map((each) => {
    const { explicit_paddings: _, ...attr } = each.attr ?? {};
    return { ...each, attr };
  });
  expect(run(depthwise, { ...image, ...statistics([3, 4]) })).toEqual([[[[1, 0]]]]);
});
