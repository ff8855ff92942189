import { checkOptions } from './attrs.js';
import { expandDims, range } from './generated/array.js';
import { less, max } from './generated/math.js';
import type { OpOptions } from './node.js';
import { type Operand, typedTensor } from './op.js';
import type { Tensor } from './tensor.js';

export interface SequenceMaskOptions extends OpOptions {
  /** The size of the new last dim; default: the greatest length. */
  readonly maxLength?: number | undefined;
}

/** For each length a row that is true in its first so many places. */
export function sequenceMask(
  lengths: Operand<'int32'>,
  options: SequenceMaskOptions = {},
): Tensor<'bool'> {
  checkOptions('sequenceMask', options, ['maxLength']);
  const { maxLength, ...rest } = options;
  const tensor = typedTensor(lengths, 'int32', 'lengths', rest.graph);
  const limit =
    maxLength === undefined ? max(tensor) : typedTensor(maxLength, 'int32', 'maxLength');
  const [zero, one] = [0, 1].map((value) => typedTensor(value, 'int32', 'a bound'));
  return less(range(zero!, limit, one!), expandDims(tensor, -1), rest);
}
