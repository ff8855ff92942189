import { parseInput } from './checkDef.js';
import { isEffect } from './opFacts.js';
import type { NodeDef } from './types.js';

/** The nodes that those named need, themselves included, in their order. */
export function closureOf(nodes: readonly NodeDef[], names: readonly string[]): NodeDef[] {
  const byName = new Map(nodes.map((node) => [node.name, node] as const));
  const wanted = new Set<string>();
  const open = [...names];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const node = byName.get(name);
    if (!node || wanted.has(name)) continue;
    wanted.add(name);
    for (const ref of node.input ?? []) open.push(parseInput(ref).node);
  }
  return nodes.filter(({ name }) => wanted.has(name));
}

/**
 * Without the control inputs that order nothing: where no node has an effect, waiting for reads of
 * variables, or for operations that wait for these, only keeps ops from being fused.
 */
export function withoutIdleControls(nodes: readonly NodeDef[]): readonly NodeDef[] {
  if (nodes.some(({ op }) => op !== 'NoOp' && isEffect(op))) return nodes;
  return nodes.map((node) => {
    const input = node.input ?? [];
    const values = input.filter((ref) => !ref.startsWith('^'));
    return values.length === input.length ? node : { ...node, input: values };
  });
}
