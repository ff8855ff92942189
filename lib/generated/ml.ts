// Generated from the op registry by scripts/generate.mjs. Do not edit.
import type { OpOptions } from '../node.js';
import { addOp, type Operand } from '../op.js';
import { output } from '../operation.js';
import type { Tensor } from '../tensor.js';

/**
 * For each element of x, the value at the place where it stands among the keys, else the
 * default; of equal keys the first counts. NaN may be a key.
 */
export function labelEncoder<Tkey extends 'string' | 'int16' | 'int64' | 'float32' | 'float64', Tvalue extends 'string' | 'int16' | 'int64' | 'float32' | 'float64'>(
  x: Operand<Tkey>,
  keys: Operand<Tkey>,
  values: Operand<Tvalue>,
  defaultValue: Operand<Tvalue>,
  options: OpOptions = {},
): Tensor<Tvalue> {
  return output(addOp('LabelEncoder', [x, keys, values, defaultValue], {}, options));
}

export interface TreeEnsembleOptions extends OpOptions {
  /** Default: "SUM". */
  readonly aggregate?: 'SUM' | 'AVERAGE' | 'MIN' | 'MAX' | undefined;
  /** Default: []. */
  readonly baseValues?: readonly number[] | undefined;
  /** Default: []. */
  readonly members?: readonly number[] | undefined;
}

/**
 * The scores of rows in decision trees: the weights of the leaves that a row reaches, put
 * together over all trees for each target, plus base values. Nodes are numbered from 0,
 * children after their parents. modes: 0 <=, 1 <, 2 >=, 3 >, 4 ==, 5 !=, 6 member of the set
 * whose number is in values (members has the sets, parted by NaN), 7 a leaf. Sums are taken in
 * float64.
 */
export function treeEnsemble<T extends 'float32' | 'float64'>(
  x: Operand<T>,
  modes: readonly (number | bigint)[],
  features: readonly (number | bigint)[],
  values: readonly number[],
  trueNodes: readonly (number | bigint)[],
  falseNodes: readonly (number | bigint)[],
  missingTrue: readonly (number | bigint)[],
  roots: readonly (number | bigint)[],
  leafNodes: readonly (number | bigint)[],
  leafTargets: readonly (number | bigint)[],
  leafWeights: readonly number[],
  nTargets: number | bigint,
  options: TreeEnsembleOptions = {},
): Tensor<T> {
  return output(addOp('TreeEnsemble', [x], { modes, features, values, true_nodes: trueNodes, false_nodes: falseNodes, missing_true: missingTrue, roots, leaf_nodes: leafNodes, leaf_targets: leafTargets, leaf_weights: leafWeights, n_targets: nTargets, aggregate: options.aggregate, base_values: options.baseValues, members: options.members }, options, ['aggregate', 'baseValues', 'members']));
}

/** Each row of scores as a map: a sequence of variants that hold the keys and the row. */
export function zipMap(
  x: Operand<'float32'>,
  keys: Operand<'int64' | 'string'>,
  options: OpOptions = {},
): Tensor<'variant'> {
  return output(addOp('ZipMap', [x, keys], {}, options));
}
