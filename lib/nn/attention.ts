import { checkKeys } from '../attrs.js';
import { constant } from '../constant.js';
import type { FloatDType } from '../dtype.js';
import {
  expandDims,
  range,
  shape as shapeOf,
  slice,
  squeeze,
  transpose,
} from '../generated/array.js';
import { matMul } from '../generated/linalg.js';
import { greaterEqual, logicalAnd, mul, select, sub } from '../generated/math.js';
import { softmax } from '../generated/nn.js';
import type { Operand } from '../op.js';
import { targetGraph } from '../subgraph.js';
import type { Tensor } from '../tensor.js';
import {
  failure,
  floatTensor,
  knownDim,
  type LayerInput,
  positiveInteger,
  shapeOfRank,
} from './checks.js';
import { dense } from './dense.js';
import { dropout } from './dropout.js';
import { inLayer, type KernelOptions, kernelKeys, likeRows } from './layer.js';
import { checkTraining, type Training } from './training.js';

export interface AttentionOptions<D extends FloatDType = FloatDType>
  extends Omit<KernelOptions<D>, 'activation'> {
  /** How many heads look at once; they divide keySize and valueSize. */
  readonly heads: number;
  /** Columns of all heads' queries and keys; default: the last dim of the queries. */
  readonly keySize?: number | undefined;
  /** Columns of all heads' values; default: keySize. */
  readonly valueSize?: number | undefined;
  /** Default: the last dim of the queries. */
  readonly outputSize?: number | undefined;
  /** Whether step i sees the steps up to i alone, counted from the end of both sequences. */
  readonly causal?: boolean | undefined;
  /** Which keys count at all, [batch, keys]: false where a sequence is padded. */
  readonly keyMask?: Operand<'bool'> | undefined;
  /** Which key each query sees; broadcasts to [batch, heads, queries, keys]. */
  readonly mask?: Operand<'bool'> | undefined;
  /** The share of attention weights that are dropped in training; default: 0. */
  readonly dropout?: number | undefined;
  /** Needed with dropout. */
  readonly training?: Training | undefined;
}

/**
 * Scaled dot-product attention with several heads: Vaswani et al., 2017. Queries [batch, q, n] look
 * at a memory [batch, k, m], for self-attention the queries themselves; the result is [batch, q,
 * outputSize]. Layers query, key, value and output, each with kernel and bias. A query that sees no
 * key gets the mean of all values.
 */
export function multiHeadAttention<D extends FloatDType>(
  queries: LayerInput<D>,
  memory: LayerInput<NoInfer<D>>,
  options: AttentionOptions<NoInfer<D>>,
): Tensor<D> {
  checkKeys('multiHeadAttention', options, [
    ...kernelKeys.filter((key) => key !== 'activation'),
    'heads',
    'keySize',
    'valueSize',
    'outputSize',
    'causal',
    'keyMask',
    'mask',
    'dropout',
    'training',
  ]);
  const [x, source] = [floatTensor(queries, 'queries'), floatTensor(memory, 'memory')];
  shapeOfRank(x, 'queries', 3);
  shapeOfRank(source, 'memory', 3);
  const size = knownDim(x, 'queries', -1);
  const { heads, keySize = size, valueSize = keySize, outputSize = size } = options;
  checkHeads(heads, { keySize, valueSize });
  const { trainable, useBias, kernelInitializer, biasInitializer } = options;
  const { kernelRegularizer, biasRegularizer } = options;
  const initializers = { kernelInitializer, biasInitializer };
  const weights = { trainable, useBias, ...initializers, kernelRegularizer, biasRegularizer };
  return inLayer('multi_head_attention', x, options, () => {
    const project = (input: Tensor<D>, name: string, units: number) =>
      splitHeads(dense(input, units, { ...weights, name }), heads);
    const q = project(x, 'query', keySize);
    const [k, v] = [project(source, 'key', keySize), project(source, 'value', valueSize)];
    const scaled = mul(q, Math.sqrt(heads / keySize));
    const scores = masked(matMul(scaled, k, { transposeB: true }), options);
    const attention = dropped(softmax(scores), options);
    const mixed = likeRows(transpose(matMul(attention, v), [0, 2, 1, 3]), x, valueSize);
    return dense(mixed, outputSize, { ...weights, name: 'output' });
  });
}

function checkHeads(heads: number, widths: Readonly<Record<string, number>>): void {
  positiveInteger(heads, 'heads');
  for (const [name, width] of Object.entries(widths)) {
    if (positiveInteger(width, name) % heads === 0) continue;
    throw failure(`Expected a divisor of ${name} ${width} for heads but received ${heads}`);
  }
}

/** [batch, steps, n] as [batch, heads, steps, n / heads]. */
function splitHeads<D extends FloatDType>(x: Tensor<D>, heads: number): Tensor<D> {
  return transpose(likeRows(x, x, heads, knownDim(x, 'x', -1) / heads), [0, 2, 1, 3]);
}

function masked<D extends FloatDType>(scores: Tensor<D>, options: AttentionOptions<D>): Tensor<D> {
  const { causal = false, keyMask, mask } = options;
  const masks: Operand<'bool'>[] = [];
  if (mask !== undefined) masks.push(mask);
  if (keyMask !== undefined) masks.push(expandDims(expandDims(keyMask, 1), 1));
  if (causal) masks.push(lowerTriangle(scores));
  if (masks.length === 0) return scores;
  const seen = masks.reduce((a, b) => logicalAnd(a, b));
  // Finite, so that a row without any key gives no NaN.
  return select(seen, scores, scores.dtype === 'float16' ? -6e4 : -1e30);
}

/** [queries, keys]: whether the key is not later than the query. */
function lowerTriangle(scores: Tensor): Tensor<'bool'> {
  const [queries, keys] = [sizeOf(scores, 2), sizeOf(scores, 3)];
  const start = sub(keys, queries);
  const rows = expandDims(range(start, keys, toInt(1, scores)), 1);
  return greaterEqual(rows, range(toInt(0, scores), keys, 1));
}

function sizeOf(x: Tensor, axis: number): Tensor<'int32'> {
  const known = x.shape?.[axis];
  if (typeof known === 'number') return toInt(known, x);
  return squeeze(slice(shapeOf(x), [axis], [1]), { squeezeDims: [0] });
}

function toInt(value: number, { graph }: Tensor): Tensor<'int32'> {
  return constant(value, { dtype: 'int32', graph: targetGraph(graph) });
}

function dropped<D extends FloatDType>(
  weights: Tensor<D>,
  options: AttentionOptions<D>,
): Tensor<D> {
  const { dropout: rate = 0, training } = options;
  return rate === 0 ? weights : dropout(weights, rate, { training: checkTraining({ training }) });
}
