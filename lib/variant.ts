import {
  type DataOf,
  type DType,
  dtypeCode,
  dtypeFromCode,
  isNumeric,
  type ListedValue,
  viewOf,
} from './dtype.js';
import { EngineError } from './errors.js';
import { NDArray } from './ndArray.js';
import { type Shape, sizeOf } from './shape.js';

type Variants = DataOf<'variant'>;

/** How a value inside a variant crosses to the core and back. */
type Record = [code: number, shape: Shape, data: unknown];

/** Lists of values as the core reads them. */
export function variantRecords(data: DataOf<DType>): readonly (readonly Record[] | null)[] {
  return listsOf(data).map(
    (list) =>
      list?.map(({ dtype, shape, data }): Record => {
        return [dtypeCode(dtype), shape, dtype === 'variant' ? variantRecords(data) : data];
      }) ?? null,
  );
}

function listsOf(data: DataOf<DType>): Variants {
  const lists: Variants = [];
  if (!Array.isArray(data)) return lists;
  for (const list of data) if (typeof list !== 'string') lists.push(list);
  return lists;
}

/** Lists of values as the core writes them. */
export function variantsFrom(lists: unknown): Variants {
  return listed(lists).map((list) => (list === null ? null : listed(list).map(valueFrom)));
}

function listed(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  throw new EngineError('INTERNAL', 'no list for a result of dtype variant');
}

function valueFrom(record: unknown): ListedValue {
  const [code, dims, data] = listed(record);
  const dtype = dtypeFromCode(Number(code));
  const shape = Object.freeze(listed(dims).map(Number));
  if (dtype === 'variant') return new NDArray(variantsFrom(data), shape, dtype);
  if (dtype === 'string') return new NDArray(listed(data).map(String), shape, dtype);
  const buffer = ArrayBuffer.isView(data) ? data.buffer : data;
  if (!isNumeric(dtype) || !(buffer instanceof ArrayBuffer)) {
    throw new EngineError('INTERNAL', `no memory for a value of dtype ${dtype}`);
  }
  const offset = ArrayBuffer.isView(data) ? data.byteOffset : 0;
  return new NDArray<DType>(viewOf(dtype, buffer, offset, sizeOf(shape)), shape, dtype);
}
