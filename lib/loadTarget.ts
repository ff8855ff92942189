import { invalidArgument } from './errors.js';
import { Graph } from './graph.js';

/** Where a loader puts the ops of a file. */
export interface LoadTarget {
  /** The graph that takes the ops; a new one by default. */
  readonly graph?: Graph | undefined;
  /** Goes before the names of all ops, as a name scope. */
  readonly prefix?: string | undefined;
}

export const loadTargetKeys = ['graph', 'prefix'];

export function checkLoadTarget({ graph, prefix }: LoadTarget): void {
  if (graph !== undefined && !(graph instanceof Graph)) {
    throw invalidArgument('graph', 'a Graph', graph);
  }
  if (prefix !== undefined && typeof prefix !== 'string') {
    throw invalidArgument('prefix', 'a name', prefix);
  }
}

/** The graph of a target, and what goes before names: "" or what ends in "/". */
export function loadTarget({ graph = new Graph(), prefix = '' }: LoadTarget): {
  readonly graph: Graph;
  readonly prefix: string;
} {
  return { graph, prefix: prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/` };
}
