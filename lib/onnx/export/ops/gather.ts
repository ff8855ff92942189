import { type DType, isComplex } from '../../../dtype.js';
import type { ExportNode } from '../exportNode.js';
import type { ExportFamily, Exporting } from '../table.js';
import type { Value } from '../value.js';
import {
  cast,
  castBack,
  compare,
  computed,
  int64Vector,
  kArithmetic,
  reshaped,
  scalar,
  transposed,
  unsqueeze,
  upTo,
  widened,
} from './common.js';

function gather(n: ExportNode): Value {
  const [given = 0] = n.need(2, 'an axis');
  const axis = n.axis(given);
  const batch = n.axis(n.int('batch_dims'), n.rank(1));
  if (batch === 0) return n.op('Gather', [n.x, n.input(1)], { axis });
  // The axis comes right after the batch, and what the indices give in its place goes back.
  const between = axis - batch;
  const order = upTo(n.rank()).filter((i) => i !== axis);
  order.splice(batch, 0, axis);
  const indices = unsqueeze(n, cast(n, n.input(1), 'int64'), [-1]);
  const picked = n.op('GatherND', [transposed(n, n.x, order), indices], { batch_dims: batch });
  const own = n.rank(1) - batch;
  const total = n.rank() - 1 + own;
  const back = upTo(total);
  back.splice(batch, between + own);
  back.splice(batch, 0, ...upTo(between).map((i) => batch + own + i));
  back.splice(axis, 0, ...upTo(own).map((i) => batch + i));
  return transposed(n, picked, back);
}

function gatherNd(n: ExportNode): Value {
  const indices = cast(n, n.input(1), 'int64');
  return n.op('GatherND', [n.x, indices], { batch_dims: n.int('batch_dims') });
}

function gatherElements(n: ExportNode): Value {
  return n.op('GatherElements', [n.x, n.input(1)], { axis: n.int('axis') });
}

/** The dtypes in which runtimes add, multiply and compare while scattering. */
const kScattered: readonly DType[] = ['float32', 'float64', 'int32', 'int64', 'uint8', 'int8'];

function reduction(n: ExportNode, how: string): string | undefined {
  if (how === 'none') return undefined;
  n.since(how === 'add' || how === 'mul' ? 16 : 18, `scattering with ${how}`);
  return how;
}

function scatterElements(n: ExportNode): Value {
  const how = reduction(n, n.text('reduction'));
  const wide = how ? computed(n.x.dtype, kScattered) : n.x.dtype;
  const inputs = [cast(n, n.x, wide), n.input(1), cast(n, n.input(2), wide)];
  const attributes = { axis: n.int('axis'), reduction: how };
  return cast(n, n.op('ScatterElements', inputs, attributes), n.x.dtype);
}

const scatter =
  (how: string): Exporting =>
  (n) =>
    scattered(n, n.x, n.input(1), n.input(2), how);

function scattered(n: ExportNode, x: Value, indices: Value, updates: Value, how: string): Value {
  const wide = how === 'none' ? x.dtype : computed(x.dtype, kScattered);
  const inputs = [cast(n, x, wide), cast(n, indices, 'int64'), cast(n, updates, wide)];
  return cast(n, n.op('ScatterND', inputs, { reduction: reduction(n, how) }), x.dtype);
}

function scatterSub(n: ExportNode): Value {
  if (isComplex(n.x.dtype)) return n.unsupported(`subtraction of ${n.x.dtype}`);
  const wide = computed(n.x.dtype, kArithmetic);
  const updates = n.op('Neg', [cast(n, n.input(2), wide)]);
  const inputs = [cast(n, n.x, wide), cast(n, n.input(1), 'int64'), updates];
  return cast(n, n.op('ScatterND', inputs, { reduction: reduction(n, 'add') }), n.x.dtype);
}

function scatterNd(n: ExportNode): Value {
  const updates = n.input(1);
  if (updates.dtype === 'bool') {
    const zeros = n.op('Expand', [scalar(n, 0, 'int32'), int64Vector(n, 2)]);
    return cast(n, scattered(n, zeros, n.x, cast(n, updates, 'int32'), 'add'), 'bool');
  }
  const zeros = n.op('Expand', [scalar(n, 0, updates.dtype), int64Vector(n, 2)]);
  return scattered(n, zeros, n.x, updates, 'add');
}

function where(n: ExportNode): Value {
  const allowed: readonly DType[] = ['bool', 'float32', 'int32', 'int64', 'uint8'];
  const x = allowed.includes(n.x.dtype)
    ? n.x
    : n.x.dtype === 'float64'
      ? n.op('Not', [n.op('Equal', [n.x, scalar(n, 0, 'float64')], {}, { dtype: 'bool' })])
      : cast(n, n.x, widened(n.x.dtype, allowed));
  const isScalar = n.rank() === 0;
  const found = n.op('NonZero', [isScalar ? unsqueeze(n, x, [0]) : x], {}, { dtype: 'int64' });
  const rows = n.op('Transpose', [found], { perm: [1, 0] });
  return isScalar ? n.op('Slice', [rows, n.vector([0]), n.vector([0]), n.vector([1])]) : rows;
}

const kUnique: readonly DType[] = ['float32', 'float64', 'int64', 'int8', 'string'];

/** First of equal values, where in the input they came first, which of them each is, how often. */
function unique(n: ExportNode, axis: number | undefined, sorted: boolean): readonly Value[] {
  const { dtype } = n.x;
  const wide = computed(dtype, kUnique);
  const made = [wide, 'int64', 'int64', 'int64'] as const;
  const [y, ...places] = n.ops(
    'Unique',
    [cast(n, n.x, wide)],
    { axis, sorted },
    made.map((each) => ({ dtype: each })),
  );
  return [cast(n, y!, dtype), ...places];
}

function plainUnique(n: ExportNode): readonly Value[] {
  const axis = n.type === 'UniqueV2' ? n.need(1, 'an axis')[0] : undefined;
  const [y, , inverse, counts] = unique(n, axis, false);
  return [y!, inverse!, counts!].slice(0, n.outputs.length).map((x, i) => castBack(n, x, i));
}

/** Values of x that are not in y, and where they stand. */
function listDiff(n: ExportNode): readonly Value[] {
  const wide = widened(n.x.dtype, kArithmetic);
  const [x, y] = [cast(n, n.x, wide), cast(n, n.input(1), wide)];
  if (wide === 'string') n.since(19, 'Equal of strings');
  const same = compare(n, 'Equal', unsqueeze(n, x, [1]), unsqueeze(n, y, [0]));
  const counts = n.op('ReduceSum', [cast(n, same, 'int64'), n.vector([1])], { keepdims: 0 });
  const isNew = n.op('Equal', [counts, scalar(n, 0, 'int64')], {}, { dtype: 'bool' });
  const found = n.op('NonZero', [isNew], {}, { dtype: 'int64' });
  const places = n.op('Reshape', [found, n.vector([-1])]);
  return [n.op('Gather', [n.x, places], { axis: 0 }), castBack(n, places, 1)];
}

function dynamicPartition(n: ExportNode): readonly Value[] {
  const rank = n.rank(1);
  const rest = n.dims().slice(rank);
  const known = rest.map((size) => size ?? n.unsupported('rows of unknown size'));
  const rows = rank === 1 ? n.x : reshaped(n, n.x, [-1, ...known]);
  const numbers = n.op('Reshape', [n.input(1), n.vector([-1])]);
  return n.outputs.map((_, i) => {
    const isHere = n.op('Equal', [numbers, scalar(n, i, 'int32')], {}, { dtype: 'bool' });
    return n.op('Compress', [rows, isHere], { axis: 0 });
  });
}

function invertPermutation(n: ExportNode): Value {
  const x = cast(n, n.x, 'int64');
  const size = n.op('Shape', [x], {}, { dtype: 'int64' });
  const length = n.op('Reshape', [size, n.vector([])]);
  const counted = n.op('Range', [scalar(n, 0, 'int64'), length, scalar(n, 1, 'int64')]);
  return castBack(n, n.op('ScatterElements', [x, x, counted], { axis: 0 }));
}

export const gathers = {
  DynamicPartition: dynamicPartition,
  GatherElements: gatherElements,
  GatherNd: gatherNd,
  GatherV2: gather,
  InvertPermutation: invertPermutation,
  ListDiff: listDiff,
  ScatterElements: scatterElements,
  ScatterNd: scatterNd,
  TensorScatterAdd: scatter('add'),
  TensorScatterMax: scatter('max'),
  TensorScatterMin: scatter('min'),
  TensorScatterMul: scatter('mul'),
  TensorScatterSub: scatterSub,
  TensorScatterUpdate: scatter('none'),
  Unique: plainUnique,
  UniqueSlices: (n) => unique(n, n.int('axis'), n.flag('sorted')),
  UniqueV2: plainUnique,
  UniqueWithCounts: plainUnique,
  Where: where,
} satisfies ExportFamily;
