import type { Tensor } from '../../tensor.js';
import type { ImportNode } from '../importNode.js';
import type { Family } from '../mapping.js';
import { castTo, dtypeOfNumber } from './numbers.js';
import { dimTensor, shapeTensor } from './shapes.js';

/** ONNX gives a seed as a float; the engine takes an integer, 0 for none. */
function seedOf(n: ImportNode): number {
  return n.attrs.has('seed') ? Math.trunc(n.attrs.float('seed')) || 1 : 0;
}

type Draw = (n: ImportNode, shape: unknown, attrs: Readonly<Record<string, unknown>>) => Tensor;

const normal: Draw = (n, shape, attrs) => {
  const noise = n.op('RandomStandardNormal', [shape], attrs);
  const [scale, mean] = [n.attrs.float('scale', 1), n.attrs.float('mean', 0)];
  return n.out('AddV2', [n.op('Mul', [noise, scale]), mean]);
};

const uniform: Draw = (n, shape, attrs) => {
  const noise = n.op('RandomUniform', [shape], attrs);
  const [low, high] = [n.attrs.float('low', 0), n.attrs.float('high', 1)];
  return n.out('AddV2', [n.op('Mul', [noise, high - low]), low]);
};

function ofShape(draw: Draw) {
  return (n: ImportNode): Tensor => {
    const dtype = dtypeOfNumber(n, n.attrs.int('dtype', 1));
    const shape = n.constant(n.attrs.ints('shape'), 'int64');
    return draw(n, shape, { dtype, seed2: seedOf(n) });
  };
}

function like(draw: Draw) {
  return (n: ImportNode): Tensor => {
    const dtype = n.attrs.has('dtype') ? dtypeOfNumber(n, n.attrs.int('dtype')) : n.x.dtype;
    return draw(n, shapeTensor(n, n.x), { dtype, seed2: seedOf(n) });
  };
}

function bernoulli(n: ImportNode): Tensor {
  const dtype = n.attrs.has('dtype') ? dtypeOfNumber(n, n.attrs.int('dtype')) : n.x.dtype;
  const attrs = { dtype: 'float32', seed2: seedOf(n) };
  const noise = n.op('RandomUniform', [shapeTensor(n, n.x)], attrs);
  return n.out('Cast', [n.op('Less', [noise, castTo(n, n.x, 'float32')])], { DstT: dtype });
}

/** Classes by unnormalized logarithms of their chances: the largest after Gumbel noise. */
function multinomial(n: ImportNode): Tensor {
  const count = n.attrs.int('sample_size', 1);
  const dtype = dtypeOfNumber(n, n.attrs.int('dtype', 6));
  const logits = n.op('ExpandDims', [castTo(n, n.x, 'float32'), 1]);
  const [batch, classes] = [0, 1].map((axis) => dimTensor(n, n.x, axis));
  const shape = n.op('Pack', [[batch, n.constant(count, 'int64', []), classes]], { axis: 0 });
  const chance = n.op('RandomUniform', [shape], { dtype: 'float32', seed2: seedOf(n) });
  // Never 0, of which the logarithm is infinite.
  const noise = n.op('Log', [n.op('Neg', [n.op('Log', [n.op('Maximum', [chance, 1e-30])])])]);
  const best = n.op('ArgMax', [n.op('Sub', [logits, noise]), 2], { output_type: 'int64' });
  return n.out('Cast', [best], { DstT: dtype });
}

export const randoms: Family = {
  Bernoulli: bernoulli,
  Multinomial: multinomial,
  RandomNormal: ofShape(normal),
  RandomNormalLike: like(normal),
  RandomUniform: ofShape(uniform),
  RandomUniformLike: like(uniform),
};
