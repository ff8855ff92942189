import { isNarrow } from '../../dtype.js';
import type { Tensor } from '../../tensor.js';
import type { ImportNode } from '../importNode.js';
import type { Family } from '../mapping.js';
import { carried, sortable } from './carry.js';
import { nothingOf } from './choose.js';
import { asFloat } from './numbers.js';
import { dimTensor, shapeOf, shapeTensor, sizeOf } from './shapes.js';

/** Indices that may count from the end, as such from the start. */
function fromStart(n: ImportNode, indices: Tensor, size: Tensor): Tensor {
  const as = size.dtype === indices.dtype ? size : n.op('Cast', [size], { DstT: indices.dtype });
  const zero = n.constant(0, indices.dtype, []);
  const shifted = n.op('AddV2', [indices, as]);
  return n.op('SelectV2', [n.op('Less', [indices, zero]), shifted, indices]);
}

/** The indices of input `input` into an axis of x, none negative. */
function indicesFor(n: ImportNode, input: number, axis: number): Tensor {
  const indices = n.input(input);
  const known = n.known(input);
  if (known?.values.every((index) => index >= 0)) return indices;
  const dim = n.x.shape?.[axis];
  if (known && typeof dim === 'number') {
    const values = known.values.map((index) => (index < 0 ? index + dim : index));
    return n.constant(values, known.dtype, known.shape);
  }
  return fromStart(n, indices, dimTensor(n, n.x, axis));
}

function gather(n: ImportNode): Tensor {
  const given = n.attrs.int('axis', 0);
  const axis = given < 0 ? n.axis(given) : given;
  return n.out('GatherV2', [n.x, indicesFor(n, 1, axis), axis]);
}

function asInt64(n: ImportNode, x: Tensor): Tensor {
  return x.dtype === 'int64' ? x : n.op('Cast', [x], { DstT: 'int64' });
}

function gatherElements(n: ImportNode): Tensor {
  return n.out('GatherElements', [n.x, n.input(1)], { axis: n.attrs.int('axis', 0) });
}

function scatterElements(n: ImportNode): Tensor {
  const attrs = { axis: n.attrs.int('axis', 0), reduction: n.attrs.string('reduction', 'none') };
  const scatter = ([data, updates]: readonly Tensor[]) =>
    n.op('ScatterElements', [data, n.input(1), updates], attrs);
  return n.out('Identity', [carried(n, [n.x, n.input(2)], scatter)]);
}

function scatterOp(n: ImportNode): string {
  const reduction = n.attrs.string('reduction', 'none');
  if (reduction === 'none') return 'TensorScatterUpdate';
  if (reduction === 'add') return 'TensorScatterAdd';
  if (reduction === 'min') return 'TensorScatterMin';
  if (reduction === 'max') return 'TensorScatterMax';
  if (reduction === 'mul') return 'TensorScatterMul';
  return n.unsupported(`reduction '${reduction}'`);
}

function scatterNd(n: ImportNode): Tensor {
  const type = scatterOp(n);
  const at = tuples(n);
  const scatter = ([data, updates]: readonly Tensor[]) => n.op(type, [data, at, updates]);
  return n.out('Identity', [carried(n, [n.x, n.input(2)], scatter)]);
}

/** Index tuples in input 1, into the axes from `first` on; none negative. */
function tuples(n: ImportNode, first = 0): Tensor {
  const indices = n.input(1);
  if (n.known(1)?.values.every((index) => index >= 0)) return indices;
  const depth = sizeOf(n, indices, n.rank(indices) - 1);
  const dims = n.op('Slice', [
    shapeTensor(n, n.x),
    n.constant(first, 'int64', [1]),
    shapeOf(n, [depth]),
  ]);
  return fromStart(n, indices, dims);
}

function gatherNd(n: ImportNode): Tensor {
  const batch_dims = n.attrs.int('batch_dims', 0);
  return n.out('GatherNd', [n.x, tuples(n, batch_dims)], { batch_dims });
}

function oneHot(n: ImportNode): Tensor {
  const [indices, depth, values] = [n.x, n.input(1), n.input(2)];
  const whole = asInt64(n, indices);
  const size = n.op('Reshape', [n.op('Cast', [depth], { DstT: 'int64' }), []]);
  const axis = n.axis(n.attrs.int('axis', -1), n.rank(indices) + 1);
  const pick = (index: number) => n.op('GatherV2', [values, index, 0]);
  const inputs = [
    fromStart(n, whole, size),
    n.op('Cast', [size], { DstT: 'int32' }),
    pick(1),
    pick(0),
  ];
  return n.out('OneHot', inputs, { axis });
}

/** An empty string is the zero of strings. */
function nonZero(n: ImportNode): Tensor {
  const isText = n.x.dtype === 'string';
  const zero = isText && n.op('StringEqual', [n.x, nothingOf(n, 'string')]);
  const x = zero ? n.op('LogicalNot', [zero]) : isNarrow(n.x.dtype) ? asFloat(n, n.x) : n.x;
  return n.out('Transpose', [n.op('Where', [x]), [1, 0]]);
}

/** Indices of the true elements of a vector. */
function trueIndices(n: ImportNode, condition: Tensor): Tensor {
  return n.op('Reshape', [n.op('Where', [condition]), [-1]]);
}

function compress(n: ImportNode): Tensor {
  const picks = trueIndices(n, n.input(1));
  if (n.attrs.has('axis')) {
    return n.out('GatherV2', [n.x, picks, n.axis(n.attrs.int('axis'))]);
  }
  return n.out('GatherV2', [n.op('Reshape', [n.x, [-1]]), picks, 0]);
}

function unique(n: ImportNode): readonly Tensor[] {
  const axis = n.attrs.has('axis') ? n.axis(n.attrs.int('axis')) : 0;
  const x = n.attrs.has('axis') ? n.x : n.op('Reshape', [n.x, [-1]]);
  const [order, back] = sortable(n, x);
  const attrs = { axis, sorted: n.attrs.flag('sorted', true) };
  const [values, ...indices] = n.outs('UniqueSlices', [order], attrs);
  return values ? [back(values), ...indices] : [];
}

export const gathers: Family = {
  Gather: gather,
  GatherElements: gatherElements,
  GatherND: gatherNd,
  Scatter: scatterElements,
  ScatterElements: scatterElements,
  ScatterND: scatterNd,
  OneHot: oneHot,
  NonZero: nonZero,
  Compress: compress,
  Unique: unique,
};
