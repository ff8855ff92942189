import { checkKeys } from '../attrs.js';
import type { FloatDType } from '../dtype.js';
import { concat, reshape, shape as shapeOf, slice } from '../generated/array.js';
import { matMul } from '../generated/linalg.js';
import type { Tensor } from '../tensor.js';
import { floatTensor, knownDim, type LayerInput, positiveInteger, shapeOfRank } from './checks.js';
import {
  asMatrix,
  finish,
  inLayer,
  type KernelOptions,
  kernelKeys,
  kernelOf,
  likeRows,
} from './layer.js';

export interface DenseOptions<D extends FloatDType = FloatDType> extends KernelOptions<D> {}

/**
 * activation(x kernel + bias) over the last dim: [..., n] to [..., units]. Variables kernel
 * [n, units] and bias [units]. INVALID_ARGUMENT unless x has 2 dims or more of which the last is
 * known.
 */
export function dense<D extends FloatDType>(
  x: LayerInput<D>,
  units: number,
  options: DenseOptions<NoInfer<D>> = {},
): Tensor<D> {
  checkKeys('dense', options, kernelKeys);
  const input = floatTensor(x, 'x');
  positiveInteger(units, 'units');
  shapeOfRank(input, 'x', 2, Number.POSITIVE_INFINITY);
  const n = knownDim(input, 'x', -1);
  return inLayer('dense', input, options, () => {
    const kernel = kernelOf(input, [n, units], options);
    const product = matMul(asMatrix(input, n), kernel);
    return likeRows(finish(product, units, options), input, units);
  });
}

/** All dims but the first as one: [batch, ...] to [batch, n]. */
export function flatten<D extends FloatDType>(x: LayerInput<D>): Tensor<D> {
  const input = floatTensor(x, 'x');
  const [batch, ...rest] = shapeOfRank(input, 'x', 1, Number.POSITIVE_INFINITY);
  if (rest.length === 1) return input;
  const known = rest.every((dim) => dim !== null);
  const n = known ? rest.reduce<number>((a, dim) => a * (dim ?? 1), 1) : null;
  if (n !== null && (n > 0 || batch !== null)) return reshape(input, [batch ?? -1, n]);
  if (typeof batch === 'number' && batch > 0) return reshape(input, [batch, -1]);
  return reshape(input, concat([slice(shapeOf(input), [0], [1]), [n ?? -1]], 0));
}
