import { types } from 'node:util';

import { describe, EngineError, invalidArgument } from './errors.js';

/** The sizes of a value's dimensions; `[]` for a scalar. */
export type Shape = readonly number[];

/** What is known when a graph is built: `null` for an unknown dim, or for an unknown rank. */
export type StaticShape = readonly (number | null)[] | null;

/** "[2, 3]", with "?" for an unknown dim and "unknown rank" for null. */
export function formatShape(shape: StaticShape): string {
  if (shape === null) return 'unknown rank';
  return `[${shape.map((dim) => dim ?? '?').join(', ')}]`;
}

function isDim(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** A frozen copy of a shape given by a caller. */
export function checkShape(value: unknown, name = 'shape'): Shape {
  const dims = listOf(value);
  if (dims?.every(isDim)) return Object.freeze(dims);
  throw invalidArgument(name, 'a shape of non-negative integers', value);
}

/** A frozen copy of a shape in which dims, or the whole, may be unknown. */
export function checkStaticShape(value: unknown, name = 'shape'): StaticShape {
  if (value === null) return null;
  const dims = listOf(value);
  if (dims?.every((dim): dim is number | null => dim === null || isDim(dim)))
    return Object.freeze(dims);
  throw invalidArgument(name, 'a shape of non-negative integers, null where unknown', value);
}

function listOf(value: unknown): unknown[] | undefined {
  if (Array.isArray(value)) return Array.from<unknown>(value);
  return types.isInt32Array(value) ? Array.from<unknown>(value) : undefined;
}

/** The number of elements; an error when it is no safe integer. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (let i = 0; i < shape.length; i++) size *= shape[i]!;
  if (size <= Number.MAX_SAFE_INTEGER) return size;
  // A dim of 0 beside huge ones makes 0 or NaN of the product.
  if (shape.includes(0)) return 0;
  throw new EngineError(
    'INVALID_ARGUMENT',
    `shape ${formatShape(shape)} has more than ${Number.MAX_SAFE_INTEGER} elements`,
  );
}

/** Elements between neighbours along each axis, for data that lies in C order. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = stride;
    stride *= shape[i]!;
  }
  return strides;
}

export function sameShape(a: Shape, b: Shape): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Whether a value of this shape may stand where the static shape is promised. */
export function fitsStatic(shape: Shape, expected: StaticShape): boolean {
  if (expected === null) return true;
  if (shape.length !== expected.length) return false;
  for (let i = 0; i < expected.length; i++) {
    if (expected[i] !== null && expected[i] !== shape[i]) return false;
  }
  return true;
}

/** The axis counted from the front; negative ones count from the end. */
export function checkAxis(axis: unknown, rank: number, name = 'axis'): number {
  if (typeof axis !== 'number' || !Number.isInteger(axis)) {
    throw invalidArgument(name, 'an integer', axis);
  }
  if (axis >= -rank && axis < rank) return axis < 0 ? axis + rank : axis;
  throw new EngineError(
    'INVALID_ARGUMENT',
    `Expected an axis in [${-rank}, ${rank}) for ${name} but received ${describe(axis)}`,
  );
}

/** The shape with one -1 replaced by what is left of the elements. */
export function inferReshape(shape: readonly number[], size: number): Shape {
  const at = shape.indexOf(-1);
  const dims = at < 0 ? shape : shape.map((dim, i) => (i === at ? 1 : dim));
  const known = sizeOf(checkShape(dims));
  const whole = at >= 0 && known > 0 && size % known === 0;
  const result = whole ? dims.map((dim, i) => (i === at ? size / known : dim)) : dims;
  if (whole || (at < 0 && known === size)) return Object.freeze([...result]);
  throw new EngineError(
    'INVALID_ARGUMENT',
    `cannot reshape ${size} elements into shape [${shape.join(', ')}]`,
  );
}
