import { isEffect } from './opFacts.js';
import type { WorkGraph } from './workGraph.js';

/**
 * Drops the control inputs that order nothing: where no node has an effect, waiting for reads of
 * variables, or for operations that wait for these, only keeps ops from being fused.
 */
export function dropIdleControls({ nodes }: WorkGraph): void {
  if (nodes.some(({ op }) => op !== 'NoOp' && isEffect(op))) return;
  nodes.expand((node) => {
    const input = node.input ?? [];
    const values = input.filter((ref) => !ref.startsWith('^'));
    return values.length === input.length ? node : { ...node, input: values };
  });
}
