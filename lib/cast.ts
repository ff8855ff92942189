import { allocate, type DataOf, type DType, entriesPerElement, holds, isFloat } from './dtype.js';
import { cannotStore, readElement, storeOf } from './element.js';
import type { Shape } from './shape.js';

/** Elements of one dtype as elements of another. */
export function convertData<S extends DType, D extends DType>(
  source: DataOf<S>,
  from: S,
  dtype: D,
  name: string,
  shape: Shape,
): DataOf<D> {
  const size = source.length / entriesPerElement(from);
  const data = allocate(dtype, size);
  const lost = setPlain(data, dtype, source, from);
  if (lost === undefined) return storeAll(data, dtype, source, from, name, shape);
  if (lost < 0) return data;
  throw cannotStore(dtype, readElement(from, source, lost), placeOf(name, lost, shape));
}

/** The dtypes whose numbers typed arrays convert by themselves. */
const plain: ReadonlySet<DType> = new Set<DType>([
  'float32',
  'float64',
  'int8',
  'int16',
  'int32',
  'uint8',
  'uint16',
  'uint32',
]);

/**
 * Lets the typed array convert; undefined if it cannot. The index of the first number that came
 * out as another one, or -1: floats may be rounded to floats, all else must be exact.
 */
function setPlain(
  data: DataOf<DType>,
  dtype: DType,
  source: DataOf<DType>,
  from: DType,
): number | undefined {
  if (!plain.has(dtype) || !plain.has(from) || !setAll(data, source)) return undefined;
  if (isFloat(from) && isFloat(dtype)) return -1;
  for (let i = 0; i < data.length; i++) if (data[i] !== source[i]) return i;
  return -1;
}

function storeAll<D extends DType>(
  data: DataOf<D>,
  dtype: D,
  source: DataOf<DType>,
  from: DType,
  name: string,
  shape: Shape,
): DataOf<D> {
  const store = storeOf(dtype, data);
  const size = data.length / entriesPerElement(dtype);
  for (let i = 0; i < size; i++) {
    const element = readElement(from, source, i);
    if (store(i, element)) continue;
    throw cannotStore(dtype, element, placeOf(name, i, shape));
  }
  return data;
}

/** Copies entries from typed array to typed array; false, and nothing done, if one is not. */
export function setAll(data: DataOf<DType>, source: DataOf<DType>, offset = 0): boolean {
  if (isBig(data) && isBig(source)) {
    data.set(source, offset);
    return true;
  }
  if (Array.isArray(data) || Array.isArray(source) || isBig(data) || isBig(source)) return false;
  data.set(source, offset);
  return true;
}

/** Copies `count` entries from `from` on to `to` on, between typed arrays only. */
export function setRange(
  data: DataOf<DType>,
  to: number,
  source: DataOf<DType>,
  from: number,
  count: number,
): boolean {
  return !Array.isArray(source) && setAll(data, source.subarray(from, from + count), to);
}

function isBig(data: unknown): data is BigInt64Array | BigUint64Array {
  return holds('int64', data) || holds('uint64', data);
}

/** "x[1][2]", the place of element `index` of a value called x. */
export function placeOf(name: string, index: number, shape: Shape): string {
  let rest = index;
  let place = '';
  for (let i = shape.length - 1; i >= 0; i--) {
    place = `[${rest % shape[i]!}]${place}`;
    rest = Math.floor(rest / shape[i]!);
  }
  return name + place;
}
