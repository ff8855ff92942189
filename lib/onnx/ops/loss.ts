import type { Tensor } from '../../tensor.js';
import type { ImportNode } from '../importNode.js';
import type { Family } from '../mapping.js';
import { castTo } from './numbers.js';

/**
 * Minus the log probability of each target, [N, d1, ...], weighed by its class and 0 where the
 * target is to be ignored; reduced as the node says.
 */
function negativeLogLikelihood(n: ImportNode, logs: Tensor): Tensor {
  const target = castTo(n, n.input(1), 'int64');
  const ignored = n.attrs.has('ignore_index')
    ? n.op('Equal', [target, n.constant(n.attrs.int('ignore_index'), 'int64', [])])
    : undefined;
  const zero = n.constant(0, 'int64', []);
  const classes = ignored ? n.op('SelectV2', [ignored, zero, target]) : target;
  const index = n.op('ExpandDims', [classes, 1]);
  const picked = n.op('GatherElements', [logs, index], { axis: 1 });
  const losses = n.op('Neg', [n.op('Squeeze', [picked], { squeeze_dims: [1] })]);
  const weights = weightsOf(n, logs, classes, ignored);
  return reduced(n, weights ? n.op('Mul', [losses, weights]) : losses, weights);
}

function weightsOf(n: ImportNode, logs: Tensor, classes: Tensor, ignored: Tensor | undefined) {
  const given = n.optional(2);
  const byClass = given && n.op('GatherV2', [given, classes, 0]);
  if (!ignored) return byClass;
  const [zero, one] = [0, 1].map((value) => n.constant(value, logs.dtype, []));
  return n.op('SelectV2', [ignored, zero, byClass ?? one]);
}

function reduced(n: ImportNode, losses: Tensor, weights: Tensor | undefined): Tensor {
  const reduction = n.attrs.string('reduction', 'mean');
  if (reduction === 'none') return n.out('Identity', [losses]);
  const total = (x: Tensor) => n.op('Sum', [n.op('Reshape', [x, [-1]]), [0]]);
  if (reduction === 'sum') return n.out('Identity', [total(losses)]);
  if (reduction !== 'mean') return n.fail(`reduction is '${reduction}'`);
  if (weights) return n.out('RealDiv', [total(losses), total(weights)]);
  return n.out('Mean', [n.op('Reshape', [losses, [-1]]), [0]]);
}

function softmaxCrossEntropy(n: ImportNode): readonly Tensor[] {
  const logs = n.call('LogSoftmax', [n.x], { axis: 1 });
  return [negativeLogLikelihood(n, logs), logs];
}

export const losses: Family = {
  NegativeLogLikelihoodLoss: (n) => negativeLogLikelihood(n, n.x),
  SoftmaxCrossEntropyLoss: softmaxCrossEntropy,
};
