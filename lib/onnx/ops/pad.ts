import type { Tensor } from '../../tensor.js';
import type { ImportNode } from '../importNode.js';
import type { Family } from '../mapping.js';
import { axesInput } from './axes.js';
import { nothingOf } from './choose.js';
import { castTo } from './numbers.js';
import { axesVector, dimTensor, pick, placed, repeated, upTo } from './shapes.js';

type Pairs = readonly (readonly [number, number])[];

/** ONNX lists all begins, then all ends, of the axes given; here a pair per axis. */
function pairs(n: ImportNode, pads: readonly number[], axes?: readonly number[]): Pairs {
  const rank = axes ? n.rank() : pads.length / 2;
  const along = axes?.map((axis) => n.axis(axis)) ?? upTo(rank);
  if (pads.length !== 2 * along.length) return n.fail(`pads has ${pads.length} numbers`);
  const result = upTo(rank).map((): [number, number] => [0, 0]);
  for (const [i, axis] of along.entries()) {
    result[axis] = [pads[i]!, pads[i + along.length]!];
  }
  return result;
}

/** Cuts off what negative pads take away. */
function cropped(n: ImportNode, x: Tensor, pads: Pairs): Tensor {
  if (pads.every(([before, after]) => before >= 0 && after >= 0)) return x;
  const begin = pads.map(([before]) => Math.max(0, -before));
  const end = pads.map(([, after]) => Math.min(0, after));
  // An end of 0 would leave nothing.
  const mask = end.reduce((bits, value, i) => (value === 0 ? bits | (1 << i) : bits), 0);
  const numbers = (list: readonly number[]) => n.constant([...list], 'int64', [list.length]);
  const ones = begin.map(() => 1);
  const inputs = [x, numbers(begin), numbers(end), numbers(ones)];
  return n.op('StridedSlice', inputs, { end_mask: mask });
}

function constantPad(n: ImportNode, pads: Pairs, value: unknown): Tensor {
  const x = cropped(n, n.x, pads);
  const grown = pads.map(([before, after]) => [Math.max(0, before), Math.max(0, after)]);
  if (grown.every(([before, after]) => before === 0 && after === 0)) return n.out('Identity', [x]);
  return n.out('PadV2', [x, grown, value]);
}

type Amount = number | Tensor;

/** Picks the elements of each padded axis by their indices; takes negative pads too. */
function gatheredPad(
  n: ImportNode,
  pads: readonly (readonly [Amount, Amount])[],
  mode: string,
): Tensor {
  let x = n.x;
  for (const [axis, [before, after]] of pads.entries()) {
    if (before === 0 && after === 0) continue;
    const size = dimTensor(n, n.x, axis);
    const start = typeof before === 'number' ? int64(n, -before) : n.op('Neg', [before]);
    const end = typeof after === 'number' ? int64(n, after) : after;
    const places = n.op('Range', [start, n.op('AddV2', [size, end]), int64(n, 1)]);
    x = n.op('GatherV2', [x, indices(n, places, size, mode), axis]);
  }
  return n.out('Identity', [x]);
}

function indices(n: ImportNode, places: Tensor, size: Tensor, mode: string): Tensor {
  if (mode === 'wrap') return n.op('FloorMod', [places, size]);
  const last = n.op('Sub', [size, int64(n, 1)]);
  if (mode === 'edge') return n.op('Minimum', [n.op('Maximum', [places, int64(n, 0)]), last]);
  if (mode !== 'reflect') return n.unsupported(`mode '${mode}'`);
  const period = n.op('Maximum', [n.op('Mul', [last, int64(n, 2)]), int64(n, 1)]);
  const phase = n.op('FloorMod', [places, period]);
  return n.op('Minimum', [phase, n.op('Sub', [period, phase])]);
}

function int64(n: ImportNode, value: number): Tensor {
  return n.constant(value, 'int64', []);
}

function pad(n: ImportNode, pads: Pairs, value: unknown): Tensor {
  const mode = n.attrs.string('mode', 'constant');
  return mode === 'constant' ? constantPad(n, pads, value) : gatheredPad(n, pads, mode);
}

function padAttributes(n: ImportNode, name: string): Tensor {
  return pad(n, pairs(n, n.attrs.ints(name)), n.attrs.float('value', 0));
}

function padInputs(n: ImportNode): Tensor {
  const value = n.optional(2) ? n.op('Reshape', [n.input(2), []]) : nothingOf(n, n.x.dtype);
  const known = n.constantInput(1);
  const hasAxes = n.optional(3) !== undefined;
  if (known && (!hasAxes || n.constantInput(3))) {
    return pad(n, pairs(n, known, axesInput(n, 3)), value);
  }
  const rows = n.op('Reshape', [castTo(n, n.input(1), 'int64'), [2, -1]]);
  const all = hasAxes ? rowsAlong(n, rows) : rows;
  const mode = n.attrs.string('mode', 'constant');
  if (mode !== 'constant') {
    const amounts = n.op('Reshape', [all, [-1]]);
    const rank = n.rank();
    const pairs = upTo(rank).map((i) => [pick(n, amounts, i), pick(n, amounts, i + rank)] as const);
    return gatheredPad(n, pairs, mode);
  }
  return dynamicPad(n, all, value);
}

/** Amounts [2, axes] for some axes as amounts [2, rank] for all. */
function rowsAlong(n: ImportNode, rows: Tensor): Tensor {
  const rank = n.rank();
  const axes = axesVector(n, n.input(3), rank);
  const count = n.input(3).shape?.[0] ?? -1;
  const side = (row: number) => {
    const amounts = n.op('Reshape', [n.op('GatherV2', [rows, row, 0]), [count]]);
    return placed(n, repeated(n, 0, rank), axes, amounts);
  };
  return n.op('Pack', [[side(0), side(1)]], { axis: 0 });
}

/** Pads by amounts [2, rank] that only the run knows; negative ones cut off. */
function dynamicPad(n: ImportNode, rows: Tensor, value: unknown): Tensor {
  const rank = n.rank();
  const zero = int64(n, 0);
  const grown = n.op('Transpose', [n.op('Maximum', [rows, zero]), [1, 0]]);
  const cut = n.op('Maximum', [n.op('Neg', [rows]), zero]);
  const [begin, end] = [0, 1].map((row) => n.op('GatherV2', [cut, row, 0]));
  const size = n.op('Sub', [n.op('Shape', [n.x], { out_type: 'int64' }), end]);
  const kept = n.op('StridedSlice', [n.x, begin, size, repeated(n, 1, rank)]);
  return n.out('PadV2', [kept, grown, value]);
}

export const pads: Family = {
  Pad: {
    1: (n) => padAttributes(n, 'paddings'),
    2: (n) => padAttributes(n, 'pads'),
    11: padInputs,
  },
};
