import { type DType, type FloatDType, type IntegerDType, isFloat, isInteger } from '../dtype.js';
import { EngineError, invalidArgument } from '../errors.js';
import { cast } from '../generated/math.js';
import type { Graph } from '../graph.js';
import { isTensorLike, type TensorLike } from '../node.js';
import { type Operand, toTensor } from '../op.js';
import { formatShape } from '../shape.js';
import { Tensor } from '../tensor.js';

/** What layers work on: a tensor or a variable. */
export type LayerInput<D extends FloatDType> = Tensor<D> | (TensorLike & { readonly dtype: D });

function isFloatTensor(x: Tensor): x is Tensor<FloatDType> {
  return isFloat(x.dtype);
}

/** The tensor, which has to be a floating one. */
export function asFloat(tensor: Tensor, name: string): Tensor<FloatDType> {
  if (isFloatTensor(tensor)) return tensor;
  throw failure(
    `Expected a floating dtype for ${name} but received ${tensor.dtype} ('${tensor.name}')`,
  );
}

/** The same for what a caller gave. */
export function floatTensor<D extends FloatDType>(x: LayerInput<D>, name: string): Tensor<D>;
export function floatTensor(x: unknown, name: string): Tensor {
  const tensor = isTensorLike(x) ? x.asTensor() : x;
  if (!(tensor instanceof Tensor)) throw invalidArgument(name, 'a tensor or a variable', x);
  return asFloat(tensor, name);
}

export type Countable = FloatDType | IntegerDType | 'bool';

/** Numbers or bools, as a tensor or as values. */
export type Numbers = Operand<Countable>;

/** The numbers, or bools as 0 and 1, in that dtype; values become constants of the graph. */
export function numbersAs<D extends FloatDType>(
  value: Numbers,
  dtype: D,
  name: string,
  graph?: Graph,
): Tensor<D> {
  const given = toTensor(value, dtype, name, graph);
  if (hasDType(given, dtype)) return given;
  if (isCountable(given)) return cast(given, dtype);
  throw failure(`Expected numbers or bools for ${name} but received ${given.dtype}`);
}

function hasDType<D extends DType>(x: Tensor, dtype: D): x is Tensor<D> {
  return x.dtype === dtype;
}

function isCountable(x: Tensor): x is Tensor<Countable> {
  return isFloat(x.dtype) || isInteger(x.dtype) || x.dtype === 'bool';
}

/** Indices, of which those that are values become int32. */
export function indicesOf(value: Numbers, name: string, graph?: Graph): Tensor<'int32' | 'int64'> {
  const given = toTensor(value, 'int32', name, graph);
  if (isIndex(given)) return given;
  throw failure(`Expected int32 or int64 for ${name} but received ${given.dtype}`);
}

function isIndex(x: Tensor): x is Tensor<'int32' | 'int64'> {
  return x.dtype === 'int32' || x.dtype === 'int64';
}

/** The shape, whose rank has to be known and one of those given, or at least the first of two. */
export function shapeOfRank(
  x: Tensor,
  name: string,
  least: number,
  most = least,
): readonly (number | null)[] {
  const { shape } = x;
  if (shape !== null && shape.length >= least && shape.length <= most) return shape;
  const range = most === Number.POSITIVE_INFINITY ? `${least} or more` : `${least} to ${most}`;
  const expected = least === most ? `${least}` : range;
  throw failure(
    `Expected ${expected} dims for ${name} but received ${formatShape(shape)} ('${x.name}')`,
  );
}

/** A dim that has to be known when the graph is built, because a variable's shape follows from it. */
export function knownDim(x: Tensor, name: string, axis: number): number {
  const dim = x.shape?.at(axis);
  if (typeof dim === 'number') return dim;
  throw failure(
    `Dim ${axis} of ${name} has to be known but its shape is ${formatShape(x.shape)} ` +
      `('${x.name}')`,
  );
}

export function positiveInteger(value: unknown, name: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value;
  throw invalidArgument(name, 'a positive integer', value);
}

export function failure(message: string): EngineError {
  return new EngineError('INVALID_ARGUMENT', message);
}
