import type { DType } from '../../dtype.js';
import { isFloat, isInteger, isNarrow, isNumeric } from '../../dtype.js';
import { runAtOnce } from '../../sliced.js';
import type { Tensor } from '../../tensor.js';
import { dataTypeName } from '../dataTypes.js';
import type { ImportNode } from '../importNode.js';
import { listTypeOf, setListType } from '../listTypes.js';
import type { Family, Mapping } from '../mapping.js';
import { sparseTensor } from '../sparse.js';
import { arrayOf, tensorValue } from '../tensorValue.js';
import { bitCast } from './bitCast.js';
import { choose } from './choose.js';
import { asFloat, dtypeOfNumber } from './numbers.js';
import {
  dimTensor,
  flatShape,
  lengthOf,
  repeated,
  shapeTensor,
  shapeOf as shapeVector,
  upTo,
} from './shapes.js';

const identity: Mapping = (n) => {
  const y = n.out('Identity', [n.x]);
  const list = listTypeOf(n.x);
  if (list) setListType(y, list);
  return y;
};

function constantNode(n: ImportNode): readonly (Tensor | undefined)[] {
  const [name = ''] = n.proto.outputs;
  if (n.attrs.has('sparse_value')) {
    return [sparseTensor(n.attrs.sparse('sparse_value'), n.graph, n.where)];
  }
  const number = (dtype: 'float32' | 'int64', values: readonly number[], isScalar: boolean) => {
    const shape = isScalar ? [] : [values.length];
    const data =
      dtype === 'float32' ? Float32Array.from(values) : BigInt64Array.from(values, BigInt);
    const bytes = new Uint8Array(data.buffer);
    n.importer.values.literal(name, { dtype, shape, bytes });
  };
  const { attrs } = n;
  if (attrs.has('value')) {
    const value = runAtOnce(tensorValue(attrs.tensor('value'), n.where));
    n.importer.values.literal(name, value);
  } else if (attrs.has('value_float')) number('float32', [attrs.float('value_float')], true);
  else if (attrs.has('value_floats')) number('float32', attrs.floats('value_floats'), false);
  else if (attrs.has('value_int')) number('int64', [attrs.int('value_int')], true);
  else if (attrs.has('value_ints')) number('int64', attrs.ints('value_ints'), false);
  else if (attrs.has('value_string')) {
    const strings = [attrs.string('value_string')];
    n.importer.values.literal(name, { dtype: 'string', shape: [], strings });
  } else if (attrs.has('value_strings')) {
    const strings = attrs.strings('value_strings');
    n.importer.values.literal(name, { dtype: 'string', shape: [strings.length], strings });
  } else n.unsupported('a constant that is no tensor');
  return [undefined];
}

function constantOfShape(n: ImportNode): Tensor {
  if (!n.attrs.has('value')) return n.out('Fill', [n.x, n.constant(0, 'float32', [])]);
  const value = runAtOnce(tensorValue(n.attrs.tensor('value'), n.where));
  if (value.dtype === 'string') return n.unsupported('strings');
  return n.out('Fill', [n.x, n.constant(arrayOf(value), value.dtype, [])]);
}

function cast(n: ImportNode, to: DType): Tensor {
  if (n.x.dtype === to) return n.out('Identity', [n.x]);
  if (to === 'string') return n.out('AsString', [isNarrow(n.x.dtype) ? asFloat(n, n.x) : n.x]);
  if (n.x.dtype === 'string') return fromString(n, to);
  return n.out('Cast', [n.x], { DstT: to, ...narrowingOf(n, to) });
}

function fromString(n: ImportNode, to: DType): Tensor {
  if (isNumeric(to) && (isFloat(to) || isInteger(to))) {
    return n.out('StringToNumber', [n.x], { out_type: to });
  }
  const number = n.op('StringToNumber', [n.x], { out_type: 'float32' });
  return n.out('Cast', [number], { DstT: to, ...narrowingOf(n, to) });
}

/** How floats are taken into 8 bits and less. */
export function narrowingOf(n: ImportNode, to: DType): Readonly<Record<string, unknown>> {
  if (!isNarrow(to)) return {};
  const scale_round = n.attrs.string('round_mode', 'up');
  return { saturate: n.attrs.flag('saturate', true), scale_round };
}

/** Names of data types, as opset 1 to 5 gave them. */
const dataTypeNumbers = new Map(upTo(17).map((i) => [dataTypeName(i), i]));

function shapeOf(n: ImportNode): Tensor {
  const start = n.attrs.int('start', 0);
  const end = n.attrs.has('end') ? n.attrs.int('end') : undefined;
  if (start === 0 && end === undefined) return n.out('Shape', [n.x], { out_type: 'int64' });
  const dims = n.op('Shape', [n.x], { out_type: 'int64' });
  const attrs = end === undefined ? { end_mask: 1 } : {};
  return n.out('StridedSlice', [dims, [start], [end ?? 0], [1]], attrs);
}

/** In ONNX a 0 stands for the dim of the input at the same place. */
function reshape(n: ImportNode): Tensor {
  if (n.attrs.flag('allowzero')) return n.out('Reshape', [n.x, n.input(1)]);
  const known = n.known(1)?.values;
  return n.out('Reshape', [n.x, known ? knownShape(n, known) : fedShape(n)]);
}

function knownShape(n: ImportNode, wanted: readonly number[]): readonly number[] | Tensor {
  const dims = n.x.shape;
  if (!wanted.includes(0)) return int64(n, wanted);
  const filled = wanted.map((dim, i) => (dim === 0 ? (dims?.[i] ?? null) : dim));
  const unknown = filled.filter((dim) => dim === null).length;
  const noZero = !filled.includes(0);
  if (unknown === 0) return int64(n, filled.map(Number));
  if (unknown === 1 && noZero && !filled.includes(-1)) {
    return int64(
      n,
      filled.map((dim) => dim ?? -1),
    );
  }
  const parts = wanted.map((dim, i) => (dim === 0 ? dimTensor(n, n.x, i) : int64(n, dim)));
  return n.op('Pack', [parts], { axis: 0 });
}

function fedShape(n: ImportNode): Tensor {
  const wanted = n.input(1);
  const length = lengthOf(n, wanted);
  const rank = n.x.rank;
  const dims = n.op('Shape', [n.x], { out_type: 'int64' });
  const isShort = typeof length === 'number' && rank !== null && length <= rank;
  const extra = typeof length === 'number' ? Math.max(0, length - (rank ?? 0)) : length;
  const enough = isShort ? dims : n.op('ConcatV2', [[dims, repeated(n, 1, extra)], 0]);
  const same = n.op('Slice', [enough, [0], shapeVector(n, [length])]);
  const isZero = n.op('Equal', [wanted, int64(n, 0)]);
  return n.op('SelectV2', [isZero, same, wanted]);
}

function int64(n: ImportNode, values: number | readonly number[]): Tensor {
  return n.constant(typeof values === 'number' ? values : [...values], 'int64');
}

function flattenNode(n: ImportNode): Tensor {
  const rank = n.rank();
  const given = n.attrs.int('axis', 1);
  const axis = given === rank ? rank : n.axis(given, rank);
  return n.out('Reshape', [n.x, flatShape(n, n.x, axis)]);
}

function transpose(n: ImportNode): Tensor {
  const perm = n.attrs.ints('perm', undefined) ?? upTo(n.rank()).reverse();
  return n.out('Transpose', [n.x, perm]);
}

function concat(n: ImportNode, fallback?: number): Tensor {
  const axis = n.attrs.int('axis', fallback);
  if (n.inputCount === 1) return n.out('Identity', [n.x]);
  return n.out('ConcatV2', [n.inputs, axis]);
}

/** The sizes of equal parts, of which the last may be smaller, along a dim that the run knows. */
function unevenSizes(n: ImportNode, axis: number, parts: number): Tensor {
  const dim = dimTensor(n, n.x, axis);
  const whole = n.op('AddV2', [dim, int64(n, parts - 1)]);
  const size = n.op('FloorDiv', [whole, int64(n, parts)]);
  const starts = n.op('Mul', [size, n.constant(upTo(parts), 'int64', [parts])]);
  const rest = n.op('Maximum', [n.op('Sub', [dim, starts]), int64(n, 0)]);
  return n.op('Minimum', [rest, size]);
}

function split(n: ImportNode, sizes: readonly number[] | Tensor | undefined): readonly Tensor[] {
  const axis = n.attrs.int('axis', 0);
  const parts = n.outputCount;
  if (sizes) {
    const count = parts;
    return n.outs('SplitV', [n.x, sizes, axis], { num_split: count });
  }
  const dim = n.x.shape?.[n.axis(axis)];
  if (dim === null && n.opset >= 18) {
    return n.outs('SplitV', [n.x, unevenSizes(n, n.axis(axis), parts), axis], { num_split: parts });
  }
  if (typeof dim !== 'number' || dim % parts === 0) {
    return n.outs('Split', [axis, n.x], { num_split: parts });
  }
  const size = Math.ceil(dim / parts);
  const uneven = upTo(parts).map((i) => Math.max(0, Math.min(size, dim - i * size)));
  return n.outs('SplitV', [n.x, uneven, axis], { num_split: parts });
}

function expand(n: ImportNode): Tensor {
  const wanted = n.known(1)?.values;
  const dims = n.x.shape;
  if (wanted && dims && !dims.includes(null)) {
    const rank = Math.max(dims.length, wanted.length);
    const at = (list: readonly (number | null)[], i: number) => list[i - rank + list.length] ?? 1;
    const shape = upTo(rank).map((i) => (at(wanted, i) === 1 ? at(dims, i) : at(wanted, i)));
    return n.out('BroadcastTo', [n.x, int64(n, shape)]);
  }
  // The wider of the two shapes, dim by dim.
  const both = n.op('BroadcastArgs', [shapeTensor(n, n.x), n.input(1)]);
  return n.out('BroadcastTo', [n.x, both]);
}

/** From start on in steps of delta; empty when the limit lies the other way. */
function range(n: ImportNode): Tensor {
  const scalar = (i: number) => {
    const x = n.input(i);
    return x.rank === 0 ? x : n.op('Reshape', [x, []]);
  };
  const [start, limit, delta] = [scalar(0), scalar(1), scalar(2)];
  const [first, end, step] = [0, 1, 2].map((i) => n.constantInput(i)?.[0]);
  if (first !== undefined && end !== undefined && step !== undefined && step !== 0) {
    return n.out('Range', [start, (end - first) / step < 0 ? start : limit, delta]);
  }
  const isDown = n.op('Less', [delta, n.constant(0, delta.dtype, [])]);
  const [above, below] = ['Maximum', 'Minimum'].map((type) => n.op(type, [start, limit]));
  return n.out('Range', [start, n.op('SelectV2', [isDown, below, above]), delta]);
}

function eyeLike(n: ImportNode): Tensor {
  const dims = n.x.shape;
  if (dims && dims.length !== 2) return n.fail(`the input has rank ${dims.length}, expected 2`);
  const dtype = n.attrs.has('dtype') ? dtypeOfNumber(n, n.attrs.int('dtype')) : n.x.dtype;
  const k = n.constant(n.attrs.int('k', 0), 'int64', []);
  const from = (start: Tensor, axis: number) =>
    n.op('Range', [start, n.op('AddV2', [start, dimTensor(n, n.x, axis)]), int64(n, 1)]);
  const rows = n.op('ExpandDims', [from(k, 0), 1]);
  const isOne = n.op('Equal', [rows, from(int64(n, 0), 1)]);
  return n.out('Cast', [isOne], { DstT: dtype });
}

/** Repeats along one axis, both numbers being inputs. */
function tileAxis(n: ImportNode): Tensor {
  const [count = 1] = n.needKnown(1, 'a number of tiles');
  const [axis = 0] = n.needKnown(2, 'an axis');
  const along = n.axis(axis);
  return n.out('Tile', [n.x, upTo(n.rank()).map((i) => (i === along ? count : 1))]);
}

export const array: Family = {
  BitCast: bitCast,
  Identity: identity,
  Constant: constantNode,
  ConstantOfShape: constantOfShape,
  Cast: {
    1: (n) => cast(n, dtypeOfNumber(n, dataTypeNumbers.get(n.attrs.string('to')) ?? 0)),
    6: (n) => cast(n, dtypeOfNumber(n, n.attrs.int('to'))),
  },
  CastLike: (n) => cast(n, n.input(1).dtype),
  Shape: shapeOf,
  Size: (n) => n.out('Size', [n.x], { out_type: 'int64' }),
  Reshape: {
    1: (n) => n.out('Reshape', [n.x, knownShape(n, n.attrs.ints('shape'))]),
    5: reshape,
  },
  Flatten: flattenNode,
  Transpose: transpose,
  Concat: { 1: (n) => concat(n, 1), 4: (n) => concat(n) },
  Split: {
    1: (n) => split(n, n.inputCount > 1 ? n.input(1) : n.attrs.ints('split', undefined)),
    13: (n) => split(n, n.known(1)?.values ?? n.optional(1)),
  },
  Tile: {
    1: tileAxis,
    6: (n) => n.out('Tile', [n.x, n.input(1)]),
  },
  Expand: expand,
  Where: (n) => choose(n, n.x, n.input(1), n.input(2)),
  Range: range,
  EyeLike: eyeLike,
};
