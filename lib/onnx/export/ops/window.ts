import type { ExportNode } from '../exportNode.js';
import type { Attributes, Value } from '../value.js';
import { channelsFirst, channelsLast, transposed, upTo } from './common.js';

/** Where the spatial axes are: before the channels or behind them. */
export interface Layout {
  readonly spatial: number;
  readonly isLast: boolean;
}

/** How a convolution or pool of TensorFlow's form walks over the spatial axes. */
export interface Window extends Layout {
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
}

export function windowOf(n: ExportNode): Window {
  const format = n.text('data_format');
  const spatial = format.length - 2;
  const isLast = format.endsWith('C');
  const list = (name: string) => {
    const given = n.ints(name);
    if (given.length === spatial) return given;
    if (given.length === 0) return upTo(spatial).map(() => 1);
    return spatialOf(given, isLast);
  };
  return { spatial, isLast, strides: list('strides'), dilations: list('dilations') };
}

/** The entries of the spatial axes, of a list for all axes. */
export function spatialOf<T>(list: readonly T[], isLast: boolean): readonly T[] {
  return isLast ? list.slice(1, -1) : list.slice(2);
}

/** The sizes of the spatial axes of a tensor, null where they are not known. */
export function spatialSizes(x: Value, { spatial, isLast }: Layout): readonly (number | null)[] {
  return spatialOf(x.shape ?? upTo(spatial + 2).map(() => null), isLast);
}

/** Channels to the second place, when they are in the last. */
export function toFirst(n: ExportNode, x: Value, { isLast, spatial }: Layout): Value {
  return isLast ? transposed(n, x, channelsFirst(spatial + 2)) : x;
}

export function toLast(n: ExportNode, y: Value, { isLast, spatial }: Layout): Value {
  return isLast ? transposed(n, y, channelsLast(spatial + 2)) : y;
}

/** What goes before and after each spatial axis so that the output has ceil(size / stride). */
export function samePads(
  sizes: readonly number[],
  kernel: readonly number[],
  { strides, dilations }: Window,
): readonly (readonly [number, number])[] {
  return sizes.map((size, i) => {
    const reach = (kernel[i]! - 1) * dilations[i]! + 1;
    const count = Math.ceil(size / strides[i]!);
    const total = Math.max(0, (count - 1) * strides[i]! + reach - size);
    return [Math.floor(total / 2), total - Math.floor(total / 2)] as const;
  });
}

/** Pads by spatial axis; undefined when the standard's SAME_UPPER has to find them. */
export function padsOf(
  n: ExportNode,
  window: Window,
  kernel: readonly number[],
  sizes: readonly (number | null)[],
): readonly (readonly [number, number])[] | undefined {
  const padding = n.text('padding');
  if (padding === 'VALID') return kernel.map(() => [0, 0] as const);
  if (padding === 'SAME') {
    const known = sizes.filter((size) => size !== null);
    return known.length === sizes.length ? samePads(known, kernel, window) : undefined;
  }
  const flat = n.ints('explicit_paddings');
  const pairs = upTo(flat.length / 2).map((i) => [flat[2 * i]!, flat[2 * i + 1]!] as const);
  return pairs.length === window.spatial ? pairs : spatialOf(pairs, window.isLast);
}

export function windowAttributes(
  n: ExportNode,
  window: Window,
  kernel: readonly number[],
  sizes: readonly (number | null)[],
): Attributes {
  const pads = padsOf(n, window, kernel, sizes);
  const { strides, dilations } = window;
  return {
    kernel_shape: kernel,
    strides,
    ...(dilations.some((step) => step !== 1) ? { dilations } : {}),
    ...(pads
      ? { pads: [...pads.map(([before]) => before), ...pads.map(([, after]) => after)] }
      : { auto_pad: 'SAME_UPPER' }),
  };
}
