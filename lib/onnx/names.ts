import { native } from '../binding.js';
import type { Graph } from '../graph.js';

/** How to ask for a name: as it is, or near to it when an op of that name is there already. */
export function nameIn(graph: Graph, name: string): string {
  return native.findNode(graph.handle, name) < 0 ? `${name}/` : name;
}

/** A name that a graph takes for an op, near to one of a model: "/conv1/Conv:0" to "conv1/Conv_0". */
export function opName(name: string, fallback: string): string {
  const cleaned = name.replace(/[^\w.\\/-]/g, '_').replace(/^[^A-Za-z0-9.]+|\/+$/g, '');
  return cleaned || fallback;
}
