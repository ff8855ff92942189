import { elementSize, isComplex, isNarrow } from '../../../dtype.js';
import { dataTypeNumber } from '../../dataTypes.js';
import type { ExportNode } from '../exportNode.js';
import { type ExportFamily, type Exporting, none } from '../table.js';
import type { Value } from '../value.js';
import {
  cast,
  castBack,
  compare,
  computed,
  dim,
  int64,
  int64Vector,
  isKnown,
  joined,
  plus,
  reshaped,
  reshapedTo,
  scalar,
  shapeOf,
  squeeze,
  transposed,
  unsqueeze,
  upTo,
  where,
} from './common.js';

const pass: Exporting = (n) => n.x;

/** The standard has no way to round down, or to nearest, when casting to fewer bits. */
const kNarrowSince = {
  float8_e4m3fn: 19,
  float8_e4m3fnuz: 19,
  float8_e5m2: 19,
  float8_e5m2fnuz: 19,
  int4: 21,
  uint4: 21,
  float4_e2m1fn: 23,
  float8_e8m0fnu: 24,
  int2: 25,
  uint2: 25,
};

function castOp(n: ExportNode): Value {
  const to = n.dtype('DstT');
  for (const dtype of [n.x.dtype, to]) {
    if (isNarrow(dtype)) n.since(kNarrowSince[dtype], `a Cast of ${dtype}`);
  }
  if (!isNarrow(to)) return cast(n, n.x, to);
  const isFloat8 = to.startsWith('float8');
  const round = n.text('scale_round');
  return n.op(
    'Cast',
    [n.x],
    {
      to: dataTypeNumber(to),
      ...(isFloat8 ? { saturate: n.flag('saturate') } : {}),
      ...(to === 'float8_e8m0fnu' ? { round_mode: round } : {}),
    },
    { dtype: to },
  );
}

function bitcast(n: ExportNode): Value {
  const to = n.dtype('type');
  if (to === n.x.dtype) return n.x;
  if (elementSize(to) !== elementSize(n.x.dtype)) return n.unsupported('dtypes of other sizes');
  n.since(26, 'Bitcast');
  return n.op('BitCast', [n.x], { to: dataTypeNumber(to) }, { dtype: to });
}

function shape(n: ExportNode): Value {
  return castBack(n, n.op('Shape', [n.x], {}, { dtype: 'int64' }));
}

function shapes(n: ExportNode): readonly Value[] {
  return n.all.map((x, i) => castBack(n, n.op('Shape', [x], {}, { dtype: 'int64' }), i));
}

function reshape(n: ExportNode): Value {
  const wanted = n.known(1);
  if (wanted && isKnown(n.x.shape)) return reshaped(n, n.x, inferred(wanted, n.x.shape));
  // Of a shape that a run computes, a 0 is taken to be the size 0.
  const hasZero = wanted?.includes(0) ?? n.opset >= 14;
  return reshapedTo(n, n.x, int64Vector(n, 1), hasZero);
}

/** With a size in place of -1. */
function inferred(wanted: readonly number[], shape: readonly number[]): readonly number[] {
  const known = wanted.reduce((a, b) => (b < 0 ? a : a * b), 1);
  const size = shape.reduce((a, b) => a * b, 1);
  return wanted.map((dim) => (dim < 0 && known > 0 ? size / known : dim));
}

function expandDims(n: ExportNode): Value {
  return n.op('Unsqueeze', [n.x, int64Vector(n, 1)]);
}

function squeezeOp(n: ExportNode): Value {
  const axes = n.ints('squeeze_dims');
  return n.op('Squeeze', axes.length > 0 ? [n.x, n.vector(axes)] : [n.x]);
}

function transpose(n: ExportNode): Value {
  return transposed(
    n,
    n.x,
    n.need(1, 'an order of axes').map((axis) => n.axis(axis)),
  );
}

function concat(n: ExportNode): Value {
  const parts = n.all.slice(0, -1);
  const [axis = 0] = n.need(parts.length, 'an axis');
  return parts.length === 1 ? parts[0]! : n.op('Concat', parts, { axis });
}

function pack(n: ExportNode): Value {
  const axis = n.int('axis');
  const parts = n.all.map((x) => unsqueeze(n, x, [axis]));
  return parts.length === 1 ? parts[0]! : n.op('Concat', parts, { axis });
}

/** Parts along an axis; sizes that are not known are to be equal. */
function splitInto(n: ExportNode, x: Value, count: number, axis: number, sizes?: Value) {
  const made = upTo(count).map(() => ({ dtype: x.dtype }));
  if (sizes) return n.ops('Split', [x, sizes], { axis }, made);
  const size = x.shape?.[axis < 0 ? axis + x.shape.length : axis];
  if (typeof size === 'number') {
    return n.ops('Split', [x, n.vector(upTo(count).map(() => size / count))], { axis }, made);
  }
  return n.ops('Split', [x], n.opset < 18 ? { axis } : { axis, num_outputs: count }, made);
}

function split(n: ExportNode): readonly Value[] {
  const [axis = 0] = n.need(0, 'an axis');
  return splitInto(n, n.input(1), n.int('num_split'), axis);
}

function splitV(n: ExportNode): readonly Value[] {
  const [axis = 0] = n.need(2, 'an axis');
  const sizes = n.known(1);
  const open = sizes?.indexOf(-1) ?? -1;
  if (!sizes || open < 0) return splitInto(n, n.x, n.int('num_split'), axis, int64Vector(n, 1));
  const rest = sizes.reduce((sum, size) => sum + Math.max(0, size), 0);
  const parts = sizes.map((size) => (size < 0 ? plus(n, dim(n, n.x, n.axis(axis)), -rest) : size));
  return splitInto(n, n.x, n.int('num_split'), axis, joined(n, parts));
}

function unpack(n: ExportNode): readonly Value[] {
  const axis = n.int('axis');
  const count = n.int('num');
  if (count === 0) return [];
  const sizes = n.vector(upTo(count).map(() => 1));
  return splitInto(n, n.x, count, axis, sizes).map((part) => squeeze(n, part, [axis]));
}

function fill(n: ExportNode): Value {
  return n.op('Expand', [n.input(1), int64Vector(n, 0)]);
}

function filled(value: number): Exporting {
  return (n) => {
    const { dtype, shape: dims } = n.x;
    if (dtype === 'string') return n.op('Expand', [n.constant('', 'string', []), shapeOf(n, n.x)]);
    const one = scalar(n, value, dtype);
    return isKnown(dims) && dims.length === 0 ? one : n.op('Expand', [one, shapeOf(n, n.x)]);
  };
}

function oneHot(n: ExportNode): Value {
  const indices = cast(n, n.x, 'int64');
  const depth = n.op('Reshape', [int64Vector(n, 1), n.vector([])]);
  // Negative indices count from the end in ONNX; here they stand for nothing.
  const isNegative = compare(n, 'Less', indices, scalar(n, 0, 'int64'));
  const places = n.x.dtype === 'uint8' ? indices : where(n, isNegative, depth, indices);
  if (n.rank() > 0) return hot(n, [places, depth], n.input(2), n.input(3), n.int('axis'));
  const rows = [unsqueeze(n, places, [0]), depth] as const;
  return squeeze(n, hot(n, rows, n.input(2), n.input(3), 1), [0]);
}

/** Runtimes know values of few dtypes; others are chosen by what those make. */
export function hot(
  n: ExportNode,
  [places, depth]: readonly [Value, Value],
  on: Value,
  off: Value,
  axis: number,
): Value {
  const { dtype } = on;
  const isKnown = dtype === 'float32' || dtype === 'int64' || dtype === 'string';
  if (isKnown || isComplex(dtype)) {
    const values = n.op('Concat', [unsqueeze(n, off, [0]), unsqueeze(n, on, [0])], { axis: 0 });
    return n.op('OneHot', [places, depth, values], { axis }, { dtype });
  }
  const inputs = [places, depth, n.vector([0, 1])];
  return where(n, cast(n, n.op('OneHot', inputs, { axis }), 'bool'), on, off);
}

function range(n: ExportNode): Value {
  const { dtype } = n.x;
  const wide = computed(dtype, ['float32', 'float64', 'int16', 'int32', 'int64']);
  const bounds = n.all.map((x) => cast(n, x, wide));
  return cast(n, n.op('Range', bounds), dtype);
}

function linSpace(n: ExportNode): Value {
  const [start, stop] = [n.input(0), n.input(1)];
  const { dtype } = start;
  const count = n.op('Reshape', [int64Vector(n, 2), n.vector([])]);
  const one = scalar(n, 1, 'int64');
  const steps = n.op('Range', [scalar(n, 0, 'int64'), count, one]);
  const parts = n.op('Max', [n.op('Sub', [count, one]), one]);
  const step = n.op('Div', [n.op('Sub', [stop, start]), cast(n, parts, dtype)]);
  return n.op('Add', [start, n.op('Mul', [cast(n, steps, dtype), step])]);
}

function bandPart(n: ExportNode): Value {
  n.since(14, 'MatrixBandPart');
  const [[lower = 0], [upper = 0]] = [n.need(1, 'a band'), n.need(2, 'a band')];
  const trilu = (x: Value, k: number, isUpper: boolean) =>
    n.op('Trilu', [x, scalar(n, k, 'int64')], { upper: isUpper });
  const band = (x: Value) => {
    const above = upper < 0 ? x : trilu(x, upper, false);
    return lower < 0 ? above : trilu(above, -lower, true);
  };
  const { dtype } = n.x;
  const wide = computed(dtype, ['float32', 'float64', 'int64', 'bool']);
  if (wide !== 'string' && !isComplex(wide)) return cast(n, band(cast(n, n.x, wide)), dtype);
  const inside = band(n.op('Expand', [scalar(n, 1, 'int64'), shapeOf(n, n.x)]));
  const none = dtype === 'string' ? n.constant('', dtype, []) : scalar(n, 0, dtype);
  return where(n, cast(n, inside, 'bool'), n.x, none);
}

function size(n: ExportNode): Value {
  return castBack(n, n.op('Size', [n.x], {}, { dtype: 'int64' }));
}

function rank(n: ExportNode): Value {
  return scalar(n, n.rank(), 'int32');
}

function broadcastArgs(n: ExportNode): Value {
  const ones = [0, 1].map((i) => n.op('Expand', [scalar(n, 1, 'int64'), int64Vector(n, i)]));
  const sum = n.op('Mul', ones);
  return castBack(n, n.op('Shape', [sum], {}, { dtype: 'int64' }));
}

export const array = {
  Bitcast: bitcast,
  BroadcastArgs: broadcastArgs,
  BroadcastTo: (n) => n.op('Expand', [n.x, int64Vector(n, 1)]),
  Cast: castOp,
  CheckNumerics: pass,
  ConcatV2: concat,
  EnsureShape: pass,
  ExpandDims: expandDims,
  Fill: fill,
  Identity: pass,
  IdentityN: (n) => n.all,
  LinSpace: linSpace,
  MatrixBandPart: bandPart,
  NoOp: () => [],
  OneHot: oneHot,
  OnesLike: filled(1),
  Pack: pack,
  PreventGradient: pass,
  Range: range,
  Rank: rank,
  Reshape: reshape,
  SelectV2: (n) => where(n, n.input(0), n.input(1), n.input(2)),
  Shape: shape,
  ShapeN: shapes,
  Size: size,
  Split: split,
  SplitV: splitV,
  Squeeze: squeezeOp,
  StopGradient: pass,
  Tile: (n) => n.op('Tile', [n.x, int64(n, 1)]),
  Transpose: transpose,
  Unpack: unpack,
  ZerosLike: filled(0),
  Assert: none('ONNX has no checks'),
} satisfies ExportFamily;
