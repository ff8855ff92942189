import type { NodeDef } from './types.js';
import type { WorkFunction, WorkGraph } from './workGraph.js';

/** The names of the functions that are attrs of a node. */
export function functionsOf({ attr = {} }: NodeDef): string[] {
  return Object.values(attr).flatMap(({ func, list }) => [
    ...(func ? [func.name] : []),
    ...(list?.func ?? []).map(({ name }) => name),
  ]);
}

/** Drops the functions that neither the nodes nor the functions of these refer to. */
export function dropUnusedFunctions(graph: WorkGraph): void {
  const kept = new Map<string, WorkFunction>();
  const open = [...graph.nodes].flatMap(functionsOf);
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const fn = graph.functions.get(name);
    if (!fn || kept.has(name)) continue;
    kept.set(name, fn);
    open.push(...[...fn.nodes].flatMap(functionsOf));
  }
  graph.functions = kept;
}
