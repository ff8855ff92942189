import { arrayType, type DType, elementSize, isNumeric, type NumericDType } from '../dtype.js';
import { EngineError } from '../errors.js';
import type { Sliced } from '../sliced.js';
import { dataTypeName, dtypeOfDataType } from './dataTypes.js';
import type { Stored, TensorField, TensorProto } from './proto.js';

export interface NumberValue {
  readonly dtype: NumericDType;
  readonly shape: readonly number[];
  /** None when the values lie in a block, or are still in a file. */
  readonly bytes: Uint8Array;
  readonly stored?: Stored | undefined;
}

/** The value of a TensorProto; numbers as little-endian bytes that may lie unaligned. */
export type TensorValue =
  | NumberValue
  | {
      readonly dtype: 'string';
      readonly shape: readonly number[];
      readonly strings: readonly string[];
    };

/** Varints decoded between two chances to give way. */
const kVarintsPerSlice = 16384;

/** Decodes a tensor whose external data has been read. Raw data stays a view into the file. */
export function* tensorValue(tensor: TensorProto, file: string): Sliced<TensorValue> {
  const dtype = dtypeOf(tensor, file);
  const shape = shapeOf(tensor.dims, place(tensor, file));
  const size = shape.reduce((product, dim) => product * dim, 1);
  if (!isNumeric(dtype)) return { dtype: 'string', shape, strings: stringsOf(tensor, size, file) };
  const packing = packings[dtype];
  if (tensor.stored && !packing) {
    checkBytes(tensor, file, tensor.stored.length, shape);
    return { dtype, shape, bytes: kNoBytes, stored: tensor.stored };
  }
  const stored = tensor.rawData ?? (yield* numbersOf(tensor, dtype, file));
  const bytes = packing ? unpacked(stored, size, packing) : stored;
  checkBytes(tensor, file, bytes.length, shape);
  return { dtype, shape, bytes };
}

const kNoBytes = new Uint8Array(0);

/** Whether each element of a data type is a number of whole bytes. */
export function isWholeBytes(dataType: number): boolean {
  const dtype = dtypeOfDataType(dataType);
  return dtype !== undefined && isNumeric(dtype) && packings[dtype] === undefined;
}

function checkBytes(
  tensor: TensorProto,
  file: string,
  length: number,
  shape: readonly number[],
): void {
  const size = shape.reduce((product, dim) => product * dim, 1);
  const expected = size * elementSize(dtypeOf(tensor, file));
  if (length === expected) return;
  throw damaged(tensor, file, `${length} bytes of values, expected ${expected}`, shape);
}

/** The dtype of a tensor, or an error that it has none of ours. */
export function dtypeOf(tensor: TensorProto, file: string): DType {
  const dtype = dtypeOfDataType(tensor.dataType);
  if (dtype !== undefined) return dtype;
  throw new EngineError(
    'UNIMPLEMENTED',
    `${place(tensor, file)}: values of ${dataTypeName(tensor.dataType)} are not supported`,
  );
}

/** Dims as numbers: none negative, and the product a number of elements that memory can hold. */
export function shapeOf(dims: readonly bigint[], where: string): number[] {
  const size = dims.reduce((product, dim) => product * dim, 1n);
  if (dims.some((dim) => dim < 0n) || size > BigInt(Number.MAX_SAFE_INTEGER) / 16n) {
    throw new EngineError('DATA_LOSS', `${where}: the dims [${dims.join(', ')}] are no shape`);
  }
  // A dim may be absurdly large beside a zero.
  if (dims.some((dim) => dim > BigInt(Number.MAX_SAFE_INTEGER))) {
    throw new EngineError('DATA_LOSS', `${where}: the dims [${dims.join(', ')}] are too large`);
  }
  return dims.map(Number);
}

/** The typed array over a value's numbers; copied when they lie unaligned. */
export function arrayOf(value: NumberValue) {
  const Type = arrayType(value.dtype);
  const aligned = value.bytes.byteOffset % Type.BYTES_PER_ELEMENT === 0;
  const bytes = aligned ? value.bytes : new Uint8Array(value.bytes);
  return new Type(bytes.buffer, bytes.byteOffset, bytes.byteLength / Type.BYTES_PER_ELEMENT);
}

export function place(tensor: TensorProto, file: string): string {
  return `${file}: tensor '${tensor.name}'`;
}

function damaged(
  tensor: TensorProto,
  file: string,
  what: string,
  shape: readonly number[],
): EngineError {
  const type = `${dataTypeName(tensor.dataType)} [${shape.join(', ')}]`;
  return new EngineError('DATA_LOSS', `${place(tensor, file)} of ${type} has ${what}`);
}

function stringsOf(tensor: TensorProto, size: number, file: string): string[] {
  if (tensor.stringData.length !== size) {
    const what = `${tensor.stringData.length} strings, expected ${size}`;
    throw damaged(tensor, file, what, tensor.dims.map(Number));
  }
  return tensor.stringData.map((bytes) => Buffer.from(bytes).toString('utf8'));
}

/** The field that holds the values of a dtype when raw_data does not. */
function fieldOf(dtype: NumericDType): TensorField {
  switch (dtype) {
    case 'float32':
    case 'complex64':
      return 'float';
    case 'float64':
    case 'complex128':
      return 'double';
    case 'int64':
      return 'int64';
    case 'uint32':
    case 'uint64':
      return 'uint64';
    default:
      return 'int32';
  }
}

function* numbersOf(tensor: TensorProto, dtype: NumericDType, file: string): Sliced<Uint8Array> {
  const field = fieldOf(dtype);
  const runs = tensor.runs.get(field) ?? [];
  if (field === 'float' || field === 'double') {
    return runs.length === 1 && runs[0] ? runs[0] : Buffer.concat(runs);
  }
  const count = runs.reduce((sum, run) => sum + countVarints(run), 0);
  const width = elementSize(dtype);
  const bytes = new Uint8Array(count * width);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const run of runs) {
    for (let pos = 0; pos < run.length; at++) {
      if (at % kVarintsPerSlice === 0) yield;
      const end = endOfVarint(run, pos);
      if (end === undefined) throw damaged(tensor, file, 'a number cut off', []);
      writeVarint(run, pos, end, view, at * width, width);
      pos = end;
    }
  }
  return bytes;
}

/** Elements of less than a byte lie in it from its lowest bits up. */
interface Packing {
  readonly bits: number;
  readonly isSigned: boolean;
}

const packings: Partial<Record<DType, Packing>> = {
  int4: { bits: 4, isSigned: true },
  uint4: { bits: 4, isSigned: false },
  float4_e2m1fn: { bits: 4, isSigned: false },
  int2: { bits: 2, isSigned: true },
  uint2: { bits: 2, isSigned: false },
};

/** One element to a byte; of another length when the bytes are not those of so many elements. */
function unpacked(bytes: Uint8Array, size: number, { bits, isSigned }: Packing): Uint8Array {
  const perByte = 8 / bits;
  if (bytes.length !== Math.ceil(size / perByte)) return new Uint8Array(bytes.length * perByte);
  const values = new Uint8Array(size);
  const top = 1 << (bits - 1);
  for (let i = 0; i < size; i++) {
    const value = (bytes[Math.floor(i / perByte)]! >> (bits * (i % perByte))) & (2 * top - 1);
    values[i] = isSigned && value >= top ? value - 2 * top : value;
  }
  return values;
}

function countVarints(run: Uint8Array): number {
  let count = 0;
  for (const byte of run) if (byte < 0x80) count++;
  return count;
}

function endOfVarint(run: Uint8Array, start: number): number | undefined {
  const limit = Math.min(run.length, start + 10);
  for (let i = start; i < limit; i++) if (run[i]! < 0x80) return i + 1;
  return undefined;
}

/** Writes the lowest `width` bytes of a varint, little-endian. */
function writeVarint(
  run: Uint8Array,
  start: number,
  end: number,
  view: DataView,
  at: number,
  width: number,
): void {
  let low = 0;
  let high = 0;
  for (let i = start; i < end; i++) {
    const bits = run[i]! & 0x7f;
    const shift = 7 * (i - start);
    if (shift < 28) low |= bits << shift;
    else if (shift === 28) {
      low |= bits << 28;
      high |= bits >> 4;
    } else if (shift < 63) high |= bits << (shift - 32);
    else high |= bits << 31;
  }
  if (width === 1) view.setUint8(at, low & 0xff);
  else if (width === 2) view.setUint16(at, low & 0xffff, true);
  else view.setInt32(at, low, true);
  if (width === 8) view.setInt32(at + 4, high, true);
}
