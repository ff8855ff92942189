import { isFloat, isNarrow } from '../../lib/dtype.js';
import type { NDArray } from '../../lib/ndArray.js';

/** The elements as numbers, bigints or strings; half floats widened. */
export function bitsToNumbers(value: NDArray): readonly unknown[] {
  const { data, dtype } = value;
  const wide = isFloat(dtype) && !isNarrow(dtype) && data instanceof Uint16Array;
  if (wide) return Array.from(value.toFloat32());
  return Array.from<unknown>(data);
}
