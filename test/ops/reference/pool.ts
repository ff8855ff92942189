import type { ValueCase } from '../case.js';
import { differentIntegers, upTo } from './numbers.js';
import { axesOf, channelsFirst, eachTap, type Geometry, product, windowAttrs } from './window.js';

export interface PoolGeometry extends Geometry {
  readonly channels: number;
}

const outSize = (g: Geometry): number[] => axesOf(g).map(({ out }) => out);

export const pooledShape = (g: PoolGeometry): number[] => [g.batch, ...outSize(g), g.channels];
export const unpooledShape = (g: PoolGeometry): number[] => [g.batch, ...g.size, g.channels];

/** The values under each window, by output element. */
function windows(g: PoolGeometry, x: readonly number[]): number[][] {
  const found: number[][] = upTo(product(pooledShape(g))).map(() => []);
  eachTap(g, (row, pixel) => {
    for (const c of upTo(g.channels)) {
      found[row * g.channels + c]!.push(x[pixel * g.channels + c]!);
    }
  });
  return found;
}

export const maximum = (values: readonly number[]): number => Math.max(...values);
export const average = (values: readonly number[]): number =>
  values.reduce((a, b) => a + b, 0) / values.length;

/** A row with channels last and one with channels first; `take` reduces a window. */
export function poolCases(
  g: PoolGeometry,
  take: (values: readonly number[]) => number,
  more: Partial<ValueCase> = {},
): ValueCase[] {
  const x = differentIntegers(product(unpooledShape(g)));
  const y = windows(g, x).map(take);
  const second = ([n = 0, ...rest]: readonly number[]) => [n, rest.at(-1)!, ...rest.slice(0, -1)];
  const last: ValueCase = {
    inputs: [x],
    outputs: [y],
    shapes: { inputs: [unpooledShape(g)], outputs: [pooledShape(g)] },
    attrs: { ksize: [1, ...g.kernel, 1], ...windowAttrs(g) },
    ...more,
  };
  const first: ValueCase = {
    inputs: [channelsFirst(x, g.batch, g.size, g.channels)],
    outputs: [channelsFirst(y, g.batch, outSize(g), g.channels)],
    shapes: { inputs: [second(unpooledShape(g))], outputs: [second(pooledShape(g))] },
    attrs: { ksize: [1, 1, ...g.kernel], ...windowAttrs(g, true) },
    ...more,
  };
  return [last, first];
}
