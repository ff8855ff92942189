import type { Tensor } from '../../tensor.js';
import type { ImportNode } from '../importNode.js';
import { plus, type Size, scalar, sizeOf, times } from './shapes.js';
import { type Window, windowOf } from './window.js';

/** How far a window reaches along each axis. */
export function reachOf(n: ImportNode, kernel: readonly Size[], dilations: readonly number[]) {
  return kernel.map((size, i) => plus(n, times(n, plus(n, size, -1), dilations[i]!), 1));
}

/** The sizes of a filter [.., .., ...spatial]: as the node says, else those of the weights. */
export function kernelOf(n: ImportNode, w: Tensor): readonly Size[] {
  const dims = (w.shape ?? []).slice(2);
  return n.attrs.ints('kernel_shape', undefined) ?? dims.map((_, i) => sizeOf(n, w, i + 2));
}

export interface Laid {
  readonly x: Tensor;
  readonly window: Window;
}

/**
 * The window of a convolution over `input`. Pads that only the run can tell are put around it,
 * holding `value`; `all`: not only for SAME_LOWER, the other way being known to the engine's ops.
 */
export function laid(
  n: ImportNode,
  kernel: readonly Size[],
  value: number | Tensor,
  input: Tensor = n.x,
  all = false,
): Laid {
  const sizes = kernel.map((size) => (typeof size === 'number' ? size : 0));
  const { strides, dilations } = windowOf(n, sizes, 'VALID');
  const isKnown = kernel.every((size, i) => {
    const isFree = strides[i] === 1 || typeof n.x.shape?.[i + 2] === 'number';
    return typeof size === 'number' && isFree;
  });
  const mode = n.attrs.string('auto_pad', 'NOTSET');
  if (isKnown || (mode !== 'SAME_LOWER' && !(all && mode === 'SAME_UPPER'))) {
    return { x: input, window: windowOf(n, sizes) };
  }
  const reach = reachOf(n, kernel, dilations);
  const pairs = reach.map((length, i) => {
    const [more, less] = samePads(n, i + 2, length, strides[i]!);
    return mode === 'SAME_LOWER' ? [more!, less!] : [less!, more!];
  });
  const window: Window = { kernel: sizes, strides, dilations, padding: 'VALID' };
  const filler = typeof value === 'number' ? n.constant(value, input.dtype, []) : value;
  return { x: paddedBy(n, input, pairs, filler), window };
}

/** What makes the output ceil(size / stride) long, in two parts, of which the first may be larger. */
function samePads(n: ImportNode, axis: number, reach: Size, stride: number): Tensor[] {
  const size = sizeOf(n, n.x, axis);
  const steps = n.op('FloorDiv', [scalar(n, plus(n, size, stride - 1)), scalar(n, stride)]);
  const needed = plus(n, times(n, plus(n, steps, -1), stride), reach);
  const missing = n.op('Sub', [scalar(n, needed), scalar(n, size)]);
  const total = n.op('Maximum', [missing, scalar(n, 0)]);
  const less = n.op('FloorDiv', [total, scalar(n, 2)]);
  return [n.op('Sub', [total, less]), less];
}

/** [N, C, ...] with so many values before and after each spatial axis. */
export function paddedBy(
  n: ImportNode,
  x: Tensor,
  pairs: readonly (readonly Size[])[],
  value: unknown,
): Tensor {
  const none = [0, 0];
  const rows = [none, none, ...pairs].map((pair) =>
    n.op('Pack', [pair.map((size) => scalar(n, size))], { axis: 0 }),
  );
  return n.op('PadV2', [x, n.op('Pack', [rows], { axis: 0 }), value]);
}
