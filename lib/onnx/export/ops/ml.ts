import type { DType } from '../../../dtype.js';
import { kTreeModes } from '../../treeModes.js';
import type { ExportNode } from '../exportNode.js';
import type { ExportFamily } from '../table.js';
import type { Attribute, TensorData, Value } from '../value.js';
import { cast } from './common.js';
import { treeEnsembleWithSets } from './forest.js';

const kDomain = 'ai.onnx.ml';

/** Keys or values of a table as an attribute: lists where the older standard has them. */
function listed(n: ExportNode, index: number, name: 'keys' | 'values'): [string, Attribute] {
  const { data, dtype } = n.input(index);
  if (data && 'strings' in data) return [`${name}_strings`, data.strings];
  const numbers = n.need(index, 'a table');
  if (dtype === 'int64') return [`${name}_int64s`, numbers];
  if (dtype === 'float32') return [`${name}_floats`, { floats: numbers }];
  n.useDomain(kDomain, 4);
  return [`${name}_tensor`, { t: dataOf(n, index) }];
}

function fallback(n: ExportNode, dtype: DType): [string, Attribute] {
  if (dtype === 'string') {
    const { data } = n.input(3);
    const texts = data && 'strings' in data ? data.strings : undefined;
    return ['default_string', texts?.[0] ?? n.unsupported('a default that only a run knows')];
  }
  const [value = 0] = n.need(3, 'a default');
  if (dtype === 'int64') return ['default_int64', value];
  if (dtype === 'float32') return ['default_float', { f: value }];
  return ['default_tensor', { t: dataOf(n, 3) }];
}

/** An input as a vector for an attribute. */
function dataOf(n: ExportNode, index: number): TensorData {
  const { data, dtype } = n.input(index);
  if (data) return data.shape.length === 0 ? { ...data, shape: [1] } : data;
  const numbers = n.need(index, 'a table');
  return n.constant([...numbers], dtype, [numbers.length]).data!;
}

/** Runtimes take both sides as tensors when one of them has to be. */
function asTensors(
  n: ExportNode,
  entries: readonly [string, Attribute][],
): readonly [string, Attribute][] {
  if (!entries.some(([name]) => name.endsWith('_tensor'))) return entries;
  const names = ['keys_tensor', 'values_tensor', 'default_tensor'];
  return names.map((name, i): [string, Attribute] => [name, { t: dataOf(n, i + 1) }]);
}

function labelEncoder(n: ExportNode): Value {
  n.useDomain(kDomain, 3);
  const dtype = n.outputs[0]!;
  const entries = [listed(n, 1, 'keys'), listed(n, 2, 'values'), fallback(n, dtype)];
  const attributes = Object.fromEntries(asTensors(n, entries));
  return n.op('LabelEncoder', [n.x], attributes, { dtype, domain: kDomain });
}

/** All nodes as those of one tree after the other, with roots found by what reaches them. */
function treesOf(n: ExportNode): readonly number[] {
  const [roots, modes] = [n.ints('roots'), n.ints('modes')];
  const [yes, no] = [n.ints('true_nodes'), n.ints('false_nodes')];
  const trees = new Array<number>(modes.length).fill(0);
  for (const [tree, root] of roots.entries()) {
    const open = [root];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      trees[at] = tree;
      if (kTreeModes[modes[at]!] !== 'LEAF') open.push(yes[at]!, no[at]!);
    }
  }
  return trees;
}

function floats(n: ExportNode, name: string): readonly number[] {
  const list = n.attr(name);
  return Array.isArray(list) ? list.map(Number) : [];
}

function treeEnsemble(n: ExportNode): Value {
  const modes = n.ints('modes');
  const base = floats(n, 'base_values');
  const scores = modes.includes(6) ? treeEnsembleWithSets(n) : regressor(n, modes);
  if (base.length === 0) return scores;
  // Not as an attribute: runtimes leave it out for targets without leaves.
  return n.op('Add', [scores, n.constant([...base], n.x.dtype, [base.length])]);
}

function regressor(n: ExportNode, modes: readonly number[]): Value {
  n.useDomain(kDomain, 3);
  const trees = treesOf(n);
  const ids = modes.map((_, i) => i);
  const leaves = n.ints('leaf_nodes');
  const y = n.op(
    'TreeEnsembleRegressor',
    [n.x],
    {
      n_targets: n.int('n_targets'),
      aggregate_function: n.text('aggregate'),
      post_transform: 'NONE',
      nodes_treeids: trees,
      nodes_nodeids: ids,
      nodes_modes: modes.map((mode) => kTreeModes[mode]!),
      nodes_featureids: n.ints('features'),
      ...real(n, 'nodes_values', floats(n, 'values')),
      nodes_truenodeids: n.ints('true_nodes'),
      nodes_falsenodeids: n.ints('false_nodes'),
      nodes_missing_value_tracks_true: n.ints('missing_true'),
      target_treeids: leaves.map((at) => trees[at]!),
      target_nodeids: leaves,
      target_ids: n.ints('leaf_targets'),
      ...real(n, 'target_weights', floats(n, 'leaf_weights')),
    },
    { dtype: 'float32', domain: kDomain },
  );
  return cast(n, y, n.x.dtype);
}

/** Trees over float64 have numbers of that kind. */
function real(n: ExportNode, name: string, values: readonly number[]): Record<string, Attribute> {
  if (n.x.dtype === 'float32') return { [name]: { floats: values } };
  const bytes = new Uint8Array(Float64Array.from(values).buffer);
  return { [`${name}_as_tensor`]: { t: { dtype: 'float64', shape: [values.length], bytes } } };
}

export const ml = { LabelEncoder: labelEncoder, TreeEnsemble: treeEnsemble } satisfies ExportFamily;
