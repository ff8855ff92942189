import type { Tensor } from '../../../tensor.js';
import type { ImportNode, Operand } from '../../importNode.js';
import type { Family, Mapping } from '../../mapping.js';
import { hasIntegerProduct } from '../integer.js';
import { castTo } from '../numbers.js';
import { quantized } from '../quantize.js';
import { upTo } from '../shapes.js';
import { plus } from './activation.js';
import { onLastChannels } from './conv.js';

/** Zero point input `index` for values of a dtype; 0 when it is not given. */
function zeroOf(n: ImportNode, index: number, dtype: Tensor['dtype']): Tensor {
  return n.optional(index) ?? n.constant(0, dtype, []);
}

/** The value of bytes, with the scale and zero point that follow them among the inputs. */
function dequantized(n: ImportNode, index: number): Tensor {
  const x = n.input(index);
  return n.op('DequantizeLinear', [x, n.input(index + 1), zeroOf(n, index + 2, x.dtype)]);
}

/** A value as bytes, by the scale and zero point at those inputs. */
function bytesOf(n: ImportNode, y: Tensor, index: number, dtype = n.x.dtype): Tensor {
  return n.out('QuantizeLinear', [y, n.input(index), zeroOf(n, index + 1, dtype)]);
}

/** An operator on one tensor of bytes, done on their values. */
const unary =
  (apply: (n: ImportNode, x: Tensor) => Tensor): Mapping =>
  (n) =>
    bytesOf(n, apply(n, dequantized(n, 0)), 3);

const binary =
  (op: string): Mapping =>
  (n) =>
    bytesOf(n, n.op(op, [dequantized(n, 0), dequantized(n, 3)]), 6);

/** A standard operator on the values, over the axes that the layout says. */
const pooled =
  (type: string): Mapping =>
  (n) => {
    const x = dequantized(n, 0);
    const pool = (of: Tensor) => n.call(type, [of], n.attrs);
    return bytesOf(n, n.attrs.flag('channels_last') ? onLastChannels(n, x, pool) : pool(x), 3);
  };

function softmax(n: ImportNode, x: Tensor): Tensor {
  const rank = n.rank(x);
  const isOld = n.attrs.int('opset') < 13;
  const axis = n.axis(n.attrs.int('axis', isOld ? 1 : -1), rank);
  if (!isOld || axis === rank - 1) return n.call('Softmax', [x], { axis });
  const shape = n.call('Shape', [x]);
  return n.op('Reshape', [n.op('Softmax', [n.call('Flatten', [x], { axis })]), shape]);
}

function reduceMean(n: ImportNode, x: Tensor): Tensor {
  const keepdims = n.attrs.flag('keepdims', true);
  return n.call('ReduceMean', [x, n.attrs.ints('axes')], { keepdims });
}

function concat(n: ImportNode): Tensor {
  const values = upTo((n.inputCount - 2) / 3).map((i) => dequantized(n, 2 + 3 * i));
  const axis = n.axis(n.attrs.int('axis'), n.rank(values[0]));
  return bytesOf(n, n.op('ConcatV2', [values, axis]), 0, n.input(1).dtype);
}

function where(n: ImportNode): Tensor {
  const chosen = n.op('SelectV2', [n.x, dequantized(n, 1), dequantized(n, 4)]);
  return bytesOf(n, chosen, 7, n.input(1).dtype);
}

function conv(n: ImportNode): Tensor {
  const inputs = upTo(9).map((i) => n.optional(i));
  const apply = (x: Tensor) => n.call('QLinearConv', [x, ...inputs.slice(1)], n.attrs);
  if (!n.attrs.flag('channels_last')) return n.out('Identity', [apply(n.x)]);
  return n.out('Identity', [onLastChannels(n, n.x, apply)]);
}

/** The product of bytes as floats; a bias is added to them. */
export function floatProduct(
  n: ImportNode,
  [a, scaleA, zeroA]: readonly [Tensor, Tensor, Tensor | undefined],
  [b, scaleB, zeroB]: readonly [Tensor, Tensor, Tensor | undefined],
  bias: Tensor | undefined,
): Tensor {
  const isOwn = hasIntegerProduct(n, a, b, [scaleA, zeroA], [scaleB, zeroB]);
  if (isOwn && scaleA.dtype === 'float32' && scaleB.dtype === 'float32') {
    return n.op('MatMulIntegerToFloat', [a, b, scaleA, scaleB, zeroA, zeroB, bias]);
  }
  const sums = castTo(n, n.call('MatMulInteger', [a, b, zeroA, zeroB]), scaleA.dtype);
  return plus(n, n.op('Mul', [sums, n.op('Mul', [scaleA, scaleB])]), bias);
}

function matMulIntegerToFloat(n: ImportNode): Tensor {
  const a = [n.x, n.input(2), n.optional(4)] as const;
  const b = [n.input(1), n.input(3), n.optional(5)] as const;
  return n.out('Identity', [floatProduct(n, a, b, n.optional(6))]);
}

function dynamicQuantizeMatMul(n: ImportNode): Tensor {
  const [a, scale, zero] = n.calls('DynamicQuantizeLinear', [n.x], {}, 3) as readonly Tensor[];
  const b = [n.input(1), n.input(2), n.optional(3)] as const;
  return n.out('Identity', [floatProduct(n, [a!, scale!, zero], b, n.optional(4))]);
}

function gemm(n: ImportNode): Tensor {
  const { attrs } = n;
  const turned = (x: Tensor, name: string) =>
    attrs.flag(name) ? n.op('Transpose', [x, [1, 0]]) : x;
  const [a, b] = [turned(n.x, 'transA'), turned(n.input(3), 'transB')];
  const alpha = attrs.float('alpha', 1);
  const scaleA = alpha === 1 ? n.input(1) : n.op('Mul', [n.input(1), alpha]);
  const [zeroA, scaleB, zeroB] = [n.input(2), n.input(4), n.optional(5)];
  const c = n.optional(6);
  const unit = n.op('Mul', [scaleA, scaleB]);
  const bias = c && n.op('Mul', [castTo(n, c, 'float32'), unit]);
  const y = plus(n, floatProduct(n, [a, scaleA, zeroA], [b, scaleB, zeroB], undefined), bias);
  if (!n.optional(7)) return n.out('Identity', [y]);
  return bytesOf(n, y, 7, n.optional(8)?.dtype ?? 'uint8');
}

function mulInteger(n: ImportNode): Tensor {
  const part = (index: number) => {
    const [x, zero] = [castTo(n, n.input(index), 'int32'), n.optional(index + 1)];
    return zero ? n.op('Sub', [x, castTo(n, zero, 'int32')]) : x;
  };
  return n.out('Mul', [part(0), part(2)]);
}

function reduceSumInteger(n: ImportNode): Tensor {
  const axes: Operand = n.attrs.ints('axes');
  const keepdims = n.attrs.flag('keepdims', true);
  return n.out('Identity', [n.call('ReduceSum', [castTo(n, n.x, 'int32'), axes], { keepdims })]);
}

export const contribQuantized: Family = {
  DequantizeLinear: quantized.DequantizeLinear!,
  DynamicQuantizeMatMul: dynamicQuantizeMatMul,
  MatMulIntegerToFloat: matMulIntegerToFloat,
  MulInteger: mulInteger,
  QGemm: gemm,
  QLinearAdd: binary('AddV2'),
  QLinearAveragePool: pooled('AveragePool'),
  QLinearConcat: concat,
  QLinearConv: conv,
  QLinearGlobalAveragePool: pooled('GlobalAveragePool'),
  QLinearLeakyRelu: unary((n, x) =>
    n.op('LeakyRelu', [x], { alpha: n.attrs.float('alpha', 0.01) }),
  ),
  QLinearMul: binary('Mul'),
  QLinearReduceMean: unary(reduceMean),
  QLinearSigmoid: unary((n, x) => n.op('Sigmoid', [x])),
  QLinearSoftmax: unary(softmax),
  QLinearWhere: where,
  QuantizeLinear: quantized.QuantizeLinear!,
  ReduceSumInteger: reduceSumInteger,
};
