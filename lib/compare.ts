import { toValue } from './convert.js';
import { type DType, isComplex } from './dtype.js';
import { sameShape } from './shape.js';
import type { Value } from './value.js';

export interface Tolerance {
  /** Relative to the other value; 1e-5 unless given. */
  readonly rtol?: number;
  /** 1e-8 unless given. */
  readonly atol?: number;
  readonly equalNaN?: boolean;
}

/** The dtype in which values of a dtype are compared. */
export function comparedAs(dtype: DType): DType {
  if (isComplex(dtype)) return 'complex128';
  return dtype === 'int64' || dtype === 'uint64' || dtype === 'string' ? dtype : 'float64';
}

export function sameValue(a: Value, b: Value): boolean {
  if (a.dtype !== b.dtype || !sameShape(a.shape, b.shape)) return false;
  for (let i = 0; i < a.data.length; i++) {
    if (a.data[i] !== b.data[i] && !Object.is(a.data[i], b.data[i])) return false;
  }
  return a.data.length === b.data.length;
}

/** `expected` is of the dtype that `value` is compared in. */
export function allClose(value: Value, expected: Value, tolerance: Tolerance): boolean {
  if (!sameShape(value.shape, expected.shape)) return false;
  const values = toValue(value, expected.dtype, 'the array').data;
  const { rtol = 1e-5, atol = 1e-8, equalNaN = false } = tolerance;
  for (let i = 0; i < values.length; i++) {
    if (values[i] === expected.data[i]) continue;
    const [a, b] = [Number(values[i]), Number(expected.data[i])];
    if (Number.isNaN(a) && Number.isNaN(b) && equalNaN) continue;
    if (!(Math.abs(a - b) <= atol + rtol * Math.abs(b))) return false;
  }
  return true;
}
