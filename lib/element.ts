import {
  type Complex,
  type DataOf,
  type DType,
  type ElementOf,
  holds,
  isComplex,
  isNarrow,
  type NarrowDType,
  type TypedData,
} from './dtype.js';
import { type ArgumentError, invalidArgument } from './errors.js';
import {
  bfloat16Bits,
  bfloat16ToFloat32,
  bfloat16Value,
  float16Bits,
  float16ToFloat32,
  float16Value,
} from './half.js';
import { narrowBits, narrowValue } from './narrow.js';
import type { Value } from './value.js';

/** Writes element `index`; false when the dtype cannot hold the value. */
export type Store = (index: number, value: unknown) => boolean;

const ranges = {
  int4: [-8, 7],
  uint4: [0, 15],
  int2: [-2, 1],
  uint2: [0, 3],
  int8: [-128, 127],
  int16: [-32768, 32767],
  int32: [-2147483648, 2147483647],
  uint8: [0, 255],
  uint16: [0, 65535],
  uint32: [0, 4294967295],
} as const;

const bigRanges = {
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
} as const;

export function isComplexValue(value: unknown): value is Complex {
  if (typeof value !== 'object' || value === null || !('re' in value && 'im' in value))
    return false;
  return typeof value.re === 'number' && typeof value.im === 'number';
}

/** The number itself, 0 or 1 for a boolean, a bigint that float64 holds exactly; else undefined. */
function exactNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value !== 'bigint') return undefined;
  const number = Number(value);
  return Number.isFinite(number) && BigInt(number) === value ? number : undefined;
}

interface Coding {
  readonly encode: (value: number) => number;
  readonly decode: (entry: number) => number;
}

const float16Coding: Coding = { encode: float16Bits, decode: float16Value };
const bfloat16Coding: Coding = { encode: bfloat16Bits, decode: bfloat16Value };

/** Numbers are rounded to the nearest; a bigint must survive. */
function storeFloat(data: { [index: number]: number }, coding?: Coding): Store {
  return (index, value) => {
    const number = exactNumber(value);
    if (number === undefined) return false;
    const entry = coding ? coding.encode(number) : number;
    data[index] = entry;
    if (typeof value === 'number') return true;
    return (coding ? coding.decode(entry) : data[index]) === number;
  };
}

function storeInteger(data: TypedData, low: number, high: number): Store {
  return (index, value) => {
    const number = exactNumber(value);
    if (number === undefined || !(number >= low && number <= high)) return false;
    if (!Number.isInteger(number)) return false;
    data[index] = number;
    return true;
  };
}

function bigOf(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'boolean') return value ? 1n : 0n;
  return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : undefined;
}

function storeBig(data: BigInt64Array | BigUint64Array, low: bigint, high: bigint): Store {
  return (index, value) => {
    const big = bigOf(value);
    if (big === undefined || big < low || big > high) return false;
    data[index] = big;
    return true;
  };
}

function storeBool(data: TypedData): Store {
  return (index, value) => {
    if (typeof value !== 'boolean' && value !== 0 && value !== 1) return false;
    data[index] = Number(value);
    return true;
  };
}

function storeString(data: string[]): Store {
  return (index, value) => {
    if (typeof value !== 'string') return false;
    data[index] = value;
    return true;
  };
}

function storeComplex(data: Float32Array | Float64Array): Store {
  return (index, value) => {
    const number = isComplexValue(value) ? value.re : exactNumber(value);
    if (number === undefined) return false;
    data[2 * index] = number;
    data[2 * index + 1] = isComplexValue(value) ? value.im : 0;
    return true;
  };
}

/** How a dtype's array takes single values of any JavaScript type. */
export function storeOf<D extends DType>(dtype: D, data: DataOf<D>): Store;
export function storeOf(dtype: DType, data: DataOf<DType>): Store {
  if (holds('string', data)) return dtype === 'string' ? storeString(data) : () => false;
  if (holds('variant', data)) return () => false;
  if (holds('int64', data)) return storeBig(data, ...bigRanges.int64);
  if (holds('uint64', data)) return storeBig(data, ...bigRanges.uint64);
  if (dtype === 'bool') return storeBool(data);
  if (dtype === 'float16') {
    return storeFloat(data, holds('uint16', data) ? float16Coding : undefined);
  }
  if (dtype === 'bfloat16') return storeFloat(data, bfloat16Coding);
  if (holds('float32', data) || holds('float64', data)) {
    return dtype === 'float32' || dtype === 'float64' ? storeFloat(data) : storeComplex(data);
  }
  if (dtype in ranges) return storeInteger(data, ...rangeOf(dtype));
  if (isNarrow(dtype) && holds('uint8', data)) return storeFloat(data, codingOf(dtype));
  return () => false;
}

function codingOf(dtype: NarrowDType): Coding {
  return {
    encode: (value) => narrowBits(dtype, value),
    decode: (entry) => narrowValue(dtype, entry),
  };
}

function rangeOf(dtype: DType): readonly [number, number] {
  return isSmallInteger(dtype) ? ranges[dtype] : [0, 0];
}

function isSmallInteger(dtype: DType): dtype is keyof typeof ranges {
  return dtype in ranges;
}

function isBigInteger(dtype: DType): dtype is keyof typeof bigRanges {
  return dtype in bigRanges;
}

/** Why Store gave false, as an error to be thrown. */
export function cannotStore(dtype: DType, value: unknown, where: string): ArgumentError {
  const numeric = typeof value === 'number' || typeof value === 'bigint';
  const code = numeric ? 'ERR_OUT_OF_RANGE' : 'ERR_INVALID_ARG_TYPE';
  return invalidArgument(where, `${wanted(dtype)} (${dtype})`, value, code);
}

function wanted(dtype: DType): string {
  if (isSmallInteger(dtype)) return `an integer in [${ranges[dtype].join(', ')}]`;
  if (isBigInteger(dtype)) return `an integer in [${bigRanges[dtype].join(', ')}]`;
  if (dtype === 'bool') return 'a boolean, 0 or 1';
  if (dtype === 'string') return 'a string';
  if (dtype === 'complex64' || dtype === 'complex128') return 'a number or { re, im }';
  return 'a number';
}

/** Element `index` as JavaScript shows it: narrow floats as numbers, bool as booleans. */
export function readElement<D extends DType>(
  dtype: D,
  data: DataOf<D>,
  index: number,
): ElementOf<D>;
export function readElement(dtype: DType, data: DataOf<DType>, index: number): ElementOf<DType> {
  if (dtype === 'complex64' || dtype === 'complex128') {
    return { re: Number(data[2 * index]), im: Number(data[2 * index + 1]) };
  }
  const entry = data[index]!;
  if (typeof entry !== 'number') return entry;
  if (dtype === 'bool') return entry !== 0;
  if (dtype === 'bfloat16') return bfloat16Value(entry);
  if (isNarrow(dtype)) return narrowValue(dtype, entry);
  if (dtype === 'float16' && holds('uint16', data)) return float16Value(entry);
  return entry;
}

/** The elements as float32, rounded where need be; float32 data itself. */
export function float32Of({ data, dtype }: Value): Float32Array {
  if (dtype === 'float32' && holds('float32', data)) return data;
  if (dtype === 'bfloat16' && holds('uint16', data)) return bfloat16ToFloat32(data);
  if (dtype === 'float16' && holds('uint16', data)) return float16ToFloat32(data);
  if (isNarrow(dtype) && !Array.isArray(data)) {
    return Float32Array.from<number | bigint>(data, (entry) => narrowValue(dtype, Number(entry)));
  }
  if (Array.isArray(data) || isComplex(dtype)) {
    throw invalidArgument('toFloat32()', 'an array of real numbers', `dtype ${dtype}`);
  }
  return Float32Array.from<number | bigint>(data, Number);
}
