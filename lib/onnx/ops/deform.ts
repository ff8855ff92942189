import type { Tensor } from '../../tensor.js';
import type { ImportNode } from '../importNode.js';
import type { Family } from '../mapping.js';
import { kernelOf } from './latePads.js';
import { castTo } from './numbers.js';
import { counted, over, plus, type Size, scalar, shapeOf, sizeOf, times, upTo } from './shapes.js';

interface Geometry {
  readonly kernel: readonly Size[];
  /** The elements of the kernel. */
  readonly taps: Size;
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly pads: readonly number[];
  readonly out: readonly Size[];
  readonly offsetGroups: number;
}

function geometryOf(n: ImportNode): Geometry {
  const { attrs } = n;
  if (n.rank() !== 4) return n.unsupported(`an input of rank ${n.rank()}`);
  const kernel = kernelOf(n, n.input(1));
  return {
    kernel,
    taps: times(n, kernel[0]!, kernel[1]!),
    strides: attrs.ints('strides', [1, 1]) ?? [],
    dilations: attrs.ints('dilations', [1, 1]) ?? [],
    pads: attrs.ints('pads', [0, 0, 0, 0]) ?? [],
    out: [2, 3].map((axis) => sizeOf(n, n.input(2), axis)),
    offsetGroups: attrs.int('offset_group', 1),
  };
}

/** Where each tap lies along one axis before it is moved: broadcasts to [taps, rows, columns]. */
function placesOf(n: ImportNode, g: Geometry, axis: 0 | 1): Tensor {
  const part = axis === 0 ? 'FloorDiv' : 'FloorMod';
  const steps = n.op(part, [counted(n, g.taps), scalar(n, g.kernel[1]!)]);
  const first = plus(n, times(n, steps, g.dilations[axis]!), -g.pads[axis]!);
  const pixels = times(n, counted(n, g.out[axis]!), g.strides[axis]!);
  const column = n.op('Reshape', [first, [-1, 1, 1]]);
  return n.op('AddV2', [column, n.op('Reshape', [pixels, axis === 0 ? [-1, 1] : [1, -1]])]);
}

/** The grid that GridSample takes for the moved taps: [batch * groups, taps * rows, columns, 2]. */
function gridOf(n: ImportNode, g: Geometry): Tensor {
  const [rows, columns] = [g.out[0]!, g.out[1]!];
  const offset = castTo(n, n.input(2), 'float32');
  const moved = n.op('Reshape', [offset, shapeOf(n, [-1, g.taps, 2, rows, columns])]);
  const parts = n.ops('Unpack', [moved], { num: 2, axis: 2 });
  const scaled = ([0, 1] as const).map((axis) => {
    const at = n.op('AddV2', [parts[axis], castTo(n, placesOf(n, g, axis), 'float32')]);
    // Pixel p lies at (2 p + 1) / size - 1, where the edges of the image are -1 and 1.
    const size = castTo(n, scalar(n, sizeOf(n, n.x, axis + 2)), 'float32');
    const doubled = n.op('AddV2', [n.op('Mul', [at, 2]), 1]);
    return n.op('Sub', [n.op('RealDiv', [doubled, size]), 1]);
  });
  const grid = n.op('Pack', [[scaled[1], scaled[0]]], { axis: -1 });
  return n.op('Reshape', [grid, shapeOf(n, [-1, times(n, g.taps, rows), columns, 2])]);
}

/** The input under each tap, times the mask: [batch, channels, taps, rows * columns]. */
function sampled(n: ImportNode, g: Geometry): Tensor {
  const [channels, height, width] = [1, 2, 3].map((axis) => sizeOf(n, n.x, axis));
  const pixels = times(n, g.out[0]!, g.out[1]!);
  const each = over(n, channels!, g.offsetGroups);
  const shaped = (x: Tensor, sizes: readonly Size[]) => n.op('Reshape', [x, shapeOf(n, sizes)]);
  const image = shaped(castTo(n, n.x, 'float32'), [-1, each, height!, width!]);
  const found = n.op('GridSample', [image, gridOf(n, g)], { align_corners: false });
  const whole = shaped(found, [-1, each, g.taps, pixels]);
  const mask = n.optional(4);
  if (!mask) return shaped(whole, [-1, channels!, g.taps, pixels]);
  const factors = shaped(castTo(n, mask, 'float32'), [-1, 1, g.taps, pixels]);
  return shaped(n.op('Mul', [whole, factors]), [-1, channels!, g.taps, pixels]);
}

function deformConv(n: ImportNode): Tensor {
  const g = geometryOf(n);
  const groups = n.attrs.int('group', 1);
  const [outputs, each] = [0, 1].map((axis) => sizeOf(n, n.input(1), axis));
  const pixels = times(n, g.out[0]!, g.out[1]!);
  const depth = times(n, each!, g.taps);
  const columns = n.op('Reshape', [sampled(n, g), shapeOf(n, [-1, groups, depth, pixels])]);
  const weights = castTo(n, n.input(1), 'float32');
  const perGroup = shapeOf(n, [1, groups, over(n, outputs!, groups), depth]);
  const y = n.call('MatMul', [n.op('Reshape', [weights, perGroup]), columns]);
  const image = n.op('Reshape', [y, shapeOf(n, [-1, outputs!, ...g.out])]);
  const bias = n.optional(3);
  const sum = bias
    ? n.op('AddV2', [image, n.op('Reshape', [castTo(n, bias, 'float32'), [-1, 1, 1]])])
    : image;
  return n.out('Identity', [castTo(n, sum, n.x.dtype)]);
}

/** Half away from zero, of numbers that are not negative. */
function rounded(n: ImportNode, x: Tensor): Tensor {
  return n.op('Floor', [n.op('AddV2', [x, 0.5])]);
}

/** Whether each place along an axis belongs to each bin of each region: [regions, bins, places]. */
function binsOf(n: ImportNode, from: Tensor, to: Tensor, bins: number, size: Size): Tensor {
  const column = (x: Tensor) => n.op('Reshape', [x, [-1, 1, 1]]);
  const length = n.op('Maximum', [n.op('AddV2', [n.op('Sub', [to, from]), 1]), 1]);
  const step = n.op('RealDiv', [column(length), bins]);
  const index = n.constant(upTo(bins), 'float32', [bins, 1]);
  const start = n.op('AddV2', [n.op('Floor', [n.op('Mul', [step, index])]), column(from)]);
  const ends = n.op('Ceil', [n.op('Mul', [step, n.op('AddV2', [index, 1])])]);
  const places = castTo(n, counted(n, size), 'float32');
  const isAfter = n.op('GreaterEqual', [places, start]);
  return n.op('LogicalAnd', [isAfter, n.op('Less', [places, n.op('AddV2', [ends, column(from)])])]);
}

/** Maxima over the bins of regions, by rows and then by columns; 0 for a bin without a pixel. */
function maxRoiPool(n: ImportNode): Tensor {
  const [rows = 1, columns = 1] = n.attrs.ints('pooled_shape');
  const scale = n.attrs.float('spatial_scale', 1);
  const [height, width] = [sizeOf(n, n.x, 2), sizeOf(n, n.x, 3)];
  const parts = n.ops('Unpack', [castTo(n, n.input(1), 'float32')], { num: 5, axis: 1 });
  const [left, top, right, bottom] = parts
    .slice(1)
    .map((x) => rounded(n, n.op('Mul', [x, scale]))) as [Tensor, Tensor, Tensor, Tensor];
  const batch = castTo(n, parts[0]!, 'int32');
  const image = n.op('GatherV2', [castTo(n, n.x, 'float32'), batch, 0]);
  const lowest = n.constant(-Infinity, 'float32', []);
  const pick = (x: Tensor, bins: Tensor, bin: number, shape: readonly Size[]) => {
    const mask = n.op('Reshape', [n.op('GatherV2', [bins, bin, 1]), shapeOf(n, shape)]);
    return n.op('Max', [n.op('SelectV2', [mask, x, lowest]), [2]]);
  };
  const down = binsOf(n, top, bottom, rows, height);
  const across = binsOf(n, left, right, columns, width);
  const lines = upTo(rows).map((row) => {
    const line = pick(image, down, row, [-1, 1, height, 1]);
    return n.op(
      'Pack',
      [upTo(columns).map((column) => pick(line, across, column, [-1, 1, width]))],
      { axis: 2 },
    );
  });
  const y = n.op('Pack', [lines], { axis: 2 });
  const empty = n.op('Equal', [y, lowest]);
  const filled = n.op('SelectV2', [empty, n.constant(0, 'float32', []), y]);
  return n.out('Identity', [castTo(n, filled, n.x.dtype)]);
}

export const deforms: Family = { DeformConv: deformConv, MaxRoiPool: maxRoiPool };
