// Generated from the op registry by scripts/generate.mjs. Do not edit.
import type { FloatDType, IntegerDType } from '../dtype.js';
import type { OpOptions } from '../node.js';
import { addOp, type Operand } from '../op.js';
import { output } from '../operation.js';
import type { Tensor } from '../tensor.js';

export interface BatchMatMulOptions extends OpOptions {
  /** Default: false. */
  readonly adjX?: boolean | undefined;
  /** Default: false. */
  readonly adjY?: boolean | undefined;
}

/** MatMul under TensorFlow's name for ranks above 2. */
export function batchMatMul<T extends FloatDType | IntegerDType>(
  x: Operand<T>,
  y: Operand<T>,
  options: BatchMatMulOptions = {},
): Tensor<T> {
  return output(addOp('BatchMatMulV2', [x, y], { adj_x: options.adjX, adj_y: options.adjY }, options));
}

export interface MatMulOptions extends OpOptions {
  /** Default: false. */
  readonly transposeA?: boolean | undefined;
  /** Default: false. */
  readonly transposeB?: boolean | undefined;
}

/**
 * The product of the matrices in the last two dims of a and b; leading dims broadcast.
 * transpose_a and transpose_b say that an operand is stored transposed. Sums run in the order
 * of the inner dimension; float16 and bfloat16 are summed in float32.
 */
export function matMul<T extends FloatDType | IntegerDType>(
  a: Operand<T>,
  b: Operand<T>,
  options: MatMulOptions = {},
): Tensor<T> {
  return output(addOp('MatMul', [a, b], { transpose_a: options.transposeA, transpose_b: options.transposeB }, options));
}
