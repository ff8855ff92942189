import { isComplex, isFloat } from '../../lib/dtype.js';
import type { NDArray } from '../../lib/ndArray.js';
import { bitsToNumbers } from './numbers.js';

/** The first place at which bits differ, NaN being NaN whatever its bits; undefined: none does. */
export function differingBits(a: NDArray, b: NDArray): string | undefined {
  if (a.dtype !== b.dtype) return `dtype ${a.dtype}, but ${b.dtype}`;
  if (a.shape.join() !== b.shape.join()) return `shape [${a.shape}], but [${b.shape}]`;
  if (sameBytes(a, b)) return undefined;
  const [x, y] = [bitsToNumbers(a), bitsToNumbers(b)];
  for (let i = 0; i < x.length; i++) {
    if (Object.is(x[i], y[i])) continue;
    return `element ${i} of [${a.shape}]: ${String(x[i])}, but ${String(y[i])}`;
  }
  return undefined;
}

function sameBytes({ data: a }: NDArray, { data: b }: NDArray): boolean {
  if (!ArrayBuffer.isView(a) || !ArrayBuffer.isView(b)) return false;
  const bytes = (x: ArrayBufferView) => Buffer.from(x.buffer, x.byteOffset, x.byteLength);
  return bytes(a).equals(bytes(b));
}

/** What a few roundings may make of a value beside what noise makes of it. */
const roundings: Readonly<Record<string, number>> = {
  float32: 4e-6,
  float64: 1e-14,
  float16: 4e-3,
  bfloat16: 3e-2,
  complex64: 4e-6,
  complex128: 1e-14,
};

/** So many times what noise does is taken for rounding. */
const kNoise = 24;

/**
 * The first place at which values differ by more than what the graph makes of noise behind each of
 * its ops: `disturbed` are results with such noise. Undefined: none does.
 */
export function differingBeyond(
  a: NDArray,
  b: NDArray,
  disturbed: readonly NDArray[],
): string | undefined {
  if (differingBits(a, b) === undefined) return undefined;
  const { dtype, shape } = a;
  if (b.shape.join() !== shape.join() || disturbed.some((d) => d.shape.join() !== shape.join())) {
    // Noise changes the shape too where rounding decides on it.
    const decided = disturbed.some((d) => d.shape.join() !== b.shape.join());
    return decided ? undefined : `shape [${shape}], but [${b.shape}]`;
  }
  const [x, y] = [bitsToNumbers(a), bitsToNumbers(b)];
  const others = disturbed.map(bitsToNumbers);
  const largest = scale(x);
  const share = isFloat(dtype) || isComplex(dtype) ? (roundings[dtype] ?? 0) : 0;
  for (let i = 0; i < x.length; i++) {
    if (Object.is(x[i], y[i])) continue;
    const moved = Math.max(0, ...others.map((o) => distance(o[i], y[i])));
    const allowed = kNoise * moved + share * largest;
    const distant = distance(x[i], y[i]);
    if (distant <= allowed || !Number.isFinite(moved)) continue;
    return `element ${i} of [${shape}]: ${String(x[i])}, but ${String(y[i])}; noise moves it ${moved}`;
  }
  return undefined;
}

function distance(a: unknown, b: unknown): number {
  if (Object.is(a, b)) return 0;
  if (typeof a === 'string' || typeof b === 'string') return a === b ? 0 : Number.POSITIVE_INFINITY;
  const d = Math.abs(Number(a) - Number(b));
  return Number.isNaN(d) ? Number.POSITIVE_INFINITY : d;
}

function scale(values: readonly unknown[]): number {
  let largest = 0;
  for (const value of values) {
    const size = Math.abs(Number(value));
    if (Number.isFinite(size)) largest = Math.max(largest, size);
  }
  return largest;
}
