import { invalidArgument } from './errors.js';
import type { where as indicesOf } from './generated/array.js';
import type { select } from './generated/math.js';
import type { OpOptions } from './node.js';
import { addOp, type Operand } from './op.js';
import { output } from './operation.js';
import { isPlainObject } from './plainObject.js';
import type { Tensor } from './tensor.js';

type Selected = Parameters<typeof select>[1] extends Operand<infer T> ? T : never;

/**
 * x where the condition is true, else y, with numpy broadcasting of all three. Without x and y: the
 * indices of the elements of the condition that are true or not zero, one per row.
 */
export function where<T extends Selected>(
  condition: Operand<'bool'>,
  x: Operand<T>,
  y: Operand<T>,
  options?: OpOptions,
): Tensor<T>;
export function where(
  condition: Parameters<typeof indicesOf>[0],
  options?: OpOptions,
): Tensor<'int64'>;
export function where(
  condition: unknown,
  x: unknown = {},
  y?: unknown,
  options: OpOptions = {},
): Tensor {
  if (y !== undefined) return output(addOp('SelectV2', [condition, x, y], {}, options));
  if (!isOptions(x)) throw invalidArgument('y', 'a tensor or a value, as x is one,', y);
  return output(addOp('Where', [condition], {}, x));
}

/** What they hold is looked at where the op is added. */
function isOptions(x: unknown): x is OpOptions {
  return isPlainObject(x);
}
