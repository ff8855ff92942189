import { parseInput } from './checkDef.js';
import type { NodeIndex } from './nodeIndex.js';
import type { NodeDef } from './types.js';
import type { WorkGraph } from './workGraph.js';

const resource = 'DT_RESOURCE';

/**
 * Has what reads a handle through identities and loops read that which these are given: a loop
 * carries the same handle from step to step.
 */
export function useGivenHandles(graph: WorkGraph): void {
  for (const body of graph.bodies()) {
    const given = givenIn(body.nodes);
    if (given.size === 0) continue;
    const origin = (ref: string): string => {
      let at = ref;
      for (let steps = 0; steps <= given.size; steps++) {
        const { node, index } = parseInput(at);
        const next = given.get(`${node}:${index}`);
        if (next === undefined) break;
        at = next;
      }
      return at;
    };
    body.nodes.expand((node) => {
      const input = (node.input ?? []).map((ref) => (ref.startsWith('^') ? ref : origin(ref)));
      if (isCopy(node)) {
        return { ...node, op: 'NoOp', input: input.filter((ref) => ref.startsWith('^')), attr: {} };
      }
      return input.some((ref, i) => ref !== node.input![i]) ? { ...node, input } : node;
    });
    const results = Object.entries(body.ret ?? {});
    if (body.ret) body.ret = Object.fromEntries(results.map(([name, ref]) => [name, origin(ref)]));
  }
}

function isCopy({ op, attr }: NodeDef): boolean {
  return op === 'Identity' && attr?.T?.type === resource;
}

/** What the handles among the outputs of identities and loops are. */
function givenIn(nodes: NodeIndex): ReadonlyMap<string, string> {
  const given = new Map<string, string>();
  for (const node of nodes) {
    const { name, op, input = [], attr } = node;
    const carried = /^(Stateless)?While$/.test(op) ? (attr?.T?.list?.type ?? []) : [];
    for (const [k, type] of (isCopy(node) ? [resource] : carried).entries()) {
      if (type === resource) given.set(`${name}:${k}`, input[k] ?? '');
    }
  }
  return given;
}
