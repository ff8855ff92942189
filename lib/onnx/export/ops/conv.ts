import type { ExportNode } from '../exportNode.js';
import type { ExportFamily } from '../table.js';
import type { Value } from '../value.js';
import { dim, int64Vector, joined, plus, reshaped, times, transposed, upTo } from './common.js';
import {
  padsOf,
  samePads,
  spatialOf,
  spatialSizes,
  toFirst,
  toLast,
  type Window,
  windowAttributes,
  windowOf,
} from './window.js';

export function filterDims(n: ExportNode, index: number): readonly number[] {
  return n.dims(index).map((size) => size ?? n.unsupported('a filter of unknown shape'));
}

/** [...spatial, a, b] to [b, a, ...spatial]. */
export function filterFirst(n: ExportNode, w: Value, spatial: number): Value {
  return transposed(n, w, [spatial + 1, spatial, ...upTo(spatial)]);
}

/** [...spatial, channels, each] to [channels * each, 1, ...spatial]. */
function depthwiseFilter(n: ExportNode, w: Value, dims: readonly number[]): Value {
  const [height = 0, width = 0, channels = 0, each = 0] = dims;
  const grouped = transposed(n, w, [2, 3, 0, 1]);
  return reshaped(n, grouped, [channels * each, 1, height, width]);
}

/** Of channels that are not known yet there is taken to be one group: a run says when not so. */
export function groupsOf(n: ExportNode, perGroup: number, { isLast }: Window): number {
  const dims = n.x.shape;
  const channels = isLast ? dims?.at(-1) : dims?.[1];
  return channels ? channels / perGroup : 1;
}

function conv(n: ExportNode): Value {
  const window = windowOf(n);
  const { spatial } = window;
  const dims = filterDims(n, 1);
  const kernel = dims.slice(0, spatial);
  const isDepthwise = n.type === 'DepthwiseConv2dNative';
  const perGroup = dims[spatial]!;
  const group = isDepthwise ? perGroup : groupsOf(n, perGroup, window);
  const w = isDepthwise
    ? depthwiseFilter(n, n.input(1), dims)
    : filterFirst(n, n.input(1), spatial);
  const sizes = spatialSizes(n.x, window);
  const attributes = { group, ...windowAttributes(n, window, kernel, sizes) };
  return toLast(n, n.op('Conv', [toFirst(n, n.x, window), w], attributes), window);
}

/** The gradient of a convolution's input, which the standard calls a transposed convolution. */
function transposedConv(n: ExportNode): Value {
  const window = windowOf(n);
  const { spatial, isLast } = window;
  const dims = filterDims(n, 1);
  const kernel = dims.slice(0, spatial);
  const isDepthwise = n.type === 'DepthwiseConv2dNativeBackpropInput';
  const w = isDepthwise
    ? depthwiseFilter(n, n.input(1), dims)
    : filterFirst(n, n.input(1), spatial);
  const wanted = n.known(0) ?? n.outputShape();
  const channels = (isLast ? wanted?.at(-1) : wanted?.[1]) ?? n.unsupported('unknown channels');
  const group = isDepthwise ? dims[spatial]! : channels / dims[spatial]!;
  const y = toFirst(n, n.input(2), window);
  const sizes = spatialOf(wanted ?? [], isLast);
  const known = sizes.filter((size) => size !== null);
  const shared = { group, kernel_shape: kernel, strides: window.strides };
  const attributes = window.dilations.some((step) => step !== 1)
    ? { ...shared, dilations: window.dilations }
    : shared;
  const from = spatialSizes(n.input(2), window);
  const exact = known.length === spatial ? exactPads(n, window, kernel, known, from) : undefined;
  if (exact) return toLast(n, n.op('ConvTranspose', [y, w], { ...attributes, ...exact }), window);
  return toLast(n, cutOut(n, window, kernel, n.op('ConvTranspose', [y, w], attributes)), window);
}

/** Pads and additional rows that give the sizes wanted. */
function exactPads(
  n: ExportNode,
  window: Window,
  kernel: readonly number[],
  sizes: readonly number[],
  from: readonly (number | null)[],
) {
  const pads = padsOf(n, window, kernel, sizes) ?? samePads(sizes, kernel, window);
  const { strides, dilations } = window;
  const extra = sizes.map((size, i) => {
    const reach = (kernel[i]! - 1) * dilations[i]! + 1;
    const given =
      from[i] ?? Math.floor((size + pads[i]![0] + pads[i]![1] - reach) / strides[i]!) + 1;
    return size - (strides[i]! * (given - 1) + reach - pads[i]![0] - pads[i]![1]);
  });
  if (extra.some((count, i) => count < 0 || count >= strides[i]!)) return undefined;
  return {
    pads: [...pads.map(([before]) => before), ...pads.map(([, after]) => after)],
    ...(extra.some((count) => count !== 0) ? { output_padding: extra } : {}),
  };
}

/** From the whole of a transposed convolution, the part that input 0 asks for. */
function cutOut(n: ExportNode, window: Window, kernel: readonly number[], whole: Value): Value {
  const { spatial, isLast, strides } = window;
  if (n.text('padding') === 'SAME') return n.unsupported('SAME padding of unknown sizes');
  const pads = padsOf(
    n,
    window,
    kernel,
    upTo(spatial).map(() => null),
  );
  if (!pads) return n.unsupported('padding of unknown sizes');
  const axes = upTo(spatial).map((i) => i + 2);
  const room = strides.map((stride) => stride - 1);
  const padded = room.some((count) => count > 0)
    ? n.op('Pad', [whole, n.vector([...upTo(spatial + 4).map(() => 0), ...room])])
    : whole;
  const first = isLast ? 1 : 2;
  const sizes = n.op('Slice', [int64Vector(n, 0), n.vector([first]), n.vector([first + spatial])]);
  const starts = pads.map(([before]) => before);
  const ends = n.op('Add', [sizes, n.vector(starts)]);
  return n.op('Slice', [padded, n.vector(starts), ends, n.vector(axes)]);
}

/** Blocks of pixels to batch rows and back. */
function spaceToBatch(n: ExportNode): Value {
  const block = n.need(1, 'block sizes');
  const pads = n.need(2, 'paddings');
  const rank = n.rank();
  const rest = rank - 1 - block.length;
  const zeros = upTo(rest).map(() => 0);
  const side = (k: number) => [0, ...block.map((_, i) => pads[2 * i + k]!), ...zeros];
  const x = pads.some((count) => count !== 0)
    ? n.op('Pad', [n.x, n.vector([...side(0), ...side(1)])])
    : n.x;
  const grown = upTo(block.length).map((i) =>
    quotient(n, plus(n, dim(n, n.x, i + 1), pads[2 * i]! + pads[2 * i + 1]!), block[i]!),
  );
  const others = upTo(rest).map((i) => dim(n, n.x, i + 1 + block.length));
  const batch = dim(n, n.x, 0);
  const wide = reshaped(n, x, [batch, ...grown.flatMap((g, i) => [g, block[i]!]), ...others]);
  const inner = upTo(block.length).map((i) => 2 * i + 2);
  const outer = upTo(block.length).map((i) => 2 * i + 1);
  const last = upTo(rest).map((i) => 2 * block.length + 1 + i);
  const moved = n.op('Transpose', [wide], { perm: [...inner, 0, ...outer, ...last] });
  const rows = times(
    n,
    batch,
    block.reduce((a, b) => a * b, 1),
  );
  return reshaped(n, moved, [rows, ...grown, ...others]);
}

function batchToSpace(n: ExportNode): Value {
  const block = n.need(1, 'block sizes');
  const crops = n.need(2, 'crops');
  const rest = n.rank() - 1 - block.length;
  const batch = quotient(
    n,
    dim(n, n.x, 0),
    block.reduce((a, b) => a * b, 1),
  );
  const sizes = upTo(block.length).map((i) => dim(n, n.x, i + 1));
  const others = upTo(rest).map((i) => dim(n, n.x, i + 1 + block.length));
  const wide = reshaped(n, n.x, [...block, batch, ...sizes, ...others]);
  const count = block.length;
  const pairs = upTo(count).flatMap((i) => [count + 1 + i, i]);
  const last = upTo(rest).map((i) => 2 * count + 1 + i);
  const moved = n.op('Transpose', [wide], { perm: [count, ...pairs, ...last] });
  const whole = reshaped(n, moved, [
    batch,
    ...sizes.map((size, i) => times(n, size, block[i]!)),
    ...others,
  ]);
  if (crops.every((cut) => cut === 0)) return whole;
  const starts = block.map((_, i) => crops[2 * i]!);
  const ends = sizes.map((size, i) => plus(n, times(n, size, block[i]!), -crops[2 * i + 1]!));
  const axes = upTo(count).map((i) => i + 1);
  return n.op('Slice', [whole, n.vector(starts), joined(n, ends), n.vector(axes)]);
}

function quotient(n: ExportNode, a: number | Value, b: number): number | Value {
  return typeof a === 'number' ? a / b : n.op('Div', [a, n.vector([b])]);
}

export const convolutions = {
  BatchToSpaceND: batchToSpace,
  Conv1D: conv,
  Conv2D: conv,
  Conv2DBackpropInput: transposedConv,
  Conv3D: conv,
  Conv3DBackpropInputV2: transposedConv,
  DepthwiseConv2dNative: conv,
  DepthwiseConv2dNativeBackpropInput: transposedConv,
  SpaceToBatchND: spaceToBatch,
} satisfies ExportFamily;
