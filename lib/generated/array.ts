// Generated from the op registry by scripts/generate.mjs. Do not edit.
import type { DType } from '../dtype.js';
import type { OpOptions } from '../node.js';
import { addOp, type Operand } from '../op.js';
import { type Operation, output } from '../operation.js';
import type { StaticShape } from '../shape.js';
import type { Tensor } from '../tensor.js';

/** The input itself; a place to hang control dependencies on. */
export function identity<T extends DType>(
  input: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Identity', [input], {}, options));
}

/** Does nothing; carries control dependencies. */
export function noOp(
  options: OpOptions = {},
): Operation {
  return addOp('NoOp', [], {}, options);
}

export interface PlaceholderWithDefaultOptions extends OpOptions {
  readonly shape?: StaticShape | undefined;
}

/** A value that may be fed; otherwise the input. Its shape may be looser than the default's. */
export function placeholderWithDefault<D extends DType>(
  input: Operand<D>,
  options: PlaceholderWithDefaultOptions = {},
): Tensor<D> {
  return output(addOp('PlaceholderWithDefault', [input], { shape: options.shape }, options));
}

/** The input itself; no gradient flows through it. */
export function stopGradient<T extends DType>(
  input: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('StopGradient', [input], {}, options));
}
