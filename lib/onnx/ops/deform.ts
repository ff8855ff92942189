import type { Tensor } from '../../tensor.js';
import type { ImportNode } from '../importNode.js';
import type { Family } from '../mapping.js';
import { castTo } from './numbers.js';
import { upTo } from './shapes.js';

/** Sizes that have to be known; the batch may be unknown. */
function known(n: ImportNode, x: Tensor, axes: readonly number[]): number[] {
  return axes.map((axis) => x.shape?.[axis] ?? n.unsupported('dims of unknown size'));
}

interface Geometry {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly pads: readonly number[];
  readonly out: readonly number[];
  readonly offsetGroups: number;
}

function geometryOf(n: ImportNode): Geometry {
  const { attrs } = n;
  if (n.rank() !== 4) return n.unsupported(`an input of rank ${n.rank()}`);
  return {
    kernel: attrs.ints('kernel_shape', known(n, n.input(1), [2, 3])) ?? [],
    strides: attrs.ints('strides', [1, 1]) ?? [],
    dilations: attrs.ints('dilations', [1, 1]) ?? [],
    pads: attrs.ints('pads', [0, 0, 0, 0]) ?? [],
    out: known(n, n.input(2), [2, 3]),
    offsetGroups: attrs.int('offset_group', 1),
  };
}

/** Where each tap lies along one axis before it is moved: [taps, out height, out width]. */
function placesOf(g: Geometry, axis: 0 | 1): number[] {
  const [height = 1, width = 1] = g.kernel;
  const [rows = 0, columns = 0] = g.out;
  return upTo(height * width).flatMap((tap) => {
    const step = axis === 0 ? Math.floor(tap / width) : tap % width;
    const first = step * g.dilations[axis]! - g.pads[axis]!;
    return upTo(rows * columns).map((pixel) => {
      const place = axis === 0 ? Math.floor(pixel / columns) : pixel % columns;
      return first + place * g.strides[axis]!;
    });
  });
}

/** The grid that GridSample takes for the moved taps: [batch * groups, taps * rows, columns, 2]. */
function gridOf(n: ImportNode, g: Geometry): Tensor {
  const taps = g.kernel.reduce((a, b) => a * b, 1);
  const [rows = 0, columns = 0] = g.out;
  const offset = castTo(n, n.input(2), 'float32');
  const moved = n.op('Reshape', [offset, [-1, taps, 2, rows, columns]]);
  const parts = n.ops('Unpack', [moved], { num: 2, axis: 2 });
  const sizes = known(n, n.x, [2, 3]);
  const scaled = ([0, 1] as const).map((axis) => {
    const places = n.constant(placesOf(g, axis), 'float32', [taps, rows, columns]);
    const at = n.op('AddV2', [parts[axis], places]);
    // Pixel p lies at (2 p + 1) / size - 1, where the edges of the image are -1 and 1.
    return n.op('Sub', [n.op('Mul', [at, 2 / sizes[axis]!]), 1 - 1 / sizes[axis]!]);
  });
  const grid = n.op('Pack', [[scaled[1], scaled[0]]], { axis: -1 });
  return n.op('Reshape', [grid, [-1, taps * rows, columns, 2]]);
}

/** The input under each tap, times the mask: [batch, channels, taps, rows * columns]. */
function sampled(n: ImportNode, g: Geometry): Tensor {
  const [channels = 0, height = 0, width = 0] = known(n, n.x, [1, 2, 3]);
  const taps = g.kernel.reduce((a, b) => a * b, 1);
  const pixels = g.out.reduce((a, b) => a * b, 1);
  const each = channels / g.offsetGroups;
  const image = n.op('Reshape', [castTo(n, n.x, 'float32'), [-1, each, height, width]]);
  const found = n.op('GridSample', [image, gridOf(n, g)], { align_corners: false });
  const whole = n.op('Reshape', [found, [-1, each, taps, pixels]]);
  const mask = n.optional(4);
  if (!mask) return n.op('Reshape', [whole, [-1, channels, taps, pixels]]);
  const factors = n.op('Reshape', [castTo(n, mask, 'float32'), [-1, 1, taps, pixels]]);
  return n.op('Reshape', [n.op('Mul', [whole, factors]), [-1, channels, taps, pixels]]);
}

function deformConv(n: ImportNode): Tensor {
  const g = geometryOf(n);
  const groups = n.attrs.int('group', 1);
  const [outputs = 0, each = 0] = known(n, n.input(1), [0, 1]);
  const taps = g.kernel.reduce((a, b) => a * b, 1);
  const pixels = g.out.reduce((a, b) => a * b, 1);
  const columns = n.op('Reshape', [sampled(n, g), [-1, groups, each * taps, pixels]]);
  const weights = castTo(n, n.input(1), 'float32');
  const rows = n.op('Reshape', [weights, [1, groups, outputs / groups, each * taps]]);
  const y = n.call('MatMul', [rows, columns]);
  const image = n.op('Reshape', [y, [-1, outputs, ...g.out]]);
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
function binsOf(n: ImportNode, from: Tensor, to: Tensor, bins: number, size: number): Tensor {
  const column = (x: Tensor) => n.op('Reshape', [x, [-1, 1, 1]]);
  const length = n.op('Maximum', [n.op('AddV2', [n.op('Sub', [to, from]), 1]), 1]);
  const step = n.op('RealDiv', [column(length), bins]);
  const index = n.constant(upTo(bins), 'float32', [bins, 1]);
  const start = n.op('AddV2', [n.op('Floor', [n.op('Mul', [step, index])]), column(from)]);
  const ends = n.op('Ceil', [n.op('Mul', [step, n.op('AddV2', [index, 1])])]);
  const places = n.constant(upTo(size), 'float32', [size]);
  const isAfter = n.op('GreaterEqual', [places, start]);
  return n.op('LogicalAnd', [isAfter, n.op('Less', [places, n.op('AddV2', [ends, column(from)])])]);
}

/** Maxima over the bins of regions, by rows and then by columns; 0 for a bin without a pixel. */
function maxRoiPool(n: ImportNode): Tensor {
  const [rows = 1, columns = 1] = n.attrs.ints('pooled_shape');
  const scale = n.attrs.float('spatial_scale', 1);
  const [height = 0, width = 0] = known(n, n.x, [2, 3]);
  const parts = n.ops('Unpack', [castTo(n, n.input(1), 'float32')], { num: 5, axis: 1 });
  const [left, top, right, bottom] = parts
    .slice(1)
    .map((x) => rounded(n, n.op('Mul', [x, scale]))) as [Tensor, Tensor, Tensor, Tensor];
  const batch = castTo(n, parts[0]!, 'int32');
  const image = n.op('GatherV2', [castTo(n, n.x, 'float32'), batch, 0]);
  const lowest = n.constant(-Infinity, 'float32', []);
  const pick = (x: Tensor, bins: Tensor, bin: number, shape: readonly number[]) => {
    const mask = n.op('Reshape', [n.op('GatherV2', [bins, bin, 1]), shape]);
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
