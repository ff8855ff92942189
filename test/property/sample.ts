import { toValue } from '../../lib/convert.js';
import { type DType, isComplex, isFloat, isInteger } from '../../lib/dtype.js';
import { NDArray } from '../../lib/ndArray.js';
import { type Shape, sizeOf } from '../../lib/shape.js';

/** In [0, 1), the same for the same i and salt. */
export function fraction(i: number, salt = 0): number {
  let x = (Math.imul(i + 1, 0x9e3779b1) ^ Math.imul(salt + 1, 0x85ebca6b)) >>> 0;
  x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d) >>> 0;
  x = Math.imul(x ^ (x >>> 13), 0x297a2d39) >>> 0;
  return ((x ^ (x >>> 16)) >>> 0) / 2 ** 32;
}

/** Values that suit most ops: reals in [-2, 2), integers in [0, 5). */
export function sample(shape: Shape, dtype: DType, salt = 0): NDArray {
  const size = sizeOf(shape);
  const at = (i: number) => {
    const x = fraction(i, salt);
    if (dtype === 'bool') return x < 0.5;
    if (dtype === 'string') return 'abcde'.slice(0, Math.floor(x * 5));
    return isFloat(dtype) ? x * 4 - 2 : Math.floor(x * 5);
  };
  if (isComplex(dtype)) {
    const pairs = Float64Array.from({ length: 2 * size }, (_, i) => fraction(i, salt) * 4 - 2);
    const data = dtype === 'complex64' ? Float32Array.from(pairs) : pairs;
    return new NDArray<DType>(data, shape, dtype);
  }
  const { data } = toValue(
    Array.from({ length: size }, (_, i) => at(i)),
    dtype,
    'sample',
  );
  return new NDArray<DType>(data, shape, dtype);
}

/** The value with other dims, its elements repeated or left out. */
export function resized(value: NDArray, shape: Shape): NDArray {
  const { data, dtype } = value;
  const per = isComplex(dtype) ? 2 : 1;
  const length = sizeOf(shape) * per;
  if (data.length === 0) return sample(shape, dtype);
  const items = Array.from({ length }, (_, i) => data[i % data.length]);
  const copy = Array.isArray(data) ? items : Reflect.construct(data.constructor, [items]);
  return new NDArray<DType>(copy, shape, dtype);
}

export const isReal = (dtype: DType): boolean => isFloat(dtype) || isInteger(dtype);
