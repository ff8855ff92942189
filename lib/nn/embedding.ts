import { checkKeys } from '../attrs.js';
import type { FloatDType } from '../dtype.js';
import { gather } from '../generated/array.js';
import type { Operand } from '../op.js';
import { outermost } from '../subgraph.js';
import type { Tensor } from '../tensor.js';
import type { Values } from '../value.js';
import { indicesOf, positiveInteger } from './checks.js';
import { getVariable } from './getVariable.js';
import type { VariableInitializer } from './initializers/initializer.js';
import { randomUniform } from './initializers/random.js';
import { inLayer, type LayerOptions, layerKeys } from './layer.js';
import type { Regularizer } from './regularizers.js';

export interface EmbeddingOptions<D extends FloatDType = 'float32'> extends LayerOptions {
  /** Default: "float32". */
  readonly dtype?: D | undefined;
  /** Default: uniform in [-0.05, 0.05). */
  readonly initializer?: VariableInitializer | Tensor | Values | undefined;
  readonly regularizer?: Regularizer | undefined;
}

/**
 * The vector of each id: ids [...], int32 or int64 in [0, count), to [..., size]. Variable
 * embeddings [count, size], whose gradient is 0 but for the rows that were looked up. A run with
 * an id out of range is INVALID_ARGUMENT.
 */
export function embedding<D extends FloatDType = 'float32'>(
  ids: Operand<'int32' | 'int64'>,
  count: number,
  size: number,
  options: EmbeddingOptions<D> = {},
): Tensor<D> {
  checkKeys('embedding', options, [...layerKeys, 'dtype', 'initializer', 'regularizer']);
  positiveInteger(count, 'count');
  positiveInteger(size, 'size');
  const indices = indicesOf(ids, 'ids');
  const { initializer = randomUniform(), regularizer, trainable, dtype } = options;
  return inLayer('embedding', indices, options, () => {
    const shape = [count, size];
    const graph = outermost(indices.graph);
    const made = { shape, dtype, initializer, regularizer, trainable, graph };
    return gather(getVariable<D>('embeddings', made), indices, 0);
  });
}
