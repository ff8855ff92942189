import { EngineError } from '../../errors.js';
import type { Histogram } from '../../io/events.js';
import { NDArray, ndarray } from '../../ndArray.js';
import type { Values } from '../../value.js';

/** So many values are counted between two turns of the event loop. */
const kSlice = 1 << 17;

/** Limits that grow by a tenth, on both sides of 0, as TensorFlow has them. */
const limits = makeLimits();

function makeLimits(): Float64Array {
  const positive: number[] = [];
  for (let limit = 1e-12; limit < 1e20; limit *= 1.1) positive.push(limit);
  positive.push(Number.MAX_VALUE);
  const negative = positive.map((limit) => -limit).reverse();
  return Float64Array.from([...negative, 0, ...positive]);
}

/** The first limit that is not below the value. */
function bucketOf(value: number): number {
  let low = 0;
  let high = limits.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (limits[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

interface Sums {
  min: number;
  max: number;
  sum: number;
  sumOfSquares: number;
  readonly counts: Float64Array;
}

/** Counts values; large arrays in slices, so that the event loop turns. */
export async function histogramOf(values: Values, tag: string): Promise<Histogram> {
  const array = values instanceof NDArray ? values : ndarray(values);
  const data = numbersOf(array, tag);
  const sums = { min: Infinity, max: -Infinity, sum: 0, sumOfSquares: 0 };
  const all: Sums = { ...sums, counts: new Float64Array(limits.length) };
  for (let at = 0; at < data.length; at += kSlice) {
    if (at > 0) await new Promise((resolve) => setImmediate(resolve));
    count(data, at, Math.min(at + kSlice, data.length), all);
  }
  if (!Number.isNaN(all.sumOfSquares)) return finish(all, data.length);
  throw new EngineError('INVALID_ARGUMENT', `Nan in summary histogram for: ${tag}`);
}

function numbersOf(array: NDArray, tag: string): ArrayLike<number | bigint> {
  const { data, dtype } = array;
  const isHalf = dtype === 'float16' || dtype === 'bfloat16';
  if (isHalf) return array.toFloat32();
  if (ArrayBuffer.isView(data) && !dtype.startsWith('complex')) return data;
  throw new EngineError('INVALID_ARGUMENT', `Expected numbers for '${tag}' but received ${dtype}`);
}

function count(data: ArrayLike<number | bigint>, from: number, to: number, all: Sums): void {
  for (let i = from; i < to; i++) {
    const value = Number(data[i]);
    all.sum += value;
    all.sumOfSquares += value * value;
    if (value < all.min) all.min = value;
    if (value > all.max) all.max = value;
    all.counts[bucketOf(value)]! += 1;
  }
}

/** Buckets in a row that are empty become one. */
function finish({ min, max, sum, sumOfSquares, counts }: Sums, size: number): Histogram {
  const kept: number[] = [];
  for (const [i, entries] of counts.entries()) {
    const next = counts[i + 1] ?? 0;
    if (entries > 0 || next > 0) kept.push(i);
  }
  if (kept.length === 0) kept.push(limits.length - 1);
  return {
    min: size > 0 ? min : 0,
    max: size > 0 ? max : 0,
    count: size,
    sum,
    sumOfSquares,
    limits: kept.map((i) => limits[i]!),
    counts: kept.map((i) => counts[i]!),
  };
}
