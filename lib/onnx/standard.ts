/**
 * The operators of the standard up to opset 27, and of opset 28 those that changed by more than types:
 * the opsets that brought a version of each, then the attributes that it has in any of them.
 */
const tables: Readonly<Record<string, string>> = {
  '': `
    Abs 1 6 13 consumed_inputs
    Acos 7 22
    Acosh 9 22
    Add 1 6 7 13 14 axis broadcast consumed_inputs
    AffineGrid 20 align_corners
    And 1 7 axis broadcast
    ArgMax 1 11 12 13 axis keepdims select_last_index
    ArgMin 1 11 12 13 axis keepdims select_last_index
    Asin 7 22
    Asinh 9 22
    Atan 7 22
    Atanh 9 22
    Attention 23 24 25 is_causal kv_num_heads left_window_size q_num_heads qk_matmul_output_mode
        right_window_size scale softcap softmax_precision
    AveragePool 1 7 10 11 19 22 auto_pad ceil_mode count_include_pad dilations kernel_shape pads
        strides
    BatchNormalization 1 6 7 9 14 15 consumed_inputs epsilon is_test momentum spatial
        training_mode
    Bernoulli 15 22 dtype seed
    BitCast 26 to
    BitShift 11 28 direction
    BitwiseAnd 18
    BitwiseNot 18
    BitwiseOr 18
    BitwiseXor 18
    BlackmanWindow 17 output_datatype periodic
    Cast 1 6 9 13 19 21 23 24 25 round_mode saturate to
    CastLike 15 19 21 23 24 25 round_mode saturate
    CausalConvWithState 27 activation
    Ceil 1 6 13 consumed_inputs
    Celu 12 28 alpha
    CenterCropPad 18 axes
    Clip 1 6 11 12 13 consumed_inputs max min
    Col2Im 18 dilations pads strides
    Compress 9 11 axis
    Concat 1 4 11 13 axis
    ConcatFromSequence 11 axis new_axis
    Constant 1 9 11 12 13 19 21 23 24 25 sparse_value value value_float value_floats value_int
        value_ints value_string value_strings
    ConstantOfShape 9 20 21 23 24 25 value
    Conv 1 11 22 auto_pad dilations group kernel_shape pads strides
    ConvInteger 10 auto_pad dilations group kernel_shape pads strides
    ConvTranspose 1 11 22 auto_pad dilations group kernel_shape output_padding output_shape pads
        strides
    Cos 7 22
    Cosh 9 22
    CumProd 26 exclusive reverse
    CumSum 11 14 exclusive reverse
    DFT 17 20 axis inverse onesided
    DeformConv 19 22 dilations group kernel_shape offset_group pads strides
    DepthToSpace 1 11 13 blocksize mode
    DequantizeLinear 10 13 19 21 23 24 25 axis block_size output_dtype
    Det 11 22
    Div 1 6 7 13 14 axis broadcast consumed_inputs
    Dropout 1 6 7 10 12 13 22 consumed_inputs is_test ratio seed
    DynamicQuantizeLinear 11
    Einsum 12 equation
    Elu 1 6 22 alpha consumed_inputs
    Equal 1 7 11 13 19 axis broadcast
    Erf 9 13
    Exp 1 6 13 consumed_inputs
    Expand 8 13
    EyeLike 9 22 dtype k
    Flatten 1 9 11 13 21 23 24 25 axis
    Floor 1 6 13 consumed_inputs
    GRU 1 3 7 14 22 activation_alpha activation_beta activations clip direction hidden_size layout
        linear_before_reset output_sequence
    Gather 1 11 13 axis
    GatherElements 11 13 axis
    GatherND 11 12 13 batch_dims
    Gelu 20 approximate
    Gemm 1 6 7 9 11 13 alpha beta broadcast transA transB
    GlobalAveragePool 1 22
    GlobalLpPool 1 2 22 p
    GlobalMaxPool 1 22
    Greater 1 7 9 13 axis broadcast
    GreaterOrEqual 12 16
    GridSample 16 20 22 align_corners mode padding_mode
    GroupNormalization 18 21 epsilon num_groups stash_type
    HammingWindow 17 output_datatype periodic
    HannWindow 17 output_datatype periodic
    HardSigmoid 1 6 22 alpha beta consumed_inputs
    HardSwish 14 22
    Hardmax 1 11 13 axis
    Identity 1 13 14 16 19 21 23 24 25
    If 1 11 13 16 19 21 23 24 25 else_branch then_branch
    ImageDecoder 20 pixel_format
    InstanceNormalization 1 6 22 consumed_inputs epsilon
    IsInf 10 20 detect_negative detect_positive
    IsNaN 9 13 20
    LRN 1 13 alpha beta bias size
    LSTM 1 7 14 22 activation_alpha activation_beta activations clip direction hidden_size
        input_forget layout output_sequence
    LayerNormalization 17 axis epsilon stash_type
    LeakyRelu 1 6 16 alpha consumed_inputs
    Less 1 7 9 13 axis broadcast
    LessOrEqual 12 16
    LinearAttention 27 chunk_size kv_num_heads q_num_heads scale update_rule
    Log 1 6 13 consumed_inputs
    LogSoftmax 1 11 13 axis
    Loop 1 11 13 16 19 21 23 24 25 body
    LpNormalization 1 22 axis p
    LpPool 1 2 11 18 22 auto_pad ceil_mode dilations kernel_shape p pads strides
    MatMul 1 9 13
    MatMulInteger 10
    Max 1 6 8 12 13 consumed_inputs
    MaxPool 1 8 10 11 12 22 auto_pad ceil_mode dilations kernel_shape pads storage_order strides
    MaxRoiPool 1 22 pooled_shape spatial_scale
    MaxUnpool 9 11 22 kernel_shape pads strides
    Mean 1 6 8 13 consumed_inputs
    MeanVarianceNormalization 9 13 axes
    MelWeightMatrix 17 output_datatype
    Min 1 6 8 12 13 consumed_inputs
    Mish 18 22
    Mod 10 13 fmod
    Mul 1 6 7 13 14 axis broadcast consumed_inputs
    Multinomial 7 22 dtype sample_size seed
    Neg 1 6 13 consumed_inputs
    NegativeLogLikelihoodLoss 12 13 22 ignore_index reduction
    NonMaxSuppression 10 11 center_point_box
    NonZero 9 13
    Not 1
    OneHot 9 11 axis
    Optional 15 type
    OptionalGetElement 15 18
    OptionalHasElement 15 18
    Or 1 7 axis broadcast
    PRelu 1 6 7 9 16 consumed_inputs
    Pad 1 2 11 13 18 19 21 23 24 25 mode paddings pads value
    Pow 1 7 12 13 15 axis broadcast
    QLinearConv 10 auto_pad dilations group kernel_shape pads strides
    QLinearMatMul 10 21
    QuantizeLinear 10 13 19 21 23 24 25 axis block_size output_dtype precision saturate
    RMSNormalization 23 axis epsilon stash_type
    RNN 1 7 14 22 activation_alpha activation_beta activations clip direction hidden_size layout
        output_sequence
    RandomNormal 1 22 dtype mean scale seed shape
    RandomNormalLike 1 22 dtype mean scale seed
    RandomUniform 1 22 dtype high low seed shape
    RandomUniformLike 1 22 dtype high low seed
    Range 11 27 stash_type
    Reciprocal 1 6 13 consumed_inputs
    ReduceL1 1 11 13 18 axes keepdims noop_with_empty_axes
    ReduceL2 1 11 13 18 axes keepdims noop_with_empty_axes
    ReduceLogSum 1 11 13 18 axes keepdims noop_with_empty_axes
    ReduceLogSumExp 1 11 13 18 axes keepdims noop_with_empty_axes
    ReduceMax 1 11 12 13 18 20 axes keepdims noop_with_empty_axes
    ReduceMean 1 11 13 18 axes keepdims noop_with_empty_axes
    ReduceMin 1 11 12 13 18 20 axes keepdims noop_with_empty_axes
    ReduceProd 1 11 13 18 axes keepdims noop_with_empty_axes
    ReduceSum 1 11 13 axes keepdims noop_with_empty_axes
    ReduceSumSquare 1 11 13 18 axes keepdims noop_with_empty_axes
    RegexFullMatch 20 pattern
    Relu 1 6 13 14 consumed_inputs
    Reshape 1 5 13 14 19 21 23 24 25 allowzero consumed_inputs shape
    Resize 10 11 13 18 19 antialias axes coordinate_transformation_mode cubic_coeff_a
        exclude_outside extrapolation_value keep_aspect_ratio_policy mode nearest_mode
    ReverseSequence 10 batch_axis time_axis
    RoiAlign 10 16 22 coordinate_transformation_mode mode output_height output_width
        sampling_ratio spatial_scale
    RotaryEmbedding 23 interleaved num_heads rotary_embedding_dim
    Round 11 22
    STFT 17 onesided
    Scan 8 9 11 16 19 21 23 24 25 body directions num_scan_inputs scan_input_axes
        scan_input_directions scan_output_axes scan_output_directions
    Scatter 9 11 axis
    ScatterElements 11 13 16 18 axis reduction
    ScatterND 11 13 16 18 reduction
    Selu 1 6 22 alpha consumed_inputs gamma
    SequenceAt 11
    SequenceConstruct 11
    SequenceEmpty 11 dtype
    SequenceErase 11
    SequenceInsert 11
    SequenceLength 11
    SequenceMap 17 body
    Shape 1 13 15 19 21 23 24 25 end start
    Shrink 9 bias lambd
    Sigmoid 1 6 13 consumed_inputs
    Sign 9 13
    Sin 7 22
    Sinh 9 22
    Size 1 13 19 21 23 24 25
    Slice 1 10 11 13 axes ends starts
    Softmax 1 11 13 axis
    SoftmaxCrossEntropyLoss 12 13 ignore_index reduction
    Softplus 1 22
    Softsign 1 22
    SpaceToDepth 1 13 28 blocksize mode
    Split 1 2 11 13 18 axis num_outputs split
    SplitToSequence 11 24 axis keepdims
    Sqrt 1 6 13 consumed_inputs
    Squeeze 1 11 13 21 23 24 25 axes
    StringConcat 20
    StringNormalizer 10 case_change_action is_case_sensitive locale stopwords
    StringSplit 20 delimiter maxsplit
    Sub 1 6 7 13 14 axis broadcast consumed_inputs
    Sum 1 6 8 13 consumed_inputs
    SwiGLU 28 alpha
    Swish 24 alpha
    Tan 7 22
    Tanh 1 6 13 consumed_inputs
    TensorScatter 24 axis mode
    TfIdfVectorizer 9 max_gram_length max_skip_count min_gram_length mode ngram_counts
        ngram_indexes pool_int64s pool_strings weights
    ThresholdedRelu 10 22 alpha
    Tile 1 6 13
    TopK 1 10 11 24 axis k largest sorted
    Transpose 1 13 21 23 24 25 perm
    Trilu 14 upper
    Unique 11 axis sorted
    Unsqueeze 1 11 13 21 23 24 25 axes
    Upsample 1 7 9 10 height_scale mode scales width_scale
    Where 9 16
    Xor 1 7 axis broadcast
  `,
  'ai.onnx.ml': `
    ArrayFeatureExtractor 1
    Binarizer 1 threshold
    CastMap 1 cast_to map_form max_map
    CategoryMapper 1 cats_int64s cats_strings default_int64 default_string
    DictVectorizer 1 int64_vocabulary string_vocabulary
    FeatureVectorizer 1 inputdimensions
    Imputer 1 imputed_value_floats imputed_value_int64s replaced_value_float replaced_value_int64
    LabelEncoder 1 2 4 classes_strings default_float default_int64 default_string default_tensor
        keys_floats keys_int64s keys_strings keys_tensor values_floats values_int64s
        values_strings values_tensor
    LinearClassifier 1 classlabels_ints classlabels_strings coefficients intercepts multi_class
        post_transform
    LinearRegressor 1 coefficients intercepts post_transform targets
    Normalizer 1 norm
    OneHotEncoder 1 cats_int64s cats_strings zeros
    SVMClassifier 1 classlabels_ints classlabels_strings coefficients kernel_params kernel_type
        post_transform prob_a prob_b rho support_vectors vectors_per_class
    SVMRegressor 1 coefficients kernel_params kernel_type n_supports one_class post_transform rho
        support_vectors
    Scaler 1 offset scale
    TreeEnsemble 5 aggregate_function leaf_targetids leaf_weights membership_values n_targets
        nodes_falseleafs nodes_falsenodeids nodes_featureids nodes_hitrates
        nodes_missing_value_tracks_true nodes_modes nodes_splits nodes_trueleafs nodes_truenodeids
        post_transform tree_roots
    TreeEnsembleClassifier 1 3 5 base_values base_values_as_tensor class_ids class_nodeids
        class_treeids class_weights class_weights_as_tensor classlabels_int64s classlabels_strings
        nodes_falsenodeids nodes_featureids nodes_hitrates nodes_hitrates_as_tensor
        nodes_missing_value_tracks_true nodes_modes nodes_nodeids nodes_treeids nodes_truenodeids
        nodes_values nodes_values_as_tensor post_transform
    TreeEnsembleRegressor 1 3 5 aggregate_function base_values base_values_as_tensor n_targets
        nodes_falsenodeids nodes_featureids nodes_hitrates nodes_hitrates_as_tensor
        nodes_missing_value_tracks_true nodes_modes nodes_nodeids nodes_treeids nodes_truenodeids
        nodes_values nodes_values_as_tensor post_transform target_ids target_nodeids
        target_treeids target_weights target_weights_as_tensor
    ZipMap 1 classlabels_int64s classlabels_strings
  `,
  'ai.onnx.preview': `
    FlexAttention 1 prob_mod scale score_mod softmax_precision
  `,
  'ai.onnx.preview.training': `
    Adagrad 1 decay_factor epsilon norm_coefficient
    Adam 1 alpha beta epsilon norm_coefficient norm_coefficient_post
    Gradient 1 xs y zs
    Momentum 1 alpha beta mode norm_coefficient
  `,
};

interface Operator {
  readonly since: readonly number[];
  readonly attributes: ReadonlySet<string>;
}

const read = new Map<string, ReadonlyMap<string, Operator>>();

/** The operators of a domain of the standard, by name. */
export function operatorsOf(domain: string): ReadonlyMap<string, Operator> {
  let known = read.get(domain);
  if (!known) {
    const table = Object.hasOwn(tables, domain) ? tables[domain]!.trim() : '';
    const entries = table.split(/\n {4}(?! )/).filter((text) => text !== '');
    known = new Map(entries.map(operatorOf));
    read.set(domain, known);
  }
  return known;
}

function operatorOf(text: string): [string, Operator] {
  const [name = '', ...words] = text.trim().split(/\s+/);
  const isVersion = (word: string) => /^\d+$/.test(word);
  const attributes = new Set(words.filter((word) => !isVersion(word)));
  return [name, { since: words.filter(isVersion).map(Number), attributes }];
}
