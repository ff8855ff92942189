import { formatShape } from '../../shape.js';
import type { Tensor } from '../../tensor.js';
import type { ImportNode } from '../importNode.js';
import type { Family } from '../mapping.js';
import { castTo } from './numbers.js';
import { dimTensor, pick, upTo } from './shapes.js';

function int64(n: ImportNode, value: number): Tensor {
  return n.constant(value, 'int64', []);
}

/** Places from -1 to 1 along one axis: at the ends of pixels, or at their centres. */
function places(n: ImportNode, size: Tensor): Tensor {
  const { dtype } = n.x;
  const number = (value: number) => n.constant(value, dtype, []);
  const count = castTo(n, n.op('Range', [int64(n, 0), size, int64(n, 1)]), dtype);
  const wide = castTo(n, size, dtype);
  if (n.attrs.flag('align_corners')) {
    const step = n.op('DivNoNan', [number(2), n.op('Sub', [wide, number(1)])]);
    return n.op('Sub', [n.op('Mul', [count, step]), number(1)]);
  }
  const step = n.op('RealDiv', [number(2), wide]);
  const half = n.op('AddV2', [count, number(0.5)]);
  return n.op('Sub', [n.op('Mul', [half, step]), number(1)]);
}

function affineGrid(n: ImportNode): Tensor {
  const length = n.input(1).shape?.[0] ?? n.constantInput(1)?.length;
  const count = n.x.shape?.[1] ?? (typeof length === 'number' ? length - 2 : undefined);
  if (count === undefined) return n.unsupported('theta and size of unknown shape');
  const fits = (count === 2 || count === 3) && (n.x.shape?.[2] ?? count + 1) === count + 1;
  if (!fits) n.fail(`theta has shape ${formatShape(n.x.shape)}, expected [N, 2, 3] or [N, 3, 4]`);
  const sizes = upTo(count).map((i) => pick(n, n.input(1), i + 2));
  const shape = n.op('Pack', [sizes], { axis: 0 });
  // Coordinates come in reverse: x along the last axis first.
  const axes = upTo(count).reverse();
  const planes = axes.map((axis) => {
    const along = upTo(count).map((i) => (i === axis ? -1 : 1));
    const line = n.op('Reshape', [places(n, sizes[axis]!), along]);
    return n.op('Reshape', [n.op('BroadcastTo', [line, shape]), [-1]]);
  });
  const one = n.op('OnesLike', [planes[0]]);
  const points = n.op('Pack', [[...planes, one]], { axis: 1 });
  const moved = n.op('BatchMatMulV2', [points, n.x], { adj_y: true });
  const batch = dimTensor(n, n.x, 0);
  const dims = [batch, ...sizes, int64(n, count)].map((dim) => castTo(n, dim, 'int64'));
  return n.out('Reshape', [moved, n.op('Pack', [dims], { axis: 0 })]);
}

/** Cuts or pads evenly on both sides; what is odd goes to the end. */
function centerCropPad(n: ImportNode): Tensor {
  const axes = n.attrs.ints('axes', undefined)?.map((axis) => n.axis(axis)) ?? upTo(n.rank());
  const vector = n.constant(axes, 'int64', [axes.length]);
  const dims = n.op('GatherV2', [n.op('Shape', [n.x], { out_type: 'int64' }), vector, 0]);
  const wanted = castTo(n, n.input(1), 'int64');
  const zero = int64(n, 0);
  const missing = (a: Tensor, b: Tensor) => n.op('Maximum', [n.op('Sub', [a, b]), zero]);
  const half = (x: Tensor) => n.op('FloorDiv', [x, int64(n, 2)]);
  const begin = half(missing(dims, wanted));
  const kept = n.op('Minimum', [dims, wanted]);
  const cut = n.call('Slice', [n.x, begin, n.op('AddV2', [begin, kept]), axes]);
  const grow = missing(wanted, dims);
  const before = half(grow);
  const amounts = n.op('ConcatV2', [[before, n.op('Sub', [grow, before])], 0]);
  return n.out('Identity', [n.call('Pad', [cut, amounts, undefined, axes])]);
}

/** Values put back to where a max pool found them, zeros elsewhere. */
function maxUnpool(n: ImportNode): Tensor {
  const kernel = n.attrs.ints('kernel_shape');
  const strides = n.attrs.ints('strides', undefined) ?? kernel.map(() => 1);
  const pads = n.attrs.ints('pads', undefined) ?? kernel.flatMap(() => [0, 0]);
  const sizes = kernel.map((size, i) => {
    const steps = n.op('Sub', [dimTensor(n, n.x, i + 2), int64(n, 1)]);
    const growth = size - pads[i]! - pads[i + kernel.length]!;
    return n.op('AddV2', [n.op('Mul', [steps, int64(n, strides[i]!)]), int64(n, growth)]);
  });
  const shape = n.op('Pack', [[dimTensor(n, n.x, 0), dimTensor(n, n.x, 1), ...sizes]], { axis: 0 });
  const total = n.op('Prod', [shape, [0]], { keep_dims: true });
  const zeros = n.op('Fill', [total, n.constant(0, n.x.dtype, [])]);
  const flat = n.op('Reshape', [n.x, [-1]]);
  const at = n.op('Reshape', [n.input(1), [-1]]);
  const y = n.op('Reshape', [n.op('ScatterElements', [zeros, at, flat], { axis: 0 }), shape]);
  const wanted = n.optional(2);
  if (!wanted) return n.out('Identity', [y]);
  // Indices count in the smallest shape; a larger one that is asked for adds zeros at the ends.
  const grow = n.op('Sub', [castTo(n, wanted, 'int64'), shape]);
  const none = n.op('ZerosLike', [grow]);
  return n.out('PadV2', [
    y,
    n.op('Pack', [[none, grow]], { axis: 1 }),
    n.constant(0, n.x.dtype, []),
  ]);
}

export const geometry: Family = {
  AffineGrid: affineGrid,
  CenterCropPad: centerCropPad,
  MaxUnpool: maxUnpool,
};
