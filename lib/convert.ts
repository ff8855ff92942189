import { types } from 'node:util';

import { convertData } from './cast.js';
import {
  type DataOf,
  type DType,
  dtypeOfArray,
  elementSize,
  entriesPerElement,
  holds,
  isComplex,
  isNumeric,
  type NumericDType,
  viewOf,
} from './dtype.js';
import { isComplexValue } from './element.js';
import { invalidArgument } from './errors.js';
import { fromNested } from './nested.js';
import type { Shape, StaticShape } from './shape.js';
import { type BrandedValue, isValue, type Value } from './value.js';

/**
 * The value in the form of a dtype. Memory of the caller is kept when it holds that dtype
 * already; everything else is converted into a fresh array: exactly, or with the rounding of a
 * float to a narrower float. A flat typed array, Buffer or ArrayBuffer takes the `expected`
 * shape when that leaves at most one dim open. A Buffer or ArrayBuffer holds the bytes of the
 * dtype.
 */
export function toValue<D extends DType>(
  value: unknown,
  dtype: D,
  name: string,
  expected: StaticShape = null,
): Value<D> {
  if (holdsVariants(dtype)) return toVariant(value, dtype, name);
  if (isValue(value)) return convertArray(value, dtype, name);
  if (types.isAnyArrayBuffer(value)) {
    return flat(dtype, fromBytes(dtype, value, 0, value.byteLength, name), expected);
  }
  if (ArrayBuffer.isView(value)) return flat(dtype, fromView(value, dtype, name), expected);
  return fromNested(value, dtype, name);
}

function holdsVariants<D extends DType>(dtype: D): dtype is D & 'variant' {
  return dtype === 'variant';
}

/** A list of values, or null, as one variant of rank 0. */
function toVariant<D extends 'variant'>(value: unknown, dtype: D, name: string): Value<D>;
function toVariant(value: unknown, dtype: 'variant', name: string): Value<'variant'> {
  if (isValue(value) && value.dtype === dtype && holds(dtype, value.data)) {
    return { dtype, shape: value.shape, data: value.data };
  }
  if (value === null) return { dtype, shape: [], data: [null] };
  if (!Array.isArray(value)) throw invalidArgument(name, 'a list of values', value);
  const list = value.map((entry, i) => {
    const place = `${name}[${i}]`;
    return isValue(entry) ? entry : toValue(entry, inferDType(entry, place), place);
  });
  return { dtype, shape: [], data: [list] };
}

function flat<D extends DType>(dtype: D, data: DataOf<D>, expected: StaticShape): Value<D> {
  const size = data.length / entriesPerElement(dtype);
  return { dtype, shape: flatShape(size, expected), data };
}

/** The expected shape if exactly `size` elements fill it, else [size]. */
function flatShape(size: number, expected: StaticShape): Shape {
  if (expected === null || expected.length === 1) return [size];
  let known = 1;
  let open = 0;
  for (const dim of expected) {
    if (dim === null) open++;
    else known *= dim;
  }
  const fits = open === 0 ? known === size : open === 1 && known > 0 && size % known === 0;
  return fits ? expected.map((dim) => dim ?? size / known) : [size];
}

/** A clamped array as the plain array over its bytes. */
function unclamped(view: ArrayBufferView): ArrayBufferView {
  if (!types.isUint8ClampedArray(view)) return view;
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

/** Throws for a view without elements because its memory is gone: detached, or shrunk below it. */
function checkAttached(view: ArrayBufferView, name: string): void {
  try {
    // A DataView throws when it is asked for its length, a typed array when its entries are.
    if (view.byteLength > 0 || types.isDataView(view)) return;
    Uint8Array.prototype.keys.call(view);
  } catch {
    throw invalidArgument(name, 'memory that is not detached', view.constructor.name);
  }
}

function fromView<D extends DType>(given: ArrayBufferView, dtype: D, name: string): DataOf<D> {
  checkAttached(given, name);
  const view = unclamped(given);
  const raw = Buffer.isBuffer(view) || types.isDataView(view);
  if (!raw && holds(dtype, view) && isWhole(dtype, view)) return view;
  if (raw) return fromBytes(dtype, view.buffer, view.byteOffset, view.byteLength, name);
  const own = dtypeOfArray(view);
  if (own === undefined || !holds(own, view)) throw invalidArgument(name, 'a typed array', view);
  if (!isComplex(dtype) || !holds(dtype, view)) {
    return convertData(view, own, dtype, name, [view.length]);
  }
  throw invalidArgument(name, `pairs of real and imaginary parts (${dtype})`, view);
}

/** Whether an array of the dtype's own type needs no conversion. */
function isWhole(dtype: DType, view: DataOf<DType>): boolean {
  if (isComplex(dtype)) return view.length % 2 === 0;
  if (dtype !== 'bool') return true;
  for (let i = 0; i < view.length; i++) if (Number(view[i]) > 1) return false;
  return true;
}

function fromBytes<D extends DType>(
  dtype: D,
  buffer: ArrayBufferLike,
  offset: number,
  length: number,
  name: string,
): DataOf<D>;
function fromBytes(
  dtype: DType,
  buffer: ArrayBufferLike,
  offset: number,
  length: number,
  name: string,
): DataOf<DType> {
  if (!isNumeric(dtype)) throw invalidArgument(name, `values of dtype ${dtype}`, buffer);
  const size = elementSize(dtype);
  if (length % size !== 0) {
    throw invalidArgument(name, `a multiple of ${size} bytes (${dtype})`, `${length} bytes`);
  }
  const data = alignedView(dtype, buffer, offset, length / size);
  return dtype === 'bool' ? convertData(data, 'uint8', dtype, name, [length]) : data;
}

/** The dtype's elements in memory that may lie at any offset: a copy where it is unaligned. */
export function alignedView<D extends NumericDType>(
  dtype: D,
  buffer: ArrayBufferLike,
  offset: number,
  size: number,
): DataOf<D> {
  const entry = elementSize(dtype) / entriesPerElement(dtype);
  if (offset % entry === 0) return viewOf(dtype, buffer, offset, size);
  const bytes = new Uint8Array(buffer, offset, size * elementSize(dtype)).slice();
  return viewOf(dtype, bytes.buffer, 0, size);
}

function convertArray<D extends DType>(value: BrandedValue, dtype: D, name: string): Value<D> {
  const { data, shape } = value;
  if (ArrayBuffer.isView(data)) checkAttached(data, name);
  if (value.dtype === dtype && holds(dtype, data)) return { dtype, shape, data };
  return { dtype, shape, data: convertData(data, value.dtype, dtype, name, shape) };
}

/** Memory of any kind as a Buffer over the same bytes. */
export function bufferOf(memory: unknown, name: string): Buffer {
  if (types.isAnyArrayBuffer(memory)) return Buffer.from(memory);
  if (!ArrayBuffer.isView(memory)) throw invalidArgument(name, 'a Buffer or ArrayBuffer', memory);
  return Buffer.from(memory.buffer, memory.byteOffset, memory.byteLength);
}

/** The dtype of a value that comes without one: numbers are float32, bigints int64. */
export function inferDType(value: unknown, name: string): DType {
  let node = value;
  let place = name;
  while (Array.isArray(node)) {
    if (node.length === 0) return 'float32';
    node = node[0];
    place += '[0]';
  }
  if (isValue(node)) return node.dtype;
  const own = ArrayBuffer.isView(node) ? dtypeOfArray(node) : undefined;
  if (own !== undefined) return own;
  if (typeof node === 'number') return 'float32';
  if (typeof node === 'bigint') return 'int64';
  if (typeof node === 'boolean') return 'bool';
  if (typeof node === 'string') return 'string';
  if (isComplexValue(node)) return 'complex64';
  throw invalidArgument(place, 'a number, bigint, boolean, string or typed array', node);
}
