import { checkKeys } from '../../attrs.js';
import type { FloatDType } from '../../dtype.js';
import { broadcastTo, shape as shapeOf, slice } from '../../generated/array.js';
import { notEqual, select } from '../../generated/math.js';
import { ctcLoss } from '../../generated/nn.js';
import { type Operand, toTensor } from '../../op.js';
import { targetGraph } from '../../subgraph.js';
import type { Tensor } from '../../tensor.js';
import { failure, floatTensor, type LayerInput, numbersAs, shapeOfRank } from '../checks.js';
import { inLoss } from './arguments.js';
import { type LossOptions, lossKeys, weighted } from './weighted.js';

export interface CtcOptions extends LossOptions {
  /** How many steps of each sequence count, [batch]; default: all. */
  readonly logitLengths?: Operand<'int32'> | undefined;
  /** How many labels of each row count, [batch]; default: all. */
  readonly labelLengths?: Operand<'int32'> | undefined;
  /** The class that means that nothing is read; default: 0. */
  readonly blank?: number | undefined;
  /** Whether labels that need more steps than there are have a loss of 0, not infinity. */
  readonly ignoreImpossible?: boolean | undefined;
}

/**
 * Connectionist temporal classification: Graves et al., 2006. -log of the probability that
 * logits [batch, steps, classes] read as the labels [batch, n], int32, whatever the step at which
 * each is read: a class at each step, repeats merged, then blanks dropped. Computed in float64
 * sums; half types as float32. A run with a label that is no class, or the blank, is
 * INVALID_ARGUMENT.
 */
export function ctc<D extends FloatDType>(
  labels: Operand<'int32'>,
  logits: LayerInput<D>,
  options: CtcOptions = {},
): Tensor<D> {
  checkKeys('ctc', options, [
    ...lossKeys,
    'logitLengths',
    'labelLengths',
    'blank',
    'ignoreImpossible',
  ]);
  const x = floatTensor(logits, 'logits');
  shapeOfRank(x, 'logits', 3);
  const y = int32(labels, 'labels', x);
  shapeOfRank(y, 'labels', 2);
  const { blank, ignoreImpossible = false } = options;
  return inLoss('ctc_loss', options.name, x, () => {
    const steps = lengths(options.logitLengths, 'logitLengths', x);
    const counts = lengths(options.labelLengths, 'labelLengths', y);
    const found = ofWide(x, (wide) => ctcLoss(wide, y, steps, counts, { blank }));
    const never = Number.POSITIVE_INFINITY;
    const losses = ignoreImpossible ? select(notEqual(found, never), found, 0) : found;
    return weighted(losses, options);
  });
}

/** What fn gives for x, as float32 where x is a half type. */
function ofWide<D extends FloatDType>(
  x: Tensor<D>,
  fn: (x: Tensor<'float32' | 'float64'>) => Tensor<'float32' | 'float64'>,
): Tensor<D> {
  return numbersAs(
    fn(numbersAs(x, x.dtype === 'float64' ? 'float64' : 'float32', 'x')),
    x.dtype,
    'x',
  );
}

/** Those given, else the size of the second dim for each row of x. */
function lengths(given: Operand<'int32'> | undefined, name: string, x: Tensor): Tensor<'int32'> {
  if (given !== undefined) return int32(given, name, x);
  const [batch, all] = [slice(shapeOf(x), [0], [1]), slice(shapeOf(x), [1], [1])];
  return broadcastTo(all, batch);
}

function int32(value: Operand<'int32'>, name: string, { graph }: Tensor): Tensor<'int32'> {
  const given = toTensor(value, 'int32', name, targetGraph(graph));
  if (isInt32(given)) return given;
  throw failure(`Expected int32 for ${name} but received ${given.dtype}`);
}

function isInt32(x: Tensor): x is Tensor<'int32'> {
  return x.dtype === 'int32';
}
