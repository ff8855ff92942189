import { setRange } from './cast.js';
import { allocate, type DataOf, type DType, entriesPerElement, holds } from './dtype.js';
import { EngineError, invalidArgument } from './errors.js';
import { checkAxis, type Shape, sizeOf, stridesOf } from './shape.js';
import { runAtOnce, type Sliced } from './sliced.js';
import type { Value } from './value.js';

/**
 * What a slice takes of one axis: an index (the axis goes away), `[start, stop, step]` as in
 * NumPy (negative ones count from the end, null or nothing for the default), null for all,
 * or '...' for all axes that are not named.
 */
export type Range =
  | number
  | null
  | '...'
  | readonly [
      start?: number | null | undefined,
      stop?: number | null | undefined,
      step?: number | null | undefined,
    ];

interface Cut {
  readonly start: number;
  readonly step: number;
  readonly count: number;
  readonly keep: boolean;
}

/** The element that full indices name, counted in C order. */
export function elementIndex(shape: Shape, indices: readonly number[]): number {
  if (indices.length !== shape.length) {
    throw invalidArgument('indices', `${shape.length} indices`, indices, 'ERR_INVALID_ARG_VALUE');
  }
  let at = 0;
  for (let i = 0; i < shape.length; i++) {
    at = at * shape[i]! + checkIndex(indices[i], shape[i]!, i);
  }
  return at;
}

function checkIndex(index: unknown, size: number, axis: number): number {
  if (typeof index !== 'number' || !Number.isInteger(index)) {
    throw invalidArgument(`the index of axis ${axis}`, 'an integer', index);
  }
  if (index >= -size && index < size) return index < 0 ? index + size : index;
  throw new EngineError(
    'OUT_OF_RANGE',
    `index ${index} is out of range for axis ${axis} with ${size} elements`,
  );
}

function bound(value: unknown, name: string): number | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  throw invalidArgument(name, 'an integer or null', value);
}

function cutOf(range: Range, size: number, axis: number): Cut {
  if (range === null) return { start: 0, step: 1, count: size, keep: true };
  if (typeof range === 'number') {
    return { start: checkIndex(range, size, axis), step: 1, count: 1, keep: false };
  }
  if (!Array.isArray(range) || range.length > 3) {
    throw invalidArgument(`the range of axis ${axis}`, '[start, stop, step]', range);
  }
  const step = bound(range[2], 'step') ?? 1;
  if (step === 0) throw invalidArgument('step', 'an integer that is not 0', step);
  const [low, high] = step > 0 ? [0, size] : [-1, size - 1];
  const clamp = (value: number | undefined, otherwise: number): number => {
    if (value === undefined) return otherwise;
    return Math.min(Math.max(value < 0 ? value + size : value, low), high);
  };
  const start = clamp(bound(range[0], 'start'), step > 0 ? low : high);
  const stop = clamp(bound(range[1], 'stop'), step > 0 ? high : low);
  return { start, step, count: Math.max(0, Math.ceil((stop - start) / step)), keep: true };
}

/** One range per axis: '...' and what is missing at the end stand for whole axes. */
function expand(ranges: readonly Range[], rank: number): readonly Range[] {
  const at = ranges.indexOf('...');
  const before = at < 0 ? ranges : ranges.slice(0, at);
  const after = at < 0 ? [] : ranges.slice(at + 1);
  const open = rank - before.length - after.length;
  if (open >= 0 && !after.includes('...')) {
    return [...before, ...new Array<null>(open).fill(null), ...after];
  }
  throw invalidArgument('ranges', `at most ${rank} ranges and one '...'`, ranges);
}

/** Part of a value: a view of its memory where the part lies in one piece, else a copy. */
export function sliceValue<D extends DType>(value: Value<D>, ranges: readonly Range[]): Value<D> {
  const { dtype, data, shape } = value;
  const cuts = expand(ranges, shape.length).map((range, i) => cutOf(range, shape[i]!, i));
  const strides = stridesOf(shape);
  const counts = cuts.map((cut) => cut.count);
  const part = {
    dtype,
    shape: counts.filter((_, i) => cuts[i]!.keep),
    size: sizeOf(counts),
    first: cuts.reduce((at, cut, i) => at + cut.start * strides[i]!, 0),
  };
  const steps = cuts.map((cut, i) => cut.step * strides[i]!);
  if (part.size === 0) return { dtype, shape: part.shape, data: allocate(dtype, 0) };
  const whole = isOnePiece(counts, steps) && pieceOf(data, dtype, part.first, part.size);
  return { dtype, shape: part.shape, data: whole || gather(value, part.first, counts, steps) };
}

/** Whether elements that lie `steps` apart are neighbours in C order. */
function isOnePiece(counts: readonly number[], steps: readonly number[]): boolean {
  let expected = 1;
  for (let i = counts.length - 1; i >= 0; i--) {
    if (counts[i] === 1) continue;
    if (steps[i] !== expected) return false;
    expected *= counts[i]!;
  }
  return true;
}

/** Elements [first, first + size) as a view; undefined for strings, which have none. */
function pieceOf<D extends DType>(
  data: DataOf<D>,
  dtype: D,
  first: number,
  size: number,
): DataOf<D> | undefined;
function pieceOf(
  data: DataOf<DType>,
  dtype: DType,
  first: number,
  size: number,
): DataOf<DType> | undefined {
  if (Array.isArray(data)) return undefined;
  const entries = entriesPerElement(dtype);
  if (first === 0 && size * entries === data.length) return data;
  return data.subarray(first * entries, (first + size) * entries);
}

/** So many elements are copied between two chances for other work. */
const kSlice = 4096;

/** A copy of the elements `first` + sum of i_k * steps[k], in C order of the i_k < counts[k]. */
export function gather<D extends DType>(
  value: Value<D>,
  first: number,
  counts: readonly number[],
  steps: readonly number[],
): DataOf<D> {
  return runAtOnce(gathering(value, first, counts, steps));
}

/** As gather, giving way now and then. */
export function gathering<D extends DType>(
  value: Value<D>,
  first: number,
  counts: readonly number[],
  steps: readonly number[],
): Sliced<DataOf<D>>;
export function* gathering(
  { dtype, data: source }: Value,
  first: number,
  counts: readonly number[],
  steps: readonly number[],
): Sliced<DataOf<DType>> {
  const entries = entriesPerElement(dtype);
  const size = sizeOf(counts);
  // Bits of float16 stay bits where the runtime has Float16Array.
  const bits = dtype === 'float16' && holds('uint16', source);
  const data = bits ? new Uint16Array(size) : allocate(dtype, size);
  const last = counts.length - 1;
  const row = counts[last] ?? 1;
  const step = steps[last] ?? 1;
  const index = new Array<number>(Math.max(last, 0)).fill(0);
  let from = first * entries;
  let left = kSlice;
  for (let to = 0; to < size * entries; ) {
    for (let i = 0; i < row; i += kSlice) {
      const count = Math.min(kSlice, row - i) * entries;
      const at = from + i * step * entries;
      if (step !== 1 || !setRange(data, to, source, at, count)) {
        copyApart(data, to, count, source, at, { step: step * entries, entries });
      }
      to += count;
      left -= count;
      if (left > 0) continue;
      yield;
      left = kSlice;
    }
    // The next row: the last of the outer axes goes on first.
    for (let axis = last - 1; axis >= 0; axis--) {
      from += steps[axis]! * entries;
      if (++index[axis]! < counts[axis]!) break;
      from -= index[axis]! * steps[axis]! * entries;
      index[axis] = 0;
    }
  }
  return data;
}

/** Copies elements of so many entries each that begin `step` entries apart. */
function copyApart(
  data: DataOf<DType>,
  to: number,
  count: number,
  source: DataOf<DType>,
  from: number,
  { step, entries }: { readonly step: number; readonly entries: number },
): void {
  for (let i = 0, at = from; i < count; i += entries, at += step) {
    for (let k = 0; k < entries; k++) data[to + i + k] = source[at + k]!;
  }
}

/** The nested arrays of a value's elements. */
export type Nested<T> = T | readonly Nested<T>[];

export function nest<T>(shape: Shape, element: (index: number) => T): Nested<T> {
  let next = 0;
  const build = (axis: number): Nested<T> => {
    if (axis === shape.length) return element(next++);
    return Array.from({ length: shape[axis]! }, () => build(axis + 1));
  };
  return build(0);
}

/** The permutation that transposing reads by: all axes reversed unless given. */
export function checkPermutation(axes: readonly number[] | undefined, rank: number): number[] {
  const order = axes?.map((axis) => checkAxis(axis, rank, 'axes'));
  if (order === undefined) return Array.from({ length: rank }, (_, i) => rank - 1 - i);
  if (order.length === rank && new Set(order).size === rank) return order;
  throw invalidArgument('axes', `a permutation of ${rank} axes`, axes, 'ERR_INVALID_ARG_VALUE');
}
