import type { ValueCase } from '../case.js';
import { smallIntegers, upTo } from './numbers.js';
import { axesOf, channelsFirst, eachTap, type Geometry, product, windowAttrs } from './window.js';

export interface ConvGeometry extends Geometry {
  readonly channels: number;
  readonly outputs: number;
  readonly groups?: number;
}

interface Operands {
  readonly x: number[];
  readonly filter: number[];
  readonly y: number[];
}

/** dy stands for y when a gradient is computed. */
export function convolve(g: ConvGeometry): Operands {
  const { x, filter } = operandsOf(g);
  const y: number[] = new Array(rowsOf(g) * g.outputs).fill(0);
  eachProduct(g, (i, w, o) => {
    y[o]! += x[i]! * filter[w]!;
  });
  return { x, filter, y };
}

export function operandsOf(g: ConvGeometry): { x: number[]; filter: number[]; dy: number[] } {
  const inputs = g.channels / (g.groups ?? 1);
  return {
    x: smallIntegers(g.batch * product(g.size) * g.channels, 1),
    filter: smallIntegers(product(g.kernel) * inputs * g.outputs, 2),
    dy: smallIntegers(rowsOf(g) * g.outputs, 3),
  };
}

export const outSize = (g: Geometry): number[] => axesOf(g).map(({ out }) => out);
const rowsOf = (g: Geometry): number => g.batch * product(outSize(g));

/** body(index in x, index in filter, index in y) for each product. */
export function eachProduct(
  g: ConvGeometry,
  body: (x: number, filter: number, y: number) => void,
): void {
  const groups = g.groups ?? 1;
  const inputs = g.channels / groups;
  eachTap(g, (row, pixel, tap) => {
    for (const o of upTo(g.outputs)) {
      const first = Math.floor(o / (g.outputs / groups)) * inputs;
      for (const i of upTo(inputs)) {
        body(
          pixel * g.channels + first + i,
          (tap * inputs + i) * g.outputs + o,
          row * g.outputs + o,
        );
      }
    }
  });
}

export const xShape = (g: ConvGeometry): number[] => [g.batch, ...g.size, g.channels];
export const yShape = (g: ConvGeometry): number[] => [g.batch, ...outSize(g), g.outputs];
export const filterShape = (g: ConvGeometry): number[] => [
  ...g.kernel,
  g.channels / (g.groups ?? 1),
  g.outputs,
];

const second = (shape: readonly number[]): number[] => [
  shape[0]!,
  shape.at(-1)!,
  ...shape.slice(1, -1),
];

/** The rows of a convolution with these numbers, channels last and first. */
export function convCases(g: ConvGeometry, more: Partial<ValueCase> = {}): ValueCase[] {
  const { x, filter, y } = convolve(g);
  const last: ValueCase = {
    inputs: [x, filter],
    outputs: [y],
    shapes: { inputs: [xShape(g), filterShape(g)], outputs: [yShape(g)] },
    attrs: windowAttrs(g),
    ...more,
  };
  const first: ValueCase = {
    inputs: [channelsFirst(x, g.batch, g.size, g.channels), filter],
    outputs: [channelsFirst(y, g.batch, outSize(g), g.outputs)],
    shapes: { inputs: [second(xShape(g)), filterShape(g)], outputs: [second(yShape(g))] },
    attrs: windowAttrs(g, true),
    ...more,
  };
  return [last, first];
}

/** Rows of the gradients of a convolution: of its input, then of its filter. */
export function gradientCases(g: ConvGeometry, first = false): [ValueCase, ValueCase] {
  const { x, filter, dy } = operandsOf(g);
  const dx: number[] = new Array(x.length).fill(0);
  const dw: number[] = new Array(filter.length).fill(0);
  eachProduct(g, (i, w, o) => {
    dx[i]! += dy[o]! * filter[w]!;
    dw[w]! += dy[o]! * x[i]!;
  });
  const order = (shape: number[]) => (first ? second(shape) : shape);
  const turn = (values: number[], size: readonly number[], channels: number) =>
    first ? channelsFirst(values, g.batch, size, channels) : values;
  const gradient = turn(dy, outSize(g), g.outputs);
  const [xs, ws, ys] = [order(xShape(g)), filterShape(g), order(yShape(g))];
  const attrs = windowAttrs(g, first);
  return [
    {
      inputs: [xs, filter, gradient],
      outputs: [turn(dx, g.size, g.channels)],
      shapes: { inputs: [[xs.length], ws, ys], outputs: [xs] },
      attrs,
      gradient: [1, 2],
    },
    {
      inputs: [turn(x, g.size, g.channels), ws, gradient],
      outputs: [dw],
      shapes: { inputs: [xs, [ws.length], ys], outputs: [ws] },
      attrs,
      gradient: [0, 2],
    },
  ];
}
