import type { DType } from '../dtype.js';
import type { Tensor } from '../tensor.js';
import { dataTypeName, dtypeOfDataType } from './dataTypes.js';
import type { TypeProto } from './proto.js';

/** What the keys and values of a map are. */
export interface MapType {
  readonly key: DType;
  readonly value: DType;
}

/** What the entries of a list are: tensors of a dtype, or lists whose entries are known in turn. */
export interface ListType {
  readonly dtype: DType;
  readonly entry: ListType | undefined;
  /** Whether the list is an optional tensor: of one entry, or null. */
  readonly isOptional?: boolean;
  /** Whether the list is a map, as its keys and its values. */
  readonly map?: MapType;
}

/** The engine's variants do not say what they hold; the importer keeps it beside them. */
const types = new WeakMap<Tensor, ListType>();

export function listTypeOf(list: Tensor): ListType | undefined {
  return types.get(list);
}

export function setListType(list: Tensor, entry: ListType): void {
  types.set(list, entry);
}

/**
 * A value's type: the dtype of a tensor, or variant for sequences and optional values. An optional
 * sequence is the sequence itself, or null.
 */
export function typeOfValue(type: TypeProto | undefined): ListType | undefined {
  if (type === undefined) return undefined;
  if (type.kind === 'tensor') {
    const dtype = dtypeOfDataType(type.elementType);
    return dtype && { dtype, entry: undefined };
  }
  const entry = typeOfValue(type.inner);
  if (type.kind === 'map') {
    const key = dtypeOfDataType(type.elementType);
    const isScalar = entry !== undefined && entry.dtype !== 'variant';
    if (!key || !isScalar) return undefined;
    return { dtype: 'variant', entry: { ...entry, map: { key, value: entry.dtype } } };
  }
  if (type.kind === 'sequence') return { dtype: 'variant', entry };
  if (type.kind !== 'optional' || entry?.dtype === 'variant') return entry;
  return { dtype: 'variant', entry: entry && { ...entry, isOptional: true } };
}

/** A type as the standard spells it: "sequence(tensor(float))". */
export function typeName(type: TypeProto | undefined): string {
  if (type === undefined) return 'unknown';
  if (type.kind === 'tensor' || type.kind === 'sparse tensor') {
    const name = dataTypeName(type.elementType).toLowerCase();
    return `${type.kind.replace(' ', '_')}(${name})`;
  }
  const inner = typeName(type.inner);
  if (type.kind === 'map') return `map(${dataTypeName(type.elementType).toLowerCase()}, ${inner})`;
  return `${type.kind}(${inner})`;
}
