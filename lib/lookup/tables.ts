import type { Graph } from '../graph.js';
import type { Operation } from '../operation.js';
import type { Tensor } from '../tensor.js';

/** What a graph knows of one of its lookup tables. */
export interface TableEntry {
  readonly name: string;
  /** Of tables that are filled once: part of `graph.initializer`. */
  readonly initializer?: Operation | undefined;
  /** Of tables that change: their content, which checkpoints hold. */
  readonly content?: TableContent | undefined;
}

export interface TableContent {
  readonly keys: Tensor;
  readonly values: Tensor;
  /** Replaces the content by these placeholders' values. */
  readonly replace: { readonly keys: Tensor; readonly values: Tensor; readonly op: Operation };
}

const tables = new WeakMap<Graph, TableEntry[]>();

export function tablesOf(graph: Graph): readonly TableEntry[] {
  return tables.get(graph) ?? [];
}

export function addTable(graph: Graph, table: TableEntry): void {
  const known = tables.get(graph);
  if (known) known.push(table);
  else tables.set(graph, [table]);
}
