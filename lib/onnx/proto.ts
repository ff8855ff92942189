/** The messages of an ONNX file, as far as they are used. Names follow onnx.proto. */

import type { BlockHandle } from '../binding.js';

export interface ModelProto {
  irVersion: number;
  producerName: string;
  producerVersion: string;
  domain: string;
  modelVersion: bigint;
  docString: string;
  readonly opsetImport: OperatorSetId[];
  graph: GraphProto | undefined;
  readonly metadata: Map<string, string>;
  readonly functions: FunctionProto[];
}

export interface OperatorSetId {
  domain: string;
  version: number;
}

export interface GraphProto {
  name: string;
  readonly nodes: NodeProto[];
  readonly initializers: TensorProto[];
  readonly sparseInitializers: SparseTensorProto[];
  readonly inputs: ValueInfoProto[];
  readonly outputs: ValueInfoProto[];
  readonly valueInfo: ValueInfoProto[];
}

export interface NodeProto {
  name: string;
  opType: string;
  domain: string;
  readonly inputs: string[];
  readonly outputs: string[];
  readonly attributes: Map<string, AttributeProto>;
}

export interface AttributeProto {
  name: string;
  /** Of a function's body: the attribute of the calling node that gives the value. */
  refName: string;
  type: number;
  f: number;
  i: bigint;
  s: Uint8Array;
  t: TensorProto | undefined;
  g: GraphProto | undefined;
  tp: TypeProto | undefined;
  sparse: SparseTensorProto | undefined;
  readonly floats: number[];
  readonly ints: bigint[];
  readonly strings: Uint8Array[];
  readonly tensors: TensorProto[];
  readonly graphs: GraphProto[];
}

/** One with nothing set. */
export function emptyAttribute(): AttributeProto {
  return {
    name: '',
    refName: '',
    type: 0,
    f: 0,
    i: 0n,
    s: new Uint8Array(0),
    t: undefined,
    g: undefined,
    tp: undefined,
    sparse: undefined,
    floats: [],
    ints: [],
    strings: [],
    tensors: [],
    graphs: [],
  };
}

export interface TensorProto {
  name: string;
  readonly dims: bigint[];
  dataType: number;
  /** A view into the file. */
  rawData: Uint8Array | undefined;
  /** In place of rawData: values that have not come with the rest of the file. */
  stored: Stored | undefined;
  readonly stringData: Uint8Array[];
  /** Runs of numbers by the field that holds them, views into the file. */
  readonly runs: Map<TensorField, Uint8Array[]>;
  /** location, offset and length when the values lie in another file. */
  externalData: Map<string, string> | undefined;
  isExternal: boolean;
}

/** Values that are left in a file, and the memory of the core that has them once they are read. */
export interface Stored {
  /** Undefined: the model file itself. */
  readonly path: string | undefined;
  readonly offset: number;
  readonly length: number;
  block: BlockHandle | undefined;
}

/** Fields of TensorProto that hold numbers. */
export type TensorField = 'float' | 'int32' | 'int64' | 'double' | 'uint64';

export interface SparseTensorProto {
  values: TensorProto | undefined;
  indices: TensorProto | undefined;
  readonly dims: bigint[];
}

export interface ValueInfoProto {
  name: string;
  type: TypeProto | undefined;
}

export interface TypeProto {
  kind: 'tensor' | 'sparse tensor' | 'sequence' | 'map' | 'optional' | 'unknown';
  /** Of tensors; 0 when not given. */
  elementType: number;
  /** Of tensors; undefined when the rank is not known. A name stands for a symbolic dim. */
  shape: (number | string | null)[] | undefined;
  /** Of sequences, optionals and the values of maps. */
  inner: TypeProto | undefined;
}

export interface FunctionProto {
  name: string;
  domain: string;
  readonly inputs: string[];
  readonly outputs: string[];
  readonly attributes: string[];
  readonly defaults: Map<string, AttributeProto>;
  readonly nodes: NodeProto[];
  readonly opsetImport: OperatorSetId[];
}

/** "ai.onnx" is another name of the standard's own domain, which has none. */
export function standardDomain(domain: string): string {
  return domain === 'ai.onnx' ? '' : domain;
}
