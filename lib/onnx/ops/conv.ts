import type { Tensor } from '../../tensor.js';
import type { ImportNode } from '../importNode.js';
import type { Family } from '../mapping.js';
import { dimTensor, upTo } from './shapes.js';
import {
  channelsFirstFormat,
  spatialRank,
  type Window,
  widened,
  windowAttrs,
  windowOf,
} from './window.js';

/** The filter's sizes: [out, in / group, ...spatial], or [in, out / group, ...] when transposed. */
function filterShape(n: ImportNode, w: Tensor): number[] {
  const shape = w.shape?.map((dim) => dim ?? n.unsupported('weights of unknown shape'));
  return shape ?? n.unsupported('weights of unknown rank');
}

/** [a, b, ...spatial] to [...spatial, b, a], TensorFlow's filter layout. */
function filterLast(n: ImportNode, w: Tensor, rank: number): Tensor {
  return n.op('Transpose', [w, [...upTo(rank).slice(2), 1, 0]]);
}

const kConvOps = ['Conv1D', 'Conv2D', 'Conv3D'];

function conv(n: ImportNode): Tensor {
  const shape = filterShape(n, n.input(1));
  const spatial = spatialRank(n, n.input(1));
  const window = windowOf(n, n.attrs.ints('kernel_shape', shape.slice(2)) ?? []);
  const make = (out: boolean) => {
    const add = out ? n.out.bind(n) : n.op.bind(n);
    const [type, filter] = convolution(n, n.input(1), spatial);
    return add(type, [n.x, filter], windowAttrs(window));
  };
  return biased(n, spatial, make);
}

/** The op that does a convolution, with the filter as it wants it. */
function convolution(n: ImportNode, w: Tensor, spatial: number): [type: string, filter: Tensor] {
  const [outputs = 0, perGroup = 0, ...kernel] = filterShape(n, w);
  const group = n.attrs.int('group', 1);
  if (spatial !== 2 || group === 1 || perGroup !== 1) {
    return [kConvOps[spatial - 1] ?? '', filterLast(n, w, spatial + 2)];
  }
  const multiplied = n.op('Reshape', [w, [group, outputs / group, ...kernel]]);
  return ['DepthwiseConv2dNative', n.op('Transpose', [multiplied, [2, 3, 0, 1]])];
}

/** A convolution with its bias, input 2; the last of the two ops gets the node's name. */
function biased(n: ImportNode, spatial: number, make: (out: boolean) => Tensor): Tensor {
  const bias = n.optional(2);
  if (!bias) return make(true);
  return n.out('BiasAdd', [make(false), bias], { data_format: channelsFirstFormat(spatial) });
}

function convTranspose(n: ImportNode): Tensor {
  const shape = filterShape(n, n.input(1));
  const spatial = spatialRank(n, n.input(1));
  const kernel = n.attrs.ints('kernel_shape', shape.slice(2)) ?? [];
  const { strides, dilations } = windowOf(n, kernel);
  const extra = n.attrs.ints('output_padding', undefined) ?? kernel.map(() => 0);
  const reach = kernel.map((size, i) => (size - 1) * dilations[i]! + 1);
  const pads = transposedPads(n, reach, strides, extra);
  const growth = kernel.map((_, i) => extra[i]! + reach[i]! - pads[i]![0] - pads[i]![1]);
  const window: Window = { kernel, strides, dilations, padding: pads };
  const wanted = wantedSizes(n, kernel.length);
  const sizes = wanted ?? kernel.map((_, i) => transposedSize(n, i, strides[i]!, growth[i]!));
  const channels = (shape[1] ?? 0) * n.attrs.int('group', 1);
  if (spatial > 1) {
    const make = (out: boolean) => backprop(n, n.x, n.input(1), window, channels, sizes, out);
    return biased(n, spatial, make);
  }
  const [x, w] = [n.x, n.input(1)].map((each) => n.op('ExpandDims', [each, 2]));
  return biased(n, spatial, (out) => {
    const y = backprop(n, x!, w!, widened(window), channels, [1, ...sizes], false);
    const add = out ? n.out.bind(n) : n.op.bind(n);
    return add('Squeeze', [y], { squeeze_dims: [2] });
  });
}

/** The sizes of the output that the model asks for. */
function wantedSizes(n: ImportNode, spatial: number): readonly number[] | undefined {
  return n.attrs.ints('output_shape', undefined)?.slice(-spatial);
}

/** What is cut off before and after each spatial axis of the whole output. */
function transposedPads(
  n: ImportNode,
  reach: readonly number[],
  strides: readonly number[],
  extra: readonly number[],
): readonly (readonly [number, number])[] {
  const { attrs } = n;
  const wanted = wantedSizes(n, reach.length);
  const mode = attrs.string('auto_pad', 'NOTSET');
  if (!wanted && mode !== 'SAME_UPPER' && mode !== 'SAME_LOWER') {
    const pads = attrs.ints('pads', undefined) ?? reach.flatMap(() => [0, 0]);
    return reach.map((_, i) => [pads[i] ?? 0, pads[i + reach.length] ?? 0]);
  }
  return reach.map((size, i) => {
    const total = wanted
      ? strides[i]! * (inputSize(n, i) - 1) + extra[i]! + size - wanted[i]!
      : extra[i]! + size - strides[i]!;
    const half = Math.floor(Math.max(0, total) / 2);
    const rest = Math.max(0, total) - half;
    return mode === 'SAME_UPPER' ? [half, rest] : [rest, half];
  });
}

function inputSize(n: ImportNode, axis: number): number {
  return n.x.shape?.[axis + 2] ?? n.unsupported('output_shape over a dim of unknown size');
}

/** stride * (size - 1) + growth, as a number when the size is known. */
function transposedSize(
  n: ImportNode,
  axis: number,
  stride: number,
  growth: number,
): number | Tensor {
  const size = n.x.shape?.[axis + 2];
  if (typeof size === 'number') {
    const whole = stride * (size - 1) + growth;
    return whole >= 0 ? whole : n.fail(`pads cut off more than the whole of axis ${axis + 2}`);
  }
  const scaled = n.op('Mul', [dimTensor(n, n.x, axis + 2), n.constant(stride, 'int64', [])]);
  return n.op('AddV2', [scaled, n.constant(growth - stride, 'int64', [])]);
}

function backprop(
  n: ImportNode,
  x: Tensor,
  w: Tensor,
  window: Window,
  channels: number,
  sizes: readonly (number | Tensor)[],
  out: boolean,
): Tensor {
  const add = out ? n.out.bind(n) : n.op.bind(n);
  const rank = sizes.length + 2;
  const dims = [dimTensor(n, x, 0), channels, ...sizes].map((dim) =>
    typeof dim === 'number' ? n.constant(dim, 'int64', []) : dim,
  );
  const shape = n.op('Cast', [n.op('Pack', [dims], { axis: 0 })], { DstT: 'int32' });
  const type = rank === 5 ? 'Conv3DBackpropInputV2' : 'Conv2DBackpropInput';
  return add(type, [shape, filterLast(n, w, rank), x], windowAttrs(window));
}

export const convolutions: Family = { Conv: conv, ConvTranspose: convTranspose };
