import type { DType } from './dtype.js';

/**
 * A Float16Array where the runtime has it, else a Uint16Array of bits. `NDArray.toFloat32()`
 * reads both alike.
 */
export interface Float16Data {
  readonly BYTES_PER_ELEMENT: number;
  readonly buffer: ArrayBufferLike;
  readonly byteLength: number;
  readonly byteOffset: number;
  readonly length: number;
  [index: number]: number;
  fill(value: number, start?: number, end?: number): Float16Data;
  set(values: ArrayLike<number>, offset?: number): void;
  slice(start?: number, end?: number): Float16Data;
  subarray(begin?: number, end?: number): Float16Data;
  [Symbol.iterator](): IterableIterator<number>;
}

interface DataOfDType {
  float32: Float32Array;
  float64: Float64Array;
  float16: Float16Data;
  bfloat16: Uint16Array;
  int8: Int8Array;
  int16: Int16Array;
  int32: Int32Array;
  int64: BigInt64Array;
  uint8: Uint8Array;
  uint16: Uint16Array;
  uint32: Uint32Array;
  uint64: BigUint64Array;
  bool: Uint8Array;
  string: string[];
  complex64: Float32Array;
  complex128: Float64Array;
  resource: never;
  float8_e4m3fn: Uint8Array;
  float8_e4m3fnuz: Uint8Array;
  float8_e5m2: Uint8Array;
  float8_e5m2fnuz: Uint8Array;
  float8_e8m0fnu: Uint8Array;
  float4_e2m1fn: Uint8Array;
  int4: Int8Array;
  uint4: Uint8Array;
  int2: Int8Array;
  uint2: Uint8Array;
  variant: (readonly ListedValue[] | null)[];
}

/** The JavaScript array that holds elements of a dtype; complex numbers take two entries each. */
export type DataOf<D extends DType> = DataOfDType[D];

export interface Complex {
  readonly re: number;
  readonly im: number;
}

/** One element as `item()`, `at()` and `toArray()` give it. */
export type ElementOf<D extends DType> = D extends 'int64' | 'uint64'
  ? bigint
  : D extends 'bool'
    ? boolean
    : D extends 'string'
      ? string
      : D extends 'complex64' | 'complex128'
        ? Complex
        : D extends 'resource'
          ? never
          : D extends 'variant'
            ? readonly ListedValue[] | null
            : number;

/** A value inside a variant. */
export interface ListedValue {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: DataOf<DType>;
}
