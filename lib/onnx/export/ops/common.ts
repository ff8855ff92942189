import { type DType, isFloat, isInteger } from '../../../dtype.js';
import type { StaticShape } from '../../../shape.js';
import { dataTypeNumber } from '../../dataTypes.js';
import type { ExportNode } from '../exportNode.js';
import type { Exporting } from '../table.js';
import type { Attributes, Value } from '../value.js';

export function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

/** What the commonest runtime computes in; others go through one of these. */
export const kArithmetic: readonly DType[] = ['float32', 'float64', 'int32', 'int64'];

export function cast(n: ExportNode, x: Value, dtype: DType): Value {
  if (x.dtype === dtype) return x;
  return n.op('Cast', [x], { to: dataTypeNumber(dtype) }, { dtype, shape: x.shape });
}

/** The dtype among those given in which values of a dtype can be computed without loss. */
export function widened(dtype: DType, allowed: readonly DType[]): DType {
  // Runtimes compute these in float32 of their own accord.
  if (allowed.includes(dtype) || dtype === 'float16' || dtype === 'bfloat16') return dtype;
  const wider: readonly DType[] =
    dtype === 'float32' || dtype === 'float64'
      ? ['float64']
      : dtype === 'uint32' || dtype === 'uint64' || dtype === 'int64'
        ? ['int64', 'uint64', 'float64']
        : ['int32', 'int64', 'float32', 'float64'];
  const isExact = isInteger(dtype) || isFloat(dtype) || dtype === 'bool';
  return (isExact && wider.find((wide) => allowed.includes(wide))) || dtype;
}

/** The same for operators whose half floats runtimes do not cast of their own accord. */
export function computed(dtype: DType, allowed: readonly DType[]): DType {
  const isHalf = dtype === 'float16' || dtype === 'bfloat16';
  return isHalf && !allowed.includes(dtype) ? 'float32' : widened(dtype, allowed);
}

/** An operator whose inputs and output are of one dtype, by way of a wider one where it must. */
export function through(
  n: ExportNode,
  type: string,
  inputs: readonly Value[],
  allowed: readonly DType[],
  attributes: Attributes = {},
  result?: DType,
): Value {
  const { dtype } = inputs[0]!;
  const wide = widened(dtype, allowed);
  const operands = inputs.map((x) => (x.dtype === dtype ? cast(n, x, wide) : x));
  const y = n.op(type, operands, attributes, { dtype: result ?? wide });
  return result ? y : cast(n, y, dtype);
}

/**
 * Numbers of uint64 as those of int64 in the same order: their highest bit is flipped. What depends
 * on the order goes this way.
 */
export function signed(n: ExportNode, x: Value): Value {
  return n.op('Sub', [cast(n, x, 'int64'), highestBit(n)]);
}

/** The way back. */
export function unsigned(n: ExportNode, x: Value): Value {
  return cast(n, n.op('Add', [x, highestBit(n)]), 'uint64');
}

function highestBit(n: ExportNode): Value {
  return n.constant(-(2n ** 63n), 'int64', []);
}

/** An op that is an operator of the standard with the same inputs. */
export const same =
  (type: string, allowed?: readonly DType[], since = 1): Exporting =>
  (n) => {
    n.since(since, type);
    if (!allowed) return n.op(type, n.all, {}, { dtype: n.outputs[0] });
    return through(n, type, n.all, allowed);
  };

/** A scalar of x's dtype. */
export function scalar(n: ExportNode, value: number, dtype: DType): Value {
  return n.constant(value, dtype, []);
}

/** Opposite ways of ordering axes cancel. */
export function transposed(n: ExportNode, x: Value, perm: readonly number[]): Value {
  if (perm.every((axis, i) => axis === i)) return x;
  const inner = x.node?.type === 'Transpose' ? x.node.attributes.perm : undefined;
  const source = x.node?.inputs[0];
  if (Array.isArray(inner) && source) {
    const both = perm.map((axis) => Number(inner[axis]));
    if (both.every((axis, i) => axis === i)) return source;
  }
  const shape = x.shape && perm.map((axis) => x.shape![axis] ?? null);
  return n.op('Transpose', [x], { perm }, { shape });
}

export const channelsFirst = (rank: number): number[] => [0, rank - 1, ...upTo(rank).slice(1, -1)];
export const channelsLast = (rank: number): number[] => [0, ...upTo(rank).slice(2), 1];

/** Axes are an attribute of some operators up to an opset, and an input from it on. */
export function withAxes(
  n: ExportNode,
  type: string,
  x: Value,
  axes: readonly number[],
  since: number,
  attributes: Attributes = {},
): Value {
  if (n.opset < since) return n.op(type, [x], { ...attributes, axes });
  return n.op(type, [x, n.vector(axes)], attributes);
}

export function unsqueeze(n: ExportNode, x: Value, axes: readonly number[]): Value {
  return axes.length === 0 ? x : n.op('Unsqueeze', [x, n.vector(axes)]);
}

export function squeeze(n: ExportNode, x: Value, axes: readonly number[]): Value {
  return axes.length === 0 ? x : n.op('Squeeze', [x, n.vector(axes)]);
}

/** A dim as a number, or as an int64 vector of one element. */
export type Dim = number | Value;

export function dim(n: ExportNode, x: Value, axis: number): Dim {
  const known = x.shape?.[axis];
  if (typeof known === 'number') return known;
  return n.op('Gather', [shapeOf(n, x), n.vector([axis])], { axis: 0 });
}

export function shapeOf(n: ExportNode, x: Value): Value {
  if (isKnown(x.shape)) return n.vector(x.shape);
  return n.op('Shape', [x], {}, { dtype: 'int64' });
}

export function isKnown(shape: StaticShape | undefined): shape is readonly number[] {
  return Array.isArray(shape) && !shape.includes(null);
}

/** Dims as one int64 vector. */
export function joined(n: ExportNode, dims: readonly Dim[]): Value {
  if (dims.every((d) => typeof d === 'number')) return n.vector(dims);
  const parts = dims.map((d) => (typeof d === 'number' ? n.vector([d]) : d));
  return parts.length === 1 ? parts[0]! : n.op('Concat', parts, { axis: 0 });
}

export function times(n: ExportNode, a: Dim, b: Dim): Dim {
  if (typeof a === 'number' && typeof b === 'number') return a * b;
  if (a === 1) return b;
  if (b === 1) return a;
  return n.op('Mul', [joined(n, [a]), joined(n, [b])]);
}

export function plus(n: ExportNode, a: Dim, b: Dim): Dim {
  if (typeof a === 'number' && typeof b === 'number') return a + b;
  if (b === 0) return a;
  return n.op('Add', [joined(n, [a]), joined(n, [b])]);
}

/** Reshapes to dims of which none is to be copied from the input. */
export function reshaped(n: ExportNode, x: Value, dims: readonly Dim[]): Value {
  const isShape = (shape: StaticShape | undefined) => isKnown(shape) && sameDims(shape, dims);
  const source = x.node?.type === 'Reshape' ? x.node.inputs[0] : undefined;
  if (source && isShape(source.shape)) return source;
  if (isShape(x.shape)) return x;
  const unknown = dims.filter((d) => typeof d !== 'number');
  const [only] = unknown;
  const isOpen = unknown.length === 1 && only && !dims.includes(0) && !dims.includes(-1);
  const list = isOpen ? dims.map((d) => (d === only ? -1 : d)) : dims;
  return reshapedTo(n, x, joined(n, list), dims.includes(0));
}

function sameDims(shape: readonly number[], dims: readonly Dim[]): boolean {
  return shape.length === dims.length && shape.every((size, i) => size === dims[i]);
}

/** In ONNX a 0 stands for the dim of the input, unless `allowzero` says otherwise. */
export function reshapedTo(n: ExportNode, x: Value, shape: Value, hasZero: boolean): Value {
  if (!hasZero) return n.op('Reshape', [x, shape]);
  n.since(14, 'a Reshape to a dim of 0');
  return n.op('Reshape', [x, shape], { allowzero: 1 });
}

/** An input as an int64 tensor: axes, sizes, shapes. */
export function int64(n: ExportNode, index: number): Value {
  const known = n.known(index);
  if (!known) return cast(n, n.input(index), 'int64');
  const { shape } = n.input(index);
  const isScalar = Array.isArray(shape) && shape.length === 0;
  return n.constant([...known], 'int64', isScalar ? [] : [known.length]);
}

/** The same as a vector, whatever its rank. */
export function int64Vector(n: ExportNode, index: number): Value {
  const known = n.known(index);
  if (known) return n.vector(known);
  const x = cast(n, n.input(index), 'int64');
  return x.shape?.length === 1 ? x : n.op('Reshape', [x, n.vector([-1])]);
}

/** Indices in one of the two dtypes that are allowed. */
export function castBack(n: ExportNode, x: Value, index = 0): Value {
  return cast(n, x, n.outputs[index]!);
}

/** Where condition holds a, elsewhere b; in a dtype that the operator knows. */
export function where(n: ExportNode, condition: Value, a: Value, b: Value): Value {
  const allowed: readonly DType[] = ['float32', 'float64', 'int32', 'int64', 'uint8', 'string'];
  const wide = widened(a.dtype, allowed);
  const y = n.op('Where', [condition, cast(n, a, wide), cast(n, b, wide)], {}, { dtype: wide });
  return cast(n, y, a.dtype);
}

export function compare(n: ExportNode, type: string, a: Value, b: Value): Value {
  return through(n, type, [a, b], kArithmetic, {}, 'bool');
}
