import type { ExportNode } from '../exportNode.js';
import type { Attribute, TensorData, Value } from '../value.js';
import { upTo } from './common.js';

const kMember = 6;
const kLeaf = 7;

function floats(n: ExportNode, name: string): readonly number[] {
  const list = n.attr(name);
  return Array.isArray(list) ? list.map(Number) : [];
}

/** A list of numbers in the dtype of the input. */
function tensor(n: ExportNode, values: readonly number[]): { readonly t: TensorData } {
  const data = n.x.dtype === 'float64' ? Float64Array.from(values) : Float32Array.from(values);
  return { t: { dtype: n.x.dtype, shape: [values.length], bytes: new Uint8Array(data.buffer) } };
}

/** The sets of members, by number. */
function setsOf(n: ExportNode): readonly (readonly number[])[] {
  const sets: number[][] = [[]];
  for (const value of floats(n, 'members')) {
    if (Number.isNaN(value)) sets.push([]);
    else sets.at(-1)!.push(value);
  }
  return sets;
}

/** The newest operator for trees: leaves have numbers of their own, and nodes may have sets. */
export function treeEnsembleWithSets(n: ExportNode): Value {
  n.useDomain('ai.onnx.ml', 5);
  const modes = n.ints('modes');
  const isLeaf = modes.map((mode) => mode === kLeaf);
  const inner = upTo(modes.length).filter((i) => !isLeaf[i]);
  const leaves = upTo(modes.length).filter((i) => isLeaf[i]);
  const place = modes.map((_, i) => (isLeaf[i] ? leaves.indexOf(i) : inner.indexOf(i)));
  const [values, sets] = [floats(n, 'values'), setsOf(n)];
  const members = inner.filter((i) => modes[i] === kMember).map((i) => sets[values[i]!] ?? []);
  const roots = n.ints('roots');
  if (roots.some((root) => isLeaf[root])) return n.unsupported('a tree that is a leaf');
  const side = (name: string) => inner.map((i) => n.ints(name)[i]!);
  const [yes, no] = [side('true_nodes'), side('false_nodes')];
  const missing = n.ints('missing_true');
  const attributes: Record<string, Attribute> = {
    n_targets: n.int('n_targets'),
    aggregate_function: ['AVERAGE', 'SUM', 'MIN', 'MAX'].indexOf(n.text('aggregate')),
    post_transform: 0,
    tree_roots: roots.map((root) => place[root]!),
    nodes_modes: {
      t: {
        dtype: 'uint8',
        shape: [inner.length],
        bytes: Uint8Array.from(inner, (i) => modes[i]!),
      },
    },
    nodes_featureids: side('features'),
    nodes_splits: tensor(
      n,
      inner.map((i) => (modes[i] === kMember ? 0 : values[i]!)),
    ),
    nodes_truenodeids: yes.map((i) => place[i]!),
    nodes_trueleafs: yes.map((i) => Number(isLeaf[i])),
    nodes_falsenodeids: no.map((i) => place[i]!),
    nodes_falseleafs: no.map((i) => Number(isLeaf[i])),
    nodes_missing_value_tracks_true: inner.map((i) => missing[i]!),
    membership_values: tensor(
      n,
      members.flatMap((set) => [...set, Number.NaN]),
    ),
    ...leafAttributes(n, leaves),
  };
  return n.op('TreeEnsemble', [n.x], attributes, { domain: 'ai.onnx.ml' });
}

/** Each leaf has one weight for one target. */
function leafAttributes(n: ExportNode, leaves: readonly number[]): Record<string, Attribute> {
  const [owners, targets] = [n.ints('leaf_nodes'), n.ints('leaf_targets')];
  const weights = floats(n, 'leaf_weights');
  const entries = leaves.map((leaf) => {
    const first = owners.indexOf(leaf);
    if (first >= 0 && first === owners.lastIndexOf(leaf)) return first;
    return n.unsupported('leaves of none or several targets beside sets');
  });
  return {
    leaf_targetids: entries.map((i) => targets[i]!),
    leaf_weights: tensor(
      n,
      entries.map((i) => weights[i]!),
    ),
  };
}
