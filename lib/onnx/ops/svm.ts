import type { Tensor } from '../../tensor.js';
import type { ImportNode } from '../importNode.js';
import { castTo } from './numbers.js';
import { pairProbabilities } from './pairs.js';
import { pairOfScores, transformed } from './scores.js';
import { upTo } from './shapes.js';

function floats(n: ImportNode, name: string, shape?: readonly number[]): Tensor {
  const values = n.attrs.floats(name, []);
  return n.constant([...values], 'float32', shape ?? [values.length]);
}

/** The kernel of each row of x with each support vector. */
function kernelValues(n: ImportNode, x: Tensor, vectors: Tensor): Tensor {
  const [gamma = 0, coefficient = 0, degree = 3] = n.attrs.floats('kernel_params', []);
  const type = n.attrs.string('kernel_type', 'LINEAR');
  const product = n.op('MatMul', [x, vectors], { transpose_b: true });
  if (type === 'LINEAR') return product;
  const line = n.op('AddV2', [n.op('Mul', [product, gamma]), coefficient]);
  if (type === 'POLY') return n.op('Pow', [line, degree]);
  if (type === 'SIGMOID') return n.op('Tanh', [line]);
  const difference = n.op('SquaredDifference', [n.op('ExpandDims', [x, 1]), vectors]);
  return n.op('Exp', [n.op('Mul', [n.op('Sum', [difference, [2]]), -gamma])]);
}

function rowsOf(n: ImportNode): Tensor {
  const x = castTo(n, n.x, 'float32');
  return n.rank(x) === 1 ? n.op('ExpandDims', [x, 0]) : x;
}

export function svmRegressor(n: ImportNode): Tensor {
  const count = n.attrs.int('n_supports', 0);
  const coefficients = n.attrs.floats('coefficients');
  const rho = n.attrs.floats('rho')[0] ?? 0;
  const isLinear = count === 0;
  const width = isLinear ? coefficients.length : n.attrs.floats('support_vectors').length / count;
  const weights = floats(n, 'coefficients', [coefficients.length, 1]);
  const values = isLinear
    ? rowsOf(n)
    : kernelValues(n, rowsOf(n), floats(n, 'support_vectors', [count, width]));
  const y = n.op('AddV2', [n.op('MatMul', [values, weights]), rho]);
  if (!n.attrs.flag('one_class')) return n.out('Identity', [transformed(n, y)]);
  const isInside = n.op('Greater', [y, 0]);
  return n.out('SelectV2', [isInside, n.constant(1, 'float32', []), n.constant(-1, 'float32', [])]);
}

/** One score for each pair of classes: the sum over the support vectors of both. */
function pairScores(n: ImportNode, values: Tensor, counts: readonly number[]): readonly Tensor[] {
  const total = counts.reduce((a, b) => a + b, 0);
  const coefficients = n.attrs.floats('coefficients');
  const rho = n.attrs.floats('rho');
  if (counts.some((count) => count < 0) || total * (counts.length - 1) > coefficients.length) {
    return n.fail(`${coefficients.length} coefficients are too few for ${total} vectors`);
  }
  const starts = counts.map((_, i) => counts.slice(0, i).reduce((a, b) => a + b, 0));
  const pairs = upTo(counts.length).flatMap((i) =>
    upTo(counts.length).flatMap((j) => (j > i ? [[i, j] as const] : [])),
  );
  return pairs.map(([i, j], place) => {
    const column = new Array<number>(total).fill(0);
    for (let k = 0; k < counts[i]!; k++) {
      column[starts[i]! + k] = coefficients[(j - 1) * total + starts[i]! + k] ?? 0;
    }
    for (let k = 0; k < counts[j]!; k++) {
      column[starts[j]! + k] = coefficients[i * total + starts[j]! + k] ?? 0;
    }
    const weights = n.constant(column, 'float32', [total, 1]);
    return n.op('AddV2', [n.op('MatMul', [values, weights]), rho[place] ?? 0]);
  });
}

/** Each pair votes for one of its classes. */
function votes(n: ImportNode, scores: readonly Tensor[], classes: number): Tensor {
  const won = new Array<Tensor | undefined>(classes).fill(undefined);
  let place = 0;
  for (let i = 0; i < classes; i++) {
    for (let j = i + 1; j < classes; j++) {
      const first = n.op('Cast', [n.op('Greater', [scores[place++], 0])], { DstT: 'float32' });
      const second = n.op('Sub', [1, first]);
      won[i] = won[i] ? n.op('AddV2', [won[i], first]) : first;
      won[j] = won[j] ? n.op('AddV2', [won[j], second]) : second;
    }
  }
  return n.op('ConcatV2', [won, 1]);
}

function labels(n: ImportNode): { readonly values: Tensor; readonly count: number } {
  const strings = n.attrs.strings('classlabels_strings', []);
  if (strings.length > 0)
    return { values: n.constant([...strings], 'string'), count: strings.length };
  const ints = n.attrs.ints('classlabels_ints', []) ?? [];
  return { values: n.constant([...ints], 'int64'), count: ints.length };
}

export function svmClassifier(n: ImportNode): readonly Tensor[] {
  const { values: names, count } = labels(n);
  const counts = n.attrs.ints('vectors_per_class', undefined);
  const label = (scores: Tensor) => {
    const best = n.op('ArgMax', [scores, 1], { output_type: 'int64' });
    return n.op('GatherV2', [names, best, 0]);
  };
  if (!counts || counts.length === 0) {
    const coefficients = n.attrs.floats('coefficients');
    const weights = floats(n, 'coefficients', [count, coefficients.length / count]);
    const product = n.op('MatMul', [rowsOf(n), weights], { transpose_b: true });
    const scores = n.op('AddV2', [product, n.attrs.floats('rho')[0] ?? 0]);
    return [label(scores), transformed(n, scores)];
  }
  if (count < 2 || count !== counts.length) {
    return n.fail(`${count} classes and ${counts.length} counts of vectors, expected two or more`);
  }
  const total = counts.reduce((a, b) => a + b, 0);
  const width = n.attrs.floats('support_vectors').length / total;
  const vectors = floats(n, 'support_vectors', [total, width]);
  const scores = pairScores(n, kernelValues(n, rowsOf(n), vectors), counts);
  const best = label(votes(n, scores, count));
  if (n.attrs.floats('prob_a', []).length > 0) {
    return [best, transformed(n, pairProbabilities(n, scores, count))];
  }
  const [only, ...more] = scores;
  if (only && more.length === 0) {
    const isPlain = n.attrs.string('post_transform', 'NONE') === 'NONE';
    const other = isPlain ? n.op('Neg', [only]) : n.op('Sub', [1, only]);
    return [best, pairOfScores(n, only, other)];
  }
  return [best, transformed(n, n.op('ConcatV2', [scores, 1]))];
}
