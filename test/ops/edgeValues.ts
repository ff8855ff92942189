import {
  type Complex,
  type DType,
  elementSize,
  isComplex,
  isFloat,
  isInteger,
} from '../../lib/dtype.js';
import { type NDArray, ndarray } from '../../lib/ndArray.js';
import { type Shape, sizeOf } from '../../lib/shape.js';

export const specials = [Number.NaN, 1, Infinity, -1.5, -Infinity, 0.5, -0, 2, 0];
export const plain = [1, 2, 3, 1, 0, 2, 1];

/** An array of that shape with the numbers in turn, starting at another one for each input. */
export function filled(
  shape: Shape,
  dtype: DType,
  numbers: readonly number[],
  start: number,
): NDArray {
  const count = sizeOf(shape);
  const values = Array.from({ length: count }, (_, k) => numbers[(k + start) % numbers.length]!);
  if (dtype === 'string') return ndarray(values.map(String), { dtype, shape });
  if (isComplex(dtype))
    return ndarray(
      values.map((re) => ({ re, im: 0 })),
      { dtype, shape },
    );
  if (dtype === 'bool') return ndarray(values.map(Boolean), { dtype, shape });
  if (dtype === 'int64' || dtype === 'uint64') return ndarray(values.map(BigInt), { dtype, shape });
  return ndarray(values, { dtype, shape });
}

export function valuesOf(value: NDArray, otherwise: readonly number[]): readonly number[] {
  const numbers = Array.from(value, Number);
  return numbers.length > 0 && !numbers.some(Number.isNaN) ? numbers : otherwise;
}

/** Values that mean the same in the dtype and in those that it is compared with. */
export function plainOf(dtype: DType): readonly number[] {
  if (dtype === 'bool') return plain.map((n) => Math.min(n, 1));
  return isComplex(dtype) ? plain.map((n) => Math.max(n, 1)) : plain;
}

/** Whether the results for dtype a can be held against those for b. */
export function comparable(a: DType, b: DType): boolean {
  if (a === 'float64' || a === 'float32') return isFloat(b) || isComplex(b);
  return (a === 'int64' || a === 'int32') && !isFloat(b) && !isComplex(b);
}

function bits(value: unknown, dtype: DType): bigint {
  const whole = typeof value === 'bigint' ? value : BigInt(Number(value));
  return BigInt.asUintN(8 * elementSize(dtype), whole);
}

const relative: Partial<Record<DType, number>> = { float64: 1e-4, float32: 1e-4, bfloat16: 0.1 };

function isComplexElement(x: unknown): x is Complex {
  return typeof x === 'object' && x !== null && 're' in x;
}

function sameElement(a: unknown, b: unknown, dtype: DType, tolerance: number): boolean {
  if (Object.is(a, b)) return true;
  if (isFloat(dtype)) {
    const [x, y] = [Number(a), Number(b)];
    if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) && Number.isNaN(y);
    if (!Number.isFinite(x) || !Number.isFinite(y)) return x === y;
    return Math.abs(x - y) <= tolerance * (1 + Math.abs(y));
  }
  if (isInteger(dtype)) return Number.isFinite(Number(b)) && bits(a, dtype) === bits(b, dtype);
  if (isComplexElement(a) && typeof b === 'number') {
    const { re, im }: Complex = a;
    return sameElement(re, b, 'float32', tolerance) && Math.abs(im) <= tolerance;
  }
  // Where a number is zero by default, a string is empty.
  if (a === '') return Number(b) === 0;
  return typeof a === 'boolean' ? a === Boolean(b) : String(a) === String(b);
}

/** Throws unless the outputs are the same numbers, as exactly as the less exact dtype allows. */
export function expectSame(
  got: readonly NDArray[],
  wanted: readonly NDArray[],
  dtypes: readonly DType[],
) {
  const tolerance = Math.max(...dtypes.map((dtype) => relative[dtype] ?? 0.02));
  for (const [i, output] of got.entries()) {
    const [a, b] = [[...output], [...wanted[i]!]];
    const wrong = a.findIndex((x, k) => !sameElement(x, b[k], output.dtype, tolerance));
    if (a.length === b.length && wrong < 0) continue;
    throw new Error(`output ${i} (${dtypes.join(' beside ')}): got ${output}, not ${wanted[i]}`);
  }
}
