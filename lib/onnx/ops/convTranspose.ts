import type { Tensor } from '../../tensor.js';
import type { ImportNode } from '../importNode.js';
import type { Family } from '../mapping.js';
import { biased, filterLast } from './conv.js';
import { kernelOf, paddedBy, reachOf } from './latePads.js';
import { minus, over, plus, positive, type Size, shapeOf, sizeOf, times } from './shapes.js';
import { spatialRank, type Window, widened, windowAttrs, windowOf } from './window.js';

/** One spatial axis of a transposed convolution. */
interface Axis {
  /** What is cut off before the first element. */
  readonly before: Size;
  /** What is cut off at the end, less than nothing where zeros are added. */
  readonly after: Size;
  /** Of the output. */
  readonly size: Size;
  /** Of the whole output, before anything is cut off. */
  readonly whole: Size;
}

function convTranspose(n: ImportNode): Tensor {
  const w = n.input(1);
  const spatial = spatialRank(n, w);
  const kernel = kernelOf(n, w);
  const { strides, dilations } = windowOf(n, kernel.map(numberOf), 'VALID');
  const extra = n.attrs.ints('output_padding', undefined) ?? kernel.map(() => 0);
  const reach = reachOf(n, kernel, dilations);
  const axes = reach.map((length, i) => axisOf(n, i, length, strides[i]!, extra[i]!));
  const window: Window = { kernel: kernel.map(numberOf), strides, dilations, padding: 'VALID' };
  const channels = times(n, sizeOf(n, w, 1), n.attrs.int('group', 1));
  const isPlain = axes.every(
    ({ before, after }, i) =>
      typeof before === 'number' && typeof after === 'number' && after > -strides[i]!,
  );
  if (isPlain) {
    const padding = axes.map(({ before, after }) => {
      return [numberOf(before), Math.max(0, numberOf(after))] as const;
    });
    const sizes = axes.map(({ size }) => size);
    return biased(n, spatial, (out) => backprop(n, { ...window, padding }, channels, sizes, out));
  }
  return biased(n, spatial, (out) => {
    const whole = axes.map((axis) => axis.whole);
    return cut(n, backprop(n, window, channels, whole, false), axes, out);
  });
}

function numberOf(size: Size): number {
  return typeof size === 'number' ? size : 0;
}

/** The part of the whole output that is asked for, with zeros where it goes on behind the end. */
function cut(n: ImportNode, y: Tensor, axes: readonly Axis[], out: boolean): Tensor {
  const add = out ? n.out.bind(n) : n.op.bind(n);
  const pairs = axes.map(({ after }) => [0, positive(n, minus(n, 0, after))]);
  const padded = paddedBy(n, y, pairs, n.constant(0, y.dtype, []));
  const begin = shapeOf(n, [0, 0, ...axes.map(({ before }) => before)]);
  const all = n.constant([-1, -1], 'int64', [2]);
  const sizes = shapeOf(
    n,
    axes.map(({ size }) => size),
  );
  return add('Slice', [padded, begin, n.op('ConcatV2', [[all, sizes], 0])]);
}

function axisOf(n: ImportNode, i: number, reach: Size, stride: number, extra: number): Axis {
  const { attrs } = n;
  const wanted = attrs.ints('output_shape', undefined)?.at(i - (n.rank() - 2));
  const mode = attrs.string('auto_pad', 'NOTSET');
  const steps = times(n, plus(n, sizeOf(n, n.x, i + 2), -1), stride);
  const whole = plus(n, steps, reach);
  if (wanted === undefined && mode !== 'SAME_UPPER' && mode !== 'SAME_LOWER') {
    const pads = attrs.ints('pads', undefined) ?? [];
    const [before, end] = [pads[i] ?? 0, pads[i + n.rank() - 2] ?? 0];
    const size = plus(n, whole, extra - before - end);
    if (typeof size === 'number' && size < 0) {
      return n.fail(`pads cut off more than the whole of axis ${i + 2}`);
    }
    return { before, after: end - extra, size, whole };
  }
  const total = positive(
    n,
    wanted === undefined ? plus(n, reach, extra - stride) : plus(n, whole, extra - wanted),
  );
  const half = typeof total === 'number' ? Math.floor(total / 2) : over(n, total, 2);
  const rest = minus(n, total, half);
  const [before, end] = mode === 'SAME_UPPER' ? [half, rest] : [rest, half];
  const size = wanted ?? minus(n, plus(n, whole, extra), total);
  const after =
    wanted === undefined ? minus(n, end, extra) : minus(n, minus(n, whole, before), wanted);
  return { before, after, size, whole };
}

function backprop(
  n: ImportNode,
  window: Window,
  channels: Size,
  sizes: readonly Size[],
  out: boolean,
): Tensor {
  const add = out ? n.out.bind(n) : n.op.bind(n);
  const flat = sizes.length === 1;
  const [x, w] = [n.x, n.input(1)].map((each) => (flat ? n.op('ExpandDims', [each, 2]) : each));
  const spatial = flat ? [1, ...sizes] : sizes;
  const dims = shapeOf(n, [sizeOf(n, n.x, 0), channels, ...spatial]);
  const shape = n.op('Cast', [dims], { DstT: 'int32' });
  const type = spatial.length === 3 ? 'Conv3DBackpropInputV2' : 'Conv2DBackpropInput';
  const attrs = windowAttrs(flat ? widened(window) : window);
  const inputs = [shape, filterLast(n, w!, spatial.length + 2), x];
  if (!flat) return add(type, inputs, attrs);
  return add('Squeeze', [n.op(type, inputs, attrs)], { squeeze_dims: [2] });
}

export const transposedConvolutions: Family = { ConvTranspose: convTranspose };
