import { compact } from '../../bar.js';
import { type Series, smoothed, thinned } from './runs.js';

/** What a chart is drawn of, in pixels from the upper left corner. */
export type Mark =
  | {
      readonly kind: 'line';
      readonly points: readonly (readonly [number, number])[];
      readonly colour: string;
      readonly width: number;
      readonly opacity: number;
    }
  | {
      readonly kind: 'text';
      readonly x: number;
      readonly y: number;
      readonly text: string;
      readonly anchor: 'start' | 'middle' | 'end';
      readonly colour: string;
    };

export interface ChartOptions {
  /** From 0 to 1; the curve itself then lies behind, faintly. */
  readonly smooth: number;
  readonly log: boolean;
}

export interface Chart {
  readonly tag: string;
  readonly width: number;
  readonly height: number;
  readonly marks: readonly Mark[];
}

export const kColours = [
  '#0b6cb8',
  '#d1600a',
  '#2f8f3c',
  '#b52f3f',
  '#7b55a8',
  '#7a5a4a',
  '#4d5a66',
];
const kInk = '#444444';
const kGrid = '#dddddd';
const kWidth = 480;
const kBox = { left: 62, right: 466, top: 34, bottom: 250 };
const kLegendLine = 16;
/** Points of a curve at most, as there are not more columns to draw them in. */
const kPoints = 800;
/** Characters of a run's name. */
const kLegendText = 44;

interface Scale {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
  at(value: number): number;
}

/** The curves of one tag, with axes and, for more than one run, the names of the runs. */
export function chartOf(tag: string, all: readonly Series[], options: ChartOptions): Chart {
  const points = all.map((series) => thinned(series, kPoints));
  const toY = options.log ? Math.log10 : (value: number) => value;
  const xs = scale(
    points.flatMap(({ steps }) => steps),
    kBox.left,
    kBox.right,
  );
  const heights = points.flatMap(({ values }) => values.map(toY)).filter(Number.isFinite);
  const ys = scale(heights, kBox.bottom, kBox.top);
  const marks: Mark[] = [text(kBox.left, 20, tag, 'start'), ...axes(xs, ys, options.log)];
  const draw = (series: Series, colour: string, opacity: number) => {
    marks.push(
      ...curve(
        series,
        (x) => xs.at(x),
        (y) => ys.at(toY(y)),
        colour,
        opacity,
      ),
    );
  };
  for (const [i, series] of points.entries()) {
    const colour = kColours[i % kColours.length]!;
    draw(series, colour, options.smooth > 0 ? 0.25 : 1);
    if (options.smooth > 0) draw(thinned(smoothed(all[i]!, options.smooth), kPoints), colour, 1);
  }
  const legend = all.flatMap((series, i) => legendOf(series, i));
  return {
    tag,
    width: kWidth,
    height: 276 + kLegendLine * all.length,
    marks: [...marks, ...legend],
  };
}

function text(
  x: number,
  y: number,
  content: string,
  anchor: 'start' | 'middle' | 'end',
  colour = kInk,
): Mark {
  return { kind: 'text', x, y, text: content, anchor, colour };
}

function line(x1: number, y1: number, x2: number, y2: number, colour: string): Mark {
  return {
    kind: 'line',
    points: [
      [x1, y1],
      [x2, y2],
    ],
    colour,
    width: 1,
    opacity: 1,
  };
}

function legendOf({ run, values }: Series, i: number): Mark[] {
  const y = 282 + kLegendLine * i;
  const colour = kColours[i % kColours.length]!;
  const last = values[values.length - 1];
  const name = run.length > kLegendText ? `...${run.slice(3 - kLegendText)}` : run;
  return [
    { ...line(kBox.left, y - 4, kBox.left + 14, y - 4, colour) },
    text(kBox.left + 20, y, `${name}  ${last === undefined ? '' : short(last)}`, 'start'),
  ];
}

function axes(xs: Scale, ys: Scale, log: boolean): Mark[] {
  const { left, right, top, bottom } = kBox;
  return [
    ...ys.ticks.map((tick) => line(left, ys.at(tick), right, ys.at(tick), kGrid)),
    ...ys.ticks.map((tick) =>
      text(left - 6, ys.at(tick) + 4, short(log ? 10 ** tick : tick), 'end'),
    ),
    ...xs.ticks.map((tick) => line(xs.at(tick), bottom, xs.at(tick), bottom + 4, kInk)),
    ...xs.ticks.map((tick) => text(xs.at(tick), bottom + 16, steps(tick), 'middle')),
    line(left, bottom, right, bottom, kInk),
    line(left, top, left, bottom, kInk),
  ];
}

/** One line for each stretch of finite values. */
function curve(
  { steps: xs, values }: Series,
  toX: (step: number) => number,
  toY: (value: number) => number,
  colour: string,
  opacity: number,
): Mark[] {
  const lines: (readonly [number, number])[][] = [[]];
  for (const [i, step] of xs.entries()) {
    const y = toY(values[i]!);
    if (Number.isFinite(y)) lines[lines.length - 1]!.push([toX(step), y]);
    else if (lines[lines.length - 1]!.length > 0) lines.push([]);
  }
  return lines
    .filter(({ length }) => length > 0)
    .map((points) => ({ kind: 'line', points: widened(points), colour, width: 1.5, opacity }));
}

/** A single point is drawn as a short stroke. */
function widened(points: (readonly [number, number])[]): readonly (readonly [number, number])[] {
  const [first] = points;
  return points.length === 1 && first
    ? [
        [first[0] - 2, first[1]],
        [first[0] + 2, first[1]],
      ]
    : points;
}

function scale(values: readonly number[], from: number, to: number): Scale {
  let low = values.reduce((a, b) => Math.min(a, b), Infinity);
  let high = values.reduce((a, b) => Math.max(a, b), -Infinity);
  if (!(low <= high)) [low, high] = [0, 1];
  if (low === high)
    [low, high] = [low - (Math.abs(low) || 1) / 2, high + (Math.abs(high) || 1) / 2];
  const step = niceStep((high - low) / 4);
  const ticks: number[] = [];
  for (let k = Math.ceil(low / step); k * step <= high; k++)
    ticks.push(Number((k * step).toPrecision(12)));
  return { low, high, ticks, at: (value) => from + ((value - low) / (high - low)) * (to - from) };
}

/** The next one of 1, 2 and 5 times a power of ten. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5].find((factor) => factor * power >= least) ?? 10);
}

function steps(value: number): string {
  return Number.isInteger(value) ? compact(value) : '';
}

/** A number in at most 7 characters or so. */
function short(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  return size >= 1e-3 && size < 1e5 ? String(Number(value.toPrecision(4))) : value.toExponential(1);
}
