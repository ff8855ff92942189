import type { Tensor } from '../../../tensor.js';
import type { ImportNode } from '../../importNode.js';
import type { Family } from '../../mapping.js';
import { wide } from '../attention.js';
import { castTo } from '../numbers.js';
import { dimTensor } from '../shapes.js';
import { plus } from './activation.js';
import { onLastChannels } from './conv.js';

interface Normalized {
  readonly y: Tensor;
  readonly mean?: Tensor;
  readonly inverse: Tensor;
}

/** Over the last axis, in float32 at least; without an offset of the mean when `simplified`. */
function normalized(
  n: ImportNode,
  x: Tensor,
  parts: { scale: Tensor; bias?: Tensor | undefined; epsilon: number; simplified?: boolean },
): Normalized {
  const axes = [-1];
  const keep = { keep_dims: true };
  const whole = wide(n, x);
  const mean = parts.simplified ? undefined : n.op('Mean', [whole, axes], keep);
  const centred = mean ? n.op('Sub', [whole, mean]) : whole;
  const variance = n.op('Mean', [n.op('Square', [centred]), axes], keep);
  const inverse = n.op('Rsqrt', [n.op('AddV2', [variance, parts.epsilon])]);
  const unit = castTo(n, n.op('Mul', [centred, inverse]), x.dtype);
  const y = plus(n, n.op('Mul', [unit, parts.scale]), parts.bias);
  return { y, inverse, ...(mean ? { mean } : {}) };
}

/** The attribute, or what the operator takes without it. */
function epsilonOf(n: ImportNode, usual: number): number {
  return n.attrs.float('epsilon', usual);
}

/** The normalized sum of an input, a skipped one and a bias. */
const skipped =
  (simplified: boolean) =>
  (n: ImportNode): readonly (Tensor | undefined)[] => {
    const [bias, addend] = simplified ? [undefined, n.optional(3)] : [n.optional(3), n.optional(4)];
    const sum = plus(n, n.op('AddV2', [n.x, n.input(1)]), addend);
    const parts = { scale: n.input(2), bias, epsilon: epsilonOf(n, 1e-12), simplified };
    const { y, mean, inverse } = normalized(n, sum, parts);
    return [n.out('Identity', [y]), mean ?? inverse, inverse, sum];
  };

/** RMS normalization, from an axis on. */
export function simplifiedNormalization(n: ImportNode): readonly (Tensor | undefined)[] {
  const y = n.call('RMSNormalization', [n.x, n.input(1)], {
    axis: n.attrs.int('axis', -1),
    epsilon: epsilonOf(n, 1e-5),
  });
  if (!n.wants(1)) return [n.out('Identity', [y])];
  const axis = n.axis(n.attrs.int('axis', -1));
  const axes = Array.from({ length: n.rank() - axis }, (_, i) => axis + i);
  const power = n.op('Mean', [n.op('Square', [wide(n, n.x)]), axes], { keep_dims: true });
  const inverse = n.op('Rsqrt', [n.op('AddV2', [power, epsilonOf(n, 1e-5)])]);
  return [n.out('Identity', [y]), inverse];
}

function layerNormalization(n: ImportNode): readonly (Tensor | undefined)[] {
  return n.calls('LayerNormalization', [n.x, n.input(1), n.optional(2)], n.attrs, 3);
}

/** The rows of a table for the ids, or its first rows when there are no ids. */
function rowsOf(n: ImportNode, table: Tensor, ids: Tensor | undefined, length: Tensor): Tensor {
  if (ids) return n.op('GatherV2', [table, ids, 0]);
  const places = n.op('Range', [n.constant(0, 'int64', []), length, n.constant(1, 'int64', [])]);
  return n.op('GatherV2', [table, places, 0]);
}

function embedLayerNormalization(n: ImportNode): readonly (Tensor | undefined)[] {
  const [segments, table] = [n.optional(1), n.optional(4)];
  const word = n.op('GatherV2', [n.input(2), n.x, 0]);
  const place = rowsOf(n, n.input(3), n.optional(8), dimTensor(n, n.x, 1));
  const segment = segments && table ? n.op('GatherV2', [table, segments, 0]) : undefined;
  const sum = plus(n, n.op('AddV2', [word, place]), segment);
  const parts = { scale: n.input(5), bias: n.input(6), epsilon: epsilonOf(n, 1e-12) };
  const { y } = normalized(n, sum, parts);
  const mask = n.optional(7);
  const counted = n.op('Sum', [mask ?? n.op('ZerosLike', [n.x]), [1]]);
  return [n.out('Identity', [y]), castTo(n, counted, 'int32'), sum];
}

function groupNorm(n: ImportNode): Tensor {
  const attrs = { num_groups: n.attrs.int('groups'), epsilon: epsilonOf(n, 1e-5) };
  const group = (x: Tensor) =>
    n.call('GroupNormalization', [castTo(n, x, 'float32'), gamma, beta], attrs);
  const [gamma, beta] = [1, 2].map((i) => castTo(n, n.input(i), 'float32')) as [Tensor, Tensor];
  const y = n.attrs.flag('channels_last', true) ? onLastChannels(n, n.x, group) : group(n.x);
  const done = n.attrs.int('activation', 0) === 1 ? n.op('Silu', [y]) : y;
  return n.out('Identity', [castTo(n, done, n.x.dtype)]);
}

export const contribNorms: Family = {
  EmbedLayerNormalization: embedLayerNormalization,
  GroupNorm: groupNorm,
  LayerNormalization: layerNormalization,
  SimplifiedLayerNormalization: simplifiedNormalization,
  SkipLayerNormalization: skipped(false),
  SkipSimplifiedLayerNormalization: skipped(true),
};
