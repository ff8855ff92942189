import type { Tensor } from '../../tensor.js';
import type { ImportNode } from '../importNode.js';
import type { GraphProto, NodeProto } from '../proto.js';
import { attributesOf } from '../writeAttributes.js';
import { upTo } from './shapes.js';

const kMostTurns = 100;

/** The chance that the first class of a pair is the right one, kept away from 0 and 1. */
function chanceOf(n: ImportNode, score: Tensor, a: number, b: number): Tensor {
  const line = n.op('AddV2', [n.op('Mul', [score, a]), b]);
  const chance = n.op('Sub', [1, n.op('Sigmoid', [line])]);
  return n.op('ClipByValue', [chance, 1e-7, 1 - 1e-7]);
}

/**
 * The chances of classes [N, classes] by those of pairs: the p of sum 1 for which p Q p is smallest,
 * found element by element until no gradient differs from p Q p by more than a small part.
 */
export function pairProbabilities(
  n: ImportNode,
  scores: readonly Tensor[],
  classes: number,
): Tensor {
  const [a, b] = [n.attrs.floats('prob_a'), n.attrs.floats('prob_b')];
  if (a.length !== scores.length || b.length !== scores.length) {
    return n.fail(
      `prob_a and prob_b have ${a.length} and ${b.length} numbers for ${scores.length} pairs`,
    );
  }
  const chance = new Map<string, Tensor>();
  let place = 0;
  for (let i = 0; i < classes; i++) {
    for (let j = i + 1; j < classes; j++, place++) {
      const first = chanceOf(n, scores[place]!, a[place]!, b[place]!);
      chance.set(`${i} ${j}`, first);
      chance.set(`${j} ${i}`, n.op('Sub', [1, first]));
    }
  }
  const of = (i: number, j: number) => chance.get(`${i} ${j}`)!;
  const squares = (t: number) =>
    upTo(classes)
      .filter((j) => j !== t)
      .map((j) => n.op('Square', [of(j, t)]))
      .reduce((sum, x) => n.op('AddV2', [sum, x]));
  const rows = upTo(classes).map((t) => {
    const row = upTo(classes).map((j) =>
      j === t ? squares(t) : n.op('Neg', [n.op('Mul', [of(j, t), of(t, j)])]),
    );
    const whole = n.op('ConcatV2', [row, 1]);
    n.importer.values.define(rowName(t), whole);
    return whole;
  });
  n.importer.values.define(kMatrix, n.op('Pack', [rows], { axis: 1 }));
  const even = n.op('Mul', [n.op('OnesLike', [rows[0]]), 1 / classes]);
  const count = n.constant(Math.max(kMostTurns, classes), 'int64', []);
  const [found] = n.importer.apply(n, 'Loop', [count, undefined, even], { body: turn(classes) }, 1);
  return found ?? n.fail('there are no classes');
}

const kMatrix = '\0pairs';
const rowName = (t: number) => `\0pairs ${t}`;

function node(opType: string, inputs: string[], output: string, attrs = {}): NodeProto {
  const attributes = attributesOf(attrs);
  return { name: output, opType, domain: '', inputs, outputs: [output], attributes };
}

/** One class moved to where its own gradient is that of the whole; all are divided to sum to 1. */
function step(t: number, classes: number): NodeProto[] {
  const [p, g, whole] = [`p${t}`, `g${t}`, `whole${t}`];
  const one = upTo(classes).map((i) => (i === t ? 1 : 0));
  const v = (name: string) => `${name} of ${t}`;
  return [
    node('Constant', [], v('at'), { value_ints: [t] }),
    node('Constant', [], v('one'), { value_floats: one }),
    node('Gather', [g, v('at')], v('own'), { axis: 1 }),
    node('Gather', [rowName(t), v('at')], v('weight'), { axis: 1 }),
    node('Sub', [whole, v('own')], v('missing')),
    node('Div', [v('missing'), v('weight')], v('move')),
    node('Add', [v('move'), 'unit'], v('sum')),
    node('Mul', [v('move'), v('weight')], v('grown')),
    node('Add', [v('own'), v('own')], v('twice')),
    node('Add', [v('grown'), v('twice')], v('slope')),
    node('Mul', [v('move'), v('slope')], v('change')),
    node('Add', [whole, v('change')], v('raised')),
    node('Mul', [v('sum'), v('sum')], v('square')),
    node('Div', [v('raised'), v('square')], `whole${t + 1}`),
    node('Mul', [v('move'), rowName(t)], v('row')),
    node('Add', [g, v('row')], v('gradient')),
    node('Div', [v('gradient'), v('sum')], `g${t + 1}`),
    node('Mul', [v('move'), v('one')], v('place')),
    node('Add', [p, v('place')], v('moved')),
    node('Div', [v('moved'), v('sum')], `p${t + 1}`),
  ];
}

/** A turn over all classes; rows that are good enough stay, and none left ends the loop. */
function turn(classes: number): GraphProto {
  const value = (name: string) => ({ name, type: undefined });
  return {
    name: 'turn',
    nodes: [
      node('Constant', [], 'unit', { value_float: 1 }),
      node('Constant', [], 'axis', { value_ints: [1] }),
      node('Constant', [], 'last', { value_ints: [2] }),
      node('Constant', [], 'most', { value_float: 0.005 / classes }),
      node('Unsqueeze', ['p0', 'last'], 'column'),
      node('MatMul', [kMatrix, 'column'], 'product'),
      node('Squeeze', ['product', 'last'], 'g0'),
      node('Mul', ['p0', 'g0'], 'parts'),
      node('ReduceSum', ['parts', 'axis'], 'whole0', { keepdims: 1 }),
      node('Sub', ['g0', 'whole0'], 'differences'),
      node('Abs', ['differences'], 'sizes'),
      node('ReduceMax', ['sizes', 'axis'], 'worst', { keepdims: 1 }),
      node('GreaterOrEqual', ['worst', 'most'], 'open'),
      ...upTo(classes).flatMap((t) => step(t, classes)),
      node('Where', ['open', `p${classes}`, 'p0'], 'next'),
      node('ReduceMax', ['open'], 'goes on', { keepdims: 0 }),
    ],
    initializers: [],
    sparseInitializers: [],
    inputs: ['turn', 'condition', 'p0'].map(value),
    outputs: ['goes on', 'next'].map(value),
    valueInfo: [],
  };
}
