import { isInteger, isNarrow } from '../../dtype.js';
import type { Tensor } from '../../tensor.js';
import type { ImportNode } from '../importNode.js';
import type { Family, Mapping } from '../mapping.js';
import { castTo } from './numbers.js';
import { dimTensor, flatten, shapeTensor, swapWithLast, unsqueeze, upTo } from './shapes.js';

const unary =
  (type: string): Mapping =>
  (n) =>
    n.out(type, [n.x]);

/** Softmax and its kin along one axis. */
const along =
  (type: string, usual: number): Mapping =>
  (n) => {
    const rank = n.rank();
    const axis = n.axis(n.attrs.int('axis', usual));
    if (axis === rank - 1) return n.out(type, [n.x]);
    const perm = swapWithLast(axis, rank);
    return n.out('Transpose', [n.op(type, [n.op('Transpose', [n.x, perm])]), perm]);
  };

/** Before opset 13: over all dims from the axis on, as one. */
const flattened =
  (type: string): Mapping =>
  (n) => {
    const rank = n.rank();
    const axis = n.axis(n.attrs.int('axis', 1));
    if (axis === rank - 1) return n.out(type, [n.x]);
    const dims = n.x.shape ?? [];
    if (dims.slice(axis + 1).every((dim) => dim === 1)) return along(type, 1)(n);
    return n.out('Reshape', [n.op(type, [flatten(n, n.x, axis)]), shapeTensor(n, n.x)]);
  };

function leakyRelu(n: ImportNode): Tensor {
  return n.out('LeakyRelu', [n.x], { alpha: n.attrs.float('alpha', 0.01) });
}

/** max(0, x) + f(min(0, x)), for what is linear above zero. */
function split(n: ImportNode, negative: (below: Tensor) => Tensor): Tensor {
  return n.out('AddV2', [n.op('Relu', [n.x]), negative(n.op('Minimum', [n.x, 0]))]);
}

const kSeluAlpha = Math.fround(1.6732632);
const kSeluGamma = Math.fround(1.050701);

function selu(n: ImportNode): Tensor {
  const alpha = n.attrs.float('alpha', kSeluAlpha);
  const gamma = n.attrs.float('gamma', kSeluGamma);
  if (alpha === kSeluAlpha && gamma === kSeluGamma) return n.out('Selu', [n.x]);
  const below = n.op('Mul', [n.op('Expm1', [n.op('Minimum', [n.x, 0])]), alpha]);
  return n.out('Mul', [n.op('AddV2', [n.op('Relu', [n.x]), below]), gamma]);
}

function celu(n: ImportNode): Tensor {
  const alpha = n.attrs.float('alpha', 1);
  return split(n, (below) =>
    n.op('Mul', [n.op('Expm1', [n.op('RealDiv', [below, alpha])]), alpha]),
  );
}

function prelu(n: ImportNode): Tensor {
  const slope = n.input(1);
  // Before opset 7 a slope per channel stood for axis 1.
  const missing = n.opset < 7 && slope.rank === 1 ? Math.max(0, n.rank() - 2) : 0;
  const wide = unsqueeze(
    n,
    slope,
    upTo(missing).map((i) => i + 1),
  );
  return split(n, (below) => n.op('Mul', [below, castTo(n, wide, n.x.dtype)]));
}

function hardSigmoid(n: ImportNode): Tensor {
  const attrs = { alpha: n.attrs.float('alpha', 0.2), beta: n.attrs.float('beta', 0.5) };
  return n.out('HardSigmoid', [n.x], attrs);
}

function thresholded(n: ImportNode): Tensor {
  const above = n.op('Greater', [n.x, n.attrs.float('alpha', 1)]);
  return n.out('SelectV2', [above, n.x, n.op('ZerosLike', [n.x])]);
}

function shrink(n: ImportNode): Tensor {
  const [lambd, bias] = [n.attrs.float('lambd', 0.5), n.attrs.float('bias', 0)];
  // Integers take fractions for their bounds, and lose those of the result.
  const x = isInteger(n.x.dtype) ? castTo(n, n.x, 'float64') : n.x;
  const above = n.op('SelectV2', [
    n.op('Greater', [x, lambd]),
    n.op('Sub', [x, bias]),
    n.op('ZerosLike', [x]),
  ]);
  const y = n.op('SelectV2', [n.op('Less', [x, -lambd]), n.op('AddV2', [x, bias]), above]);
  return n.out('Identity', [castTo(n, y, n.x.dtype)]);
}

function gelu(n: ImportNode): Tensor {
  return n.out(n.attrs.string('approximate', 'none') === 'tanh' ? 'GeluTanh' : 'Gelu', [n.x]);
}

function hardmax(n: ImportNode): Tensor {
  const rank = n.rank();
  const axis = n.axis(n.attrs.int('axis', n.opset < 13 ? 1 : -1));
  const isFlat = n.opset < 13 && axis !== rank - 1;
  const x = isFlat ? flatten(n, n.x, axis) : n.x;
  const at = isFlat ? 1 : axis;
  const best = n.op('ArgMax', [x, at], { output_type: 'int64' });
  const one = (value: number) => n.constant(value, n.x.dtype, []);
  const hot = n.op('OneHot', [best, dimTensor(n, x, at), one(1), one(0)], { axis: at });
  return n.out('Reshape', [hot, shapeTensor(n, n.x)]);
}

function swish(n: ImportNode): Tensor {
  const alpha = n.attrs.float('alpha', 1);
  if (alpha === 1) return n.out('Silu', [n.x]);
  return n.out('Mul', [n.x, n.op('Sigmoid', [n.op('Mul', [n.x, alpha])])]);
}

/** Drops elements by chance and scales the others up, when `training` is true. */
function drop(
  n: ImportNode,
  ratio: Tensor | number,
  training: Tensor | boolean,
): readonly (Tensor | undefined)[] {
  const { dtype } = n.x;
  const part = typeof ratio === 'number' ? n.constant(ratio, 'float32', []) : ratio;
  const share = castTo(n, n.op('Reshape', [part, []]), 'float32');
  const seed = n.attrs.int('seed', 0);
  const noise = n.op('RandomUniform', [shapeTensor(n, n.x)], { dtype: 'float32', seed2: seed });
  const off = typeof training === 'boolean' ? !training : n.op('LogicalNot', [training]);
  const kept = n.op('LogicalOr', [n.op('GreaterEqual', [noise, share]), off]);
  const scale = n.op('Reciprocal', [n.op('Sub', [n.constant(1, 'float32', []), share])]);
  // Floats of 8 bits are computed in float32.
  const x = isNarrow(dtype) ? castTo(n, n.x, 'float32') : n.x;
  const scaled = n.op('Mul', [x, castTo(n, scale, x.dtype)]);
  const changed = n.op('SelectV2', [kept, scaled, n.op('ZerosLike', [x])]);
  const y = castTo(n, n.op('SelectV2', [off, x, changed]), dtype);
  return [n.out('Identity', [y]), n.opset < 10 ? castTo(n, kept, dtype) : kept];
}

function dropout(n: ImportNode): readonly (Tensor | undefined)[] {
  if (n.opset < 7 && !n.attrs.flag('is_test')) return drop(n, n.attrs.float('ratio', 0.5), true);
  const training = n.optional(2);
  if (training && n.known(2)?.values[0] !== 0) {
    const ratio = n.optional(1) ?? n.constant(0.5, 'float32', []);
    return drop(n, ratio, n.op('Reshape', [training, []]));
  }
  const y = n.out('Identity', [n.x]);
  if (!n.wants(1)) return [y];
  const ones = n.op('Fill', [shapeTensor(n, n.x), n.constant(true, 'bool', [])]);
  return [y, n.opset < 10 ? castTo(n, ones, n.x.dtype) : ones];
}

export const activations: Family = {
  Celu: celu,
  Dropout: dropout,
  Elu: (n) => n.out('Elu', [n.x], { alpha: n.attrs.float('alpha', 1) }),
  Gelu: gelu,
  HardSigmoid: hardSigmoid,
  HardSwish: unary('HardSwish'),
  Hardmax: hardmax,
  LeakyRelu: leakyRelu,
  LogSoftmax: { 1: flattened('LogSoftmax'), 13: along('LogSoftmax', -1) },
  Mish: unary('Mish'),
  PRelu: prelu,
  Relu: unary('Relu'),
  Selu: selu,
  Shrink: shrink,
  Sigmoid: unary('Sigmoid'),
  Softmax: { 1: flattened('Softmax'), 13: along('Softmax', -1) },
  Softplus: unary('Softplus'),
  Softsign: unary('Softsign'),
  Swish: swish,
  ThresholdedRelu: thresholded,
};
