import { types } from 'node:util';

import { convertData, setAll } from './cast.js';
import { allocate, type DataOf, type DType, entriesPerElement, holds } from './dtype.js';
import { cannotStore, readElement, type Store, storeOf } from './element.js';
import { EngineError } from './errors.js';
import { type Shape, sameShape, sizeOf } from './shape.js';
import { type BrandedValue, isValue, type Value } from './value.js';

/** Nested arrays, typed arrays as rows, NDArrays as parts, or a single value. */
export function fromNested<D extends DType>(value: unknown, dtype: D, name: string): Value<D> {
  const shape = nestedShape(value, dtype);
  const data = allocate(dtype, sizeOf(shape));
  fill({ dtype, data, shape, name, store: storeOf(dtype, data), path: [] }, value, 0, 0);
  return { dtype, shape, data };
}

/** The shape by the first element of each level. */
function nestedShape(value: unknown, dtype: DType): Shape {
  const shape: number[] = [];
  let node = value;
  while (Array.isArray(node)) {
    shape.push(node.length);
    node = node[0];
  }
  if (isValue(node)) shape.push(...node.shape);
  else if (shape.length > 0 && isRow(node)) shape.push(rowLength(node, dtype));
  return shape;
}

type Row = ArrayBufferView & ArrayLike<number | bigint>;

function isRow(node: unknown): node is Row {
  return ArrayBuffer.isView(node) && !types.isDataView(node) && !Buffer.isBuffer(node);
}

/** Elements in a row; the dtype's own array holds complex numbers as pairs. */
function rowLength(row: ArrayLike<unknown>, dtype: DType): number {
  return holds(dtype, row) ? row.length / entriesPerElement(dtype) : row.length;
}

interface Target<D extends DType = DType> {
  readonly dtype: D;
  readonly data: DataOf<D>;
  readonly shape: Shape;
  readonly name: string;
  readonly store: Store;
  /** The indices of the part that is being written. */
  readonly path: number[];
}

function placeIn(target: Target, axis: number): string {
  const { name, path } = target;
  return (
    name +
    path
      .slice(0, axis)
      .map((index) => `[${index}]`)
      .join('')
  );
}

/** Writes a nested value at element `offset`, checking that all rows have the same length. */
function fill(target: Target, node: unknown, axis: number, offset: number): void {
  const { dtype, path, shape, store } = target;
  if (isValue(node) && axis > 0) {
    fillPart(target, node, axis, offset);
  } else if (axis === shape.length) {
    if (store(offset, node)) return;
    if (Array.isArray(node) || isRow(node)) throw ragged(target, axis, node);
    throw cannotStore(dtype, node, placeIn(target, axis));
  } else if (isRow(node) && axis === shape.length - 1 && rowLength(node, dtype) === shape[axis]) {
    fillRow(target, node, axis, offset);
  } else if (Array.isArray(node) && node.length === shape[axis]) {
    const step = sizeOf(shape.slice(axis + 1));
    const last = axis === shape.length - 1;
    for (let i = 0; i < node.length; i++) {
      if (last && store(offset + i, node[i])) continue;
      path[axis] = i;
      fill(target, node[i], axis + 1, offset + i * step);
    }
  } else {
    throw ragged(target, axis, node);
  }
}

/** Float16Array and the bits of float16 are two ways to hold one dtype. */
function sameType(a: object, b: object): boolean {
  return a.constructor.name === b.constructor.name;
}

function fillRow(target: Target, row: Row, axis: number, offset: number): void {
  const { data, dtype, path, shape, store } = target;
  const own = holds(dtype, row) && dtype !== 'bool';
  const entries = entriesPerElement(dtype);
  if (own && sameType(row, data) && setAll(data, row, offset * entries)) return;
  for (let i = 0; i < shape[axis]!; i++) {
    const element = own ? readElement(dtype, row, i) : row[i];
    path[axis] = i;
    if (!store(offset + i, element)) throw cannotStore(dtype, element, placeIn(target, axis + 1));
  }
}

function fillPart(target: Target, part: BrandedValue, axis: number, offset: number): void {
  const { data, dtype, shape, store } = target;
  const rest = shape.slice(axis);
  if (!sameShape(part.shape, rest)) throw ragged(target, axis, part);
  const same = part.dtype === dtype && sameType(part.data, data);
  const place = placeIn(target, axis);
  const values = same ? part.data : convertData(part.data, part.dtype, dtype, place, rest);
  if (setAll(data, values, offset * entriesPerElement(dtype))) return;
  for (let i = 0; i < values.length; i++) store(offset + i, values[i]);
}

function ragged(target: Target, axis: number, node: unknown): Error {
  const { name, shape, dtype } = target;
  const place = placeIn(target, axis);
  if (node === null || node === undefined) return cannotStore(dtype, node, place);
  const first = name + '[0]'.repeat(axis);
  const wanted = axis < shape.length ? `${shape[axis]} elements` : 'no elements';
  const found = isValue(node) ? `the shape [${node.shape.join(', ')}]` : lengthOf(node);
  return new EngineError(
    'INVALID_ARGUMENT',
    `Can't convert non-rectangular array to Tensor: Argument must be a dense tensor, but ${first} ` +
      `has ${wanted}, ${place} has ${found}`,
  );
}

function lengthOf(node: unknown): string {
  return Array.isArray(node) || isRow(node) ? `${node.length} elements` : 'no elements';
}
