import { type DataOf, type DType, holds, isDType } from '../../dtype.js';
import { invalidArgument } from '../../errors.js';
import { NDArray } from '../../ndArray.js';
import { isPlainObject } from '../../plainObject.js';
import type { Shape } from '../../shape.js';

/** A value in a form that crosses between threads. */
export type Parcel =
  | {
      readonly kind: 'array';
      readonly dtype: string;
      readonly shape: Shape;
      readonly data: unknown;
    }
  | { readonly kind: 'list'; readonly items: readonly Parcel[] }
  | { readonly kind: 'record'; readonly entries: readonly (readonly [string, Parcel])[] }
  | { readonly kind: 'plain'; readonly value: unknown };

/** NDArrays lose their class on the way, so they are taken apart. */
export function pack(value: unknown): Parcel {
  if (value instanceof NDArray) {
    const { dtype, shape, data } = value;
    return { kind: 'array', dtype, shape, data };
  }
  if (Array.isArray(value)) return { kind: 'list', items: value.map(pack) };
  if (isPlainObject(value)) {
    const entries = Object.entries(value).map(([key, entry]) => [key, pack(entry)] as const);
    return { kind: 'record', entries };
  }
  return { kind: 'plain', value };
}

export function unpack(parcel: Parcel): unknown {
  if (parcel.kind === 'list') return parcel.items.map(unpack);
  if (parcel.kind === 'plain') return parcel.value;
  if (parcel.kind === 'record') {
    return Object.fromEntries(parcel.entries.map(([key, entry]) => [key, unpack(entry)]));
  }
  const { dtype, shape, data } = parcel;
  if (!isDType(dtype) || !isData(dtype, data)) throw invalidArgument('array', 'an array', parcel);
  return new NDArray<DType>(data, shape, dtype);
}

function isData(dtype: DType, data: unknown): data is DataOf<DType> {
  return holds(dtype, data);
}
