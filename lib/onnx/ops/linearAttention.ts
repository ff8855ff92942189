import type { Tensor } from '../../tensor.js';
import type { ImportNode } from '../importNode.js';
import type { Family } from '../mapping.js';
import type { GraphProto, NodeProto } from '../proto.js';
import { attributesOf } from '../writeAttributes.js';
import { castTo } from './numbers.js';
import { dimTensor } from './shapes.js';

type Attrs = Readonly<Record<string, unknown>>;

function node(opType: string, inputs: string[], output: string, attrs: Attrs = {}): NodeProto {
  const attributes = attributesOf(attrs);
  return { name: output, opType, domain: '', inputs, outputs: [output], attributes };
}

/** Which of the steps of a turn there are. */
interface Rule {
  readonly decays: boolean;
  readonly corrects: boolean;
}

/**
 * One turn over all heads: the state [batch, heads, keys, values] decays, what the key finds in it
 * is replaced by the value (or the value is added to it), and the queries read it.
 */
function turn({ decays, corrects }: Rule): GraphProto {
  const value = (name: string) => ({ name, type: undefined });
  const inputs = [
    'state',
    'q',
    'k',
    'v',
    ...(decays ? ['decay'] : []),
    ...(corrects ? ['beta'] : []),
  ];
  const decay = [
    node('Exp', ['decay'], 'factor'),
    node('Unsqueeze', ['factor', 'last'], 'factors'),
    node('Mul', ['state', 'factors'], 'kept'),
  ];
  const correct = [
    node('Mul', ['kept', 'column'], 'found parts'),
    node('ReduceSum', ['found parts', 'before'], 'found', { keepdims: 0 }),
    node('Sub', ['v', 'found'], 'difference'),
    node('Mul', ['difference', 'beta'], 'row'),
  ];
  return {
    name: 'turn',
    nodes: [
      node('Constant', [], 'last', { value_ints: [-1] }),
      node('Constant', [], 'before', { value_ints: [-2] }),
      ...(decays ? decay : [node('Identity', ['state'], 'kept')]),
      node('Unsqueeze', ['k', 'last'], 'column'),
      ...(corrects ? correct : [node('Identity', ['v'], 'row')]),
      node('Unsqueeze', ['row', 'before'], 'rows'),
      node('Mul', ['column', 'rows'], 'written'),
      node('Add', ['kept', 'written'], 'next'),
      node('MatMul', ['q', 'next'], 'read'),
    ],
    initializers: [],
    sparseInitializers: [],
    inputs: inputs.map(value),
    outputs: ['next', 'read'].map(value),
    valueInfo: [],
  };
}

/** [batch, time, ...] as [time, batch, ...parts] in float32. */
function byTime(n: ImportNode, x: Tensor, parts: readonly number[]): Tensor {
  const shaped = n.call('Reshape', [castTo(n, x, 'float32'), [0, 0, ...parts]]);
  return n.op('Transpose', [shaped, [1, 0, ...parts.map((_, i) => i + 2)]]);
}

function linearAttention(n: ImportNode): readonly Tensor[] {
  const [heads, shared] = [n.attrs.int('q_num_heads'), n.attrs.int('kv_num_heads')];
  if (shared < 1 || heads % shared !== 0) return n.fail(`${heads} heads cannot share ${shared}`);
  const rule = n.attrs.string('update_rule', 'gated_delta');
  const decays = rule === 'gated' || rule === 'gated_delta';
  const corrects = rule === 'delta' || rule === 'gated_delta';
  if (!decays && !corrects && rule !== 'linear') return n.unsupported(`update_rule '${rule}'`);
  const q = byTime(n, n.x, [shared, heads / shared, -1]);
  const [k, v] = [1, 2].map((i) => byTime(n, n.input(i), [shared, -1]));
  const walked = [
    q,
    k!,
    v!,
    ...(decays ? [byTime(n, n.input(4), [shared, -1])] : []),
    ...(corrects ? [byTime(n, n.input(5), [-1, 1])] : []),
  ];
  const past = n.optional(3);
  const state = past ? castTo(n, past, 'float32') : nothing(n, k!, v!);
  const attrs = { body: turn({ decays, corrects }), num_scan_inputs: walked.length };
  const [last, read] = n.importer.apply(n, 'Scan', [state, ...walked], attrs, 2);
  const size = q.shape?.[4];
  const given = n.attrs.float('scale', 0);
  const scale =
    given !== 0
      ? n.constant(given, 'float32', [])
      : typeof size === 'number'
        ? n.constant(1 / Math.sqrt(size), 'float32', [])
        : n.op('Rsqrt', [castTo(n, dimTensor(n, q, 4), 'float32')]);
  const scaled = n.op('Mul', [read, scale]);
  const y = n.call('Reshape', [n.op('Transpose', [scaled, [1, 0, 2, 3, 4]]), [0, 0, -1]]);
  return [n.out('Cast', [y], { DstT: n.x.dtype }), castTo(n, last!, (past ?? n.x).dtype)];
}

/** A state of zeros. */
function nothing(n: ImportNode, k: Tensor, v: Tensor): Tensor {
  const dims = [1, 2, 3].map((axis) => dimTensor(n, k, axis));
  const shape = n.op('Pack', [[...dims, dimTensor(n, v, 3)]], { axis: 0 });
  return n.op('Fill', [shape, n.constant(0, 'float32', [])]);
}

export const linearAttentions: Family = { LinearAttention: linearAttention };
