import type { DType } from '../../lib/dtype.js';
import type { ErrorCode } from '../../lib/errors.js';
import type { StaticShape } from '../../lib/shape.js';
import type { Values } from '../../lib/value.js';

/**
 * One input: a value, a list of values where the op takes a list of tensors (wrapped as `{ list }`),
 * null for an optional input left out. Numbers take the dtype of the case; an NDArray keeps its own.
 */
export type Input = Values | { readonly list: readonly Values[] } | null;

interface Common {
  /** By the op's own names, such as `transpose_b`; dtypes by name. */
  readonly attrs?: Readonly<Record<string, unknown>>;
  /** Dtypes of type attrs other than the first that the inputs have: `{ Tidx: 'int64' }`. */
  readonly types?: Readonly<Record<string, DType>>;
  /** Said in the test's name when there are many similar cases. */
  readonly title?: string;
}

/**
 * Values in, values out. The case runs for each dtype that the op's first type attr allows, as far
 * as the dtype can hold the values of inputs and outputs, unless `dtypes` says otherwise; so one
 * case of small integers serves every numeric dtype. Expected floats are compared with a relative
 * and absolute tolerance that fits the dtype (float32 1e-5, float64 1e-12, float16 4e-3,
 * bfloat16 3e-2), times `tolerance`; everything else exactly. NaN equals NaN.
 */
export interface ValueCase extends Common {
  readonly inputs: readonly Input[];
  /** One per output; null where it does not matter. */
  readonly outputs: readonly (Values | null)[];
  readonly dtypes?: readonly DType[];
  readonly tolerance?: number;
  /** The rank itself shows in the result, so that rank 0 does not do what a dim of 1 does. */
  readonly showsRank?: boolean;
  /** The dtype itself shows in the result, so that others do not give the same numbers. */
  readonly showsDType?: boolean;
  /**
   * Checks the gradient against central differences at these inputs (in float64 where the op allows
   * it): for all floating inputs, or for those of the numbers given.
   */
  readonly gradient?: boolean | readonly number[];
  /** The second derivative is not right at these inputs: products of several zeros. */
  readonly onceOnly?: boolean;
  /** Shapes when a dim of size 0 keeps nested arrays from saying them, by input and by output. */
  readonly shapes?: {
    readonly inputs?: readonly StaticShape[];
    readonly outputs?: readonly StaticShape[];
  };
}

/** Static shapes in, static shapes out; `{ value }` for an input that is a constant. */
export interface ShapeCase extends Common {
  readonly inputShapes: readonly (
    | StaticShape
    | { readonly value: Values }
    | { readonly list: readonly StaticShape[] }
  )[];
  readonly outputShapes: readonly StaticShape[];
}

/** Inputs that are refused, when the op is added or when it runs. */
export interface ErrorCase extends Common {
  readonly inputs: readonly Input[];
  readonly error: ErrorCode;
  /** Part of the message. */
  readonly message?: string | RegExp;
  readonly dtypes?: readonly DType[];
}

/** Why an op has no rows: what tests it instead. */
export interface Untested {
  readonly elsewhere: string;
}

export type Case = ValueCase | ShapeCase | ErrorCase;
export type Cases = readonly Case[] | Untested;

/** The rows of some ops, by the op's name. */
export type CaseTable = Readonly<Record<string, Cases>>;

export function isValueCase(c: Case): c is ValueCase {
  return 'outputs' in c;
}

export function isShapeCase(c: Case): c is ShapeCase {
  return 'inputShapes' in c;
}

export function isErrorCase(c: Case): c is ErrorCase {
  return 'error' in c;
}

/** Keeps the keys of a table, so that a missing op is an error of the compiler. */
export function table<K extends string>(
  rows: Readonly<Record<K, Cases>>,
): Readonly<Record<K, Cases>> {
  return rows;
}

export function isUntested(rows: Cases): rows is Untested {
  return 'elsewhere' in rows;
}
