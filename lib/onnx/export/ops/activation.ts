import type { ExportNode } from '../exportNode.js';
import type { ExportFamily, Exporting } from '../table.js';
import type { Value } from '../value.js';
import { hot } from './array.js';
import { cast, same, scalar, through, where } from './common.js';

const float = (n: ExportNode, value: number) => scalar(n, value, n.x.dtype);

const floatAttr = (n: ExportNode, name: string) => ({ f: Number(n.attr(name)) });

const withAlpha =
  (type: string): Exporting =>
  (n) =>
    n.op(type, [n.x], { alpha: floatAttr(n, 'alpha') });

const kRelu = ['float32', 'float64', 'int8', 'int32'] as const;

/** ONNX before opset 20 has no Gelu. */
function gelu(n: ExportNode): Value {
  if (n.opset >= 20) return n.op('Gelu', [n.x]);
  const scaled = n.op('Div', [n.x, float(n, Math.SQRT2)]);
  const sum = n.op('Add', [n.op('Erf', [scaled]), float(n, 1)]);
  return n.op('Mul', [n.op('Mul', [n.x, sum]), float(n, 0.5)]);
}

function geluTanh(n: ExportNode): Value {
  if (n.opset >= 20) return n.op('Gelu', [n.x], { approximate: 'tanh' });
  const { x } = n;
  const cube = n.op('Mul', [n.op('Mul', [x, x]), n.op('Mul', [x, float(n, 0.044715)])]);
  const inner = n.op('Mul', [n.op('Add', [x, cube]), float(n, Math.sqrt(2 / Math.PI))]);
  const sum = n.op('Add', [n.op('Tanh', [inner]), float(n, 1)]);
  return n.op('Mul', [n.op('Mul', [x, float(n, 0.5)]), sum]);
}

function mish(n: ExportNode): Value {
  if (n.opset >= 18) return n.op('Mish', [n.x]);
  return n.op('Mul', [n.x, n.op('Tanh', [n.op('Softplus', [n.x])])]);
}

function hardSigmoid(n: ExportNode): Value {
  const attributes = { alpha: floatAttr(n, 'alpha'), beta: floatAttr(n, 'beta') };
  return n.op('HardSigmoid', [n.x], attributes);
}

function relu6(n: ExportNode): Value {
  const allowed = ['float32', 'float64', 'int8', 'uint8', 'int32', 'int64'] as const;
  return through(n, 'Clip', [n.x, float(n, 0), float(n, 6)], allowed);
}

function softmax(type: string): Exporting {
  return (n) => n.op(type, [n.x], { axis: n.int('axis') });
}

/** The loss of each row, and its gradient. */
function crossEntropy(n: ExportNode, labels: Value): readonly Value[] {
  const log = n.op('LogSoftmax', [n.x], { axis: -1 });
  // 0 times the logarithm of 0 is 0.
  const isZero = n.op('Equal', [labels, float(n, 0)], {}, { dtype: 'bool' });
  const each = where(n, isZero, float(n, 0), n.op('Mul', [labels, log]));
  const sum = n.op('ReduceSum', [each, n.vector([-1])], { keepdims: 0 });
  const share = n.op('Softmax', [n.x], { axis: -1 });
  return [n.op('Neg', [sum]), n.op('Sub', [share, labels])];
}

function sparseCrossEntropy(n: ExportNode): readonly Value[] {
  const classes = n.dims().at(-1) ?? n.unsupported('an unknown number of classes');
  const places = [cast(n, n.input(1), 'int64'), n.vector([classes])] as const;
  const labels = hot(n, places, float(n, 1), float(n, 0), -1);
  return crossEntropy(n, labels);
}

export const activations = {
  Elu: withAlpha('Elu'),
  Gelu: gelu,
  GeluTanh: geluTanh,
  HardSigmoid: hardSigmoid,
  HardSwish: same('HardSwish', undefined, 14),
  LeakyRelu: withAlpha('LeakyRelu'),
  LogSoftmax: softmax('LogSoftmax'),
  Mish: mish,
  Relu: (n) => through(n, 'Relu', [n.x], kRelu),
  Relu6: relu6,
  Selu: same('Selu'),
  Sigmoid: same('Sigmoid'),
  Silu: (n) => n.op('Mul', [n.x, n.op('Sigmoid', [n.x])]),
  Softmax: softmax('Softmax'),
  SoftmaxCrossEntropyWithLogits: (n) => crossEntropy(n, n.input(1)),
  Softplus: same('Softplus'),
  Softsign: same('Softsign'),
  SparseSoftmaxCrossEntropyWithLogits: sparseCrossEntropy,
} satisfies ExportFamily;
