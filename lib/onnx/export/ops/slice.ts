import type { DType } from '../../../dtype.js';
import type { ExportNode } from '../exportNode.js';
import type { ExportFamily } from '../table.js';
import type { Value } from '../value.js';
import {
  cast,
  dim,
  int64Vector,
  joined,
  scalar,
  squeeze,
  unsqueeze,
  upTo,
  where,
  widened,
} from './common.js';

/** Beyond any size. */
export const kEnd = Number.MAX_SAFE_INTEGER;

export function sliced(
  n: ExportNode,
  x: Value,
  starts: readonly number[],
  ends: readonly number[],
  axes: readonly number[],
  steps?: readonly number[],
): Value {
  const inputs = [x, n.vector(starts), n.vector(ends), n.vector(axes)];
  return n.op('Slice', steps ? [...inputs, n.vector(steps)] : inputs);
}

/** Where along the axes of the input a strided slice goes. */
interface Plan {
  readonly starts: (number | Value)[];
  readonly ends: (number | Value)[];
  readonly axes: number[];
  readonly steps: (number | Value)[];
  /** Axes of the input that go, and axes of the result that are new. */
  readonly dropped: number[];
  readonly added: number[];
}

/** An entry of a vector, known or as a vector of one. */
function entry(n: ExportNode, index: number, i: number): number | Value {
  const known = n.known(index);
  if (known) return known[i] ?? 0;
  return n.op('Slice', [int64Vector(n, index), n.vector([i]), n.vector([i + 1])]);
}

function planOf(n: ExportNode): Plan {
  const count = n.input(1).shape?.[0] ?? n.known(1)?.length ?? n.unsupported('unknown bounds');
  const bit = (name: string, i: number) => ((n.int(`${name}_mask`) >> i) & 1) === 1;
  const plan: Plan = { starts: [], ends: [], axes: [], steps: [], dropped: [], added: [] };
  const explicit = upTo(count).filter((i) => !bit('ellipsis', i) && !bit('new_axis', i)).length;
  let axis = 0;
  let place = 0;
  for (const i of upTo(count)) {
    if (bit('ellipsis', i)) {
      const skipped = n.rank() - explicit;
      axis += skipped;
      place += skipped;
    } else if (bit('new_axis', i)) plan.added.push(place++);
    else {
      if (bit('shrink_axis', i)) pickOne(n, plan, i, axis);
      else pickRange(n, plan, i, axis, entry(n, 3, i), bit);
      if (!bit('shrink_axis', i)) place++;
      axis++;
    }
  }
  return plan;
}

function pickOne(n: ExportNode, plan: Plan, i: number, axis: number): void {
  const start = entry(n, 1, i);
  plan.axes.push(axis);
  plan.dropped.push(axis);
  plan.starts.push(start);
  plan.steps.push(1);
  if (typeof start === 'number') plan.ends.push(start === -1 ? kEnd : start + 1);
  else {
    const next = n.op('Add', [start, n.vector([1])]);
    const isLast = n.op('Equal', [next, n.vector([0])], {}, { dtype: 'bool' });
    plan.ends.push(where(n, isLast, n.vector([kEnd]), next));
  }
}

function pickRange(
  n: ExportNode,
  plan: Plan,
  i: number,
  axis: number,
  step: number | Value,
  bit: (name: string, i: number) => boolean,
): void {
  const [isOpenBegin, isOpenEnd] = [bit('begin', i), bit('end', i)];
  if (isOpenBegin && isOpenEnd && step === 1) return;
  plan.axes.push(axis);
  plan.steps.push(step);
  const isUnclear = typeof step !== 'number' && (isOpenBegin || isOpenEnd);
  if (isUnclear) n.unsupported('an open slice whose stride only a run knows');
  const isRising = typeof step !== 'number' || step > 0;
  plan.starts.push(isOpenBegin ? (isRising ? 0 : kEnd) : entry(n, 1, i));
  plan.ends.push(isOpenEnd ? (isRising ? kEnd : -kEnd) : entry(n, 2, i));
}

function stridedSlice(n: ExportNode): Value {
  const { starts, ends, axes, steps, dropped, added } = planOf(n);
  const bounds = [joined(n, starts), joined(n, ends), n.vector(axes)];
  const hasSteps = steps.some((step) => step !== 1);
  const inputs = hasSteps ? [n.x, ...bounds, joined(n, steps)] : [n.x, ...bounds];
  const y = axes.length === 0 ? n.x : n.op('Slice', inputs);
  return unsqueeze(n, squeeze(n, y, dropped), added);
}

function slice(n: ExportNode): Value {
  if (n.x.shape?.length === 0) return n.x;
  const [begin, size] = [n.known(1), n.known(2)];
  if (begin && size) {
    const ends = begin.map((start, i) => (size[i] === -1 ? kEnd : start + size[i]!));
    return sliced(n, n.x, begin, ends, upTo(begin.length));
  }
  const [from, count] = [int64Vector(n, 1), int64Vector(n, 2)];
  const isRest = n.op('Equal', [count, n.vector([-1])], {}, { dtype: 'bool' });
  const end = where(n, isRest, n.vector([kEnd]), n.op('Add', [from, count]));
  return n.op('Slice', [n.x, from, end]);
}

export function reversed(n: ExportNode, x: Value, axes: readonly number[]): Value {
  if (axes.length === 0) return x;
  const all = (value: number) => axes.map(() => value);
  return sliced(n, x, all(-1), all(-kEnd), axes, all(-1));
}

/** Moves along axes by any number of places, around the end. */
function roll(n: ExportNode): Value {
  const axes = n.need(2, 'axes').map((axis) => n.axis(axis));
  const shifts = axes.map((_, i) => entry(n, 1, i));
  let { x } = n;
  for (const [i, axis] of axes.entries()) {
    const size = joined(n, [dim(n, x, axis)]);
    const length = n.op('Reshape', [size, n.vector([])]);
    const steps = n.op('Range', [scalar(n, 0, 'int64'), length, scalar(n, 1, 'int64')]);
    const moved = n.op('Sub', [steps, joined(n, [shifts[i]!])]);
    x = n.op('Gather', [x, n.op('Mod', [moved, size])], { axis });
  }
  return x;
}

function reverseSequence(n: ExportNode): Value {
  const [time, batch] = [n.axis(n.int('seq_dim')), n.axis(n.int('batch_dim'))];
  if (time + batch !== 1) return n.unsupported(`axes ${time} and ${batch}`);
  const lengths = cast(n, n.input(1), 'int64');
  return n.op('ReverseSequence', [n.x, lengths], { time_axis: time, batch_axis: batch });
}

const kPadded: readonly DType[] = [
  'float32',
  'float64',
  'int32',
  'int64',
  'uint32',
  'uint64',
  'int8',
  'uint8',
  'bool',
];

function pad(n: ExportNode): Value {
  const { dtype } = n.x;
  const isText = dtype === 'string';
  const value = n.type === 'PadV2' ? n.input(2) : isText ? n.constant('', dtype, []) : undefined;
  const wide = widened(dtype, kPadded);
  const inputs = [cast(n, n.x, wide), padsInput(n), value && cast(n, value, wide)];
  return cast(n, n.op('Pad', inputs, { mode: 'constant' }), dtype);
}

/** All befores, then all afters. */
function padsInput(n: ExportNode): Value {
  const known = n.known(1);
  if (known) {
    const before = known.filter((_, i) => i % 2 === 0);
    return n.vector([...before, ...known.filter((_, i) => i % 2 === 1)]);
  }
  const columns = n.op('Transpose', [cast(n, n.input(1), 'int64')], { perm: [1, 0] });
  return n.op('Reshape', [columns, n.vector([-1])]);
}

function mirrorPad(n: ExportNode): Value {
  if (n.text('mode') === 'REFLECT') {
    const x = cast(n, n.x, widened(n.x.dtype, kPadded));
    const value = n.x.dtype === 'string' ? n.constant('', 'string', []) : undefined;
    return cast(n, n.op('Pad', [x, padsInput(n), value], { mode: 'reflect' }), n.x.dtype);
  }
  const pads = n.need(1, 'amounts');
  let { x } = n;
  for (const axis of upTo(n.rank())) {
    const [before = 0, after = 0] = pads.slice(2 * axis, 2 * axis + 2);
    const flip = (part: Value) => reversed(n, part, [axis]);
    const first = before > 0 ? [flip(sliced(n, x, [0], [before], [axis]))] : [];
    const last = after > 0 ? [flip(sliced(n, x, [-after], [kEnd], [axis]))] : [];
    if (before + after > 0) x = n.op('Concat', [...first, x, ...last], { axis });
  }
  return x;
}

export const slices = {
  MirrorPad: mirrorPad,
  Pad: pad,
  PadV2: pad,
  ReverseSequence: reverseSequence,
  ReverseV2: (n) => reversed(n, n.x, n.need(1, 'axes')),
  Roll: roll,
  Slice: slice,
  StridedSlice: stridedSlice,
} satisfies ExportFamily;
