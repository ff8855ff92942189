import { inspect } from 'node:util';

import { type DType, isComplex, isFloat } from './dtype.js';
import { isComplexValue, readElement } from './element.js';
import { bfloat16Bits, bfloat16Value, float16Bits, float16Value } from './half.js';
import { formatShape, stridesOf } from './shape.js';
import type { Value } from './value.js';

/** Values with more elements than this are shown by the ends of their axes. */
const summaryAbove = 1000;
const edgeItems = 3;
const lineWidth = 78;
/** Digits after the point. */
const decimals = 8;

interface Precision {
  /** Digits that are too few for most numbers, and digits that are enough for all. */
  readonly few: number;
  readonly enough: number;
  readonly round: (value: number) => number;
}

const single: Precision = { few: 6, enough: 9, round: Math.fround };
const precisions: Partial<Record<DType, Precision>> = {
  float32: single,
  complex64: single,
  float16: { few: 2, enough: 5, round: (value) => float16Value(float16Bits(value)) },
  bfloat16: { few: 2, enough: 4, round: (value) => bfloat16Value(bfloat16Bits(value)) },
};

/** The number with as few digits as still name it among those of its dtype. */
function shorten(value: number, dtype: DType): number {
  const precision = precisions[dtype];
  if (precision === undefined || !Number.isFinite(value) || value === 0) return value;
  for (let digits = precision.few; digits < precision.enough; digits++) {
    const short = Number(value.toPrecision(digits));
    if (precision.round(short) === value) return short;
  }
  return Number(value.toPrecision(precision.enough));
}

/** Whether numbers that are shown together need exponents, by NumPy's rule. */
function needsExponent(values: readonly number[]): boolean {
  const sizes = values.filter((v) => Number.isFinite(v) && v !== 0).map(Math.abs);
  if (sizes.length === 0) return false;
  const low = sizes.reduce((a, b) => Math.min(a, b));
  const high = sizes.reduce((a, b) => Math.max(a, b));
  return high >= 1e8 || low < 1e-4 || high / low > 1000;
}

function fixed(value: number): string {
  if (!Number.isFinite(value))
    return String(value).replace('Infinity', 'inf').replace('NaN', 'nan');
  const sign = Object.is(value, -0) ? '-' : '';
  return sign + value.toFixed(decimals).replace(/0+$/, '');
}

function withExponent(value: number, digits: number): string {
  if (!Number.isFinite(value)) return fixed(value);
  const sign = Object.is(value, -0) ? '-' : '';
  const text = value.toExponential(digits).replace(/e([+-])(\d)$/, 'e$10$2');
  return sign + (digits === 0 ? text.replace('e', '.e') : text);
}

function exponentDigits(value: number): number {
  const mantissa = /^-?\d\.?(\d*)e/.exec(value.toExponential());
  return Math.min(mantissa?.[1]?.length ?? 0, decimals);
}

/** Numbers as texts of one length, their points below each other. */
function alignNumbers(values: readonly number[]): string[] {
  if (needsExponent(values)) {
    const digits = Math.max(...values.filter(Number.isFinite).map(exponentDigits));
    return alignRight(values.map((value) => withExponent(value, digits)));
  }
  const texts = values.map(fixed);
  const tails = texts.map((text) => (text.includes('.') ? text.length - text.indexOf('.') : 0));
  const tail = tails.reduce((a, b) => Math.max(a, b), 0);
  return alignRight(
    texts.map((text, i) => (tails[i] ? text + ' '.repeat(tail - tails[i]!) : text)),
  );
}

function alignRight(texts: readonly string[]): string[] {
  const width = texts.reduce((a, text) => Math.max(a, text.length), 0);
  return texts.map((text) => text.padStart(width));
}

function alignLeft(texts: readonly string[]): string[] {
  const width = texts.reduce((a, text) => Math.max(a, text.length), 0);
  return texts.map((text) => text.padEnd(width));
}

function formatElements(elements: readonly unknown[], dtype: DType): string[] {
  if (isComplex(dtype)) {
    const parts = elements.filter(isComplexValue);
    const re = alignNumbers(parts.map((z) => shorten(z.re, dtype)));
    const im = alignNumbers(parts.map((z) => Math.abs(shorten(z.im, dtype))));
    const texts = parts.map((z, i) => `${re[i]}${z.im < 0 ? '-' : '+'}${im[i]!.trim()}j`);
    return alignLeft(texts);
  }
  if (isFloat(dtype)) return alignNumbers(elements.map((v) => shorten(Number(v), dtype)));
  if (dtype === 'string') return elements.map((text) => inspect(text));
  return alignRight(elements.map(String));
}

/** The indices of an axis that are shown; null stands for those left out. */
function shown(size: number, summary: boolean): (number | null)[] {
  if (!summary || size <= 2 * edgeItems) return Array.from({ length: size }, (_, i) => i);
  const ends = Array.from({ length: edgeItems }, (_, i) => i);
  return [...ends, null, ...ends.map((i) => size - edgeItems + i)];
}

interface Layout {
  readonly rows: (number | null)[][];
  readonly strides: readonly number[];
}

function visit(layout: Layout, axis: number, at: number, found: number[]): void {
  if (axis === layout.rows.length) {
    found.push(at);
    return;
  }
  for (const i of layout.rows[axis]!) {
    if (i !== null) visit(layout, axis + 1, at + i * layout.strides[axis]!, found);
  }
}

/** One line of elements, broken where it grows too long. */
function wrap(texts: readonly string[], indent: number): string {
  const pad = ' '.repeat(indent);
  let line = '';
  let done = '';
  for (const [i, text] of texts.entries()) {
    const item = i < texts.length - 1 ? `${text},` : text;
    if (line !== '' && indent + line.length + 1 + item.length > lineWidth) {
      done += `${line}\n${pad}`;
      line = '';
    }
    line += line === '' ? item : ` ${item}`;
  }
  return done + line;
}

function join(layout: Layout, axis: number, next: () => string): string {
  const { rows } = layout;
  if (axis === rows.length) return next();
  const parts = rows[axis]!.map((i) => (i === null ? '...' : join(layout, axis + 1, next)));
  if (axis === rows.length - 1) return `[${wrap(parts, axis + 1)}]`;
  const gap = '\n'.repeat(rows.length - axis - 1) + ' '.repeat(axis + 1);
  return `[${parts.join(`,${gap}`)}]`;
}

/** A value as NumPy prints it, under its dtype and shape. */
export function formatValue(value: Value): string {
  const { dtype, shape, data } = value;
  const size = shape.reduce((a, b) => a * b, 1);
  const summary = size > summaryAbove;
  const rows = shape.map((dim) => shown(dim, summary));
  const layout = { rows, strides: stridesOf(shape) };
  const found: number[] = [];
  visit(layout, 0, 0, found);
  const elements = found.map((index) => readElement(dtype, data, index));
  const texts = formatElements(elements, dtype).values();
  const body = size === 0 ? '[]' : join(layout, 0, () => texts.next().value ?? '');
  const gap = shape.length > 1 && size > 0 ? '\n' : ' ';
  return `NDArray ${dtype} ${formatShape(shape)}${gap}${body}`;
}
