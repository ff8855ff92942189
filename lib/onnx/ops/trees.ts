import type { DType } from '../../dtype.js';
import { NDArray } from '../../ndArray.js';
import { runAtOnce } from '../../sliced.js';
import type { Tensor } from '../../tensor.js';
import type { ImportNode } from '../importNode.js';
import { arrayOf, tensorValue } from '../tensorValue.js';
import { kTreeModes } from '../treeModes.js';
import { castTo } from './numbers.js';
import { upTo } from './shapes.js';

/** Decision trees as the engine's op takes them. */
interface Forest {
  readonly modes: number[];
  readonly features: number[];
  readonly values: number[];
  readonly true_nodes: number[];
  readonly false_nodes: number[];
  readonly missing_true: number[];
  readonly roots: number[];
  readonly leaf_nodes: number[];
  readonly leaf_targets: number[];
  readonly leaf_weights: number[];
}

const kLeaf = kTreeModes.indexOf('LEAF');

/** The numbers of an attribute that is a list of floats, or a tensor. */
function numbers(n: ImportNode, name: string): readonly number[] {
  if (n.attrs.has(`${name}_as_tensor`)) return tensorNumbers(n, `${name}_as_tensor`);
  return n.attrs.floats(name, []);
}

export function tensorNumbers(n: ImportNode, name: string): readonly number[] {
  const value = runAtOnce(tensorValue(n.attrs.tensor(name), n.where));
  if (value.dtype === 'string') return n.fail(`${name} holds strings`);
  const array = arrayOf(value);
  if (value.dtype !== 'float16') return Array.from(array, Number);
  return [...new NDArray<DType>(array, value.shape, 'float16').toFloat32()];
}

/**
 * Numbers nodes so that children come after their parents, and starts trees at nodes that no other
 * leads to. `yes` and `no` are indices of nodes; a cycle is an error.
 */
function inOrder(n: ImportNode, roots: readonly number[], forest: Forest): Forest {
  const place = new Map<number, number>();
  const order: number[] = [];
  const open = [...roots].reverse();
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (place.has(at)) return n.fail(`node ${at} of the trees is reached twice`);
    if (forest.modes[at] === undefined) return n.fail(`the trees have no node ${at}`);
    place.set(at, order.length);
    order.push(at);
    if (forest.modes[at] !== kLeaf) open.push(forest.false_nodes[at]!, forest.true_nodes[at]!);
  }
  const moved = (list: readonly number[]) => order.map((at) => list[at]!);
  const child = (list: readonly number[]) =>
    order.map((at) => (forest.modes[at] === kLeaf ? 0 : place.get(list[at]!)!));
  const kept = forest.leaf_nodes.flatMap((at, i) => (place.has(at) ? [i] : []));
  return {
    modes: moved(forest.modes),
    features: moved(forest.features),
    values: moved(forest.values),
    true_nodes: child(forest.true_nodes),
    false_nodes: child(forest.false_nodes),
    missing_true: moved(forest.missing_true),
    roots: roots.map((root) => place.get(root)!),
    leaf_nodes: kept.map((i) => place.get(forest.leaf_nodes[i]!)!),
    leaf_targets: kept.map((i) => forest.leaf_targets[i]!),
    leaf_weights: kept.map((i) => forest.leaf_weights[i]!),
  };
}

/** The trees of the older operators, whose nodes have a tree's and their own number. */
function forestOf(n: ImportNode, kind: 'class' | 'target'): Forest {
  const { attrs } = n;
  const trees = attrs.ints('nodes_treeids');
  const ids = attrs.ints('nodes_nodeids');
  const index = new Map(ids.map((id, i) => [`${trees[i]} ${id}`, i]));
  const find = (tree: number, id: number) =>
    index.get(`${tree} ${id}`) ?? n.fail(`the trees have no node ${id} in tree ${tree}`);
  const names = attrs.strings('nodes_modes');
  const modes = names.map((name) => kTreeModes.indexOf(name));
  if (modes.includes(-1)) return n.fail(`nodes_modes has '${names[modes.indexOf(-1)]}'`);
  const child = (name: string) =>
    attrs.ints(name).map((id, i) => (modes[i] === kLeaf ? 0 : find(trees[i]!, id)));
  const [yes, no] = [child('nodes_truenodeids'), child('nodes_falsenodeids')];
  const missing = attrs.ints('nodes_missing_value_tracks_true', undefined);
  const reached = new Set(
    upTo(ids.length).flatMap((i) => (modes[i] === kLeaf ? [] : [yes[i], no[i]])),
  );
  const leafTrees = attrs.ints(`${kind}_treeids`);
  const leafIds = attrs.ints(`${kind}_nodeids`);
  const targets = attrs.ints(`${kind}_ids`);
  return inOrder(
    n,
    upTo(ids.length).filter((i) => !reached.has(i)),
    {
      modes,
      features: [...attrs.ints('nodes_featureids')],
      values: [...numbers(n, 'nodes_values')],
      true_nodes: yes,
      false_nodes: no,
      missing_true: missing ?? ids.map(() => 0),
      roots: [],
      leaf_nodes: leafIds.map((id, i) => find(leafTrees[i]!, id)),
      leaf_targets: targets,
      leaf_weights: [...numbers(n, `${kind}_weights`)],
    },
  );
}

function rows(n: ImportNode): Tensor {
  const x = castTo(n, n.x, n.x.dtype === 'float64' ? 'float64' : 'float32');
  return n.rank(x) === 1 ? n.op('ExpandDims', [x, 0]) : x;
}

export function regressorScores(n: ImportNode): Tensor {
  const attrs = {
    ...forestOf(n, 'target'),
    n_targets: n.attrs.int('n_targets', 1),
    aggregate: n.attrs.string('aggregate_function', 'SUM'),
    base_values: numbers(n, 'base_values'),
  };
  return castTo(n, n.op('TreeEnsemble', [rows(n)], attrs), 'float32');
}

/** The scores of classes, and whether one score alone stands for two classes. */
export function classifierScores(
  n: ImportNode,
  classes: number,
): { readonly scores: Tensor; readonly isBinary: boolean; readonly isPositive: boolean } {
  const forest = forestOf(n, 'class');
  const used = new Set(forest.leaf_targets);
  const base = numbers(n, 'base_values');
  const isBinary = classes === 2 && used.size === 1 && base.length < 2;
  const targets = isBinary ? forest.leaf_targets.map(() => 0) : forest.leaf_targets;
  const attrs = {
    ...forest,
    leaf_targets: targets,
    n_targets: isBinary ? 1 : classes,
    base_values: base,
  };
  const scores = castTo(n, n.op('TreeEnsemble', [rows(n)], attrs), 'float32');
  return { scores, isBinary, isPositive: forest.leaf_weights.every((weight) => weight >= 0) };
}

/** The operator that took the place of both: leaves have numbers of their own. */
export function treeEnsemble(n: ImportNode): Tensor {
  const { attrs } = n;
  const features = attrs.ints('nodes_featureids');
  const [yes, no] = [attrs.ints('nodes_truenodeids'), attrs.ints('nodes_falsenodeids')];
  const [yesLeaf, noLeaf] = [attrs.ints('nodes_trueleafs'), attrs.ints('nodes_falseleafs')];
  const inner = features.length;
  const leaves = attrs.ints('leaf_targetids');
  const child = (ids: readonly number[], isLeaf: readonly number[]) => [
    ...ids.map((id, i) => (isLeaf[i] ? inner + id : id)),
    ...leaves.map(() => 0),
  ];
  const zeros = leaves.map(() => 0);
  const missing = attrs.ints('nodes_missing_value_tracks_true', undefined) ?? features.map(() => 0);
  const modes = tensorNumbers(n, 'nodes_modes');
  const splits = attrs.has('nodes_splits') ? tensorNumbers(n, 'nodes_splits') : [];
  let set = 0;
  const values = modes.map((mode, i) => (mode === 6 ? set++ : splits[i]!));
  const forest = inOrder(n, attrs.ints('tree_roots'), {
    modes: [...modes, ...leaves.map(() => kLeaf)],
    features: [...features, ...zeros],
    values: [...values, ...zeros],
    true_nodes: child(yes, yesLeaf),
    false_nodes: child(no, noLeaf),
    missing_true: [...missing, ...zeros],
    roots: [],
    leaf_nodes: upTo(leaves.length).map((i) => inner + i),
    leaf_targets: leaves,
    leaf_weights: [...tensorNumbers(n, 'leaf_weights')],
  });
  const y = n.op('TreeEnsemble', [rows(n)], {
    ...forest,
    n_targets: attrs.int('n_targets', 1),
    aggregate: ['AVERAGE', 'SUM', 'MIN', 'MAX'][attrs.int('aggregate_function', 1)],
    members: attrs.has('membership_values') ? membersOf(n) : [],
  });
  return castTo(n, y, n.x.dtype);
}

/** Sets end with NaN; none follows the last. */
function membersOf(n: ImportNode): readonly number[] {
  return tensorNumbers(n, 'membership_values').slice(0, -1);
}
