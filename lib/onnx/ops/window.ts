import type { Tensor } from '../../tensor.js';
import type { ImportNode } from '../importNode.js';
import { upTo } from './shapes.js';

/** How a convolution or a pool walks over the spatial axes of [N, C, ...]. */
export interface Window {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** "SAME" and "VALID" of TensorFlow, or pads before and after each spatial axis. */
  readonly padding: 'SAME' | 'VALID' | readonly (readonly [number, number])[];
}

/** The window of a node; `padding`: instead of what the node says. */
export function windowOf(
  n: ImportNode,
  kernel: readonly number[],
  padding?: Window['padding'],
): Window {
  const { attrs } = n;
  const ones = kernel.map(() => 1);
  const strides = attrs.ints('strides', ones) ?? ones;
  const dilations = attrs.ints('dilations', ones) ?? ones;
  for (const list of [strides, dilations]) {
    if (list.length === kernel.length && list.every((value) => value > 0)) continue;
    n.fail(`strides and dilations have to be ${kernel.length} positive numbers, got [${list}]`);
  }
  const pads = padding ?? paddingOf(n, kernel, strides, dilations);
  return { kernel, strides, dilations, padding: pads };
}

function paddingOf(
  n: ImportNode,
  kernel: readonly number[],
  strides: readonly number[],
  dilations: readonly number[],
): Window['padding'] {
  const { attrs } = n;
  const mode = attrs.string('auto_pad', 'NOTSET');
  if (mode === 'SAME_UPPER') return 'SAME';
  if (mode === 'VALID') return 'VALID';
  if (mode === 'SAME_LOWER') {
    return kernel.map((size, i) => {
      const total = samePad(n, i, size, strides[i]!, dilations[i]!);
      return [Math.ceil(total / 2), Math.floor(total / 2)];
    });
  }
  if (mode !== 'NOTSET') return n.fail(`auto_pad is '${mode}'`);
  const pads = attrs.ints('pads', undefined) ?? kernel.flatMap(() => [0, 0]);
  if (pads.length !== 2 * kernel.length) return n.fail(`pads has ${pads.length} numbers`);
  if (pads.every((pad) => pad === 0)) return 'VALID';
  return kernel.map((_, i) => [pads[i]!, pads[i + kernel.length]!]);
}

/** All padding along a spatial axis that makes the output ceil(input / stride) long. */
export function samePad(
  n: ImportNode,
  axis: number,
  kernel: number,
  stride: number,
  dilation: number,
): number {
  const reach = (kernel - 1) * dilation + 1;
  if (stride === 1) return reach - 1;
  const size = n.x.shape?.[axis + 2];
  if (typeof size !== 'number') return n.unsupported('SAME_LOWER over a dim of unknown size');
  return Math.max(0, (Math.ceil(size / stride) - 1) * stride + reach - size);
}

/** The attrs of TensorFlow's windowed ops in channels-first layout. */
export function windowAttrs({ strides, dilations, padding }: Window): Record<string, unknown> {
  return {
    strides: [1, 1, ...strides],
    dilations: [1, 1, ...dilations],
    data_format: channelsFirstFormat(strides.length),
    ...paddingAttrs(padding),
  };
}

/** TensorFlow's name for [N, C, ...] with so many spatial axes. */
export function channelsFirstFormat(spatial: number): string {
  return ['NCW', 'NCHW', 'NCDHW'][spatial - 1] ?? '';
}

export function paddingAttrs(padding: Window['padding']): Record<string, unknown> {
  if (typeof padding === 'string') return { padding };
  return { padding: 'EXPLICIT', explicit_paddings: [0, 0, 0, 0, ...padding.flat()] };
}

/** A window over one axis as one over two, the first of size 1. */
export function widened(window: Window): Window {
  const { kernel, strides, dilations, padding } = window;
  return {
    kernel: [1, ...kernel],
    strides: [1, ...strides],
    dilations: [1, ...dilations],
    padding: typeof padding === 'string' ? padding : [[0, 0], ...padding],
  };
}

export function padsOf(n: ImportNode, { kernel, strides, dilations, padding }: Window) {
  if (padding === 'VALID') return kernel.map((): [number, number] => [0, 0]);
  if (padding !== 'SAME') return padding;
  return kernel.map((size, i): [number, number] => {
    const total = samePad(n, i, size, strides[i]!, dilations[i]!);
    return [Math.floor(total / 2), Math.ceil(total / 2)];
  });
}

/** The perm that moves channels from the first to the last place. */
export function channelsLast(rank: number): number[] {
  return [0, ...upTo(rank).slice(2), 1];
}

export function channelsFirst(rank: number): number[] {
  return [0, rank - 1, ...upTo(rank).slice(1, -1)];
}

/** The spatial rank, which is 1 to 3. */
export function spatialRank(n: ImportNode, x: Tensor = n.x): number {
  const rank = n.rank(x) - 2;
  if (rank >= 1 && rank <= 3) return rank;
  return n.unsupported(`an input of rank ${rank + 2}`);
}
