import { checkKeys } from '../attrs.js';
import { constant } from '../constant.js';
import type { FloatDType } from '../dtype.js';
import { invalidArgument } from '../errors.js';
import { range, reshape, shape as shapeOf, slice, squeeze, stack } from '../generated/array.js';
import { add, cast, cos, exp, mul, sin } from '../generated/math.js';
import { NDArray } from '../ndArray.js';
import { targetGraph } from '../subgraph.js';
import type { Tensor } from '../tensor.js';
import type { Values } from '../value.js';
import {
  failure,
  floatTensor,
  knownDim,
  type LayerInput,
  positiveInteger,
  shapeOfRank,
} from './checks.js';
import type { VariableInitializer } from './initializers/initializer.js';
import { randomNormal } from './initializers/random.js';
import { inLayer, type LayerOptions, layerKeys, parameter } from './layer.js';

export interface PositionalEncodingOptions extends LayerOptions {
  /** Default: "sinusoidal". */
  readonly kind?: 'sinusoidal' | 'learned' | undefined;
  /** Sinusoidal: the longest wavelength is this times 2 pi; default: 10000. */
  readonly base?: number | undefined;
  /** Learned: how many positions there are; needed. */
  readonly maxLength?: number | undefined;
  /** Learned: default a normal distribution of deviation 0.02. */
  readonly initializer?: VariableInitializer | Tensor | Values | undefined;
}

/**
 * x [batch, steps, size] plus a vector for each step. Sinusoidal: sin(p f) and cos(p f) in turn for
 * position p and frequencies f = base^(-2 i / size): Vaswani et al., 2017. Learned: rows of the
 * variable positions [maxLength, size]; a run with more steps is INVALID_ARGUMENT.
 */
export function positionalEncoding<D extends FloatDType>(
  x: LayerInput<D>,
  options: PositionalEncodingOptions = {},
): Tensor<D> {
  checkKeys('positionalEncoding', options, [
    ...layerKeys,
    'kind',
    'base',
    'maxLength',
    'initializer',
  ]);
  const input = floatTensor(x, 'x');
  const [, steps] = shapeOfRank(input, 'x', 3);
  const size = knownDim(input, 'x', -1);
  const { kind = 'sinusoidal', base = 10_000 } = options;
  if (kind === 'learned') return learned(input, size, steps ?? null, options);
  if (kind !== 'sinusoidal') throw invalidArgument('kind', "'sinusoidal' or 'learned'", kind);
  if (size % 2 !== 0) throw failure(`Expected an even last dim for x but received ${size}`);
  if (!(base > 1)) throw invalidArgument('base', 'a number above 1', base);
  const graph = targetGraph(input.graph);
  return graph.nameScope('positional_encoding', () => {
    if (typeof steps !== 'number') {
      return add(input, cast(waves(stepsOf(input), size, base), input.dtype));
    }
    const table = new NDArray(waveTable(steps, size, base), [steps, size], 'float64');
    return add(input, constant(table, { dtype: input.dtype, graph }));
  });
}

/** Of a length that is known when the graph is built, so that no run makes it. */
function waveTable(steps: number, size: number, base: number): Float64Array {
  return Float64Array.from({ length: steps * size }, (_, i) => {
    const column = i % size;
    const place = column - (column % 2);
    const angle = ((i - column) / size) * Math.exp((-Math.log(base) * place) / size);
    return column === place ? Math.sin(angle) : Math.cos(angle);
  });
}

/** [steps, size]: each pair of columns turns at its own speed. */
function waves(steps: Tensor<'int32'>, size: number, base: number): Tensor<'float64'> {
  const half = size / 2;
  const positions = reshape(cast(range(int(0, steps), steps, 1), 'float64'), [-1, 1]);
  const places = cast(range(int(0, steps), half, 1), 'float64');
  const angles = mul(positions, exp(mul(places, -Math.log(base) / half)));
  const pairs = stack([sin(angles), cos(angles)], { axis: 2 });
  return reshape(pairs, [-1, size]);
}

function learned<D extends FloatDType>(
  x: Tensor<D>,
  size: number,
  steps: number | null,
  options: PositionalEncodingOptions,
): Tensor<D> {
  const { trainable, initializer = randomNormal({ stddev: 0.02 }) } = options;
  const most = positiveInteger(options.maxLength, 'maxLength');
  if (steps !== null && steps > most) {
    throw failure(`Expected at most ${most} steps for x but received ${steps}`);
  }
  return inLayer('positional_encoding', x, options, () => {
    const positions = parameter('positions', x, [most, size], { initializer, trainable });
    const length = steps ?? stepsOf(x);
    return add(x, slice(positions, [0, 0], stack([length, int(size, x)])));
  });
}

function stepsOf(x: Tensor): Tensor<'int32'> {
  return squeeze(slice(shapeOf(x), [1], [1]), { squeezeDims: [0] });
}

function int(value: number, { graph }: Tensor): Tensor<'int32'> {
  return constant(value, { dtype: 'int32', graph: targetGraph(graph) });
}
