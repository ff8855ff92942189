import type { ExportNode } from '../exportNode.js';
import type { ExportFamily, Exporting } from '../table.js';
import type { Value } from '../value.js';
import { cast, transposed, upTo } from './common.js';
import { filterDims, filterFirst, groupsOf } from './conv.js';
import { spatialSizes, toFirst, toLast, windowAttributes, windowOf } from './window.js';

/** Of a scale for the whole tensor the axis says nothing. */
function axisOf(n: ExportNode, scale: Value): { readonly axis?: number } {
  return scale.shape?.length === 0 ? {} : { axis: n.int('axis') };
}

function dequantized(n: ExportNode, x: Value, scale: Value, zero: Value | undefined): Value {
  return n.op('DequantizeLinear', [x, scale, zero], {}, { dtype: 'float32' });
}

function quantized(n: ExportNode, x: Value, scale: Value, zero: Value): Value {
  return n.op('QuantizeLinear', [x, scale, zero], {}, { dtype: zero.dtype });
}

function quantize(n: ExportNode): Value {
  const scale = n.input(1);
  return n.op('QuantizeLinear', n.all, axisOf(n, scale), { dtype: n.outputs[0] });
}

function dequantize(n: ExportNode): Value {
  const attributes = axisOf(n, n.input(1));
  return n.op('DequantizeLinear', n.inputs, attributes, { dtype: n.outputs[0] });
}

/** Two values made of quantized ones, put together and quantized again. */
const arithmetic =
  (type: string): Exporting =>
  (n) => {
    const [a, b] = [0, 3].map((i) => dequantized(n, n.input(i), n.input(i + 1), n.input(i + 2)));
    return quantized(n, n.op(type, [a, b]), n.input(6), n.input(7));
  };

/** The second matrix as the standard has it. */
function columns(n: ExportNode, b: Value): Value {
  if (!n.flag('transpose_b')) return b;
  const rank = b.shape?.length ?? n.unsupported('a matrix of unknown rank');
  return transposed(n, b, [...upTo(rank - 2), rank - 1, rank - 2]);
}

function integerProduct(
  n: ExportNode,
  a: Value,
  b: Value,
  zeros: readonly (Value | undefined)[],
): Value {
  return n.op('MatMulInteger', [a, columns(n, b), ...zeros], {}, { dtype: 'int32' });
}

function productToFloat(n: ExportNode): Value {
  const sums = integerProduct(n, n.input(0), n.input(1), [n.inputs[4], n.inputs[5]]);
  const scale = n.op('Mul', [n.input(2), n.input(3)]);
  const y = n.op('Mul', [cast(n, sums, 'float32'), scale]);
  return n.inputs[6] ? n.op('Add', [y, n.input(6)]) : y;
}

function quantizedProduct(n: ExportNode): Value {
  const [a, b] = [n.input(0), n.input(3)];
  if (!n.inputs[8]) {
    const inputs = [
      a,
      n.input(1),
      n.input(2),
      columns(n, b),
      ...[4, 5, 6, 7].map((i) => n.input(i)),
    ];
    return n.op('QLinearMatMul', inputs, {}, { dtype: n.outputs[0] });
  }
  const sums = n.op('Add', [integerProduct(n, a, b, [n.input(2), n.input(5)]), n.input(8)]);
  const scale = n.op('Mul', [n.input(1), n.input(4)]);
  return quantized(n, n.op('Mul', [cast(n, sums, 'float32'), scale]), n.input(6), n.input(7));
}

function convolution(
  n: ExportNode,
  type: string,
  filter: number,
  inputs: (x: Value, w: Value) => readonly (Value | undefined)[],
): Value {
  const window = windowOf(n);
  const dims = filterDims(n, filter);
  const kernel = dims.slice(0, window.spatial);
  const group = groupsOf(n, dims[window.spatial]!, window);
  const sizes = spatialSizes(n.x, window);
  const attributes = { group, ...windowAttributes(n, window, kernel, sizes) };
  const w = filterFirst(n, n.input(filter), window.spatial);
  const given = inputs(toFirst(n, n.x, window), w);
  return toLast(n, n.op(type, given, attributes, { dtype: n.outputs[0] }), window);
}

function quantizedConv(n: ExportNode): Value {
  return convolution(n, 'QLinearConv', 3, (x, w) => [
    x,
    n.input(1),
    n.input(2),
    w,
    ...n.inputs.slice(4),
  ]);
}

function globalAverage(n: ExportNode): Value {
  const format = n.text('data_format');
  const window = { spatial: format.length - 2, isLast: format.endsWith('C') };
  const x = toFirst(n, n.x, window);
  const mean = n.op('GlobalAveragePool', [dequantized(n, x, n.input(1), n.input(2))]);
  return toLast(n, quantized(n, mean, n.input(3), n.input(4)), window);
}

export const quantizations = {
  ConvInteger: (n) => convolution(n, 'ConvInteger', 1, (x, w) => [x, w, ...n.inputs.slice(2)]),
  DequantizeLinear: dequantize,
  MatMulInteger: (n) => integerProduct(n, n.input(0), n.input(1), n.inputs.slice(2)),
  MatMulIntegerToFloat: productToFloat,
  QLinearAdd: arithmetic('Add'),
  QLinearConv: quantizedConv,
  QLinearGlobalAveragePool: globalAverage,
  QLinearMatMul: quantizedProduct,
  QLinearMul: arithmetic('Mul'),
  QuantizeLinear: quantize,
} satisfies ExportFamily;
