import { isInteger } from '../../dtype.js';
import type { Tensor } from '../../tensor.js';
import type { ImportNode } from '../importNode.js';
import type { Family, Mapping, Versions } from '../mapping.js';
import { castTo } from './numbers.js';
import { counted, dimTensor, type Size, times, upTo } from './shapes.js';

type Reduce = (n: ImportNode, x: Tensor, axes: unknown, keep: boolean) => Tensor;

const plain =
  (type: string): Reduce =>
  (n, x, axes, keep_dims) =>
    n.out(type, [x, axes], { keep_dims });

/** The largest of booleans is whether any is true, the smallest whether all are. */
const extreme =
  (type: 'Max' | 'Min'): Reduce =>
  (n, x, axes, keep_dims) => {
    const logical = type === 'Max' ? 'Any' : 'All';
    return n.out(x.dtype === 'bool' ? logical : type, [x, axes], { keep_dims });
  };

/** Reduces with `type` after mapping each element, then maps the result. */
function around(before: string, type: string, after?: string): Reduce {
  return (n, x, axes, keep_dims) => {
    const mapped = n.op(before, [x]);
    if (!after) return n.out(type, [mapped, axes], { keep_dims });
    return n.out(after, [n.op(type, [mapped, axes], { keep_dims })]);
  };
}

/** Logarithms and roots of integers are computed in float64 and lose their fraction. */
const wholeToo =
  (reduce: Reduce): Reduce =>
  (n, x, axes, keep) => {
    if (!isInteger(x.dtype)) return reduce(n, x, axes, keep);
    const wide = reduce(n, castTo(n, x, 'float64'), axes, keep);
    return n.op('Cast', [wide], { DstT: x.dtype });
  };

function rankOf(n: ImportNode): Size {
  return n.x.rank ?? castTo(n, n.op('Rank', [n.x]), 'int64');
}

function allAxes(n: ImportNode): Tensor | readonly number[] {
  return n.x.rank === null ? counted(n, rankOf(n)) : upTo(n.x.rank);
}

/** Axes of unknown number, of which none stands for all. */
function axesOrAll(n: ImportNode, given: Tensor): Tensor {
  const axes = castTo(n, n.op('Reshape', [given, [-1]]), 'int64');
  const size = n.op('Size', [axes], { out_type: 'int64' });
  const isNone = castTo(n, n.op('Equal', [size, n.constant(0, 'int64', [])]), 'int64');
  const all = counted(n, times(n, isNone, rankOf(n)));
  return n.op('ConcatV2', [[axes, all], 0]);
}

function fromAttributes(reduce: Reduce): Mapping {
  return (n) => {
    const axes = n.attrs.ints('axes', undefined);
    return reduce(n, n.x, axes?.length ? axes : allAxes(n), n.attrs.flag('keepdims', true));
  };
}

function fromInputs(reduce: Reduce): Mapping {
  return (n) => {
    const keep = n.attrs.flag('keepdims', true);
    const known = n.known(1)?.values;
    const given = n.optional(1);
    const isEmpty = given === undefined || known?.length === 0 || given.shape?.[0] === 0;
    const isKept = n.attrs.flag('noop_with_empty_axes');
    if (isEmpty) return reduce(n, n.x, isKept ? [] : allAxes(n), keep);
    const isOpen = !known && !isKept && given.rank !== 0 && typeof given.shape?.[0] !== 'number';
    return reduce(n, n.x, known ?? (isOpen ? axesOrAll(n, given) : given), keep);
  };
}

/** The axes moved from an attribute to an input at opset 18; for ReduceSum at 13. */
function versions(reduce: Reduce, since = 18): Versions {
  return { 1: fromAttributes(reduce), [since]: fromInputs(reduce) };
}

function argOp(type: 'ArgMax' | 'ArgMin'): Mapping {
  return (n) => {
    const axis = n.axis(n.attrs.int('axis', 0));
    const keep = n.attrs.flag('keepdims', true);
    const last = n.attrs.flag('select_last_index');
    const x = last ? n.op('ReverseV2', [n.x, [axis]]) : n.x;
    const found = n.op(type, [x, axis], { output_type: 'int64' });
    const index = last ? fromEnd(n, found, axis) : found;
    return keep ? n.out('ExpandDims', [index, axis]) : n.out('Identity', [index]);
  };
}

/** Indices into a reversed axis as indices into the axis. */
function fromEnd(n: ImportNode, index: Tensor, axis: number): Tensor {
  const last = n.op('Sub', [dimTensor(n, n.x, axis), n.constant(1, 'int64', [])]);
  return n.op('Sub', [last, index]);
}

function topK(n: ImportNode, k: unknown): readonly Tensor[] {
  const rank = n.rank();
  const axis = n.axis(n.attrs.int('axis', -1));
  const attrs = {
    sorted: n.attrs.flag('sorted', true),
    largest: n.attrs.flag('largest', true),
    index_type: 'int64',
  };
  const perm = upTo(rank);
  perm[axis] = rank - 1;
  perm[rank - 1] = axis;
  if (axis === rank - 1) return n.outs('TopKV2', [n.x, k], attrs);
  const found = n.outs('TopKV2', [n.op('Transpose', [n.x, perm]), k], attrs);
  return found.map((y) => n.op('Transpose', [y, perm]));
}

function kInput(n: ImportNode): unknown {
  const known = n.known(1)?.values[0];
  return known ?? n.op('Cast', [n.op('Reshape', [n.input(1), []])], { DstT: 'int32' });
}

export const reductions: Family = {
  ReduceSum: versions(plain('Sum'), 13),
  ReduceMean: versions(plain('Mean')),
  ReduceMax: versions(extreme('Max')),
  ReduceMin: versions(extreme('Min')),
  ReduceProd: versions(plain('Prod')),
  ReduceL1: versions(around('Abs', 'Sum')),
  ReduceL2: versions(wholeToo(around('Square', 'Sum', 'Sqrt'))),
  ReduceLogSum: versions(wholeToo(around('Identity', 'Sum', 'Log'))),
  ReduceLogSumExp: versions(wholeToo(plain('LogSumExp'))),
  ReduceSumSquare: versions(around('Square', 'Sum')),
  ArgMax: argOp('ArgMax'),
  ArgMin: argOp('ArgMin'),
  TopK: { 1: (n) => topK(n, n.attrs.int('k')), 10: (n) => topK(n, kInput(n)) },
  ReverseSequence: (n) =>
    n.out('ReverseSequence', [n.x, n.input(1)], {
      seq_dim: n.attrs.int('time_axis', 0),
      batch_dim: n.attrs.int('batch_axis', 1),
    }),
};
