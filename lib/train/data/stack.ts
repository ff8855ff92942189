import { allocate, entriesPerElement } from '../../dtype.js';
import { EngineError, invalidArgument } from '../../errors.js';
import { NDArray, ndarray } from '../../ndArray.js';
import { isPlainObject } from '../../plainObject.js';
import { formatShape, sameShape } from '../../shape.js';
import type { DTypeOfValues, Scalar } from '../../value.js';
import { copyRow } from './sources.js';

/** What elements of a type become in a batch: arrays with one axis more, in the same structure. */
export type Stacked<T> =
  T extends NDArray<infer D>
    ? NDArray<D>
    : T extends Scalar | ArrayBufferView
      ? NDArray<DTypeOfValues<T>>
      : T extends object
        ? { -readonly [K in keyof T]: Stacked<T[K]> }
        : never;

/** One batch of elements of the same structure. */
export function stack<T>(elements: readonly T[]): Stacked<T>;
export function stack(elements: readonly unknown[]): unknown {
  return stackAt(elements, 'element');
}

function stackAt(elements: readonly unknown[], name: string): unknown {
  const [first] = elements;
  if (Array.isArray(first)) {
    return first.map((_, i) =>
      stackAt(
        elements.map((x) => member(x, i, name)),
        `${name}[${i}]`,
      ),
    );
  }
  if (isPlainObject(first)) {
    const keys = Object.keys(first);
    const at = (key: string) => elements.map((x) => member(x, key, name));
    return Object.fromEntries(keys.map((key) => [key, stackAt(at(key), `${name}.${key}`)]));
  }
  return stackArrays(
    elements.map((x) => arrayOf(x, name)),
    name,
  );
}

function member(element: unknown, key: string | number, name: string): unknown {
  const value: unknown =
    typeof element === 'object' && element !== null ? Reflect.get(element, key) : undefined;
  if (value !== undefined) return value;
  throw invalidArgument(name, `'${key}', as in the first element of the batch`, element);
}

function arrayOf(value: unknown, name: string): NDArray {
  if (value instanceof NDArray) return value;
  const simple = ['number', 'bigint', 'boolean', 'string'].includes(typeof value);
  if (simple || ArrayBuffer.isView(value)) return NDArray.from(valuesOf(value));
  throw invalidArgument(name, 'a number, text, typed array or NDArray', value);
}

function valuesOf(value: unknown): Scalar | ArrayBufferView {
  if (ArrayBuffer.isView(value)) return value;
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  return typeof value === 'boolean' ? value : String(value);
}

function stackArrays(arrays: readonly NDArray[], name: string): NDArray {
  const { dtype, shape, size } = arrays[0] ?? ndarray([]);
  const per = size * entriesPerElement(dtype);
  const data = allocate(dtype, size * arrays.length);
  for (const [i, array] of arrays.entries()) {
    if (array.dtype !== dtype || !sameShape(array.shape, shape)) {
      const text = `Expected ${dtype} ${formatShape(shape)} for ${name} ${i} of a batch, as in element 0,`;
      const got = `${array.dtype} ${formatShape(array.shape)}`;
      throw new EngineError('INVALID_ARGUMENT', `${text} but received ${got}`);
    }
    copyRow(data, i * per, array.data, 0, per);
  }
  return new NDArray(data, [arrays.length, ...shape], dtype);
}
