import type { Graph } from '../graph.js';
import type { LoadTarget } from '../loadTarget.js';
import type { Operation } from '../operation.js';
import type { Tensor } from '../tensor.js';
import type { Variable } from '../variable.js';

/** What a SavedModel offers under a name: tensors to feed and to fetch. */
export interface SavedSignature {
  readonly inputs: Readonly<Record<string, Tensor>>;
  readonly outputs: Readonly<Record<string, Tensor>>;
  /** Such as "tensorflow/serving/predict". */
  readonly methodName: string;
}

/** A SavedModel in a graph. */
export interface SavedModel {
  readonly graph: Graph;
  readonly tags: readonly string[];
  readonly signatures: Readonly<Record<string, SavedSignature>>;
  /** Of the signature "serving_default", or of the only one; empty where there is neither. */
  readonly inputs: Readonly<Record<string, Tensor>>;
  readonly outputs: Readonly<Record<string, Tensor>>;
  /** They begin with the saved values; none when the model was frozen. */
  readonly variables: readonly Variable[];
  /** What `returnElements` asked for. */
  readonly elements: readonly (Operation | Tensor)[];
}

export interface LoadSavedModelOptions extends LoadTarget {
  /** The tags of the graph, all of them; default ["serve"]. */
  readonly tags?: readonly string[] | undefined;
  /** The signatures that are wanted; default all. */
  readonly signatures?: readonly string[] | undefined;
  /** Further names, "a" for an operation and "a:0" for a tensor. */
  readonly returnElements?: readonly string[] | undefined;
  /** Makes constants of the variables, which runs faster; default false. */
  readonly freeze?: boolean | undefined;
  /** Of loadSavedModel only. */
  readonly signal?: AbortSignal | undefined;
}
