import type { Graph } from '../graph.js';
import { addNode, type OpOptions } from '../node.js';
import type { Operation } from '../operation.js';
import type { Subgraph } from '../subgraph.js';
import type { Tensor } from '../tensor.js';

/** Adds an op that holds subgraphs, which nothing can be added to from then on. */
export function addWithSubgraphs(
  graph: Graph,
  type: string,
  inputs: readonly Tensor[],
  attrs: Readonly<Record<string, unknown>>,
  subgraphs: readonly Subgraph[],
  options: OpOptions,
): Operation {
  for (const { graph: inner } of subgraphs) inner.finalize();
  const waited = subgraphs.flatMap(({ controls }) => controls);
  const controlInputs = [...(options.controlInputs ?? []), ...waited];
  return addNode(graph, type, inputs, attrs, { ...options, controlInputs });
}
