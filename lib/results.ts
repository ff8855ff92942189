import { type KeptHandle, native } from './binding.js';
import {
  arrayType,
  type DType,
  elementSize,
  entriesPerElement,
  isNumeric,
  type TypedData,
  viewOf,
} from './dtype.js';
import { EngineError } from './errors.js';
import { KeptValue } from './keptValue.js';
import * as mailbox from './mailbox.js';
import { NDArray } from './ndArray.js';
import { type Shape, sizeOf } from './shape.js';
import { variantsFrom } from './variant.js';

type Data = NDArray['data'];
type Result = NDArray | KeptValue;

// Names of this module, because compiled code then has the values in it.
const { floats, kInPool, kKept, kLoop, kPayload, kResultWords, mailboxOf, words } = mailbox;

class PoolLease {
  readonly #buffer: ArrayBufferLike;

  constructor(buffer: ArrayBufferLike) {
    this.#buffer = buffer;
  }

  release(): void {
    native.releaseResult(this.#buffer);
  }
}

/** Reads the results that a run left in the mailbox and in its list. */
export class ResultReader {
  readonly #dtypes: readonly DType[];
  readonly #shapes: Shape[];

  constructor(dtypes: readonly DType[]) {
    this.#dtypes = dtypes;
    this.#shapes = dtypes.map(() => []);
  }

  /** `given`: the caller's arrays, by result. */
  read(list: readonly unknown[] | null | undefined, given?: readonly unknown[]): Result[] {
    const count = this.#dtypes.length;
    const results = new Array<Result>(count);
    let word = kResultWords;
    let next = 0;
    for (let i = 0; i < count; i++) {
      const tag = words[word]!;
      const rank = words[word + 1]!;
      const shape = this.#shape(i, word + 2, rank);
      const dtype = this.#dtypes[i]!;
      if (tag >= 0) {
        results[i] = new NDArray(inlineData(dtype, tag, sizeOf(shape)), shape, dtype);
      } else if (tag === kPayload || tag === kInPool) {
        results[i] = listed(dtype, shape, list?.[next++], tag === kInPool);
      } else if (tag === kKept) {
        results[i] = new KeptValue(keptHandle(list?.[next++]), shape, dtype);
      } else {
        results[i] = inGiven(dtype, shape, given?.[i]);
      }
      word += 2 + rank;
    }
    return results;
  }

  /** The shape in the mailbox; the previous one when it is the same. */
  #shape(i: number, word: number, rank: number): Shape {
    const known = this.#shapes[i]!;
    let same = known.length === rank;
    for (let axis = 0; same && axis < rank; axis++) same = known[axis] === words[word + axis];
    if (same) return known;
    const shape = Object.freeze(Array.from(words.subarray(word, word + rank)));
    this.#shapes[i] = shape;
    return shape;
  }
}

function inlineData(dtype: DType, byte: number, size: number): Data {
  if (dtype === 'float32' && size <= kLoop) {
    const data = new Float32Array(size);
    const first = byte >> 2;
    for (let k = 0; k < size; k++) data[k] = floats[first + k]!;
    return data;
  }
  const view = mailboxOf(dtype)!;
  const first = byte / view.BYTES_PER_ELEMENT;
  return view.slice(first, first + size * entriesPerElement(dtype));
}

function listed(dtype: DType, shape: Shape, entry: unknown, inPool: boolean): NDArray {
  if (dtype === 'string' && Array.isArray(entry)) return new NDArray<DType>(entry, shape, dtype);
  if (dtype === 'variant') return new NDArray(variantsFrom(entry), shape, dtype);
  const buffer = ArrayBuffer.isView(entry) ? entry.buffer : entry;
  if (!isNumeric(dtype) || !(buffer instanceof ArrayBuffer)) {
    throw new EngineError('INTERNAL', `no memory for a result of dtype ${dtype}`);
  }
  const data = viewOf(dtype, buffer, 0, sizeOf(shape));
  return new NDArray<DType>(data, shape, dtype, inPool ? new PoolLease(buffer) : undefined);
}

function isHandle(entry: unknown): entry is KeptHandle {
  return typeof entry === 'object' && entry !== null;
}

function keptHandle(entry: unknown): KeptHandle {
  if (isHandle(entry)) return entry;
  throw new EngineError('INTERNAL', 'no handle for a kept value');
}

function inGiven(dtype: DType, shape: Shape, given: unknown): NDArray {
  if (given instanceof NDArray) {
    return new NDArray<DType>(given.data, shape, dtype, undefined, given);
  }
  return new NDArray<DType>(checkOut(dtype, given), shape, dtype);
}

/** The typed array that a result of the dtype can be written into. */
export function checkOut(dtype: DType, out: unknown): TypedData {
  const data: unknown = out instanceof NDArray ? out.data : out;
  if (isNumeric(dtype) && ArrayBuffer.isView(data)) {
    const type = arrayType(dtype);
    if (data instanceof type) return data;
    throw new EngineError(
      'INVALID_ARGUMENT',
      `Expected a ${type.name} for out (dtype ${dtype}) but received a ${data.constructor.name}`,
    );
  }
  throw new EngineError(
    'INVALID_ARGUMENT',
    `Expected a typed array of ${elementSize(dtype)}-byte elements for out (dtype ${dtype})`,
  );
}
