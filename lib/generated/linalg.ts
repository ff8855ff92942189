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
  return output(addOp('BatchMatMulV2', [x, y], { adj_x: options.adjX, adj_y: options.adjY }, options, ['adjX', 'adjY']));
}

/**
 * The lower triangular factor l, with a positive diagonal, of each matrix a = l l^T in the last
 * two dims. Only the lower triangle of a is read, and its gradient is by that. An error when a
 * matrix is not positive definite.
 */
export function cholesky<T extends 'float32' | 'float64'>(
  input: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Cholesky', [input], {}, options));
}

/**
 * Sums of products by an equation such as 'bij,bjk->bik': a letter for each dim, summed over
 * when it is not in the output. A letter twice in one input takes the diagonal, '...' stands
 * for dims that broadcast. Without '->' the output has the letters that occur once, in
 * alphabetical order. Inputs are multiplied from left to right.
 */
export function einsum<T extends FloatDType | IntegerDType>(
  inputs: readonly Operand<T>[],
  equation: string,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Einsum', [inputs], { equation }, options));
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
  return output(addOp('MatMul', [a, b], { transpose_a: options.transposeA, transpose_b: options.transposeB }, options, ['transposeA', 'transposeB']));
}

/**
 * The determinant of each matrix in the last two dims, by elimination in float64; that of an
 * empty matrix is 1.
 */
export function matrixDeterminant<T extends 'float32' | 'float64'>(
  input: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('MatrixDeterminant', [input], {}, options));
}

export interface MatrixInverseOptions extends OpOptions {
  /** Default: false. */
  readonly adjoint?: boolean | undefined;
}

/**
 * The inverse of each matrix in the last two dims, or of its transpose with adjoint, by
 * elimination in float64. A singular matrix is an error.
 */
export function matrixInverse<T extends 'float32' | 'float64'>(
  input: Operand<T>,
  options: MatrixInverseOptions = {},
): Tensor<T> {
  return output(addOp('MatrixInverse', [input], { adjoint: options.adjoint }, options, ['adjoint']));
}
