import type { Complex, DataOf, ElementOf, Float16Data, ListedValue } from './elementTypes.js';
import { invalidArgument } from './errors.js';

interface DTypeInfo {
  /** The number of native/tensor/dtype.h. */
  readonly code: number;
  /** Bytes of one element; a string has none. */
  readonly size: number;
  readonly kind:
    | 'float'
    | 'signed'
    | 'unsigned'
    | 'bool'
    | 'complex'
    | 'string'
    | 'resource'
    | 'narrow'
    | 'variant';
}

const table = {
  float32: { code: 1, size: 4, kind: 'float' },
  float64: { code: 2, size: 8, kind: 'float' },
  float16: { code: 3, size: 2, kind: 'float' },
  bfloat16: { code: 4, size: 2, kind: 'float' },
  int8: { code: 5, size: 1, kind: 'signed' },
  int16: { code: 6, size: 2, kind: 'signed' },
  int32: { code: 7, size: 4, kind: 'signed' },
  int64: { code: 8, size: 8, kind: 'signed' },
  uint8: { code: 9, size: 1, kind: 'unsigned' },
  uint16: { code: 10, size: 2, kind: 'unsigned' },
  uint32: { code: 11, size: 4, kind: 'unsigned' },
  uint64: { code: 12, size: 8, kind: 'unsigned' },
  bool: { code: 13, size: 1, kind: 'bool' },
  string: { code: 14, size: 0, kind: 'string' },
  complex64: { code: 15, size: 8, kind: 'complex' },
  complex128: { code: 16, size: 16, kind: 'complex' },
  resource: { code: 17, size: 0, kind: 'resource' },
  float8_e4m3fn: { code: 18, size: 1, kind: 'narrow' },
  float8_e4m3fnuz: { code: 19, size: 1, kind: 'narrow' },
  float8_e5m2: { code: 20, size: 1, kind: 'narrow' },
  float8_e5m2fnuz: { code: 21, size: 1, kind: 'narrow' },
  float8_e8m0fnu: { code: 22, size: 1, kind: 'narrow' },
  float4_e2m1fn: { code: 23, size: 1, kind: 'narrow' },
  int4: { code: 24, size: 1, kind: 'narrow' },
  uint4: { code: 25, size: 1, kind: 'narrow' },
  int2: { code: 26, size: 1, kind: 'narrow' },
  uint2: { code: 27, size: 1, kind: 'narrow' },
  variant: { code: 28, size: 0, kind: 'variant' },
} as const satisfies Record<string, DTypeInfo>;

/**
 * The type of a tensor's elements. A `resource` is a variable's handle and never a value; a
 * `variant` is a list of values, or null: a sequence, an optional value, or a map's keys and values.
 */
export type DType = keyof typeof table;

/** What is stored, moved and cast, but not computed in: one element to a byte. */
export type NarrowDType =
  | 'float8_e4m3fn'
  | 'float8_e4m3fnuz'
  | 'float8_e5m2'
  | 'float8_e5m2fnuz'
  | 'float8_e8m0fnu'
  | 'float4_e2m1fn'
  | 'int4'
  | 'uint4'
  | 'int2'
  | 'uint2';

export type { Complex, DataOf, ElementOf, Float16Data, ListedValue };

export type TypedData = Exclude<DataOf<DType>, readonly unknown[]>;
export type NumericDType = Exclude<DType, 'string' | 'resource' | 'variant'>;
export type IntegerDType =
  | 'int8'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'uint8'
  | 'uint16'
  | 'uint32'
  | 'uint64';
export type FloatDType = 'float32' | 'float64' | 'float16' | 'bfloat16';

function isDTypeName(value: unknown): value is DType {
  return typeof value === 'string' && Object.hasOwn(table, value);
}

/** All dtypes, in the order of their codes. */
export const dtypes: readonly DType[] = Object.keys(table).filter(isDTypeName);

export { isDTypeName as isDType };

/** The value itself, when it names a dtype. */
export function checkDType(value: unknown, name: string): DType {
  if (isDTypeName(value)) return value;
  throw invalidArgument(name, `a dtype (${dtypes.slice(0, -1).join(', ')})`, value);
}

export function dtypeCode(dtype: DType): number {
  return table[dtype].code;
}

export function dtypeFromCode(code: number): DType {
  const dtype = dtypes[code - 1];
  if (dtype === undefined)
    throw invalidArgument('code', `a dtype code from 1 to ${dtypes.length}`, code);
  return dtype;
}

/** Bytes of one element: 8 for complex64, 0 for string and resource. */
export function elementSize(dtype: DType): number {
  return table[dtype].size;
}

export function isFloat(dtype: DType): dtype is FloatDType {
  return table[dtype].kind === 'float';
}

export function isNarrow(dtype: DType): dtype is NarrowDType {
  return table[dtype].kind === 'narrow';
}

export function isInteger(dtype: DType): dtype is IntegerDType {
  const { kind } = table[dtype];
  return kind === 'signed' || kind === 'unsigned';
}

export function isSigned(dtype: DType): boolean {
  const { kind } = table[dtype];
  return kind === 'signed' || kind === 'float' || kind === 'complex';
}

export function isComplex(dtype: DType): dtype is 'complex64' | 'complex128' {
  return table[dtype].kind === 'complex';
}

/** Entries of the data array that one element takes: 2 for complex numbers. */
export function entriesPerElement(dtype: DType): 1 | 2 {
  return table[dtype].kind === 'complex' ? 2 : 1;
}

/** What the constructors of all typed arrays have in common. */
export interface TypedArrayType<A extends TypedData = TypedData> {
  readonly BYTES_PER_ELEMENT: number;
  readonly name: string;
  new (length: number): A;
  new (buffer: ArrayBufferLike, byteOffset?: number, length?: number): A;
}

function isConstructor(value: unknown): value is TypedArrayType<Float16Data> {
  return typeof value === 'function';
}

const nativeFloat16: unknown = Reflect.get(globalThis, 'Float16Array');

/** Float16Array where the runtime has it, else Uint16Array. */
export const Float16Storage: TypedArrayType<Float16Data> = isConstructor(nativeFloat16)
  ? nativeFloat16
  : Uint16Array;

const arrayTypes: Readonly<Record<NumericDType, TypedArrayType>> = {
  float32: Float32Array,
  float64: Float64Array,
  float16: Float16Storage,
  bfloat16: Uint16Array,
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
  bool: Uint8Array,
  complex64: Float32Array,
  complex128: Float64Array,
  float8_e4m3fn: Uint8Array,
  float8_e4m3fnuz: Uint8Array,
  float8_e5m2: Uint8Array,
  float8_e5m2fnuz: Uint8Array,
  float8_e8m0fnu: Uint8Array,
  float4_e2m1fn: Uint8Array,
  int4: Int8Array,
  uint4: Uint8Array,
  int2: Int8Array,
  uint2: Uint8Array,
};

/** Whether the elements live in a typed array: all but string, variant and resource. */
export function isNumeric(dtype: DType): dtype is NumericDType {
  return dtype !== 'string' && dtype !== 'resource' && dtype !== 'variant';
}

/** The constructor of the dtype's typed array. */
export function arrayType(dtype: NumericDType): TypedArrayType {
  return arrayTypes[dtype];
}

/** A fresh array for `size` elements, filled with zeros or empty strings. */
export function allocate<D extends DType>(dtype: D, size: number): DataOf<D>;
export function allocate(dtype: DType, size: number): DataOf<DType> {
  if (dtype === 'string') return new Array<string>(size).fill('');
  if (dtype === 'variant') return new Array<readonly ListedValue[] | null>(size).fill(null);
  if (!isNumeric(dtype)) throw invalidArgument('dtype', 'a dtype with values', dtype);
  return new arrayTypes[dtype](size * entriesPerElement(dtype));
}

/** The dtype's typed array over memory; byteOffset must be a multiple of its entry's size. */
export function viewOf<D extends NumericDType>(
  dtype: D,
  buffer: ArrayBufferLike,
  byteOffset: number,
  size: number,
): DataOf<D>;
export function viewOf(
  dtype: NumericDType,
  buffer: ArrayBufferLike,
  byteOffset: number,
  size: number,
): TypedData {
  return new arrayTypes[dtype](buffer, byteOffset, size * entriesPerElement(dtype));
}

/** "Float32Array" and so on; unlike instanceof it knows the arrays of other realms. */
function tagOf(view: object): string {
  return String(Reflect.get(view, Symbol.toStringTag));
}

function isOfType(type: TypedArrayType, data: unknown): boolean {
  return data instanceof type || (ArrayBuffer.isView(data) && tagOf(data) === type.name);
}

/** Whether an array is of the type that holds a dtype's elements. */
export function holds<D extends DType>(dtype: D, data: unknown): data is DataOf<D>;
export function holds(dtype: DType, data: unknown): boolean {
  if (dtype === 'string' || dtype === 'variant') return Array.isArray(data);
  if (!isNumeric(dtype)) return false;
  // Bits are understood where the runtime has Float16Array too.
  if (dtype === 'float16' && isOfType(Uint16Array, data)) return true;
  return isOfType(arrayTypes[dtype], data);
}

const dtypeOfTag: Readonly<Record<string, DType>> = {
  Float32Array: 'float32',
  Float64Array: 'float64',
  Float16Array: 'float16',
  Int8Array: 'int8',
  Int16Array: 'int16',
  Int32Array: 'int32',
  BigInt64Array: 'int64',
  Uint8Array: 'uint8',
  Uint8ClampedArray: 'uint8',
  Uint16Array: 'uint16',
  Uint32Array: 'uint32',
  BigUint64Array: 'uint64',
};

/** The dtype that a typed array has by its own type; a Buffer is uint8, a DataView nothing. */
export function dtypeOfArray(view: ArrayBufferView): DType | undefined {
  return dtypeOfTag[tagOf(view)];
}
