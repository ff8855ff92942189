import type { Tensor } from '../../tensor.js';
import type { ImportNode } from '../importNode.js';
import type { Family } from '../mapping.js';
import { kernelOf, laid } from './latePads.js';
import { castTo, isByte } from './numbers.js';
import { saturated } from './quantize.js';
import { upTo } from './shapes.js';
import { spatialRank, windowAttrs } from './window.js';

/** Whether a scale or zero point is one for a whole tensor. */
function isSingle(n: ImportNode, part: Tensor | undefined): boolean {
  return !part || n.rank(part) === 0 || (n.rank(part) === 1 && part.shape?.[0] === 1);
}

/** What products are computed in: floats of 8 bits have fractions. */
function wideOf(x: Tensor): 'float32' | 'int32' {
  return x.dtype.startsWith('float') ? 'float32' : 'int32';
}

/** An operand less its zero point, as int32 when it is an integer; `axis` is where a vector of them lies. */
function centred(n: ImportNode, x: Tensor, point: Tensor | undefined, axis: 'row' | 'column') {
  const value = castTo(n, x, wideOf(x));
  if (!point) return value;
  const wideRow = axis === 'row' && n.rank(point) === 1 && point.shape?.[0] !== 1;
  const shaped = wideRow ? n.op('ExpandDims', [point, 1]) : point;
  return n.op('Sub', [value, castTo(n, shaped, wideOf(x))]);
}

/**
 * Whether the engine's integer product can do a @ b: bytes, one zero point (and scale) of a, and b a
 * matrix with parts by column, or with the batch dims of a and parts for all of it.
 */
export function hasIntegerProduct(
  n: ImportNode,
  a: Tensor,
  b: Tensor,
  ofA: readonly (Tensor | undefined)[],
  ofB: readonly (Tensor | undefined)[],
): boolean {
  if (!isByte(a.dtype) || !isByte(b.dtype) || n.rank(a) < 2 || n.rank(b) < 2) return false;
  if (!ofA.every((part) => isSingle(n, part))) return false;
  if (n.rank(b) === 2) return ofB.every((part) => !part || n.rank(part) < 2);
  const batch = (x: Tensor) => x.shape?.slice(0, -2).join();
  const isKnown = a.shape?.slice(0, -2).every((dim) => dim !== null);
  return Boolean(isKnown) && batch(a) === batch(b) && ofB.every((part) => isSingle(n, part));
}

function matMulInteger(n: ImportNode): Tensor {
  const [a, b, zeroA, zeroB] = [n.x, n.input(1), n.optional(2), n.optional(3)];
  if (hasIntegerProduct(n, a, b, [zeroA], [zeroB])) {
    return n.out('MatMulInteger', [a, b, zeroA, zeroB]);
  }
  const product = n.call('MatMul', [centred(n, a, zeroA, 'row'), centred(n, b, zeroB, 'column')]);
  return n.out('Identity', [product]);
}

function qLinearMatMul(n: ImportNode): Tensor {
  const [a, scaleA, zeroA, b, scaleB, zeroB, scaleY, zeroY] = upTo(8).map((i) => n.input(i)) as [
    Tensor,
    Tensor,
    Tensor,
    Tensor,
    Tensor,
    Tensor,
    Tensor,
    Tensor,
  ];
  const isOwn = hasIntegerProduct(n, a, b, [scaleA, zeroA], [scaleB, zeroB]);
  if (isOwn && isByte(zeroY.dtype) && scaleA.dtype === 'float32') {
    return n.out('QLinearMatMul', [a, scaleA, zeroA, b, scaleB, zeroB, scaleY, zeroY]);
  }
  const rows = isSingle(n, scaleA) ? scaleA : n.op('ExpandDims', [scaleA, 1]);
  const scale = n.op('Mul', [castTo(n, rows, 'float32'), castTo(n, scaleB, 'float32')]);
  const factor = n.op('RealDiv', [scale, castTo(n, scaleY, 'float32')]);
  const sum = n.call('MatMul', [centred(n, a, zeroA, 'row'), centred(n, b, zeroB, 'column')]);
  const scaled = n.op('Mul', [castTo(n, sum, 'float32'), factor]);
  if (zeroY.dtype.startsWith('float')) {
    const moved = n.op('AddV2', [scaled, castTo(n, zeroY, 'float32')]);
    return n.out('Cast', [moved], { DstT: zeroY.dtype, saturate: true });
  }
  const shifted = n.op('AddV2', [n.op('Round', [scaled]), castTo(n, zeroY, 'float32')]);
  return n.out('Identity', [saturated(n, shifted, zeroY.dtype)]);
}

/**
 * The input, a filter [out, in / group, ...spatial] as [...spatial, in / group, out], and the
 * window; `zero`: the zero point of the input.
 */
function integerWindow(
  n: ImportNode,
  w: Tensor,
  zero: Tensor | undefined,
): [x: Tensor, filter: Tensor, attrs: Record<string, unknown>] {
  spatialRank(n, w);
  const { x, window } = laid(n, kernelOf(n, w), zero ? n.op('Reshape', [zero, []]) : 0);
  const filter = n.op('Transpose', [w, [...upTo(n.rank(w)).slice(2), 1, 0]]);
  return [x, filter, windowAttrs(window)];
}

function convInteger(n: ImportNode): Tensor {
  const [x, filter, attrs] = integerWindow(n, n.input(1), n.optional(2));
  return n.out('ConvInteger', [x, filter, n.optional(2), n.optional(3)], attrs);
}

function qLinearConv(n: ImportNode): Tensor {
  const [x, filter, attrs] = integerWindow(n, n.input(3), n.input(2));
  const [scaleX, zeroX, scaleW, zeroW, scaleY, zeroY] = [1, 2, 4, 5, 6, 7].map((i) => n.input(i));
  const inputs = [x, scaleX, zeroX, filter, scaleW, zeroW, scaleY, zeroY, n.optional(8)];
  return n.out('QLinearConv', inputs, attrs);
}

export const integers: Family = {
  ConvInteger: convInteger,
  MatMulInteger: matMulInteger,
  QLinearConv: qLinearConv,
  QLinearMatMul: qLinearMatMul,
};
