import type { Tensor } from '../../tensor.js';
import type { ImportNode } from '../importNode.js';
import type { Family } from '../mapping.js';
import { castTo, dtypeOfNumber } from './numbers.js';
import { dimTensor, over, shapeOf, sizeOf, times } from './shapes.js';

/** [batch, length, heads * size] to [batch, heads, length, size]; what has four axes stays. */
export function byHead(n: ImportNode, x: Tensor, heads: string): Tensor {
  if (n.rank(x) !== 3) return x;
  const parts = n.call('Reshape', [x, [0, 0, n.attrs.int(heads), -1]]);
  return n.op('Transpose', [parts, [0, 2, 1, 3]]);
}

/** The way back. */
function joined(n: ImportNode, y: Tensor): Tensor {
  if (n.rank() !== 3) return n.out('Identity', [y]);
  const rows = n.op('Transpose', [y, [0, 2, 1, 3]]);
  return n.out('Identity', [n.call('Reshape', [rows, [0, 0, -1]])]);
}

/** Half precision is computed in float32. */
export function wide(n: ImportNode, x: Tensor): Tensor {
  return castTo(n, x, x.dtype === 'float64' ? 'float64' : 'float32');
}

/** The scale of the scores: the attribute, else 1 / sqrt(size of a head). */
export function scaled(n: ImportNode, q: Tensor, x: Tensor): Tensor {
  if (n.attrs.has('scale') && n.attrs.float('scale') !== 0) {
    return n.op('Mul', [x, n.attrs.float('scale')]);
  }
  const size = q.shape?.[3];
  if (typeof size === 'number') return n.op('Mul', [x, 1 / Math.sqrt(size)]);
  return n.op('Mul', [x, n.op('Rsqrt', [castTo(n, dimTensor(n, q, 3), x.dtype)])]);
}

/**
 * a b per head, where heads of b may serve several of a: their rows are put below each other, so
 * that nothing is repeated.
 */
export function headProduct(n: ImportNode, a: Tensor, b: Tensor, transposed: boolean): Tensor {
  const attrs = { adj_y: transposed };
  const [heads, shared] = [sizeOf(n, a, 1), sizeOf(n, b, 1)];
  if (heads === shared) return n.op('BatchMatMulV2', [a, b], attrs);
  if (typeof heads === 'number' && typeof shared === 'number' && heads % shared !== 0) {
    return n.fail(`${heads} heads cannot share ${shared}`);
  }
  const [batch, rows] = [sizeOf(n, a, 0), sizeOf(n, a, 2)];
  const group = over(n, times(n, heads, rows), shared);
  const below = shapeOf(n, [batch, shared, group, sizeOf(n, a, 3)]);
  const product = n.op('BatchMatMulV2', [n.op('Reshape', [a, below]), b], attrs);
  return n.op('Reshape', [product, shapeOf(n, [batch, heads, rows, sizeOf(n, product, 3)])]);
}

/** What is added to the scores: the mask, -inf where nothing may be seen; undefined for none. */
function biasOf(n: ImportNode, q: Tensor, k: Tensor, past: Tensor | undefined): Tensor | undefined {
  const { dtype } = q;
  const masks = n.optional(3) ? [padded(n, maskBias(n, n.input(3), dtype), k)] : [];
  const hidden = hiddenKeys(n, q, k, past).map((where) => {
    const [inf, zero] = [-Infinity, 0].map((value) => n.constant(value, dtype, []));
    return n.op('SelectV2', [where, inf, zero]);
  });
  const [first, ...rest] = [...masks, ...hidden];
  return first && rest.reduce((sum, part) => n.op('AddV2', [sum, part]), first);
}

/** Where keys lie outside of what a query may see, or behind the end of their sequence. */
function hiddenKeys(n: ImportNode, q: Tensor, k: Tensor, past: Tensor | undefined): Tensor[] {
  const lengths = n.optional(6);
  const [left, right] = [window(n, 'left_window_size'), window(n, 'right_window_size')];
  const after = n.attrs.flag('is_causal') ? 0 : right;
  const columns = n.op('Range', [int64(n, 0), dimTensor(n, k, 2), int64(n, 1)]);
  const hidden: Tensor[] = [];
  if (after !== undefined || left !== undefined) {
    const length = dimTensor(n, q, 2);
    const count = n.op('Range', [int64(n, 0), length, int64(n, 1)]);
    const rows = n.op('ExpandDims', [count, 1]);
    const each = lengths && n.op('Reshape', [n.op('Sub', [lengths, length]), [-1, 1, 1, 1]]);
    const offset = each ?? (past ? dimTensor(n, past, 2) : int64(n, 0));
    const places = n.op('AddV2', [rows, offset]);
    const moved = (by: number) => (by === 0 ? places : n.op('AddV2', [places, int64(n, by)]));
    if (after !== undefined) hidden.push(n.op('Less', [moved(after), columns]));
    if (left !== undefined) hidden.push(n.op('Greater', [moved(-left), columns]));
  }
  if (lengths) {
    const ends = n.op('Reshape', [lengths, [-1, 1, 1, 1]]);
    hidden.push(n.op('GreaterEqual', [columns, ends]));
  }
  return hidden;
}

/** How far a query sees to one side; undefined when there is no bound. */
function window(n: ImportNode, name: string): number | undefined {
  const size = n.attrs.int(name, -1);
  if (size < -1) return n.fail(`${name} is ${size}, expected -1 or more`);
  return size === -1 ? undefined : size;
}

function int64(n: ImportNode, value: number): Tensor {
  return n.constant(value, 'int64', []);
}

function maskBias(n: ImportNode, mask: Tensor, dtype: Tensor['dtype']): Tensor {
  if (mask.dtype !== 'bool') return castTo(n, mask, dtype);
  const [zero, inf] = [0, -Infinity].map((value) => n.constant(value, dtype, []));
  return n.op('SelectV2', [mask, zero, inf]);
}

/** A mask may be shorter than the keys: those that it leaves out are not seen. */
function padded(n: ImportNode, mask: Tensor, k: Tensor): Tensor {
  const [have, want] = [mask.shape?.at(-1), k.shape?.[2]];
  if (typeof have === 'number' && have === want) return mask;
  const missing = n.op('Sub', [dimTensor(n, k, 2), dimTensor(n, mask, n.rank(mask) - 1)]);
  const amounts = n.op('Pack', [[int64(n, 0), missing]], { axis: 0 });
  return n.call('Pad', [mask, amounts, n.constant(-Infinity, mask.dtype, []), [-1]]);
}

/** Scores in the precision that softmax is asked to have; half precision as it is in float32. */
function softmaxScores(n: ImportNode, scores: Tensor, dtype: Tensor['dtype']): Tensor {
  if (!n.attrs.has('softmax_precision') || dtype !== scores.dtype) return scores;
  return castTo(n, scores, dtypeOfNumber(n, n.attrs.int('softmax_precision')));
}

/** Softmax over the last axis; rows that see nothing become 0 instead of NaN. */
function probabilities(n: ImportNode, scores: Tensor, bias: Tensor | undefined): Tensor {
  const soft = castTo(n, n.op('Softmax', [softmaxScores(n, scores, n.x.dtype)]), scores.dtype);
  if (!bias) return soft;
  const most = n.op('Max', [bias, [-1]], { keep_dims: true });
  const unseen = n.op('Equal', [most, n.constant(-Infinity, bias.dtype, [])]);
  return n.op('SelectV2', [unseen, n.constant(0, soft.dtype, []), soft]);
}

function softcapped(n: ImportNode, scores: Tensor): Tensor {
  const cap = n.attrs.float('softcap', 0);
  if (cap === 0) return scores;
  return n.op('Mul', [n.op('Tanh', [n.op('RealDiv', [scores, cap])]), cap]);
}

function attention(n: ImportNode): readonly (Tensor | undefined)[] {
  const { dtype } = n.x;
  const [past, pastValue] = [n.optional(4), n.optional(5)];
  const q = byHead(n, n.x, 'q_num_heads');
  const own = byHead(n, n.input(1), 'kv_num_heads');
  const ownValue = byHead(n, n.input(2), 'kv_num_heads');
  const key = past ? n.op('ConcatV2', [[past, own], 2]) : own;
  const value = pastValue ? n.op('ConcatV2', [[pastValue, ownValue], 2]) : ownValue;
  const wideQ = wide(n, q);
  const raw = headProduct(n, scaled(n, q, wideQ), wide(n, key), true);
  const capped = softcapped(n, raw);
  const bias = biasOf(n, wideQ, key, past);
  const biased = bias ? n.op('AddV2', [capped, bias]) : capped;
  const seen = probabilities(n, biased, bias);
  const y = castTo(n, headProduct(n, seen, wide(n, value), false), n.input(2).dtype);
  const shown = [raw, capped, biased, seen][n.attrs.int('qk_matmul_output_mode', 0)];
  return [joined(n, y), key, value, shown && castTo(n, shown, dtype)];
}

/** Attention whose scores and probabilities go through graphs of the model. */
function flexAttention(n: ImportNode): Tensor {
  const [q, k, v] = [wide(n, n.x), wide(n, n.input(1)), wide(n, n.input(2))];
  const modified = (name: string, x: Tensor) =>
    n.attrs.has(name) ? (n.inline(n.attrs.graph(name), [x])[0] ?? x) : x;
  const scores = modified('score_mod', headProduct(n, scaled(n, n.x, q), k, true));
  const seen = modified('prob_mod', n.op('Softmax', [scores]));
  return n.out('Cast', [headProduct(n, seen, v, false)], { DstT: n.x.dtype });
}

function rotaryEmbedding(n: ImportNode): Tensor {
  const x = n.rank() === 3 ? byHead(n, n.x, 'num_heads') : n.x;
  const size = n.attrs.int('rotary_embedding_dim', 0);
  const [turned, rest] = size
    ? [x, x].map((part, i) =>
        n.call('Slice', i === 0 ? [part, [0], [size], [3]] : [part, [size], [kEnd], [3]]),
      )
    : [x, undefined];
  const [cos, sin] = [1, 2].map((i) => cacheOf(n, n.input(i), size));
  const interleaved = n.attrs.flag('interleaved');
  const [a, b] = interleaved
    ? [0, 1].map((start) => n.call('Slice', [turned, [start], [kEnd], [3], [2]]))
    : n.ops('Split', [3, turned], { num_split: 2 });
  const real = n.op('Sub', [n.op('Mul', [a, cos]), n.op('Mul', [b, sin])]);
  const imaginary = n.op('AddV2', [n.op('Mul', [a, sin]), n.op('Mul', [b, cos])]);
  const parts = interleaved
    ? n.call('Reshape', [n.op('Pack', [[real, imaginary]], { axis: -1 }), [0, 0, 0, -1]])
    : n.op('ConcatV2', [[real, imaginary], 3]);
  return joined(n, rest ? n.op('ConcatV2', [[parts, rest], 3]) : parts);
}

const kEnd = Number.MAX_SAFE_INTEGER;

/** The rows of a cache for the positions, as [batch, 1, length, half]. */
function cacheOf(n: ImportNode, cache: Tensor, size: number): Tensor {
  const positions = n.optional(3);
  const rows = positions ? n.call('Gather', [cache, positions]) : cache;
  const used = size ? n.call('Slice', [rows, [0], [size / 2], [2]]) : rows;
  return n.op('ExpandDims', [used, 1]);
}

export const attentions: Family = {
  Attention: attention,
  RotaryEmbedding: rotaryEmbedding,
};

export const previewAttentions: Family = { FlexAttention: flexAttention };
