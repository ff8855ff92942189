import type { DType } from './dtype.js';
import type { IndexedSlices, IndexedSlicesValue } from './indexedSlices.js';
import type { Initializer } from './initializer.js';
import type { KeptValue } from './keptValue.js';
import type { NDArray } from './ndArray.js';
import type { TensorLike } from './node.js';
import type { Operation } from './operation.js';
import type { Tensor } from './tensor.js';
import type { Variable } from './variable.js';

/** What `run` can give: tensors, operations, their names, and arrays and objects of them. */
export type Fetches =
  | Tensor
  | Variable
  | Operation
  | Initializer
  | TensorLike
  | IndexedSlices
  | string
  | readonly Fetches[]
  | ReadonlyMap<unknown, Fetches>
  | { readonly [key: string]: Fetches };

/** The result of a run, in the structure of its fetches. */
export type Fetched<F> = [Fetches] extends [F] ? unknown : FetchedOf<F>;

/** The result of a run with `keep: true`. */
export type Kept<F> = [Fetches] extends [F] ? unknown : KeptOf<F>;

type KeptOf<F> =
  F extends Tensor<infer D>
    ? KeptValue<D>
    : F extends Variable<infer D>
      ? KeptValue<D>
      : F extends Operation | Initializer
        ? null
        : F extends TensorLike | `${string}:${number}`
          ? KeptValue
          : F extends string
            ? KeptValue | null
            : F extends ReadonlyMap<infer K, infer V>
              ? Map<K, Kept<V>>
              : F extends object
                ? { -readonly [K in keyof F]: Kept<F[K]> }
                : never;

type FetchedOf<F> =
  F extends Tensor<infer D>
    ? NDArray<D>
    : F extends Variable<infer D>
      ? NDArray<D>
      : F extends Operation | Initializer
        ? null
        : F extends IndexedSlices<infer D>
          ? IndexedSlicesValue<D>
          : F extends TensorLike
            ? NDArray
            : F extends `${string}:${number}`
              ? NDArray
              : F extends string
                ? string extends F
                  ? NDArray | null
                  : null
                : F extends ReadonlyMap<infer K, infer V>
                  ? Map<K, Fetched<V>>
                  : F extends object
                    ? { -readonly [K in keyof F]: Fetched<F[K]> }
                    : never;

/** The type parameter of a leaf, for those that name it. */
export type DTypeOf<T> = T extends Tensor<infer D extends DType> ? D : never;
