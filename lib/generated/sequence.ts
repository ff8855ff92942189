// Generated from the op registry by scripts/generate.mjs. Do not edit.
import type { DType } from '../dtype.js';
import type { OpOptions } from '../node.js';
import { addOp, type Operand } from '../op.js';
import { output } from '../operation.js';
import type { Tensor } from '../tensor.js';

export interface ConcatFromSequenceOptions extends OpOptions {
  /** Default: false. */
  readonly newAxis?: boolean | undefined;
}

/** The values of a sequence joined along an axis, or stacked along a new one. */
export function concatFromSequence<D extends DType>(
  sequence: Operand<'variant'>,
  dtype: D,
  axis: number | bigint,
  options: ConcatFromSequenceOptions = {},
): Tensor<D> {
  return output(addOp('ConcatFromSequence', [sequence], { dtype, axis, new_axis: options.newAxis }, options, ['newAxis']));
}

/** Whether an optional value is there. */
export function optionalHasElement(
  input: Operand<'variant'>,
  options: OpOptions = {},
): Tensor<'bool'> {
  return output(addOp('OptionalHasElement', [input], {}, options));
}

/** An optional value that is not there; one that is is a sequence. */
export function optionalNone(
  options: OpOptions = {},
): Tensor<'variant'> {
  return output(addOp('OptionalNone', [], {}, options));
}

/** The value at a position of a sequence. */
export function sequenceAt<D extends DType>(
  sequence: Operand<'variant'>,
  position: Operand<'int32' | 'int64'>,
  dtype: D,
  options: OpOptions = {},
): Tensor<D> {
  return output(addOp('SequenceAt', [sequence, position], { dtype }, options));
}

/** A sequence of the inputs, in order. */
export function sequenceConstruct(
  values: readonly Operand<DType>[],
  options: OpOptions = {},
): Tensor<'variant'> {
  return output(addOp('SequenceConstruct', [values], {}, options));
}

/** The sequence without the value at a position, by default the last. */
export function sequenceErase(
  sequence: Operand<'variant'>,
  position?: Operand<'int32' | 'int64'> | null,
  options: OpOptions = {},
): Tensor<'variant'> {
  return output(addOp('SequenceErase', [sequence, position], {}, options));
}

/**
 * The sequence with a value put in at a position, by default at the end; negative positions
 * count from the end.
 */
export function sequenceInsert(
  sequence: Operand<'variant'>,
  value: Operand<DType>,
  position?: Operand<'int32' | 'int64'> | null,
  options: OpOptions = {},
): Tensor<'variant'> {
  return output(addOp('SequenceInsert', [sequence, value, position], {}, options));
}

/** How many values a sequence has. */
export function sequenceLength(
  sequence: Operand<'variant'>,
  options: OpOptions = {},
): Tensor<'int64'> {
  return output(addOp('SequenceLength', [sequence], {}, options));
}

export interface SplitToSequenceOptions extends OpOptions {
  /** Default: 0. */
  readonly axis?: number | bigint | undefined;
  /** Default: true. */
  readonly keepdims?: boolean | undefined;
}

/**
 * Parts of x along an axis as a sequence: of size 1 each, of one size with a smaller last one,
 * or of the sizes given. keepdims = false drops the axis when no sizes are given.
 */
export function splitToSequence(
  input: Operand<DType>,
  split?: Operand<'int32' | 'int64'> | null,
  options: SplitToSequenceOptions = {},
): Tensor<'variant'> {
  return output(addOp('SplitToSequence', [input, split], { axis: options.axis, keepdims: options.keepdims }, options, ['axis', 'keepdims']));
}
