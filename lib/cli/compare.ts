import { isFloat } from '../dtype.js';
import type { NDArray } from '../ndArray.js';

export interface Tolerance {
  readonly rtol: number;
  readonly atol: number;
}

/** How far one array is from another. */
export interface Difference {
  readonly ok: boolean;
  /** Why the arrays cannot be compared element by element. */
  readonly why?: string;
  readonly maxAbsolute?: number;
  readonly maxRelative?: number;
  /** Elements further away than atol + rtol * |expected|. */
  readonly mismatches?: number;
  readonly size?: number;
}

/** Compares as NumPy's allclose: NaN equals NaN; what is no float has to be equal. */
export function compare(actual: NDArray, expected: NDArray, tolerance: Tolerance): Difference {
  if (actual.dtype !== expected.dtype) {
    return { ok: false, why: `dtype ${actual.dtype}, expected ${expected.dtype}` };
  }
  if (actual.shape.join() !== expected.shape.join()) {
    const why = `shape [${actual.shape.join(', ')}], expected [${expected.shape.join(', ')}]`;
    return { ok: false, why };
  }
  const isExact = !isFloat(actual.dtype) && !actual.dtype.startsWith('complex');
  return isExact ? compareExactly(actual, expected) : compareClosely(actual, expected, tolerance);
}

function compareExactly(actual: NDArray, expected: NDArray): Difference {
  const size = expected.data.length;
  let mismatches = 0;
  for (let i = 0; i < size; i++) if (actual.data[i] !== expected.data[i]) mismatches++;
  return { ok: mismatches === 0, mismatches, size };
}

/** The elements as numbers that JavaScript computes with. */
function numbers(array: NDArray): ArrayLike<unknown> {
  return array.dtype === 'float16' || array.dtype === 'bfloat16' ? array.toFloat32() : array.data;
}

function compareClosely(actual: NDArray, expected: NDArray, { rtol, atol }: Tolerance): Difference {
  const [a, b] = [numbers(actual), numbers(expected)];
  let maxAbsolute = 0;
  let maxRelative = 0;
  let mismatches = 0;
  for (let i = 0; i < b.length; i++) {
    const [x, y] = [Number(a[i]), Number(b[i])];
    if (x === y || (Number.isNaN(x) && Number.isNaN(y))) continue;
    const difference = Math.abs(x - y);
    if (!(difference <= atol + rtol * Math.abs(y))) mismatches++;
    if (!(difference <= maxAbsolute)) maxAbsolute = difference;
    const relative = difference / Math.abs(y);
    if (y !== 0 && !(relative <= maxRelative)) maxRelative = relative;
  }
  return { ok: mismatches === 0, maxAbsolute, maxRelative, mismatches, size: b.length };
}
