import type { Graph } from '../graph.js';
import type { Evaluator } from './evaluator.js';
import type { FunctionProto, Stored } from './proto.js';

/** A node or value that cannot be imported, and why. */
export interface Problem {
  readonly node: string;
  readonly op: string;
  readonly why: string;
  /** The subgraphs and functions around the node, from the outermost in; not of the main graph. */
  readonly within?: readonly string[];
}

/** Something in a model that the engine cannot do; all of a model are reported together. */
export class Unsupported extends Error {}

/** As Unsupported, because of something else that is reported itself. */
export class Consequence extends Unsupported {}

/** What all parts of one graph of ops share while a model is imported. */
export interface ImportContext {
  /** The model's name in errors. */
  readonly file: string;
  readonly graph: Graph;
  /** Goes before the names of ops: "" or what ends in "/". */
  readonly prefix: string;
  /** What weights become; placeholders cost no memory and serve to look at a model only. */
  readonly weights: 'constants' | 'variables' | 'placeholders';
  /** Versions by domain; the standard's own is "". */
  readonly opsets: ReadonlyMap<string, number>;
  /** Functions of the model, by "domain:name". */
  readonly functions: ReadonlyMap<string, FunctionProto>;
  /** Whether nobody can wait for promises. */
  readonly isSync: boolean;
  /** Waits for values that are being read from a file; undefined when all that are needed are. */
  readonly arrived?: ((stored: Stored) => Promise<void>) | undefined;
  /** Of the graph that is run: values inside a subgraph cannot be computed. */
  readonly evaluator: Evaluator;
  readonly problems: Problem[];
  /** Functions whose bodies were looked at without being imported. */
  readonly examined: Set<FunctionProto>;
  /** So many nodes may still be imported: bodies are imported wherever they are used. */
  readonly left: { nodes: number };
  /** The subgraphs and functions around, from the outermost in. */
  readonly within: readonly string[];
  readonly onNode: () => void;
  /** Functions that are being imported inside each other. */
  readonly depth: number;
}
