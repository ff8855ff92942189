import type { FloatDType } from '../dtype.js';
import { invalidArgument } from '../errors.js';
import { concat, reshape, shape as shapeOf, slice } from '../generated/array.js';
import { type BiasAddOptions, biasAdd } from '../generated/nn.js';
import { outermost, targetGraph } from '../subgraph.js';
import type { Tensor } from '../tensor.js';
import type { Values } from '../value.js';
import type { Variable } from '../variable.js';
import { getVariable } from './getVariable.js';
import type { VariableInitializer } from './initializers/initializer.js';
import { zeros } from './initializers/simple.js';
import type { Regularizer } from './regularizers.js';
import { type Reuse, variableScope } from './scope.js';

/** What every layer takes. */
export interface LayerOptions {
  /** The variable scope of the layer's variables; default: the layer's kind, made unique. */
  readonly name?: string | undefined;
  readonly reuse?: Reuse | undefined;
  /** Whether optimizers change its variables; default: as the scope says, else true. */
  readonly trainable?: boolean | undefined;
}

/** The options of every layer, for checks. */
export const layerKeys = ['name', 'reuse', 'trainable'] as const;

/** What layers with a kernel and a bias take. */
export interface KernelOptions<D extends FloatDType = FloatDType> extends LayerOptions {
  /** Applied to the result, such as `relu`. */
  readonly activation?: ((x: Tensor<D>) => Tensor<D>) | undefined;
  /** Default: true. */
  readonly useBias?: boolean | undefined;
  /** Default: glorotUniform, unless the scope has an initializer. */
  readonly kernelInitializer?: VariableInitializer | Tensor | Values | undefined;
  /** Default: zeros. */
  readonly biasInitializer?: VariableInitializer | Tensor | Values | undefined;
  readonly kernelRegularizer?: Regularizer | undefined;
  readonly biasRegularizer?: Regularizer | undefined;
}

export const kernelKeys = [
  ...layerKeys,
  'activation',
  'useBias',
  'kernelInitializer',
  'biasInitializer',
  'kernelRegularizer',
  'biasRegularizer',
] as const;

/** Calls fn in the variable scope of a layer on x. */
export function inLayer<R>(kind: string, x: Tensor, options: LayerOptions, fn: () => R): R {
  const { name, reuse } = options;
  const graph = targetGraph(x.graph);
  return variableScope(name ?? null, { defaultName: kind, reuse, graph }, fn);
}

interface ParameterOptions {
  readonly initializer?: VariableInitializer | Tensor | Values | undefined;
  readonly regularizer?: Regularizer | undefined;
  readonly trainable?: boolean | undefined;
}

/** A variable of a layer on x, of x's dtype. */
export function parameter<D extends FloatDType>(
  name: string,
  x: Tensor<D>,
  shape: readonly number[],
  options: ParameterOptions,
): Variable<D> {
  return getVariable(name, { ...options, shape, dtype: x.dtype, graph: outermost(x.graph) });
}

/** The kernel of a layer on x. */
export function kernelOf<D extends FloatDType>(
  x: Tensor<D>,
  shape: readonly number[],
  options: KernelOptions<D>,
  name = 'kernel',
): Variable<D> {
  return parameter(name, x, shape, {
    initializer: options.kernelInitializer,
    regularizer: options.kernelRegularizer,
    trainable: options.trainable,
  });
}

/** y with the layer's bias, if it has one, and its activation. */
export function finish<D extends FloatDType>(
  y: Tensor<D>,
  units: number,
  options: KernelOptions<D>,
  dataFormat?: BiasAddOptions['dataFormat'],
): Tensor<D> {
  const { useBias = true, activation, biasInitializer = zeros(), biasRegularizer } = options;
  if (activation !== undefined && typeof activation !== 'function') {
    throw invalidArgument('activation', 'a function such as relu', activation);
  }
  if (!useBias) return activation ? activation(y) : y;
  const bias = parameter('bias', y, [units], {
    initializer: biasInitializer,
    regularizer: biasRegularizer,
    trainable: options.trainable,
  });
  const sum = biasAdd(y, bias, { dataFormat });
  return activation ? activation(sum) : sum;
}

/** x [..., n] as a matrix [rows, n]. */
export function asMatrix<D extends FloatDType>(x: Tensor<D>, n: number): Tensor<D> {
  return x.rank === 2 ? x : reshape(x, [-1, n]);
}

/** y with the dims of x but for the last, and those of the tail: of a matrix [rows, n], say. */
export function likeRows<D extends FloatDType>(
  y: Tensor<D>,
  x: Tensor<D>,
  ...tail: readonly number[]
): Tensor<D> {
  const lead = x.shape!.slice(0, -1);
  if (lead.length === 1 && tail.length === 1) return y;
  const unknown = lead.filter((dim) => dim === null).length;
  const plain = unknown === 0 || (unknown === 1 && !lead.includes(0) && !tail.includes(0));
  if (plain) return reshape(y, [...lead.map((dim) => dim ?? -1), ...tail]);
  const dims = concat([slice(shapeOf(x), [0], [lead.length]), [...tail]], 0);
  return reshape(y, dims).setShape([...lead, ...tail]);
}
