// Recurrent cells and layers that TensorFlow has as one op.
import {
  Graph,
  type GraphDef,
  gradients,
  importGraphDef,
  Session,
  type Tensor,
} from '../../lib/index.js';
import { float, node } from './nodeDefs.js';

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const clip = (x: number, most: number) => (most > 0 ? Math.min(Math.max(x, -most), most) : x);

/** One unit with one input: w is [2, 4] for the gates i, c, f, o of [x, h]. */
const w = [
  [0.5, -1, 0.25, 2],
  [1, 0.75, -0.5, 0.125],
];
const b = [0.1, 0.2, -0.3, 0.4];
const peepholes = [0.5, -0.25, 1.5];

interface Options {
  readonly bias: number;
  readonly most: number;
  readonly peepholes: boolean;
}

/** i, cs, f, o, ci, co, h. */
function lstm(x: number, c: number, h: number, { bias, most, peepholes: sees }: Options): number[] {
  const [wi, wf, wo] = peepholes.map((weight) => (sees ? weight : 0));
  const gates = b.map((each, k) => x * w[0]![k]! + h * w[1]![k]! + each);
  const i = sigmoid(gates[0]! + wi! * c);
  const f = sigmoid(gates[2]! + bias + wf! * c);
  const ci = Math.tanh(gates[1]!);
  const cs = clip(ci * i + c * f, most);
  const o = sigmoid(gates[3]! + wo! * cs);
  return [i, cs, f, o, ci, Math.tanh(cs), Math.tanh(cs) * o];
}

const placeholder = (name: string, ...dims: number[]) =>
  node(name, 'Placeholder', [], {
    dtype: float,
    shape: { shape: { dim: dims.map((size) => ({ size })) } },
  });
const operands = ['x', 'cs', 'h', 'w', 'wci', 'wcf', 'wco', 'b'];
const weights = [placeholder('w', 2, 4), placeholder('b', 4)].concat(
  ['wci', 'wcf', 'wco'].map((name) => placeholder(name, 1)),
);
const attrs = ({ bias, most, peepholes: sees }: Options) => ({
  T: float,
  forget_bias: { f: bias },
  cell_clip: { f: most },
  use_peephole: { b: sees },
});
const [wci = [], wcf = [], wco = []] = peepholes.map((weight) => [weight]);

function run(def: GraphDef, names: readonly string[], feeds: Record<string, unknown>) {
  const graph = new Graph();
  const found = importGraphDef(def, { graph, prefix: '', returnElements: names }) as Tensor[];
  using session = new Session(graph);
  return session.runSync(found, { feeds: feeds as never }).map((y) => y.toArray());
}

const outputs = (name: string) => Array.from({ length: 7 }, (_, k) => `${name}:${k}`);

test.each([
  { bias: 1, most: -1, peepholes: false },
  { bias: 0.5, most: 0.25, peepholes: true },
])('LSTMBlockCell with $bias, $most, $peepholes', (options) => {
  const def = {
    node: [
      ...['x', 'cs', 'h'].map((name) => placeholder(name, -1, 1)),
      ...weights,
      node('cell', 'LSTMBlockCell', operands, attrs(options)),
    ],
  };
  const feeds = { x: [[0.5], [-2]], cs: [[1], [0]], h: [[0.25], [-1]], w, b, wci, wcf, wco };
  const wanted = [lstm(0.5, 1, 0.25, options), lstm(-2, 0, -1, options)];
  const found = run(def, outputs('cell'), feeds) as number[][][];
  for (const [k, value] of found.entries()) {
    for (const [row, [y]] of value.entries()) expect(y).toBeCloseTo(wanted[row]![k]!, 5);
  }
});

test('GRUBlockCell', () => {
  const def = {
    node: [
      ...['x', 'h'].map((name) => placeholder(name, 1, 1)),
      placeholder('wru', 2, 2),
      placeholder('wc', 2, 1),
      placeholder('bru', 2),
      placeholder('bc', 1),
      node('cell', 'GRUBlockCell', ['x', 'h', 'wru', 'wc', 'bru', 'bc']),
    ],
  };
  const wru = [w[0]!.slice(0, 2), w[1]!.slice(0, 2)];
  const feeds = { x: [[0.5]], h: [[-0.25]], wru, wc: [[1], [2]], bru: [0.1, 0.2], bc: [0.3] };
  const [r, u] = [0, 1].map((k) => sigmoid(0.5 * wru[0]![k]! - 0.25 * wru[1]![k]! + (k + 1) / 10));
  const c = Math.tanh(0.5 - 0.25 * 2 * r! + 0.3);
  const h = (1 - u!) * c - 0.25 * u!;
  const found = run(def, ['cell:0', 'cell:1', 'cell:2', 'cell:3'], feeds) as number[][][];
  for (const [k, y] of [r!, u!, c, h].entries()) expect(found[k]![0]![0]).toBeCloseTo(y, 5);
});

test('BlockLSTM: all steps, or zeros after those that are wanted, with gradients', () => {
  const options = { bias: 1, most: 0.75, peepholes: true };
  const def = {
    node: [
      placeholder('x', -1, 1, 1),
      ...['cs', 'h'].map((name) => placeholder(name, 1, 1)),
      ...weights,
      node('n', 'Placeholder', [], { dtype: { type: 'DT_INT64' }, shape: { shape: {} } }),
      node('layer', 'BlockLSTM', ['n', ...operands], attrs(options)),
    ],
  };
  const x = [[[0.5]], [[-2]], [[1]]];
  const feeds = { x, cs: [[0.5]], h: [[0.25]], w, b, wci, wcf, wco };
  let [c, h] = [0.5, 0.25];
  const wanted = x.map((rows) => {
    const given = lstm(rows[0]![0]!, c, h, options);
    [c, h] = [given[1]!, given[6]!];
    return given;
  });
  for (const n of [3, 2, 0]) {
    const found = run(def, outputs('layer'), { ...feeds, n }) as number[][][][];
    for (const [k, rows] of found.entries()) {
      expect(rows).toHaveLength(3);
      for (const [t, row] of rows.entries()) {
        expect(row[0]![0]).toBeCloseTo(t < n ? wanted[t]![k]! : 0, 5);
      }
    }
  }
  const graph = new Graph();
  const names = ['layer:6', 'x:0'];
  const [y, input] = importGraphDef(def, { graph, prefix: '', returnElements: names }) as Tensor[];
  const [slope] = gradients(y!, [input!]) as Tensor[];
  using session = new Session(graph);
  const at = (value: number) => {
    const changed = { ...feeds, n: 3, x: [[[value]], ...x.slice(1)] };
    const [all, dx] = session.runSync([y!, slope!], { feeds: changed });
    const sum = (all!.toArray() as number[][][]).flat(2).reduce((total, each) => total + each, 0);
    return { sum, dx: (dx!.toArray() as number[][][])[0]![0]![0]! };
  };
  const estimate = (at(0.505).sum - at(0.495).sum) / 0.01;
  expect(at(0.5).dx).toBeCloseTo(estimate, 3);
});
