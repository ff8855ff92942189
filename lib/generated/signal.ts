// Generated from the op registry by scripts/generate.mjs. Do not edit.
import type { OpOptions } from '../node.js';
import { addOp, type Operand } from '../op.js';
import { output } from '../operation.js';
import type { Tensor } from '../tensor.js';

export interface DftOptions extends OpOptions {
  /** Default: false. */
  readonly inverse?: boolean | undefined;
  /** Default: false. */
  readonly onesided?: boolean | undefined;
}

/**
 * The discrete Fourier transform along an axis of a real [..., 1] or complex [..., 2] signal,
 * shortened or filled up with zeros to dft_length. onesided gives the first half of it, and
 * with inverse takes such a half and gives a real signal. Computed in float64.
 */
export function dft<T extends 'float32' | 'float64'>(
  input: Operand<T>,
  dftLength?: Operand<'int64'> | null,
  axis?: Operand<'int64'> | null,
  options: DftOptions = {},
): Tensor<T> {
  return output(addOp('DFT', [input, dftLength, axis], { inverse: options.inverse, onesided: options.onesided }, options, ['inverse', 'onesided']));
}
