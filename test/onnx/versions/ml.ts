import { float, int64, text, type VersionCase } from './case.js';

type Case = Omit<VersionCase, 'domain' | 'versions'> & { readonly versions?: readonly number[] };

const nodes = {
  nodes_treeids: { ints: [0, 0, 0] },
  nodes_nodeids: { ints: [0, 1, 2] },
  nodes_featureids: { ints: [0, 0, 0] },
  nodes_values: { floats: [0.5, 0, 0] },
  nodes_modes: { strings: ['BRANCH_LEQ', 'LEAF', 'LEAF'] },
  nodes_truenodeids: { ints: [1, 0, 0] },
  nodes_falsenodeids: { ints: [2, 0, 0] },
};
const trees = [1, 3, 5];
const pair = float([[3, 1]]);

const cases: readonly Case[] = [
  {
    op: 'CategoryMapper',
    inputs: [text(['b', 'z'])],
    attributes: {
      cats_strings: { strings: ['a', 'b'] },
      cats_int64s: { ints: [1, 2] },
      default_int64: { i: -1 },
    },
    outputs: [[2, -1]],
  },
  {
    op: 'FeatureVectorizer',
    inputs: [float([[1, 2]]), float([[3]])],
    attributes: { inputdimensions: { ints: [2, 1] } },
    outputs: [[[1, 2, 3]]],
  },
  {
    op: 'Imputer',
    inputs: [float([[-1, 2]])],
    attributes: { imputed_value_floats: { floats: [9] }, replaced_value_float: { f: -1 } },
    outputs: [[[9, 2]]],
  },
  {
    op: 'LabelEncoder',
    versions: [1],
    inputs: [text(['b', 'z'])],
    attributes: { classes_strings: { strings: ['a', 'b'] }, default_int64: { i: -1 } },
    outputs: [[1, -1]],
  },
  {
    op: 'LabelEncoder',
    versions: [2],
    inputs: [text(['b', 'z'])],
    attributes: {
      keys_strings: { strings: ['a', 'b'] },
      values_int64s: { ints: [5, 6] },
      default_int64: { i: -1 },
    },
    outputs: [[6, -1]],
  },
  {
    op: 'LinearClassifier',
    inputs: [pair],
    attributes: {
      coefficients: { floats: [1, 0, 0, 1] },
      intercepts: { floats: [0, 1] },
      classlabels_ints: { ints: [5, 6] },
    },
    outputs: [[5], [[3, 2]]],
  },
  {
    op: 'LinearRegressor',
    inputs: [pair],
    attributes: { coefficients: { floats: [1, 2] }, intercepts: { floats: [0.5] } },
    outputs: [[[5.5]]],
  },
  { op: 'Normalizer', inputs: [float([[1, 2]])], outputs: [[[0.5, 1]]] },
  {
    op: 'OneHotEncoder',
    inputs: [int64([2])],
    attributes: { cats_int64s: { ints: [1, 2] } },
    outputs: [[[0, 1]]],
  },
  {
    op: 'Scaler',
    inputs: [pair],
    attributes: { offset: { floats: [1] }, scale: { floats: [2] } },
    outputs: [[[4, 0]]],
  },
  {
    op: 'SVMRegressor',
    inputs: [pair],
    attributes: {
      kernel_type: { s: 'LINEAR' },
      kernel_params: { floats: [0, 0, 0] },
      coefficients: { floats: [1, 2] },
      rho: { floats: [0.5] },
    },
    outputs: [[[5.5]]],
  },
  {
    op: 'SVMClassifier',
    inputs: [pair],
    attributes: {
      kernel_type: { s: 'LINEAR' },
      kernel_params: { floats: [0, 0, 0] },
      coefficients: { floats: [1, 0, 0, 1] },
      rho: { floats: [0] },
      classlabels_ints: { ints: [0, 1] },
    },
    outputs: [[0], [[3, 1]]],
  },
  {
    op: 'TreeEnsembleRegressor',
    versions: trees,
    inputs: [float([[0], [1]])],
    attributes: {
      ...nodes,
      n_targets: { i: 1 },
      target_ids: { ints: [0, 0] },
      target_nodeids: { ints: [1, 2] },
      target_treeids: { ints: [0, 0] },
      target_weights: { floats: [3, 4] },
    },
    outputs: [[[3], [4]]],
  },
  {
    op: 'TreeEnsembleClassifier',
    versions: trees,
    inputs: [float([[0], [1]])],
    attributes: {
      ...nodes,
      class_ids: { ints: [0, 1, 2] },
      class_nodeids: { ints: [1, 2, 2] },
      class_treeids: { ints: [0, 0, 0] },
      class_weights: { floats: [1, 1, 0.5] },
      classlabels_int64s: { ints: [7, 8, 9] },
    },
    outputs: [
      [7, 8],
      [
        [1, 0, 0],
        [0, 1, 0.5],
      ],
    ],
  },
  {
    op: 'TreeEnsemble',
    versions: [5],
    inputs: [float([[0], [1]])],
    attributes: {
      tree_roots: { ints: [0] },
      n_targets: { i: 1 },
      nodes_featureids: { ints: [0] },
      nodes_splits: { t: { dims: [1], floats: [0.5] } },
      nodes_modes: { t: { dims: [1], dtype: 2, int32s: [0] } },
      nodes_truenodeids: { ints: [0] },
      nodes_trueleafs: { ints: [1] },
      nodes_falsenodeids: { ints: [1] },
      nodes_falseleafs: { ints: [1] },
      leaf_targetids: { ints: [0, 0] },
      leaf_weights: { t: { dims: [2], floats: [3, 4] } },
    },
    outputs: [[[3], [4]]],
  },
  {
    op: 'ZipMap',
    inputs: [float([[0.25, 0.75]])],
    attributes: { classlabels_int64s: { ints: [7, 8] } },
    outputs: [
      [
        [
          [7, 8],
          [0.25, 0.75],
        ],
      ],
    ],
  },
];

export const ml: readonly VersionCase[] = cases.map((one) => ({
  versions: [1],
  ...one,
  domain: 'ai.onnx.ml',
}));
