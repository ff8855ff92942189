import { checkKeys } from '../../attrs.js';
import { whileLoop } from '../../control/whileLoop.js';
import type { FloatDType } from '../../dtype.js';
import { EngineError } from '../../errors.js';
import { matrixBandPart, onesLike, reshape, transpose } from '../../generated/array.js';
import { matMul } from '../../generated/linalg.js';
import { abs, cast, div, greater, max, mul, sqrt, square, sub, sum } from '../../generated/math.js';
import { randomNormal } from '../../generated/random.js';
import { formatShape } from '../../shape.js';
import type { Tensor } from '../../tensor.js';
import { floating, type SeedOption, type VariableInitializer } from './initializer.js';

export interface OrthogonalOptions extends SeedOption {
  /** Default: 1. */
  readonly gain?: number | undefined;
}

/**
 * gain times a random matrix with orthonormal columns, or rows where there are fewer: Saxe et al.,
 * 2014. A shape of more dims counts as a matrix of all dims but the last by the last.
 */
export function orthogonal(options: OrthogonalOptions = {}): VariableInitializer {
  checkKeys('orthogonal', options, ['gain', 'seed']);
  const { gain = 1, seed } = options;
  return (shape, dtype) => {
    if (shape.length < 2) {
      throw new EngineError(
        'INVALID_ARGUMENT',
        `The tensor to initialize must be at least two-dimensional but has shape ${formatShape(shape)}`,
      );
    }
    const type = floating(dtype, 'orthogonal');
    const columns = shape.at(-1)!;
    const rows = shape.slice(0, -1).reduce((a, b) => a * b, 1);
    const [long, short] = rows < columns ? [columns, rows] : [rows, columns];
    // The half types have too few digits for the iteration.
    const work = type === 'float64' ? type : 'float32';
    const drawn = randomNormal([long, short], { dtype: work, seed });
    const tall = rows * columns === 0 ? drawn : polarFactor(drawn);
    const q = rows < columns ? transpose(tall, [1, 0]) : tall;
    return cast(reshape(mul(q, gain), [...shape]), type);
  };
}

/**
 * The orthogonal factor of x = q p, which is uniformly distributed for a normal x, by Newton and
 * Schulz: x becomes x (3 - x' x) / 2 until x' x is the identity. It converges for singular values
 * below sqrt(3), which dividing by the norm makes sure of.
 */
function polarFactor<D extends FloatDType>(x: Tensor<D>): Tensor<D> {
  const tolerance = x.dtype === 'float64' ? 1e-12 : 1e-5;
  const error = (q: Tensor<D>, identity: Tensor<D>) =>
    sub(matMul(q, q, { transposeA: true }), identity);
  const start = div(x, sqrt(sum(square(x))));
  const identity = matrixBandPart(onesLike(matMul(start, start, { transposeA: true })), 0, 0);
  const [q] = whileLoop(
    (v) => greater(max(abs(error(v, identity))), tolerance),
    (v) => [sub(v, mul(matMul(v, error(v, identity)), 0.5))],
    [start],
    { maximumIterations: 100 },
  );
  return q!;
}
