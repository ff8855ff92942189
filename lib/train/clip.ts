import { type FloatDType, isFloat } from '../dtype.js';
import { invalidArgument } from '../errors.js';
import { addN, cast, div, maximum, mul, sqrt, square, sum } from '../generated/math.js';
import { onRows, rowsOf } from '../indexedSlices.js';
import type { OpOptions } from '../node.js';
import { type Operand, toTensor } from '../op.js';
import { Tensor } from '../tensor.js';
import { slotDType } from './slots.js';

/**
 * x scaled down so that its Euclidean norm over `axes` (default: all) is at most `clipNorm`.
 * Shape and dtype are those of x.
 */
export function clipByNorm<D extends FloatDType>(
  x: Tensor<D>,
  clipNorm: Operand<D>,
  options: OpOptions & { readonly axes?: readonly number[] | undefined } = {},
): Tensor<D> {
  checkTensor(x, 'x');
  const { axes, ...rest } = options;
  if (axes === undefined) return onRows(x, (rows) => scaledToNorm(rows, clipNorm, null, rest));
  return scaledToNorm(x, clipNorm, axes, rest);
}

function scaledToNorm<D extends FloatDType>(
  x: Tensor<D>,
  clipNorm: Operand<D>,
  axes: readonly number[] | null,
  options: OpOptions,
): Tensor<D> {
  const limit = toTensor(clipNorm, x.dtype, 'clipNorm', x.graph) as Tensor<D>;
  const squares = sum(square(x), axes, { keepDims: true });
  return mul(x, div(limit, maximum(sqrt(squares), limit)), options);
}

/** The Euclidean norm of all elements of all tensors; null entries are left out. */
export function globalNorm(
  tensors: readonly (Tensor<FloatDType> | null)[],
  options: OpOptions = {},
): Tensor<'float32' | 'float64'> {
  const given = tensors.filter((x) => x !== null);
  if (given.length === 0) throw invalidArgument('tensors', 'at least one tensor', tensors);
  for (const x of given) checkTensor(x, 'tensors');
  // Sums of squares of half types leave their range early.
  const wide: 'float32' | 'float64' = given.some(({ dtype }) => dtype === 'float64')
    ? 'float64'
    : 'float32';
  const squares = given
    .map(rowsOf)
    .map((x) => cast(sum(square(cast(x, slotDType(x.dtype)))), wide));
  return sqrt(addN(squares), options);
}

/**
 * The tensors scaled down by one factor so that their global norm is at most `clipNorm`:
 * x * clipNorm / max(norm, clipNorm). Pascanu et al., 2013. A norm that is not finite gives NaN.
 */
export function clipByGlobalNorm<T extends Tensor<FloatDType> | null>(
  tensors: readonly T[],
  clipNorm: Operand<'float32' | 'float64'>,
  options: OpOptions & { readonly useNorm?: Tensor<'float32' | 'float64'> | undefined } = {},
): { clipped: T[]; norm: Tensor<'float32' | 'float64'> } {
  const { useNorm, ...rest } = options;
  const norm = useNorm ?? globalNorm(tensors, rest);
  const limit = toTensor(clipNorm, norm.dtype, 'clipNorm', norm.graph) as typeof norm;
  const factor = div(limit, maximum(norm, limit));
  // limit / infinity would make zeros of what is infinite elsewhere.
  const scale = mul(factor, div(norm, norm));
  const clipped = tensors.map((x) =>
    x === null ? x : onRows<FloatDType>(x, (rows) => mul(rows, cast(scale, rows.dtype))),
  );
  return { clipped: clipped as T[], norm };
}

function checkTensor(x: unknown, name: string): void {
  if (!(x instanceof Tensor && isFloat(x.dtype))) {
    throw invalidArgument(name, 'a floating tensor', x);
  }
}
