import { type FloatDType, isFloat } from './dtype.js';
import { EngineError, invalidArgument } from './errors.js';
import { gather, reshape, stack, stopGradient } from './generated/array.js';
import { mul } from './generated/math.js';
import { type Differentiable, gradients } from './gradients.js';
import { formatShape, type Shape, sizeOf } from './shape.js';
import { Tensor } from './tensor.js';

/**
 * The derivative of every element of y by every element of x, of shape [...y.shape, ...x.shape].
 * Adds as many backward passes as y has elements, so y should be small. Shapes must be known.
 */
export function jacobian<D extends FloatDType>(y: Tensor<D>, x: Differentiable): Tensor<D> {
  const [rows, columns] = [knownShape(y, 'y'), knownShape(x, 'x')];
  const elements = reshape(y, [-1]);
  const found = Array.from({ length: sizeOf(rows) }, (_, i) => {
    const [row] = gradients(gather(elements, i, 0), x, { unconnected: 'zero' });
    return row as Tensor<D>;
  });
  if (found.length === 0) throw invalidArgument('y', 'at least one element', formatShape(rows));
  return reshape(stack(found), [...rows, ...columns]);
}

/**
 * The second derivatives of the sum of y by x, of shape [...x.shape, ...x.shape]. For large x see
 * `hessianVectorProduct`.
 */
export function hessian<D extends FloatDType>(y: Tensor<D>, x: Differentiable): Tensor<D> {
  const [first] = gradients(y, x, { unconnected: 'zero' });
  return jacobian(first as Tensor<D>, x);
}

/**
 * The Hessian of the sum of ys by all xs together, times v, without making the Hessian: Pearlmutter,
 * 1994. One tensor for each x, of its shape; null where the gradient does not depend on it.
 */
export function hessianVectorProduct(
  ys: Tensor | readonly Tensor[],
  xs: readonly Differentiable[],
  v: readonly Tensor[],
): (Tensor | null)[] {
  if (v.length !== xs.length) {
    throw new EngineError('INVALID_ARGUMENT', 'xs and v must have the same length.');
  }
  const first = gradients(ys, xs);
  const products = first.flatMap((gradient, i) => {
    const along = v[i]!;
    if (gradient === null || !isFloat(gradient.dtype)) return [];
    return [mul(gradient as Tensor<FloatDType>, stopGradient(along as Tensor<FloatDType>))];
  });
  return products.length === 0 ? xs.map(() => null) : gradients(products, xs);
}

function knownShape(of: Differentiable, name: string): Shape {
  const { shape } = of;
  if (shape?.every((dim): dim is number => dim !== null)) return shape;
  const what = of instanceof Tensor ? of.name : `variable '${of.name}'`;
  throw invalidArgument(name, 'a tensor of known shape', `${what} ${formatShape(shape)}`);
}
