import type { DType } from '../../dtype.js';
import { isInteger, isNarrow } from '../../dtype.js';
import type { Tensor } from '../../tensor.js';
import type { ImportNode } from '../importNode.js';
import type { Family } from '../mapping.js';
import { narrowingOf } from './array.js';
import { wide } from './attention.js';
import { castTo, dtypeOfNumber, isByte } from './numbers.js';
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

/** float32 as a TensorProto.DataType. */
const kFloat = 1;

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

/** Whether a scale is one for all or one for each index of an axis, as the engine's own ops take. */
function isPlain(n: ImportNode, scale: Tensor): boolean {
  return scale.dtype === 'float32' && n.rank(scale) < 2 && n.attrs.int('block_size', 0) === 0;
}

/** x in steps of the scale; from opset 23 on divided in the precision asked for, else the scale's. */
function stepsOf(n: ImportNode, x: Tensor): Tensor {
  const scale = spread(n, n.input(1), n.x);
  const given = n.attrs.int('precision', 0);
  const usual = n.opset < 23 || isNarrow(scale.dtype) ? x.dtype : scale.dtype;
  const precision = given ? dtypeOfNumber(n, given) : usual;
  const rounded = (value: Tensor) => castTo(n, castTo(n, value, precision), x.dtype);
  // A quotient of halves that is computed in float32 and then rounded is the quotient in halves.
  return rounded(n.op('RealDiv', [rounded(x), rounded(scale)]));
}

function quantizeLinear(n: ImportNode): Tensor {
  const point = n.optional(2);
  const given = n.attrs.int('output_dtype', 0);
  const dtype = point?.dtype ?? (given ? dtypeOfNumber(n, given) : 'uint8');
  const isSingle = [0, kFloat].includes(n.attrs.int('precision', 0));
  if (n.x.dtype === 'float32' && isByte(dtype) && isPlain(n, n.input(1)) && isSingle) {
    const zero = point ?? n.constant(0, dtype, []);
    return n.out('QuantizeLinear', [n.x, n.input(1), zero], { axis: n.attrs.int('axis', 1) });
  }
  const x = wide(n, n.x);
  const steps = stepsOf(n, x);
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
  const isOwn = isByte(n.x.dtype) || n.x.dtype === 'int32';
  if (isOwn && dtype === 'float32' && isPlain(n, scale)) {
    const inputs = point ? [n.x, scale, point] : [n.x, scale];
    return n.out('DequantizeLinear', inputs, { axis: n.attrs.int('axis', 1) });
  }
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

export const quantized: Family = {
  DequantizeLinear: dequantizeLinear,
  DynamicQuantizeLinear: dynamicQuantizeLinear,
  QuantizeLinear: quantizeLinear,
};
