import type { FloatDType } from '../dtype.js';
import { zeros as zeroTensor } from '../fills.js';
import { concat, reshape, stack, transpose } from '../generated/array.js';
import type { Operand } from '../op.js';
import { outermost } from '../subgraph.js';
import type { Tensor } from '../tensor.js';
import type { Values } from '../value.js';
import { floatTensor, knownDim, type LayerInput, positiveInteger, shapeOfRank } from './checks.js';
import type { VariableInitializer } from './initializers/initializer.js';
import { orthogonal } from './initializers/orthogonal.js';
import { glorotUniform } from './initializers/scaling.js';
import { zeros } from './initializers/simple.js';
import { inLayer, type LayerOptions, layerKeys, likeRows, parameter } from './layer.js';
import type { Regularizer } from './regularizers.js';
import { scopeOf } from './scope.js';

/** What recurrent layers take. */
export interface RecurrentOptions extends LayerOptions {
  /** Default: "forward". */
  readonly direction?: 'forward' | 'reverse' | 'bidirectional' | undefined;
  /** How many steps of each sequence count, [batch]; outputs behind them are 0. */
  readonly lengths?: Operand<'int32'> | undefined;
  /**
   * A function is asked for a matrix [inputs, gates * units] for each direction; a value has the
   * variable's shape. Default: glorotUniform, unless the scope has an initializer.
   */
  readonly kernelInitializer?: VariableInitializer | Tensor | Values | undefined;
  /** The same for [units, gates * units]. Default: orthogonal. */
  readonly recurrentInitializer?: VariableInitializer | Tensor | Values | undefined;
  readonly biasInitializer?: VariableInitializer | Tensor | Values | undefined;
  readonly kernelRegularizer?: Regularizer | undefined;
  readonly recurrentRegularizer?: Regularizer | undefined;
}

export const recurrentKeys = [
  ...layerKeys,
  'direction',
  'lengths',
  'kernelInitializer',
  'recurrentInitializer',
  'biasInitializer',
  'kernelRegularizer',
  'recurrentRegularizer',
] as const;

/** What a recurrent op takes, made from a layer's arguments. */
export interface Recurrence<D extends FloatDType> {
  readonly x: Tensor<D>;
  readonly w: Tensor<D>;
  readonly r: Tensor<D>;
  readonly b: Tensor<D>;
  readonly units: number;
  readonly directions: number;
}

export interface Cell {
  readonly kind: string;
  readonly gates: number;
  /** Biases of the input and of the state as variables; else of the input alone. */
  readonly bothBiases: boolean;
  readonly bias?: VariableInitializer | undefined;
}

/** Calls fn with the variables of a recurrent layer on x [batch, steps, inputs]. */
export function recurrence<D extends FloatDType, R>(
  x: LayerInput<D>,
  units: number,
  cell: Cell,
  options: RecurrentOptions,
  fn: (q: Recurrence<D>) => R,
): R {
  const input = floatTensor(x, 'x');
  positiveInteger(units, 'units');
  shapeOfRank(input, 'x', 3);
  const inputs = knownDim(input, 'x', -1);
  const directions = options.direction === 'bidirectional' ? 2 : 1;
  const width = cell.gates * units;
  return inLayer(cell.kind, input, options, () => {
    const own = scopeOf(outermost(input.graph)).initializer;
    const { kernelInitializer = own ?? glorotUniform(), trainable } = options;
    const { recurrentInitializer = orthogonal() } = options;
    const { biasInitializer = cell.bias ?? zeros() } = options;
    const w = parameter('kernel', input, [directions, width, inputs], {
      initializer: byDirection(kernelInitializer),
      regularizer: options.kernelRegularizer,
      trainable,
    });
    const r = parameter('recurrent_kernel', input, [directions, width, units], {
      initializer: byDirection(recurrentInitializer),
      regularizer: options.recurrentRegularizer,
      trainable,
    });
    const biases = cell.bothBiases ? 2 * width : width;
    const shape = [directions, biases];
    const bias = parameter('bias', input, shape, { initializer: biasInitializer, trainable });
    const rest = zeroTensor([directions, 2 * width - biases], { dtype: input.dtype });
    const b = cell.bothBiases ? bias.read() : concat([bias, rest], 1);
    return fn({ x: input, w: w.read(), r: r.read(), b, units, directions });
  });
}

/** [directions, width, n] from matrices [n, width]. */
function byDirection(initializer: VariableInitializer | Tensor | Values) {
  if (typeof initializer !== 'function') return initializer;
  const perDirection: VariableInitializer = ([directions = 1, width = 0, n = 0], dtype) =>
    stack(
      Array.from({ length: directions }, () => transpose(initializer([n, width], dtype), [1, 0])),
    );
  return perDirection;
}

/** The outputs of all steps [batch, steps, directions, units] as [batch, steps, n]. */
export function sequence<D extends FloatDType>(y: Tensor<D>, q: Recurrence<D>): Tensor<D> {
  return likeRows(y, q.x, q.directions * q.units);
}

/** A state [batch, directions, units] as [batch, n]. */
export function stateOf<D extends FloatDType>(h: Tensor<D>, q: Recurrence<D>): Tensor<D> {
  return reshape(h, [-1, q.directions * q.units]);
}

/** A state [batch, n] that a caller gives, as the ops want it. */
export function stateFor<D extends FloatDType>(
  h: Operand<D> | undefined,
  q: Recurrence<D>,
): Tensor<D> | null {
  return h === undefined ? null : reshape(h, [-1, q.directions, q.units]);
}
