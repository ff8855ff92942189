import { EngineError } from '../../errors.js';
import type { Tensor } from '../../tensor.js';
import type { ImportNode } from '../importNode.js';

/** The shape of a tensor as an int64 vector: a constant when it is known. */
export function shapeTensor(n: ImportNode, x: Tensor): Tensor {
  const { shape } = x;
  const isStatic = shape?.every((dim) => dim !== null);
  if (shape && isStatic) return n.constant(shape.map(Number), 'int64', [shape.length]);
  return n.op('Shape', [x], { out_type: 'int64' });
}

/** One dim as an int64 scalar. */
export function dimTensor(n: ImportNode, x: Tensor, axis: number): Tensor {
  const dim = x.shape?.[axis];
  if (typeof dim === 'number') return n.constant(dim, 'int64', []);
  return n.op('GatherV2', [n.op('Shape', [x], { out_type: 'int64' }), axis, 0]);
}

/** A size that may be known before the run. */
export type Size = number | Tensor;

export function sizeOf(n: ImportNode, x: Tensor, axis: number): Size {
  return x.shape?.[axis] ?? dimTensor(n, x, axis);
}

export function scalar(n: ImportNode, size: Size): Tensor {
  return typeof size === 'number' ? n.constant(size, 'int64', []) : size;
}

export function plus(n: ImportNode, a: Size, b: Size): Size {
  if (typeof a === 'number' && typeof b === 'number') return a + b;
  return n.op('AddV2', [scalar(n, a), scalar(n, b)]);
}

export function minus(n: ImportNode, a: Size, b: Size): Size {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return n.op('Sub', [scalar(n, a), scalar(n, b)]);
}

/** At least 0. */
export function positive(n: ImportNode, size: Size): Size {
  return typeof size === 'number' ? Math.max(0, size) : n.op('Maximum', [size, scalar(n, 0)]);
}

export function times(n: ImportNode, a: Size, b: Size): Size {
  if (typeof a === 'number' && typeof b === 'number') return a * b;
  return n.op('Mul', [scalar(n, a), scalar(n, b)]);
}

export function over(n: ImportNode, size: Size, divisor: Size): Size {
  if (typeof size === 'number' && typeof divisor === 'number') return size / divisor;
  return n.op('FloorDiv', [scalar(n, size), scalar(n, divisor)]);
}

/** A shape of sizes, for ops that take one as a vector. */
export function shapeOf(n: ImportNode, sizes: readonly Size[]): Tensor {
  const known = sizes.filter((size) => typeof size === 'number');
  if (known.length === sizes.length) return n.constant(known, 'int64', [known.length]);
  return n.op('Pack', [sizes.map((size) => scalar(n, size))], { axis: 0 });
}

/** One element of a vector, as a scalar. */
export function pick(n: ImportNode, vector: Tensor, index: number): Tensor {
  return n.op('GatherV2', [vector, index, 0]);
}

/** Axes that only the run knows, none negative, as an int64 vector. */
export function axesVector(n: ImportNode, axes: Tensor, rank: Size): Tensor {
  const count = axes.rank === 0 ? 1 : axes.shape?.[0];
  const whole = n.op('Cast', [n.op('Reshape', [axes, [count ?? -1]])], { DstT: 'int64' });
  return n.op('FloorMod', [whole, scalar(n, rank)]);
}

/** How many entries a vector has. */
export function lengthOf(n: ImportNode, vector: Tensor): Size {
  const length = vector.rank === 0 ? 1 : vector.shape?.[0];
  return length ?? n.op('Size', [vector], { out_type: 'int64' });
}

/** The numbers 0 to size - 1 as an int64 vector. */
export function counted(n: ImportNode, size: Size): Tensor {
  const [zero, one] = [0, 1].map((value) => scalar(n, value));
  return n.op('Range', [zero, scalar(n, size), one]);
}

/** A vector with values put at the places that axes say. */
export function placed(n: ImportNode, into: Tensor, axes: Tensor, values: Tensor): Tensor {
  const whole = n.op('Cast', [values], { DstT: 'int64' });
  return n.op('ScatterElements', [into, axes, whole], { axis: 0 });
}

/** Lists made while importing; a longer one comes of a hostile file. */
const kLongestList = 1 << 20;

/** The length of a list that a mapping makes. */
function listLength(length: number): number {
  if (length <= kLongestList) return length;
  throw new EngineError('INVALID_ARGUMENT', `${length} dims, axes or values are too many`);
}

/** `count` times the same number. */
export function repeated(n: ImportNode, value: number, count: Size): Tensor {
  if (typeof count !== 'number') {
    return n.op('Fill', [shapeOf(n, [count]), n.constant(value, 'int64', [])]);
  }
  listLength(count);
  return n.constant(new Array<number>(count).fill(value), 'int64', [count]);
}

/** The numbers 0 to size - 1. */
export function upTo(size: number): number[] {
  return Array.from({ length: listLength(size) }, (_, i) => i);
}

export function product(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a * b, 1);
}

/** The product of some dims, null when one is unknown. */
export function knownProduct(dims: readonly (number | null)[]): number | null {
  return dims.reduce<number | null>((a, b) => (a === null || b === null ? null : a * b), 1);
}

/** Swaps an axis with the last one, both ways. */
export function swapWithLast(axis: number, rank: number): number[] {
  const perm = upTo(rank);
  perm[axis] = rank - 1;
  perm[rank - 1] = axis;
  return perm;
}

/** Reshapes to two axes: the dims before `axis` and those from it on. */
export function flatten(n: ImportNode, x: Tensor, axis: number): Tensor {
  return n.op('Reshape', [x, flatShape(n, x, axis)]);
}

export function flatShape(n: ImportNode, x: Tensor, axis: number): readonly number[] | Tensor {
  const shape = x.shape;
  const rows = shape && knownProduct(shape.slice(0, axis));
  const columns = shape && knownProduct(shape.slice(axis));
  if (rows !== null && columns !== null) return [rows, columns];
  if (rows !== null && rows > 0) return [rows, -1];
  if (columns !== null && columns > 0) return [-1, columns];
  const dims = n.op('Shape', [x], { out_type: 'int64' });
  const part = (begin: number[], size: number[]) =>
    n.op('Prod', [n.op('Slice', [dims, begin, size]), [0]], { keep_dims: true });
  return n.op('ConcatV2', [[part([0], [axis]), part([axis], [-1])], 0]);
}

/** Adds an axis of size 1 before each of the given axes of the result. */
export function unsqueeze(n: ImportNode, x: Tensor, axes: readonly number[]): Tensor {
  return axes.toSorted((a, b) => a - b).reduce((y, axis) => n.op('ExpandDims', [y, axis]), x);
}
