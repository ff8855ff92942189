import { formatPng } from '../../io/png.js';
import type { Chart, Mark } from './chart.js';
import { dotsOf, kGlyphHeight, kGlyphWidth } from './font.js';

/** Dots of the picture for each pixel of a chart. */
const kScale = 2;
const kGap = 16;

type Point = readonly [number, number];

/** A white picture in RGB that lines and texts are drawn on. */
class Canvas {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
  /** How much of each dot the line in progress covers; a dot is never covered twice. */
  readonly #cover: Float32Array;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.data = new Uint8Array(width * height * 3).fill(255);
    this.#cover = new Float32Array(width * height);
  }

  line(points: readonly Point[], width: number, colour: readonly number[], opacity: number): void {
    const touched: number[] = [];
    for (let i = 1; i < points.length; i++)
      this.#segment(points[i - 1]!, points[i]!, width, touched);
    for (const at of touched) {
      this.#blend(at, colour, this.#cover[at]! * opacity);
      this.#cover[at] = 0;
    }
  }

  /** Covers what is nearer than half the width, with a soft edge. */
  #segment([x1, y1]: Point, [x2, y2]: Point, width: number, touched: number[]): void {
    const reach = width / 2 + 0.5;
    const top = Math.max(0, Math.floor(Math.min(y1, y2) - reach));
    const bottom = Math.min(this.height - 1, Math.ceil(Math.max(y1, y2) + reach));
    const left = Math.max(0, Math.floor(Math.min(x1, x2) - reach));
    const right = Math.min(this.width - 1, Math.ceil(Math.max(x1, x2) + reach));
    const [dx, dy] = [x2 - x1, y2 - y1];
    const length = dx * dx + dy * dy || 1;
    for (let y = top; y <= bottom; y++) {
      for (let x = left; x <= right; x++) {
        const [px, py] = [x + 0.5 - x1, y + 0.5 - y1];
        const part = Math.min(1, Math.max(0, (px * dx + py * dy) / length));
        const cover = reach - Math.hypot(px - part * dx, py - part * dy);
        const at = y * this.width + x;
        if (cover <= this.#cover[at]!) continue;
        if (this.#cover[at] === 0) touched.push(at);
        this.#cover[at] = Math.min(1, cover);
      }
    }
  }

  #blend(at: number, colour: readonly number[], opacity: number): void {
    for (let k = 0; k < 3; k++) {
      const under = this.data[3 * at + k]!;
      this.data[3 * at + k] = Math.round(under + (colour[k]! - under) * opacity);
    }
  }

  /** y is where the letters stand. */
  text(x: number, y: number, text: string, size: number, colour: readonly number[]): void {
    for (const [dotX, dotY] of dotsOf(text)) {
      for (let k = 0; k < size * size; k++) {
        const column = Math.round(x) + dotX * size + (k % size);
        const row = Math.round(y) + (dotY - kGlyphHeight) * size + Math.floor(k / size);
        if (column < 0 || column >= this.width || row < 0 || row >= this.height) continue;
        this.#blend(row * this.width + column, colour, 1);
      }
    }
  }
}

/** The charts as a PNG file, in two columns. */
export async function pngOf(charts: readonly Chart[]): Promise<Buffer> {
  const columns = Math.min(2, charts.length);
  const rows: Chart[][] = [];
  for (let i = 0; i < charts.length; i += columns) rows.push(charts.slice(i, i + columns));
  const heights = rows.map((row) => Math.max(...row.map(({ height }) => height)) + kGap);
  const width = columns * ((charts[0]?.width ?? 0) + kGap) + kGap;
  const height = heights.reduce((sum, h) => sum + h, kGap);
  const canvas = new Canvas(width * kScale, height * kScale);
  let y = kGap;
  for (const [i, row] of rows.entries()) {
    for (const [k, chart] of row.entries()) {
      for (const mark of chart.marks) draw(canvas, mark, kGap + k * (chart.width + kGap), y);
      await new Promise((resolve) => setImmediate(resolve));
    }
    y += heights[i]!;
  }
  return formatPng({ width: canvas.width, height: canvas.height, channels: 3, data: canvas.data });
}

function draw(canvas: Canvas, mark: Mark, left: number, top: number): void {
  const colour = [1, 3, 5].map((at) => Number.parseInt(mark.colour.slice(at, at + 2), 16));
  if (mark.kind === 'text') {
    const { x, y, text, anchor } = mark;
    const length = (text.length * kGlyphWidth - 1) * kScale;
    const shift = { start: 0, middle: length / 2, end: length }[anchor];
    canvas.text((left + x) * kScale - shift, (top + y) * kScale, text, kScale, colour);
    return;
  }
  const points = mark.points.map(([x, y]) => [(left + x) * kScale, (top + y) * kScale] as const);
  canvas.line(points, mark.width * kScale, colour, mark.opacity);
}
