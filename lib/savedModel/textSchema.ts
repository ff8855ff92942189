/** What a field holds: numbers, text or bytes, a DataType by its name, ".Kind" for a message. */
type Kind = 'int' | 'bool' | 'float' | 'double' | 'bytes' | 'dtype' | `.${string}`;

/** The number of a field, and what it holds. */
export type Field = readonly [number, Kind];

/** The fields of a message by their names; those that loading does not ask for are not here. */
type Fields = Readonly<Record<string, Field>>;

const listOf = (kind: Kind): Fields => ({ value: [1, kind] });
const mapTo = (kind: Kind): Fields => ({ key: [1, 'bytes'], value: [2, kind] });

/** What an AttrValue and a list in one have under the same numbers. */
const values: Fields = {
  s: [2, 'bytes'],
  i: [3, 'int'],
  f: [4, 'float'],
  b: [5, 'bool'],
  type: [6, 'dtype'],
  shape: [7, '.Shape'],
  tensor: [8, '.Tensor'],
};

/** TensorFlow's messages in a SavedModel, as far as they are read. */
export const messages: Readonly<Record<string, Fields>> = {
  SavedModel: { saved_model_schema_version: [1, 'int'], meta_graphs: [2, '.MetaGraph'] },
  MetaGraph: {
    meta_info_def: [1, '.MetaInfo'],
    graph_def: [2, '.Graph'],
    collection_def: [4, '.CollectionEntry'],
    signature_def: [5, '.SignatureEntry'],
    asset_file_def: [6, '.AssetFile'],
    object_graph_def: [7, '.Objects'],
  },
  MetaInfo: { tags: [4, 'bytes'] },
  Graph: { node: [1, '.Node'], library: [2, '.Library'], versions: [4, '.Versions'] },
  Versions: { producer: [1, 'int'], min_consumer: [2, 'int'] },
  Node: {
    name: [1, 'bytes'],
    op: [2, 'bytes'],
    input: [3, 'bytes'],
    device: [4, 'bytes'],
    attr: [5, '.AttrEntry'],
  },
  AttrEntry: mapTo('.Attr'),
  Attr: { ...values, list: [1, '.List'], placeholder: [9, 'bytes'], func: [10, '.Name'] },
  List: { ...values, func: [9, '.Name'] },
  Name: { name: [1, 'bytes'] },
  Shape: { dim: [2, '.Dim'], unknown_rank: [3, 'bool'] },
  Dim: { size: [1, 'int'] },
  Tensor: {
    dtype: [1, 'dtype'],
    tensor_shape: [2, '.Shape'],
    tensor_content: [4, 'bytes'],
    float_val: [5, 'float'],
    double_val: [6, 'double'],
    int_val: [7, 'int'],
    string_val: [8, 'bytes'],
    scomplex_val: [9, 'float'],
    int64_val: [10, 'int'],
    bool_val: [11, 'bool'],
    dcomplex_val: [12, 'double'],
    half_val: [13, 'int'],
    uint32_val: [16, 'int'],
    uint64_val: [17, 'int'],
  },
  Library: { function: [1, '.Function'], gradient: [2, '.Gradient'] },
  Function: {
    signature: [1, '.Signature'],
    node_def: [3, '.Node'],
    ret: [4, '.TextEntry'],
    control_ret: [6, '.TextEntry'],
  },
  TextEntry: mapTo('bytes'),
  Signature: { name: [1, 'bytes'], input_arg: [2, '.Arg'], output_arg: [3, '.Arg'] },
  Arg: { name: [1, 'bytes'], type: [3, 'dtype'] },
  Gradient: { function_name: [1, 'bytes'], gradient_func: [2, 'bytes'] },
  CollectionEntry: mapTo('.Collection'),
  Collection: { node_list: [1, '.Texts'], bytes_list: [2, '.Texts'], any_list: [5, '.Anys'] },
  Texts: listOf('bytes'),
  Anys: listOf('.Any'),
  /** The message in brackets is its value. */
  Any: {
    type_url: [1, 'bytes'],
    value: [2, 'bytes'],
    '[type.googleapis.com/tensorflow.AssetFileDef]': [2, '.AssetFile'],
  },
  AssetFile: { tensor_info: [1, '.TensorInfo'], filename: [2, 'bytes'] },
  SignatureEntry: mapTo('.SignatureDef'),
  SignatureDef: {
    inputs: [1, '.InfoEntry'],
    outputs: [2, '.InfoEntry'],
    method_name: [3, 'bytes'],
  },
  InfoEntry: mapTo('.TensorInfo'),
  TensorInfo: { name: [1, 'bytes'], dtype: [2, 'dtype'], tensor_shape: [3, '.Shape'] },
  Objects: { nodes: [1, '.Object'] },
  Object: { variable: [7, '.Variable'] },
  Variable: { trainable: [3, 'bool'], name: [6, 'bytes'] },
};

/** Messages between whose fields the event loop may turn. */
export const large = new Set(['SavedModel', 'MetaGraph', 'Graph', 'Library', 'Function']);
