import type { GraphDef, TensorShapeProto } from '../graphdef/types.js';

/** One of the graphs of a SavedModel, with what it says about itself. */
export interface MetaGraph {
  readonly tags: readonly string[];
  readonly graph: GraphDef;
  readonly signatures: ReadonlyMap<string, SignatureProto>;
  /** Texts of lists of nodes and of messages, by the name of the collection. */
  readonly collections: ReadonlyMap<string, Collection>;
  readonly assets: readonly Asset[];
  /** Of newer files: the names of variables that are not trained. */
  readonly untrained: ReadonlySet<string>;
}

export interface Collection {
  readonly nodes: readonly string[];
  /** Messages, also those that are wrapped as "any". */
  readonly bytes: readonly Uint8Array[];
}

/** A file of the folder assets, and the tensor that is its path. */
export interface Asset {
  readonly tensor: string;
  readonly file: string;
}

export interface SignatureProto {
  readonly inputs: ReadonlyMap<string, TensorInfo>;
  readonly outputs: ReadonlyMap<string, TensorInfo>;
  readonly methodName: string;
}

export interface TensorInfo {
  /** Such as "x:0"; undefined for sparse and composite ones. */
  readonly name: string | undefined;
  readonly dtype: string;
  readonly shape: TensorShapeProto;
}
