import type { Tensor } from '../../../tensor.js';
import type { ImportNode } from '../../importNode.js';
import type { Family } from '../../mapping.js';
import { castTo } from '../numbers.js';
import { dimTensor } from '../shapes.js';
import { plus } from './activation.js';
import { after, attended, causal, counted, type Heads, masked, scoresOf, split } from './attend.js';
import { groupQueryAttention } from './groupQuery.js';
import { floatProduct } from './quantized.js';

/** The parts of the last axis, of the sizes given. */
function cut(n: ImportNode, x: Tensor, sizes: readonly number[]): readonly Tensor[] {
  return n.ops('SplitV', [x, n.constant([...sizes], 'int64', [sizes.length]), n.rank(x) - 1], {
    num_split: sizes.length,
  });
}

/** Self attention on the queries, keys and values of one projection. */
function selfAttention(
  n: ImportNode,
  projected: Tensor,
  {
    mask,
    past,
    bias,
  }: { mask?: Tensor | undefined; past?: Tensor | undefined; bias?: Tensor | undefined },
): readonly (Tensor | undefined)[] {
  const { attrs } = n;
  for (const name of ['do_rotary', 'past_present_share_buffer']) {
    if (attrs.flag(name)) return n.unsupported(name);
  }
  const width = projected.shape?.at(-1) ?? n.unsupported('a projection of unknown size');
  const sizes = attrs.ints('qkv_hidden_sizes', undefined) ?? [width / 3, width / 3, width / 3];
  const parts = cut(n, projected, sizes).map((x) => split(n, x, attrs.int('num_heads')));
  const [pastKey, pastValue] = past ? n.ops('Unpack', [past], { num: 2, axis: 0 }) : [];
  const [q, own, ownValue] = parts as [Tensor, Tensor, Tensor];
  const heads: Heads = { q, k: after(n, pastKey, own), v: after(n, pastValue, ownValue) };
  const scores = scoresOf(n, heads, [
    mask && masked(n, mask, heads),
    attrs.flag('unidirectional') ? causal(n, heads, pastKey) : undefined,
    bias,
  ]);
  const y = attended(n, scores, heads);
  return [y, n.wants(1) ? n.op('Pack', [[heads.k, heads.v]], { axis: 0 }) : undefined];
}

function attention(n: ImportNode): readonly (Tensor | undefined)[] {
  const projected = plus(n, n.call('MatMul', [n.x, n.input(1)]), n.optional(2));
  const bias = n.optional(5);
  return selfAttention(n, projected, { mask: n.optional(3), past: n.optional(4), bias });
}

function qAttention(n: ImportNode): readonly (Tensor | undefined)[] {
  const a = [n.x, n.input(3), n.optional(6)] as const;
  const b = [n.input(1), n.input(4), n.optional(7)] as const;
  const projected = floatProduct(n, a, b, n.input(2));
  return selfAttention(n, projected, { mask: n.optional(5), past: n.optional(8) });
}

/** The three operands as [batch, length, hidden] or by head, however they are packed. */
function operands(n: ImportNode): readonly [Tensor, Tensor, Tensor] {
  const [query, key, value] = [n.x, n.optional(1), n.optional(2)];
  const apart = (x: Tensor, count: number) =>
    n
      .ops('Unpack', [x], { num: count, axis: 3 })
      .map((part) => n.call('Reshape', [part, [0, 0, -1]]));
  if (!key) return apart(query, 3) as [Tensor, Tensor, Tensor];
  if (!value) return [query, ...(apart(key, 2) as [Tensor, Tensor])];
  return [query, key, value];
}

function multiHeadAttention(n: ImportNode): readonly (Tensor | undefined)[] {
  const { attrs } = n;
  const count = attrs.int('num_heads');
  const rows = operands(n);
  const bias = n.optional(3);
  const biases = bias ? cutBias(n, bias, rows) : [];
  const [q, own, ownValue] = rows.map((x, i) =>
    n.rank(x) === 4 ? x : split(n, plus(n, x, biases[i]), count),
  ) as [Tensor, Tensor, Tensor];
  const [pastKey, pastValue] = [n.optional(6), n.optional(7)];
  if (n.optional(8) || n.optional(9)) return n.unsupported('shared buffers of past and present');
  const heads: Heads = { q, k: after(n, pastKey, own), v: after(n, pastValue, ownValue) };
  const mask = n.optional(4);
  const scores = scoresOf(n, heads, [
    mask && masked(n, mask, heads),
    attrs.flag('unidirectional') ? causal(n, heads, pastKey) : undefined,
    n.optional(5),
  ]);
  return [attended(n, scores, heads), heads.k, heads.v, scores];
}

/** The parts of a bias of queries, keys and values, each as long as its operand. */
function cutBias(n: ImportNode, bias: Tensor, rows: readonly Tensor[]): readonly Tensor[] {
  const hidden = rows[0]?.shape?.at(-1);
  const all = bias.shape?.[0];
  if (typeof hidden !== 'number' || typeof all !== 'number') {
    return n.unsupported('a bias of unknown size');
  }
  return cut(n, bias, [hidden, hidden, all - 2 * hidden]);
}

/** Positions by batch and place: as given, or from an offset on. */
function positions(n: ImportNode): Tensor {
  const given = castTo(n, n.input(1), 'int64');
  if (n.rank(given) === 2) return given;
  const length = dimTensor(n, n.x, n.rank() === 4 ? 2 : 1);
  const row = n.op('AddV2', [counted(n, length), n.op('Reshape', [given, []])]);
  const batch = n.op('Pack', [[dimTensor(n, n.x, 0), length]], { axis: 0 });
  return n.op('BroadcastTo', [row, batch]);
}

function rotaryEmbedding(n: ImportNode): Tensor {
  const { attrs } = n;
  if (attrs.flag('is_packed_batching')) return n.unsupported('is_packed_batching');
  const size = attrs.int('rotary_embedding_dim', 0);
  const half = n.input(2).shape?.[1];
  const hidden = n.x.shape?.at(-1);
  const known = typeof half === 'number' && typeof hidden === 'number' && size === 0;
  const heads = attrs.int('num_heads', 0) || (known ? hidden / (2 * half) : 0);
  if (n.rank() === 3 && heads === 0) return n.unsupported('an unknown number of heads');
  const y = n.call('RotaryEmbedding', [n.x, n.input(2), n.input(3), positions(n)], {
    interleaved: attrs.int('interleaved', 0),
    num_heads: heads,
    rotary_embedding_dim: size,
  });
  return n.out('Identity', [y]);
}

export const contribAttentions: Family = {
  Attention: attention,
  GroupQueryAttention: groupQueryAttention,
  MultiHeadAttention: multiHeadAttention,
  QAttention: qAttention,
  RotaryEmbedding: rotaryEmbedding,
};
