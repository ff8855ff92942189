import type { Tensor } from '../../tensor.js';
import type { ImportNode } from '../importNode.js';
import type { Family } from '../mapping.js';
import { axesInput } from './axes.js';
import { axesVector, counted, lengthOf, placed, repeated, shapeTensor, upTo } from './shapes.js';

type Bounds = readonly number[] | Tensor;

/** One number of a list of bounds. */
function at(n: ImportNode, bounds: Bounds, index: number): number | Tensor {
  if (isNumbers(bounds)) return bounds[index] ?? 0;
  return n.op('GatherV2', [bounds, index, 0]);
}

function isNumbers(bounds: Bounds): bounds is readonly number[] {
  return Array.isArray(bounds);
}

function isTensor(value: number | Tensor): value is Tensor {
  return typeof value !== 'number';
}

/** Scalars, known or not, as one int64 vector. */
function vector(n: ImportNode, parts: readonly (number | Tensor)[]): Tensor {
  if (!parts.some(isTensor)) return n.constant(parts.map(Number), 'int64', [parts.length]);
  const tensors = parts.map((part) => {
    if (!isTensor(part)) return n.constant(part, 'int64', []);
    return part.dtype === 'int64' ? part : n.op('Cast', [part], { DstT: 'int64' });
  });
  return n.op('Pack', [tensors], { axis: 0 });
}

/** More than the engine's tensors have. */
const kMostAxes = 16;

/** Begin, end and step by place in `axes`, as a strided slice over all axes up to the last one. */
function slice(
  n: ImportNode,
  starts: Bounds,
  ends: Bounds,
  axes: readonly number[] | undefined,
  steps: Bounds | undefined,
): Tensor {
  const count = isNumbers(starts) ? starts.length : starts.shape?.[0];
  const places = axes ?? (typeof count === 'number' ? upTo(count) : undefined);
  if (!places) return n.unsupported('slice bounds of unknown number');
  const negative = places.some((axis) => axis < 0);
  const along = negative ? places.map((axis) => n.axis(axis)) : places;
  const length = along.reduce((most, axis) => Math.max(most, axis + 1), 0);
  if (!along.every(Number.isInteger)) return n.fail('axes have to be integers');
  if (length > kMostAxes) return n.fail(`axis ${length - 1} is out of range`);
  const begin: (number | Tensor)[] = new Array(length).fill(0);
  const end = begin.slice();
  const stride: (number | Tensor)[] = new Array(length).fill(1);
  let mask = 2 ** length - 1;
  for (const [i, axis] of along.entries()) {
    begin[axis] = at(n, starts, i);
    end[axis] = at(n, ends, i);
    if (steps) stride[axis] = at(n, steps, i);
    mask &= ~(1 << axis);
  }
  const inputs = [n.x, vector(n, begin), vector(n, end), vector(n, stride)];
  return n.out('StridedSlice', inputs, { begin_mask: mask, end_mask: mask });
}

/** An input as numbers when the model fixes it. */
function bounds(n: ImportNode, index: number): Bounds {
  return n.known(index)?.values ?? n.input(index);
}

function sliceInputs(n: ImportNode): Tensor {
  const steps = n.optional(4) ? bounds(n, 4) : undefined;
  if (n.optional(3) && !n.constantInput(3)) return sliceAlong(n);
  if (!n.optional(3) && typeof n.input(1).shape?.[0] !== 'number') return sliceAlong(n);
  return slice(n, bounds(n, 1), bounds(n, 2), axesInput(n, 3), steps);
}

/** Axes that only the run knows: bounds for all axes, of which theirs are replaced. */
function sliceAlong(n: ImportNode): Tensor {
  const rank = n.rank();
  const axes = n.optional(3)
    ? axesVector(n, n.input(3), rank)
    : counted(n, lengthOf(n, n.input(1)));
  const begin = placed(n, repeated(n, 0, rank), axes, n.input(1));
  const end = placed(n, shapeTensor(n, n.x), axes, n.input(2));
  const ones = repeated(n, 1, rank);
  const step = n.optional(4) ? placed(n, ones, axes, n.input(4)) : ones;
  return n.out('StridedSlice', [n.x, begin, end, step]);
}

function sliceAttributes(n: ImportNode): Tensor {
  const { attrs } = n;
  const axes = attrs.ints('axes', undefined);
  return slice(n, attrs.ints('starts'), attrs.ints('ends'), axes, undefined);
}

export const slices: Family = { Slice: { 1: sliceAttributes, 10: sliceInputs } };
