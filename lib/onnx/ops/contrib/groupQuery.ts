import type { Tensor } from '../../../tensor.js';
import type { ImportNode } from '../../importNode.js';
import { castTo } from '../numbers.js';
import { dimTensor, shapeOf, sizeOf } from '../shapes.js';
import {
  attended,
  counted,
  type Heads,
  hidden,
  int64,
  kLowest,
  scoresOf,
  split,
} from './attend.js';

/** The three operands by head; a packed query holds all of them. */
function operands(n: ImportNode): Heads {
  const [count, shared] = [n.attrs.int('num_heads'), n.attrs.int('kv_num_heads')];
  const [key, value] = [n.optional(1), n.optional(2)];
  if (key && value) {
    return { q: split(n, n.x, count), k: split(n, key, shared), v: split(n, value, shared) };
  }
  const all = split(n, n.x, count + 2 * shared);
  const sizes = n.constant([count, shared, shared], 'int64', [3]);
  const [q, k, v] = n.ops('SplitV', [all, sizes, 1], { num_split: 3 }) as [Tensor, Tensor, Tensor];
  return { q, k, v };
}

/** The cache with new rows put where each row of the batch has come to. */
function cached(n: ImportNode, past: Tensor | undefined, rows: Tensor, starts: Tensor): Tensor {
  if (!past) return rows;
  const total = castTo(n, n.op('Reshape', [n.input(6), []]), 'int64');
  const missing = n.op('Maximum', [n.op('Sub', [total, dimTensor(n, past, 2)]), int64(n, 0)]);
  const amounts = n.op('Pack', [[int64(n, 0), missing]], { axis: 0 });
  const room = n.call('Pad', [past, amounts, undefined, [2]]);
  const all = n.call('TensorScatter', [room, rows, starts], { axis: 2 });
  const dims = [sizeOf(n, past, 0), n.attrs.int('kv_num_heads'), -1, sizeOf(n, rows, 3)];
  return n.op('Reshape', [all, shapeOf(n, dims)]);
}

function refuseOthers(n: ImportNode): void {
  const { attrs } = n;
  if (attrs.flag('smooth_softmax') || n.optional(11)) n.unsupported('smooth softmax');
  for (const i of [12, 13, 14, 15]) if (n.optional(i)) n.unsupported(`input ${i}`);
  for (const name of ['k_quant_type', 'v_quant_type']) {
    if (attrs.string(name, 'NONE') !== 'NONE') n.unsupported(name);
  }
  if (attrs.flag('sliding_window_cache')) n.unsupported('sliding_window_cache');
  if (n.wants(3)) n.unsupported('the output of scores');
}

export function groupQueryAttention(n: ImportNode): readonly (Tensor | undefined)[] {
  const { attrs } = n;
  refuseOthers(n);
  const { q, k, v } = operands(n);
  const length = dimTensor(n, q, 2);
  // Where the rows of each batch begin: right-padded prompts at 0.
  const lengths = n.op('AddV2', [
    castTo(n, n.op('Reshape', [n.input(5), [-1]]), 'int64'),
    int64(n, 1),
  ]);
  const starts = n.op('Maximum', [n.op('Sub', [lengths, length]), int64(n, 0)]);
  const rows = n.op('ExpandDims', [starts, 1]);
  const own = n.op('AddV2', [rows, n.op('ExpandDims', [counted(n, length), 0])]);
  const positions = n.optional(9) ?? own;
  const turned = (x: Tensor) =>
    attrs.flag('do_rotary')
      ? n.call('RotaryEmbedding', [x, n.input(7), n.input(8), positions], {
          interleaved: attrs.int('rotary_interleaved', 0),
        })
      : x;
  const heads: Heads = {
    q: turned(q),
    k: cached(n, n.optional(3), turned(k), starts),
    v: cached(n, n.optional(4), v, starts),
  };
  const scores = scoresOf(n, heads, [n.optional(10), unseen(n, heads, own, lengths)]);
  return [attended(n, scores, heads), heads.k, heads.v];
}

/** Hides keys that are not there, those after the query, and those before its window. */
function unseen(n: ImportNode, { k }: Heads, places: Tensor, lengths: Tensor): Tensor {
  const columns = counted(n, dimTensor(n, k, 2));
  const absent = n.op('GreaterEqual', [columns, n.op('Reshape', [lengths, [-1, 1, 1, 1]])]);
  if (!n.attrs.flag('causal', true)) return hidden(n, absent, kLowest);
  const window = n.attrs.int('local_window_size', -1);
  const rows = n.call('Unsqueeze', [places, [1, 3]]);
  const later = n.op('LogicalOr', [absent, n.op('Less', [rows, columns])]);
  if (window < 0) return hidden(n, later, kLowest);
  const before = n.op('LessEqual', [columns, n.op('Sub', [rows, int64(n, window)])]);
  return hidden(n, n.op('LogicalOr', [later, before]), kLowest);
}
