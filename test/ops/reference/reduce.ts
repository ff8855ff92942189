import { gather, type Nested, nest } from '../../../lib/indexing.js';
import { ndarray } from '../../../lib/ndArray.js';
import { sizeOf, stridesOf } from '../../../lib/shape.js';
import type { ValueCase } from '../case.js';

export type Reducer = (elements: readonly number[]) => number;

export interface Reduction {
  readonly shape: readonly number[];
  /** Undefined: left out, which means all. */
  readonly axes?: readonly number[];
  readonly keep?: boolean;
}

/** A reduction by its definition: all elements of the reduced axes, listed for each output. */
function reduced(
  data: readonly number[],
  { shape, axes, keep }: Reduction,
  reducer: Reducer,
): Nested<number> {
  const all = shape.map((_, i) => i);
  const gone = new Set((axes ?? all).map((axis) => (axis < 0 ? axis + shape.length : axis)));
  const order = [...all.filter((i) => !gone.has(i)), ...all.filter((i) => gone.has(i))];
  const strides = stridesOf(shape);
  const dims = order.map((i) => shape[i]!);
  const steps = order.map((i) => strides[i]!);
  const flat = ndarray(Float64Array.from(data), { shape: [...shape] });
  const sorted = Array.from(gather(flat, 0, dims, steps));
  const count = sizeOf(all.filter((i) => gone.has(i)).map((i) => shape[i]!));
  const kept = shape.map((dim, i) => (gone.has(i) ? 1 : dim));
  const outer = keep ? kept : shape.filter((_, i) => !gone.has(i));
  return nest(outer, (index) => reducer(sorted.slice(index * count, (index + 1) * count)));
}

/** One case: values of `at(index)`, and what the reducer makes of them. */
export function reduceCase(
  reduction: Reduction,
  at: (index: number) => number,
  reducer: Reducer,
  more: Partial<ValueCase> = {},
): ValueCase {
  const { shape, axes, keep } = reduction;
  const data = Array.from({ length: sizeOf(shape) }, (_, i) => at(i));
  return {
    inputs: [nest(shape, (i) => data[i]!), axes ?? null],
    outputs: [reduced(data, reduction, reducer)],
    ...(keep ? { attrs: { keep_dims: true } } : {}),
    ...more,
  };
}
