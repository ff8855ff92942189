import type { Tensor } from '../../tensor.js';
import type { ImportNode } from '../importNode.js';

/** Scores as the attribute post_transform wants them. */
export function transformed(n: ImportNode, scores: Tensor): Tensor {
  const how = n.attrs.string('post_transform', 'NONE');
  if (how === 'NONE') return scores;
  if (how === 'SOFTMAX') return n.op('Softmax', [scores]);
  if (how === 'LOGISTIC') return n.op('Sigmoid', [scores]);
  if (how === 'SOFTMAX_ZERO') {
    // Scores of 0 stay 0 and do not count.
    const zero = n.op('Equal', [scores, 0]);
    const most = n.op('Max', [scores, [-1]], { keep_dims: true });
    const powers = n.op('Exp', [n.op('Sub', [scores, most])]);
    const counted = n.op('SelectV2', [zero, n.op('ZerosLike', [powers]), powers]);
    return n.op('DivNoNan', [counted, n.op('Sum', [counted, [-1]], { keep_dims: true })]);
  }
  if (how === 'PROBIT') return probit(n, scores);
  return n.fail(`post_transform is '${how}'`);
}

/** The place where the normal distribution reaches each share, by a formula with two logarithms. */
function probit(n: ImportNode, share: Tensor): Tensor {
  const x = n.op('Sub', [n.op('Mul', [share, 2]), 1]);
  const log = n.op('Log', [n.op('Mul', [n.op('Sub', [1, x]), n.op('AddV2', [x, 1])])]);
  const a = n.op('AddV2', [n.op('Mul', [log, 0.5]), 2 / (Math.PI * 0.147)]);
  const root = n.op('Sqrt', [n.op('Sub', [n.op('Square', [a]), n.op('Mul', [log, 1 / 0.147])])]);
  const size = n.op('Sqrt', [n.op('Sub', [root, a])]);
  return n.op('Mul', [n.op('Mul', [n.op('Sign', [x]), size]), Math.SQRT2]);
}

/** One score for two classes as one for each; `other` is that of the first, before a transform. */
export function pairOfScores(n: ImportNode, scores: Tensor, other: Tensor): Tensor {
  const how = n.attrs.string('post_transform', 'NONE');
  const both = (first: Tensor) => n.op('ConcatV2', [[first, scores], 1]);
  if (how === 'LOGISTIC') return n.op('Sigmoid', [both(n.op('Neg', [scores]))]);
  if (how === 'PROBIT') return probit(n, both(n.op('Sub', [1, scores])));
  // The softmax of a single score changes nothing.
  return both(other);
}
