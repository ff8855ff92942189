import type { Tensor } from '../../../tensor.js';
import type { ImportNode } from '../../importNode.js';
import { headProduct, wide } from '../attention.js';
import { castTo } from '../numbers.js';
import { dimTensor } from '../shapes.js';

export const kLowest = -3.4028234663852886e38;

/** Queries, keys and values as [batch, heads, length, size]. */
export interface Heads {
  readonly q: Tensor;
  readonly k: Tensor;
  readonly v: Tensor;
}

export function int64(n: ImportNode, value: number): Tensor {
  return n.constant(value, 'int64', []);
}

/** 0, 1, ... up to a length, as int64. */
export function counted(n: ImportNode, length: Tensor): Tensor {
  return n.op('Range', [int64(n, 0), length, int64(n, 1)]);
}

/** [batch, length, heads * size] to [batch, heads, length, size]. */
export function split(n: ImportNode, x: Tensor, heads: number): Tensor {
  return n.op('Transpose', [n.call('Reshape', [x, [0, 0, heads, -1]]), [0, 2, 1, 3]]);
}

/** The way back. */
export function merged(n: ImportNode, y: Tensor): Tensor {
  return n.call('Reshape', [n.op('Transpose', [y, [0, 2, 1, 3]]), [0, 0, -1]]);
}

/** What is added to scores: `value` where a place is hidden. */
export function hidden(n: ImportNode, where: Tensor, value: number): Tensor {
  const [far, zero] = [value, 0].map((x) => n.constant(x, 'float32', []));
  return n.op('SelectV2', [where, far, zero]);
}

/** Hides keys after the query, of which `past` came before. */
export function causal(n: ImportNode, { q, k }: Heads, past: Tensor | undefined): Tensor {
  const rows = n.op('ExpandDims', [counted(n, dimTensor(n, q, 2)), 1]);
  const places = past ? n.op('AddV2', [rows, dimTensor(n, past, 2)]) : rows;
  const columns = n.op('ExpandDims', [counted(n, dimTensor(n, k, 2)), 0]);
  return hidden(n, n.op('Less', [places, columns]), kLowest);
}

/** Hides keys by a mask: lengths, ends and starts by batch, or 0 where nothing may be seen. */
export function masked(n: ImportNode, mask: Tensor, { q, k }: Heads): Tensor {
  const value = n.attrs.float('mask_filter_value', -10000);
  const rank = n.rank(mask);
  const whole = castTo(n, mask, 'int64');
  if (rank === 1) return byLength(n, whole, k, value);
  const isShown = (part: Tensor) => hidden(n, n.op('LessEqual', [part, int64(n, 0)]), value);
  if (rank === 2) return isShown(n.call('Unsqueeze', [whole, [1, 2]]));
  if (rank === 3) return isShown(n.op('ExpandDims', [whole, 1]));
  // For all places that there may ever be: the rows of the queries and the columns of the keys.
  const [length, total] = [dimTensor(n, q, 2), dimTensor(n, k, 2)];
  const begin = n.op('Pack', [[n.op('Sub', [total, length]), int64(n, 0)]], { axis: 0 });
  const end = n.op('Pack', [[total, total]], { axis: 0 });
  return isShown(n.call('Slice', [whole, begin, end, [2, 3]]));
}

function byLength(n: ImportNode, mask: Tensor, k: Tensor, value: number): Tensor {
  const [count, batch] = [mask.shape?.[0], k.shape?.[0]];
  if (typeof count !== 'number' || typeof batch !== 'number') {
    return n.unsupported('a mask of lengths for an unknown batch');
  }
  const columns = counted(n, dimTensor(n, k, 2));
  const each = (first: number) =>
    n.op('Reshape', [n.op('Slice', [mask, [first], [batch]]), [batch, 1, 1, 1]]);
  const after = n.op('GreaterEqual', [columns, each(0)]);
  if (count === batch) return hidden(n, after, value);
  if (count !== 2 * batch) return n.unsupported(`a mask of ${count} numbers for ${batch} rows`);
  return hidden(n, n.op('LogicalOr', [after, n.op('Less', [columns, each(batch)])]), value);
}

/** The scores of all pairs, scaled, with what is added to them. */
export function scoresOf(
  n: ImportNode,
  { q, k }: Heads,
  parts: readonly (Tensor | undefined)[],
): Tensor {
  const size = q.shape?.[3];
  const given = n.attrs.float('scale', 0);
  if (given === 0 && typeof size !== 'number') return n.unsupported('heads of unknown size');
  const scaled = n.op('Mul', [wide(n, q), given || 1 / Math.sqrt(size ?? 1)]);
  const cap = n.attrs.float('softcap', 0);
  const raw = headProduct(n, scaled, wide(n, k), true);
  const capped = cap === 0 ? raw : n.op('Mul', [n.op('Tanh', [n.op('RealDiv', [raw, cap])]), cap]);
  return parts.reduce<Tensor>(
    (sum, part) => (part ? n.op('AddV2', [sum, castTo(n, part, sum.dtype)]) : sum),
    capped,
  );
}

/** The values by the softmax of the scores, as [batch, length, heads * size]. */
export function attended(n: ImportNode, scores: Tensor, { v }: Heads): Tensor {
  const y = headProduct(n, n.op('Softmax', [scores]), wide(n, v), false);
  return n.out('Identity', [castTo(n, merged(n, y), v.dtype)]);
}

/** What came before, then this. */
export function after(n: ImportNode, past: Tensor | undefined, x: Tensor): Tensor {
  return past ? n.op('ConcatV2', [[past, x], 2]) : x;
}
