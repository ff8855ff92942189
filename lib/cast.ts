import {
  allocate,
  type DataOf,
  type DType,
  entriesPerElement,
  holds,
  isFloat,
  isSigned,
} from './dtype.js';
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
  if (alwaysFits(from, dtype) && setAll(data, source)) return data;
  const store = storeOf(dtype, data);
  const exact = !isFloat(from) && isFloat(dtype);
  for (let i = 0; i < size; i++) {
    const element = readElement(from, source, i);
    const kept =
      store(i, element) && !(exact && Number(readElement(dtype, data, i)) !== Number(element));
    if (!kept) throw cannotStore(dtype, element, placeOf(name, i, shape));
  }
  return data;
}

/** Bits of the integers that a dtype holds exactly, the sign apart. */
const integerBits: Partial<Record<DType, number>> = {
  float32: 24,
  float64: 53,
  int8: 7,
  int16: 15,
  int32: 31,
  uint8: 8,
  uint16: 16,
  uint32: 32,
};

/** Whether typed arrays convert every element as wanted: exactly, or float to float. */
function alwaysFits(from: DType, to: DType): boolean {
  const bits = integerBits[from];
  const room = integerBits[to];
  if (bits === undefined || room === undefined) return false;
  if (isFloat(from)) return isFloat(to);
  return bits <= room && (isSigned(to) || !isSigned(from));
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
