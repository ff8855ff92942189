import { type DType, isFloat } from '../../../dtype.js';
import type { ExportNode } from '../exportNode.js';
import type { ExportFamily, Exporting } from '../table.js';
import type { Value } from '../value.js';
import {
  cast,
  castBack,
  computed,
  dim,
  int64Vector,
  joined,
  scalar,
  signed,
  unsigned,
  unsqueeze,
  widened,
} from './common.js';

const kBool = { dtype: 'bool' } as const;

const kSums: readonly DType[] = ['float32', 'float64', 'int32', 'int64'];
const kExtremes: readonly DType[] = ['float32', 'float64', 'int32', 'int64', 'int8', 'uint8'];

/** A reduction over the axes of input 1, or over all. */
export function reduced(n: ExportNode, type: string, x: Value, allowed: readonly DType[]): Value {
  const since = type === 'ReduceSum' ? 13 : 18;
  const wide = widened(x.dtype, allowed);
  const attributes = { keepdims: n.flag('keep_dims') };
  const operand = cast(n, x, wide);
  if (!n.inputs[1]) return cast(n, n.op(type, [operand], attributes), x.dtype);
  const axes = n.known(1);
  if (axes?.length === 0) return x;
  if (n.opset >= since) {
    // No axes mean none here, and all in ONNX unless it is told otherwise.
    const more = axes ? {} : { noop_with_empty_axes: 1 };
    const inputs = [operand, int64Vector(n, 1)];
    return cast(n, n.op(type, inputs, { ...attributes, ...more }), x.dtype);
  }
  if (!axes) n.since(since, `${n.type} over axes that only a run knows`);
  return cast(n, n.op(type, [operand], { ...attributes, axes }), x.dtype);
}

const reduce =
  (type: string, allowed: readonly DType[]): Exporting =>
  (n) =>
    reduced(n, type, n.x, allowed);

/** The greatest or the least over the axes. */
const extreme =
  (type: string): Exporting =>
  (n) =>
    n.x.dtype === 'uint64'
      ? unsigned(n, reduced(n, type, signed(n, n.x), kExtremes))
      : reduced(n, type, n.x, kExtremes);

/** Nothing is all true; the largest of no number is the least of all. */
const logical =
  (type: string): Exporting =>
  (n) => {
    const best = reduced(n, type, cast(n, n.x, 'int32'), kSums);
    return n.op('Greater', [best, scalar(n, 0, 'int32')], {}, kBool);
  };

const best =
  (type: string): Exporting =>
  (n) => {
    const [axis = 0] = n.need(1, 'an axis');
    const allowed: readonly DType[] = ['float32', 'float64', 'int8', 'uint8', 'int32'];
    const wide = n.x.dtype === 'int64' ? 'int64' : widened(n.x.dtype, [...allowed, 'int64']);
    const x = n.x.dtype === 'uint64' ? signed(n, n.x) : cast(n, n.x, wide);
    return castBack(n, n.op(type, [x], { axis, keepdims: 0 }, { dtype: 'int64' }));
  };

/** Over all pixels of each channel there is an operator of its own, which runtimes look for. */
function mean(n: ExportNode): Value {
  const rank = n.x.shape?.length ?? 0;
  const axes = n.known(1)?.map((axis) => n.axis(axis));
  const isGlobal = rank > 2 && axes?.length === rank - 2 && axes.every((axis) => axis > 1);
  if (isGlobal && n.flag('keep_dims') && new Set(axes).size === axes.length && isFloat(n.x.dtype)) {
    return n.op('GlobalAveragePool', [n.x]);
  }
  return reduced(n, 'ReduceMean', n.x, ['float32', 'float64', 'int32']);
}

function topK(n: ExportNode): readonly Value[] {
  const { dtype } = n.x;
  const isUnsigned = dtype === 'uint64';
  const wide = widened(dtype, kSums);
  const x = isUnsigned ? signed(n, n.x) : cast(n, n.x, wide);
  const k = n.op('Reshape', [int64Vector(n, 1), n.vector([1])]);
  const attributes = { axis: -1, largest: n.flag('largest'), sorted: n.flag('sorted') };
  const [values, indices] = n.ops('TopK', [x, k], attributes, [
    { dtype: wide },
    { dtype: 'int64' },
  ]);
  const numbers = isUnsigned ? unsigned(n, values!) : cast(n, values!, dtype);
  return [numbers, castBack(n, indices!, 1)];
}

/** Whether the target is among the k best; those that are as good as the last count as better. */
function inTopK(n: ExportNode): Value {
  const [scores, given] = [n.x, cast(n, n.input(1), 'int64')];
  const zero = scalar(n, 0, 'int64');
  const classes = n.op('Reshape', [joined(n, [dim(n, scores, 1)]), n.vector([])]);
  const isBelow = n.op('Less', [given, classes], {}, { dtype: 'bool' });
  const isClass = n.op('And', [isBelow, n.op('Not', [n.op('Less', [given, zero], {}, kBool)])]);
  const targets = n.op('Where', [isClass, given, zero], {}, { dtype: 'int64' });
  const own = n.op('GatherElements', [scores, unsqueeze(n, targets, [1])], { axis: 1 });
  const better = n.op('Greater', [scores, own], {}, { dtype: 'bool' });
  const count = n.op('ReduceSum', [cast(n, better, 'int64'), n.vector([1])], { keepdims: 0 });
  const isIn = n.op('Less', [count, cast(n, n.input(2), 'int64')], {}, { dtype: 'bool' });
  const odd = ['IsNaN', 'IsInf'].map((type) => n.op(type, [scores], {}, kBool));
  const odds = [cast(n, n.op('Or', odd), 'int64'), n.vector([1])];
  const isWhole = n.op('Equal', [n.op('ReduceSum', odds, { keepdims: 0 }), zero], {}, kBool);
  return n.op('And', [n.op('And', [isIn, isClass]), isWhole]);
}

/** The sums of rows with the same number; rows of a negative one are left out. */
function segments(n: ExportNode, count: Value): Value {
  n.since(16, n.type);
  const { dtype } = n.x;
  const wide = computed(dtype, kSums);
  const idRank = n.rank(1);
  const data = cast(n, n.x, wide);
  const ids = cast(n, n.input(1), 'int64');
  const isOut = n.op('Less', [ids, scalar(n, 0, 'int64')], {}, { dtype: 'bool' });
  const last = n.op('Reshape', [count, n.vector([])]);
  const places = n.op('Where', [isOut, last, ids], {}, { dtype: 'int64' });
  const dims = n.op('Shape', [data], {}, { dtype: 'int64' });
  const rest = n.op('Slice', [dims, n.vector([idRank]), n.vector([n.rank()])]);
  const rows = n.op('Add', [count, n.vector([1])]);
  const zeros = n.op('Expand', [scalar(n, 0, wide), n.op('Concat', [rows, rest], { axis: 0 })]);
  const inputs = [zeros, unsqueeze(n, places, [-1]), data];
  const sums = n.op('ScatterND', inputs, { reduction: 'add' });
  return cast(n, n.op('Slice', [sums, n.vector([0]), count, n.vector([0])]), dtype);
}

function segmentSum(n: ExportNode): Value {
  const ids = cast(n, n.input(1), 'int64');
  const all = n.op('Concat', [ids, n.vector([-1])], { axis: 0 });
  const last = n.op('ReduceMax', [all], { keepdims: 1 });
  return segments(n, n.op('Add', [last, n.vector([1])]));
}

export const reductions = {
  All: logical('ReduceMin'),
  Any: logical('ReduceMax'),
  ArgMax: best('ArgMax'),
  ArgMin: best('ArgMin'),
  InTopKV2: inTopK,
  LogSumExp: reduce('ReduceLogSumExp', kSums),
  Max: extreme('ReduceMax'),
  Mean: mean,
  Min: extreme('ReduceMin'),
  Prod: reduce('ReduceProd', kSums),
  SegmentSum: segmentSum,
  Sum: reduce('ReduceSum', kSums),
  TopKV2: topK,
  UnsortedSegmentSum: (n) => segments(n, int64Vector(n, 2)),
} satisfies ExportFamily;
