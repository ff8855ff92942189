import type { Complex, DataOf, DType } from './dtype.js';
import type { Shape } from './shape.js';

/** What an NDArray is to those that only read values; `Symbol.for` spans copies of the package. */
export const valueBrand: unique symbol = Symbol.for('tensorwright.value');

export interface Value<D extends DType = DType> {
  readonly dtype: D;
  readonly shape: Shape;
  readonly data: DataOf<D>;
}

export interface BrandedValue extends Value {
  readonly [valueBrand]: true;
}

export type Scalar = number | bigint | boolean | string | Complex;

/** All that is understood as a value. */
export type Values = Scalar | BrandedValue | ArrayBufferView | ArrayBufferLike | readonly Values[];

export function isValue(value: unknown): value is BrandedValue {
  return typeof value === 'object' && value !== null && valueBrand in value;
}

/** The type of the elements of nested arrays, down to 8 levels. */
type Leaf<V, Depth extends unknown[] = []> = V extends readonly (infer E)[]
  ? Depth['length'] extends 8
    ? unknown
    : Leaf<E, [...Depth, unknown]>
  : V;

interface LeafDTypes {
  readonly float32: number | Float32Array;
  readonly float64: Float64Array;
  readonly int8: Int8Array;
  readonly int16: Int16Array;
  readonly int32: Int32Array;
  readonly int64: bigint | BigInt64Array;
  readonly uint8: Uint8Array | Uint8ClampedArray;
  readonly uint16: Uint16Array;
  readonly uint32: Uint32Array;
  readonly uint64: BigUint64Array;
  readonly bool: boolean;
  readonly string: string;
  readonly complex64: Complex;
}

type DTypeOfLeaf<L> = [L] extends [never]
  ? 'float32'
  : L extends { readonly [valueBrand]: true; readonly dtype: infer D extends DType }
    ? D
    : { [D in keyof LeafDTypes]: L extends LeafDTypes[D] ? D : never }[keyof LeafDTypes];

/** The dtype that `ndarray()` gives values when it is told none. */
export type DTypeOfValues<V> = unknown extends Leaf<V> ? DType : DTypeOfLeaf<Leaf<V>>;
