import { allocate, type DataOf, type DType, entriesPerElement } from '../../dtype.js';
import { EngineError, invalidArgument } from '../../errors.js';
import { NDArray, ndarray } from '../../ndArray.js';
import { formatShape } from '../../shape.js';
import { isValue, type Values } from '../../value.js';
import { type Pass, type Rows, type Stage, walk } from './stage.js';

/** The rows with these numbers, one after the other. */
export function gatherRows(array: NDArray, indices: Uint32Array): NDArray {
  const [, ...shape] = array.shape;
  const per = shape.reduce((size, dim) => size * dim, entriesPerElement(array.dtype));
  const data = allocate(array.dtype, (per / entriesPerElement(array.dtype)) * indices.length);
  for (let i = 0; i < indices.length; i++)
    copyRow(data, i * per, array.data, indices[i]! * per, per);
  return new NDArray(data, [indices.length, ...shape], array.dtype);
}

/** Copies entries between arrays of one dtype. */
export function copyRow(
  to: DataOf<DType>,
  at: number,
  from: DataOf<DType>,
  start: number,
  count: number,
): void {
  if (count === 1 || Array.isArray(to) || Array.isArray(from)) {
    for (let i = 0; i < count; i++) Reflect.set(to, at + i, from[start + i]);
  } else if (to instanceof BigInt64Array || to instanceof BigUint64Array) {
    if (from instanceof BigInt64Array || from instanceof BigUint64Array) {
      to.set(from.subarray(start, start + count), at);
    }
  } else if (!(from instanceof BigInt64Array || from instanceof BigUint64Array)) {
    to.set(from.subarray(start, start + count), at);
  }
}

function arrayOf(values: Values, name: string): NDArray {
  const array = values instanceof NDArray ? values : ndarray(values);
  if (array.rank > 0) return array;
  throw invalidArgument(name, 'an array with an axis of examples', values);
}

/** The rows of one array. */
export class ArrayStage implements Stage<NDArray> {
  readonly length: number;
  readonly #array: NDArray;

  constructor(values: Values) {
    this.#array = arrayOf(values, 'source');
    this.length = this.#array.shape[0]!;
  }

  readonly rows = async (): Promise<Rows<NDArray>> => ({
    length: this.length,
    at: (i) => this.#array.slice(i),
    gather: (indices) => gatherRows(this.#array, indices),
  });

  async *open({ skip }: Pass): AsyncGenerator<NDArray, void, undefined> {
    yield* walk(await this.rows(), skip);
  }
}

type Row = Record<string, NDArray>;

/** The rows of several arrays with the same number of them, by the names of the arrays. */
export class ColumnsStage implements Stage<Row> {
  readonly length: number;
  readonly #columns: readonly (readonly [string, NDArray])[];

  constructor(columns: Readonly<Record<string, Values>>) {
    this.#columns = Object.entries(columns).map(
      ([name, values]) => [name, arrayOf(values, `source.${name}`)] as const,
    );
    const [first] = this.#columns;
    if (!first) throw invalidArgument('source', 'at least one array', columns);
    this.length = first[1].shape[0]!;
    for (const [name, { shape }] of this.#columns) {
      if (shape[0] === this.length) continue;
      const text = `'${first[0]}' is ${formatShape(first[1].shape)}, '${name}' ${formatShape(shape)}`;
      throw new EngineError('INVALID_ARGUMENT', `the arrays differ in their first dim: ${text}`);
    }
  }

  #each(row: (array: NDArray) => NDArray): Row {
    return Object.fromEntries(this.#columns.map(([name, array]) => [name, row(array)]));
  }

  readonly rows = async (): Promise<Rows<Row>> => ({
    length: this.length,
    at: (i) => this.#each((array) => array.slice(i)),
    gather: (indices) => this.#each((array) => gatherRows(array, indices)),
  });

  async *open({ skip }: Pass): AsyncGenerator<Row, void, undefined> {
    yield* walk(await this.rows(), skip);
  }
}

/** The entries of a list, which may have to be looked up first. */
export class ListStage<T> implements Stage<T> {
  readonly length: number | undefined;
  readonly #list: () => readonly T[] | Promise<readonly T[]>;

  constructor(list: readonly T[] | (() => Promise<readonly T[]>)) {
    this.#list = typeof list === 'function' ? list : () => list;
    this.length = typeof list === 'function' ? undefined : list.length;
  }

  readonly rows = async (): Promise<Rows<T>> => {
    const list = await this.#list();
    return { length: list.length, at: (i) => list[i]! };
  };

  async *open({ skip }: Pass): AsyncGenerator<T, void, undefined> {
    yield* walk(await this.rows(), skip);
  }
}

export type Elements<T> = Iterable<T> | AsyncIterable<T>;
export type MakeElements<T> = (epoch: number) => Elements<T> | Promise<Elements<T>>;

/** What an iterable gives, or what a function makes anew for each pass. */
export class StreamStage<T> implements Stage<T> {
  readonly length: undefined;
  readonly #make: MakeElements<T>;

  constructor(source: Elements<T> | MakeElements<T>) {
    this.#make = typeof source === 'function' ? source : onceOrAgain(source);
  }

  async *open({ epoch, skip }: Pass): AsyncGenerator<T, void, undefined> {
    let left = skip;
    for await (const element of await this.#make(epoch)) {
      if (left > 0) left -= 1;
      else yield element;
    }
  }
}

/** A generator object can be walked only once; a second pass over it would be empty. */
function onceOrAgain<T>(source: Elements<T>): MakeElements<T> {
  let used = false;
  const check = (iterator: unknown): void => {
    if (iterator === source && used) {
      throw new EngineError(
        'FAILED_PRECONDITION',
        'the source was walked already and gives nothing more: give data() a function that makes ' +
          'the iterable for each pass',
      );
    }
    used = true;
  };
  return () => {
    if (Symbol.asyncIterator in source) {
      const iterator = source[Symbol.asyncIterator]();
      check(iterator);
      return { [Symbol.asyncIterator]: () => iterator };
    }
    const iterator = source[Symbol.iterator]();
    check(iterator);
    return { [Symbol.iterator]: () => iterator };
  };
}

export function isElements(value: unknown): value is Elements<unknown> {
  if (typeof value !== 'object' || value === null || isValue(value)) return false;
  return Symbol.asyncIterator in value || Symbol.iterator in value;
}
