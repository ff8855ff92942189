import type { DType } from '../../dtype.js';
import { isInteger, isNarrow } from '../../dtype.js';
import type { Tensor } from '../../tensor.js';
import type { ImportNode } from '../importNode.js';
import type { Family } from '../mapping.js';
import { dtypeOfNumber, narrowingOf } from './array.js';
import { wide } from './attention.js';
import { castTo } from './numbers.js';
import { dimTensor, upTo } from './shapes.js';

const kRanges: Readonly<Partial<Record<DType, readonly [number, number]>>> = {
  int8: [-128, 127],
  uint8: [0, 255],
  int16: [-32768, 32767],
  uint16: [0, 65535],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  int4: [-8, 7],
  uint4: [0, 15],
  int2: [-2, 1],
  uint2: [0, 3],
};

/** A scale or zero point in a shape that broadcasts over x: one in all, per axis or per block. */
function spread(n: ImportNode, part: Tensor, x: Tensor): Tensor {
  const rank = n.rank(part);
  if (rank === 0) return part;
  if (rank === 1 && part.shape?.[0] === 1) return n.op('Reshape', [part, []]);
  const axis = n.axis(n.attrs.int('axis', 1), n.rank(x));
  const block = n.attrs.int('block_size', 0);
  if (rank === 1 && block === 0) {
    return n.op('Reshape', [part, upTo(n.rank(x)).map((i) => (i === axis ? -1 : 1))]);
  }
  if (block === 0) return part;
  // Each element stands for a block along the axis; the last block may be cut short.
  const count = n.op('Range', [int64(n, 0), dimTensor(n, x, axis), int64(n, 1)]);
  return n.op('GatherV2', [part, n.op('FloorDiv', [count, int64(n, block)]), axis]);
}

function int64(n: ImportNode, value: number): Tensor {
  return n.constant(value, 'int64', []);
}

/** Rounded to the nearest of an integer dtype, beyond its range to its ends; floats are cast. */
export function saturated(n: ImportNode, x: Tensor, dtype: DType): Tensor {
  const range = kRanges[dtype];
  if (!range) return n.unsupported(`quantizing to ${dtype}`);
  return n.op('Cast', [n.op('ClipByValue', [x, ...range])], { DstT: dtype });
}

function quantizeLinear(n: ImportNode): Tensor {
  const point = n.optional(2);
  const given = n.attrs.int('output_dtype', 0);
  const dtype = point?.dtype ?? (given ? dtypeOfNumber(n, given) : 'uint8');
  const x = wide(n, n.x);
  const scale = castTo(n, spread(n, n.input(1), n.x), x.dtype);
  const steps = n.op('RealDiv', [x, scale]);
  if (isNarrow(dtype) && !kRanges[dtype]) {
    return n.out('Cast', [steps], { DstT: dtype, ...narrowingOf(n, dtype) });
  }
  const rounded = n.op('Round', [steps]);
  const shifted = point
    ? n.op('AddV2', [rounded, castTo(n, spread(n, point, n.x), x.dtype)])
    : rounded;
  return n.out('Identity', [saturated(n, shifted, dtype)]);
}

function dequantizeLinear(n: ImportNode): Tensor {
  const scale = n.input(1);
  const given = n.attrs.int('output_dtype', 0);
  const dtype = given ? dtypeOfNumber(n, given) : scale.dtype;
  const point = n.optional(2);
  const isWhole = isInteger(n.x.dtype);
  // Differences of 32-bit integers are exact in their own dtype alone.
  const computed = isWhole || kRanges[n.x.dtype] ? 'int32' : 'float32';
  const x = castTo(n, n.x, computed);
  const centred = point ? n.op('Sub', [x, castTo(n, spread(n, point, n.x), computed)]) : x;
  const factor = spread(n, wide(n, scale), n.x);
  const y = n.op('Mul', [castTo(n, centred, factor.dtype), factor]);
  return n.out('Cast', [y], { DstT: dtype });
}

function dynamicQuantizeLinear(n: ImportNode): readonly Tensor[] {
  const all = n.op('Reshape', [n.x, [-1]]);
  const high = n.op('Maximum', [n.op('Max', [all, [0]]), 0]);
  const low = n.op('Minimum', [n.op('Min', [all, [0]]), 0]);
  const scale = n.op('RealDiv', [n.op('Sub', [high, low]), 255]);
  const place = n.op('DivNoNan', [n.op('Neg', [low]), scale]);
  const point = n.op('Round', [n.op('ClipByValue', [place, 0, 255])]);
  const steps = n.op('Round', [n.op('DivNoNan', [n.x, scale])]);
  const y = saturated(n, n.op('AddV2', [steps, point]), 'uint8');
  return [n.out('Identity', [y]), scale, n.op('Cast', [point], { DstT: 'uint8' })];
}

/** An integer operand less its zero point, as int32; `axis` is where a vector of them lies. */
function centred(n: ImportNode, x: Tensor, point: Tensor | undefined, axis: 'row' | 'column') {
  const value = castTo(n, x, 'int32');
  if (!point) return value;
  const wideRow = axis === 'row' && n.rank(point) === 1 && point.shape?.[0] !== 1;
  const shaped = wideRow ? n.op('ExpandDims', [point, 1]) : point;
  return n.op('Sub', [value, castTo(n, shaped, 'int32')]);
}

function integerProduct(n: ImportNode, a: Tensor, b: Tensor): Tensor {
  return n.call('MatMul', [a, b]);
}

function matMulInteger(n: ImportNode): Tensor {
  const a = centred(n, n.x, n.optional(2), 'row');
  const b = centred(n, n.input(1), n.optional(3), 'column');
  return n.out('Identity', [integerProduct(n, a, b)]);
}

function requantized(n: ImportNode, sum: Tensor, factor: Tensor, point: Tensor): Tensor {
  const y = n.op('Round', [n.op('Mul', [castTo(n, sum, 'float32'), factor])]);
  const shifted = n.op('AddV2', [y, castTo(n, point, 'float32')]);
  return n.out('Identity', [saturated(n, shifted, point.dtype)]);
}

function qLinearMatMul(n: ImportNode): Tensor {
  const a = centred(n, n.x, n.input(2), 'row');
  const b = centred(n, n.input(3), n.input(5), 'column');
  const rows = n.input(1);
  const isVector = n.rank(rows) === 1 && rows.shape?.[0] !== 1;
  const scaleA = castTo(n, isVector ? n.op('ExpandDims', [rows, 1]) : rows, 'float32');
  const scale = n.op('Mul', [scaleA, castTo(n, n.input(4), 'float32')]);
  const factor = n.op('RealDiv', [scale, castTo(n, n.input(6), 'float32')]);
  return requantized(n, integerProduct(n, a, b), factor, n.input(7));
}

/** Products of 8-bit numbers are summed exactly in float32 up to 2^24, in float64 beyond. */
function integerConv(n: ImportNode, w: Tensor, xPoint?: Tensor, wPoint?: Tensor): Tensor {
  const [, perGroup = null, ...kernel] = w.shape ?? [];
  const sizes = kernel.map((size) => size ?? n.unsupported('weights of unknown shape'));
  const terms = sizes.reduce((a, b) => a * b, perGroup ?? 2 ** 24);
  const dtype = terms * 255 * 255 < 2 ** 24 ? 'float32' : 'float64';
  const less = (x: Tensor, point: Tensor | undefined, shape: readonly number[]) => {
    const value = castTo(n, x, dtype);
    if (!point) return value;
    return n.op('Sub', [value, n.op('Reshape', [castTo(n, point, dtype), shape])]);
  };
  const ones = sizes.map(() => 1);
  const x = less(n.x, xPoint, []);
  const filter = less(w, wPoint, n.rank(wPoint ?? w) === 0 ? [] : [-1, 1, ...ones]);
  return n.op('Cast', [n.call('Conv', [x, filter], n.attrs)], { DstT: 'int32' });
}

function convInteger(n: ImportNode): Tensor {
  return n.out('Identity', [integerConv(n, n.input(1), n.optional(2), n.optional(3))]);
}

function qLinearConv(n: ImportNode): Tensor {
  const w = n.input(3);
  const sum = integerConv(n, w, n.input(2), n.input(5));
  const perChannel = [-1, ...upTo(n.rank(w) - 2).map(() => 1)];
  const shaped = (x: Tensor) => (n.rank(x) === 0 ? x : n.op('Reshape', [x, perChannel]));
  const bias = n.optional(8);
  const biased = bias ? n.op('AddV2', [sum, shaped(bias)]) : sum;
  const scale = n.op('Mul', [n.op('Reshape', [n.input(1), []]), shaped(n.input(4))]);
  const factor = n.op('RealDiv', [scale, n.op('Reshape', [n.input(6), []])]);
  return requantized(n, biased, factor, n.op('Reshape', [n.input(7), []]));
}

export const quantized: Family = {
  ConvInteger: convInteger,
  DequantizeLinear: dequantizeLinear,
  DynamicQuantizeLinear: dynamicQuantizeLinear,
  MatMulInteger: matMulInteger,
  QLinearConv: qLinearConv,
  QLinearMatMul: qLinearMatMul,
  QuantizeLinear: quantizeLinear,
};
