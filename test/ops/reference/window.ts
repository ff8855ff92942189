import { upTo } from './numbers.js';

/** A convolution or pool over channels-last values; lists count spatial dims. */
export interface Geometry {
  readonly batch: number;
  readonly size: readonly number[];
  readonly kernel: readonly number[];
  readonly strides?: readonly number[];
  readonly dilations?: readonly number[];
  /** TensorFlow's words, or pads before and after each dim. */
  readonly padding?: 'SAME' | 'VALID' | readonly (readonly [number, number])[];
}

interface Axis {
  readonly size: number;
  readonly out: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly before: number;
}

export function axesOf(g: Geometry): readonly Axis[] {
  return g.size.map((size, d) => {
    const kernel = g.kernel[d]!;
    const stride = g.strides?.[d] ?? 1;
    const dilation = g.dilations?.[d] ?? 1;
    const reach = (kernel - 1) * dilation + 1;
    const padding = g.padding ?? 'VALID';
    if (padding === 'SAME') {
      const out = Math.ceil(size / stride);
      const total = Math.max(0, (out - 1) * stride + reach - size);
      return { size, out, kernel, stride, dilation, before: Math.floor(total / 2) };
    }
    const [before, after] = padding === 'VALID' ? [0, 0] : padding[d]!;
    const out = Math.floor((size + before + after - reach) / stride) + 1;
    return { size, out, kernel, stride, dilation, before };
  });
}

export const product = (list: readonly number[]): number => list.reduce((a, b) => a * b, 1);

/** body(output pixel, input pixel, tap) for each tap that lies inside the input. */
export function eachTap(
  g: Geometry,
  body: (row: number, pixel: number, tap: number) => void,
): void {
  const axes = axesOf(g);
  const visit = (d: number, row: number, pixel: number, tap: number): void => {
    const axis = axes[d];
    if (!axis) {
      body(row, pixel, tap);
      return;
    }
    for (const o of upTo(axis.out)) {
      for (const k of upTo(axis.kernel)) {
        const at = o * axis.stride - axis.before + k * axis.dilation;
        if (at < 0 || at >= axis.size) continue;
        visit(d + 1, row * axis.out + o, pixel * axis.size + at, tap * axis.kernel + k);
      }
    }
  };
  for (const n of upTo(g.batch)) visit(0, n, n, 0);
}

/** Moves channels of flat channels-last values of these sizes to the second place. */
export function channelsFirst(
  values: readonly number[],
  batch: number,
  size: readonly number[],
  channels: number,
): number[] {
  const pixels = product(size);
  return upTo(batch).flatMap((n) =>
    upTo(channels).flatMap((c) =>
      upTo(pixels).map((p) => values[(n * pixels + p) * channels + c]!),
    ),
  );
}

/** The attrs of TensorFlow's ops for this geometry. */
export function windowAttrs(g: Geometry, first = false): Record<string, unknown> {
  const all = (list: readonly number[] | undefined, one: number) => {
    const own = list ?? g.size.map(() => one);
    return first ? [1, 1, ...own] : [1, ...own, 1];
  };
  const letters = 'DHW'.slice(3 - g.size.length);
  const padding = g.padding ?? 'VALID';
  const pads = typeof padding === 'string' ? [] : padding.flat();
  return {
    strides: all(g.strides, 1),
    dilations: all(g.dilations, 1),
    data_format: first ? `NC${letters}` : `N${letters}C`,
    ...(typeof padding === 'string'
      ? { padding }
      : {
          padding: 'EXPLICIT',
          explicit_paddings: first ? [0, 0, 0, 0, ...pads] : [0, 0, ...pads, 0, 0],
        }),
  };
}
