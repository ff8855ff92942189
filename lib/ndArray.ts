import { inspect } from 'node:util';

import { checkKeys } from './attrs.js';
import { allClose, comparedAs, sameValue, type Tolerance } from './compare.js';
import { inferDType, toValue } from './convert.js';
import { checkDType, type DataOf, type DType, type ElementOf, entriesPerElement } from './dtype.js';
import { float32Of, readElement } from './element.js';
import { EngineError } from './errors.js';
import {
  checkPermutation,
  elementIndex,
  gather,
  type Nested,
  nest,
  type Range,
  sliceValue,
} from './indexing.js';
import { formatValue } from './inspect.js';
import { checkShape, formatShape, inferReshape, type Shape, sizeOf, stridesOf } from './shape.js';
import { type DTypeOfValues, type Value, type Values, valueBrand } from './value.js';

const disposedData: PropertyDescriptor = {
  get(): never {
    throw new EngineError('FAILED_PRECONDITION', 'the NDArray was disposed');
  },
};

/** Memory that somebody lent to an array and takes back when the array is disposed. */
export interface Lease {
  release(): void;
}

export interface NDArrayOptions<D extends DType = DType> {
  readonly dtype?: D | undefined;
  readonly shape?: Shape | undefined;
}

/**
 * A value: a dtype, a shape, and its elements in C order. Slices and reshapes share the memory
 * of the array that they come from where they can.
 */
export class NDArray<D extends DType = DType> implements Value<D> {
  readonly dtype: D;
  readonly shape: Shape;
  /**
   * The elements, in the array type of the dtype. Writing to it changes the value; reading it
   * after `dispose()` is an error.
   */
  readonly data: DataOf<D>;
  readonly #owner: NDArray | undefined;
  #lease: Lease | undefined;
  #disposed = false;

  /**
   * The parts are taken as they are, unchecked: `ndarray()` is the way to make one.
   * @internal
   */
  constructor(data: DataOf<D>, shape: Shape, dtype: D, lease?: Lease, owner?: NDArray) {
    this.dtype = dtype;
    this.shape = shape;
    this.data = data;
    this.#lease = lease;
    this.#owner = owner;
  }

  /** The same as `ndarray(values, options)`. */
  static from<E extends DType>(
    values: Values,
    options: NDArrayOptions<E> & { dtype: E },
  ): NDArray<E>;
  static from<const V extends Values>(
    values: V,
    options?: NDArrayOptions<DTypeOfValues<V>>,
  ): NDArray<DTypeOfValues<V>>;
  static from(values: Values, options: NDArrayOptions = {}): NDArray {
    return make(values, options);
  }

  get [valueBrand](): true {
    return true;
  }

  get disposed(): boolean {
    return this.#disposed || (this.#owner?.disposed ?? false);
  }

  /** Who takes the memory back; a feed with one need not be copied. @internal */
  get lease(): Lease | undefined {
    return this.#owner ? this.#owner.lease : this.#lease;
  }

  get size(): number {
    return this.data.length / entriesPerElement(this.dtype);
  }

  get rank(): number {
    return this.shape.length;
  }

  /** Elements between neighbours along each axis. */
  get strides(): readonly number[] {
    return stridesOf(this.shape);
  }

  get byteLength(): number {
    const { data } = this;
    return ArrayBuffer.isView(data) ? data.byteLength : 0;
  }

  /** The only element of an array that has just one. */
  item(): ElementOf<D> {
    if (this.size === 1) return readElement(this.dtype, this.data, 0);
    throw new EngineError(
      'INVALID_ARGUMENT',
      `Expected an array of one element for item() but received shape ${formatShape(this.shape)}`,
    );
  }

  /** One element, by one index for each axis; negative ones count from the end. */
  at(...indices: number[]): ElementOf<D> {
    return readElement(this.dtype, this.data, elementIndex(this.shape, indices));
  }

  /**
   * Part of the array, by a range for each axis: `a.slice(0)` is the first row,
   * `a.slice(null, [1, -1])` leaves out the first and the last column, `a.slice([null, null, -1])`
   * turns the rows round, `a.slice('...', 0)` takes 0 on the last axis. The part shares this
   * array's memory where it lies in one piece, and is a copy otherwise.
   */
  slice(...ranges: Range[]): NDArray<D> {
    const part = sliceValue<D>(this, ranges);
    const shared = ArrayBuffer.isView(part.data) && part.data.buffer === bufferOf(this.data);
    return new NDArray<D>(part.data, part.shape, this.dtype, undefined, shared ? this : undefined);
  }

  /** The parts along the first axis. */
  *rows(): Generator<NDArray<D>, void, undefined> {
    for (let i = 0; i < (this.shape[0] ?? 0); i++) yield this.slice(i);
  }

  /** The same memory in another shape; one dim may be -1. */
  reshape(shape: readonly number[]): NDArray<D> {
    return new NDArray<D>(this.data, inferReshape(shape, this.size), this.dtype, undefined, this);
  }

  /** A copy with its axes reversed, or in the order given. */
  transpose(axes?: readonly number[]): NDArray<D> {
    const order = checkPermutation(axes, this.rank);
    const shape = order.map((axis) => this.shape[axis]!);
    const steps = order.map((axis) => this.strides[axis]!);
    return new NDArray<D>(gather<D>(this, 0, shape, steps), shape, this.dtype);
  }

  /** A copy in memory of its own. */
  copy(): NDArray<D> {
    return new NDArray<D>(gather<D>(this, 0, [this.size], [1]), this.shape, this.dtype);
  }

  /** The elements as float32: `data` itself when it is float32, else rounded copies. */
  toFloat32(): Float32Array {
    return float32Of(this);
  }

  /** Elements as nested arrays: numbers, bigints, booleans, strings or { re, im }. */
  toArray(): Nested<ElementOf<D>> {
    const { data } = this;
    return nest(this.shape, (index) => readElement(this.dtype, data, index));
  }

  /** The elements in C order. */
  *[Symbol.iterator](): Generator<ElementOf<D>, void, undefined> {
    const { data, size } = this;
    for (let i = 0; i < size; i++) yield readElement(this.dtype, data, i);
  }

  /** Whether dtype, shape and all elements are the same; NaN equals NaN. */
  equals(other: NDArray): boolean {
    return sameValue(this, other);
  }

  /** Whether |a - b| <= atol + rtol * |b| for all elements; shapes must be the same. */
  allClose(other: Values, tolerance: Tolerance = {}): boolean {
    checkKeys('allClose', tolerance, ['rtol', 'atol', 'equalNaN']);
    return allClose(this, toValue(other, comparedAs(this.dtype), 'other'), tolerance);
  }

  /** Integers beyond 2^53 and numbers that are not finite are written as strings. */
  toJSON(): { dtype: D; shape: Shape; data: unknown[] } {
    return { dtype: this.dtype, shape: this.shape, data: Array.from(this, jsonOf) };
  }

  toString(): string {
    if (this.disposed) return `NDArray ${this.dtype} ${formatShape(this.shape)} (disposed)`;
    return formatValue(this);
  }

  [inspect.custom](): string {
    return this.toString();
  }

  /** Gives lent memory back at once. The array and its views are of no use afterwards. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    Object.defineProperty(this, 'data', disposedData);
    this.#lease?.release();
    this.#lease = undefined;
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

function bufferOf(data: DataOf<DType>): ArrayBufferLike | undefined {
  return ArrayBuffer.isView(data) ? data.buffer : undefined;
}

function jsonOf(element: ElementOf<DType>): unknown {
  if (typeof element === 'number') return Number.isFinite(element) ? element : String(element);
  if (typeof element !== 'bigint') return element;
  const number = Number(element);
  return Number.isSafeInteger(number) ? number : String(element);
}

/**
 * An NDArray of a number, bigint, boolean or string, of nested arrays of them, or of a typed
 * array, whose memory it keeps when the dtype is the array's own. Numbers are float32 and bigints
 * int64 unless `dtype` says otherwise. `shape` gives the elements another shape, or repeats a
 * single value. A value that its dtype cannot hold is an error that names its place.
 */
export function ndarray<D extends DType>(
  values: Values,
  options: NDArrayOptions<D> & { dtype: D },
): NDArray<D>;
export function ndarray<const V extends Values>(
  values: V,
  options?: NDArrayOptions<DTypeOfValues<V>>,
): NDArray<DTypeOfValues<V>>;
export function ndarray(values: Values, options: NDArrayOptions = {}): NDArray {
  return make(values, options);
}

function make(values: Values, options: NDArrayOptions): NDArray {
  checkKeys('ndarray', options, ['dtype', 'shape']);
  const dtype =
    options.dtype === undefined ? inferDType(values, 'values') : checkDType(options.dtype, 'dtype');
  const value = toValue(values, dtype, 'values');
  if (options.shape === undefined) return new NDArray(value.data, value.shape, dtype);
  const shape = checkShape(options.shape);
  const size = sizeOf(shape);
  const single = value.shape.length === 0 && size !== 1;
  if (!single) inferReshape(shape, sizeOf(value.shape));
  const data = single ? gather(value, 0, [size], [0]) : value.data;
  return new NDArray(data, shape, dtype);
}
