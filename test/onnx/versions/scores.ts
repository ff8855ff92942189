import { float, float16, int32, int64, mapOf, text, type VersionCase } from './case.js';

const domain = 'ai.onnx.ml';
const versions = [1];
const x = float([
  [0.5, -1],
  [2, 1.5],
]);
const kernel = { kernel_type: { s: 'RBF' }, kernel_params: { floats: [0.5, 0.1, 3] } };

const two: VersionCase = {
  op: 'SVMClassifier',
  domain,
  versions,
  inputs: [x],
  attributes: {
    ...kernel,
    coefficients: { floats: [0.5, -0.3] },
    rho: { floats: [0.1] },
    support_vectors: { floats: [1, 0, 0, 1] },
    vectors_per_class: { ints: [1, 1] },
    classlabels_ints: { ints: [7, 9] },
  },
  outputs: [
    [7, 7],
    [
      [-0.331801, 0.331801],
      [-0.162626, 0.162626],
    ],
  ],
};

const logistic = (score: number) => 1 / (1 + Math.exp(-score));

/** What classifiers and regressors make of their scores; the numbers of pairs are ONNX Runtime's. */
export const scores: readonly VersionCase[] = [
  two,
  {
    ...two,
    attributes: { ...two.attributes, post_transform: { s: 'LOGISTIC' } },
    outputs: [
      [7, 7],
      [
        [logistic(-0.331801), logistic(0.331801)],
        [logistic(-0.162626), logistic(0.162626)],
      ],
    ],
  },
  {
    op: 'SVMClassifier',
    domain,
    versions,
    inputs: [x],
    attributes: {
      ...kernel,
      coefficients: { floats: [0.5, -0.3, 0.8, -0.6, 0.2, -0.9] },
      rho: { floats: [0.1, -0.2, 0.05] },
      support_vectors: { floats: [1, 0, 0, 1, -1, 0.5] },
      vectors_per_class: { ints: [1, 1, 1] },
      classlabels_ints: { ints: [7, 9, 4] },
      prob_a: { floats: [-1.2, -0.7, -1.5] },
      prob_b: { floats: [0.2, -0.1, 0.3] },
    },
    outputs: [
      [4, 7],
      [
        [0.326451, 0.278453, 0.395096],
        [0.318585, 0.31206, 0.369355],
      ],
    ],
  },
  {
    op: 'CastMap',
    domain,
    versions,
    inputs: [mapOf(int64([3, 1]), float([30, 10]))],
    attributes: { map_form: { s: 'SPARSE' }, max_map: { i: 4 } },
    outputs: [[[0, 10, 0, 30]]],
  },
  {
    op: 'DictVectorizer',
    domain,
    versions,
    inputs: [mapOf(text(['b', 'z']), int64([7, 8]))],
    attributes: { string_vocabulary: { strings: ['a', 'b'] } },
    outputs: [[0, 7]],
  },
  {
    op: 'TreeEnsemble',
    domain,
    versions: [5],
    inputs: [float16([[0], [2]])],
    attributes: {
      nodes_featureids: { ints: [0] },
      nodes_splits: { t: { dtype: 10, dims: [1], int32s: [0x3c00] } },
      nodes_modes: { t: { dtype: 2, dims: [1], int32s: [0] } },
      nodes_truenodeids: { ints: [0] },
      nodes_falsenodeids: { ints: [1] },
      nodes_trueleafs: { ints: [1] },
      nodes_falseleafs: { ints: [1] },
      tree_roots: { ints: [0] },
      leaf_targetids: { ints: [0, 0] },
      leaf_weights: { t: { dtype: 10, dims: [2], int32s: [0x3800, 0x4000] } },
    },
    outputs: [[[0.5], [2]]],
  },
  {
    op: 'Normalizer',
    domain,
    versions,
    inputs: [float([[-4, 2]])],
    attributes: { norm: { s: 'MAX' } },
    outputs: [[[-2, 1]]],
  },
  {
    op: 'FeatureVectorizer',
    domain,
    versions,
    inputs: [float([[1, 2]]), float([[3]])],
    attributes: { inputdimensions: { ints: [1, 2] } },
    outputs: [[[1, 3, 0]]],
  },
  {
    op: 'OneHotEncoder',
    domain,
    versions,
    inputs: [int64([3, 1])],
    attributes: { cats_int64s: { ints: [1, 3] }, zeros: { i: 0 } },
    outputs: [
      [
        [0, 1],
        [1, 0],
      ],
    ],
  },
  {
    op: 'LabelEncoder',
    domain,
    versions: [4],
    inputs: [int32([2, 9])],
    attributes: {
      keys_tensor: { t: { dtype: 6, dims: [2], int32s: [1, 2] } },
      values_tensor: { t: { dtype: 6, dims: [2], int32s: [30, 40] } },
      default_tensor: { t: { dtype: 6, dims: [1], int32s: [-7] } },
    },
    outputs: [[40, -7]],
  },
  {
    op: 'TreeEnsembleClassifier',
    domain,
    versions: [3],
    inputs: [float([[0], [2]])],
    attributes: {
      nodes_treeids: { ints: [0, 0, 0] },
      nodes_nodeids: { ints: [0, 1, 2] },
      nodes_featureids: { ints: [0, 0, 0] },
      nodes_values: { floats: [1, 0, 0] },
      nodes_modes: { strings: ['BRANCH_LEQ', 'LEAF', 'LEAF'] },
      nodes_truenodeids: { ints: [1, 0, 0] },
      nodes_falsenodeids: { ints: [2, 0, 0] },
      class_treeids: { ints: [0, 0] },
      class_nodeids: { ints: [1, 2] },
      class_ids: { ints: [0, 0] },
      class_weights: { floats: [0.25, 0.75] },
      classlabels_int64s: { ints: [4, 5] },
      post_transform: { s: 'LOGISTIC' },
    },
    outputs: [
      [4, 5],
      [
        [logistic(-0.25), logistic(0.25)],
        [logistic(-0.75), logistic(0.75)],
      ],
    ],
  },
  {
    op: 'LinearRegressor',
    domain,
    versions,
    inputs: [float([[0.2], [0.7]])],
    attributes: { coefficients: { floats: [1] }, post_transform: { s: 'PROBIT' } },
    outputs: [[[-0.841756], [0.524446]]],
  },
  {
    op: 'LinearClassifier',
    domain,
    versions,
    inputs: [float([[0.2], [-0.7]])],
    attributes: {
      coefficients: { floats: [1] },
      intercepts: { floats: [0] },
      classlabels_ints: { ints: [5, 6] },
    },
    outputs: [
      [6, 5],
      [
        [0.8, 0.2],
        [1.7, -0.7],
      ],
    ],
  },
];
