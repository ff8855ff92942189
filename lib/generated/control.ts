// Generated from the op registry by scripts/generate.mjs. Do not edit.
import type { DType } from '../dtype.js';
import type { OpOptions } from '../node.js';
import { addOp, type Operand } from '../op.js';
import type { Operation } from '../operation.js';

export interface AssertOptions extends OpOptions {
  /** Default: 3. */
  readonly summarize?: number | bigint | undefined;
}

/**
 * Fails the run with the data when the condition is false. Runs only when it is fetched or a
 * control input of what is. Shows at most summarize elements of each (-1: all).
 */
export function assert(
  condition: Operand<'bool'>,
  data: readonly Operand<DType>[],
  options: AssertOptions = {},
): Operation {
  return addOp('Assert', [condition, data], { summarize: options.summarize }, options, ['summarize']);
}
