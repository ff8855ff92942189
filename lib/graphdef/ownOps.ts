import { withoutSwitches } from './branches.js';
import { withoutFrames } from './frames.js';
import { inlineCalls } from './inline.js';
import { withoutLegacy } from './legacy.js';
import { withoutReferences } from './references.js';
import { withTableTypes } from './tableTypes.js';
import type { GraphDef } from './types.js';

/**
 * The graph in ops of the registry, as far as other ops can be said by them: functions inlined,
 * frames as loops, switches as branches, variables by handle, older ops by the ones that came after.
 */
export function inOwnOps(def: GraphDef): GraphDef {
  const called = inlineCalls(def);
  const handled = { ...called, node: withoutReferences(called.node ?? []) };
  const flat = withoutSwitches(withoutFrames(handled));
  const library = (flat.library?.function ?? []).map((fn) => {
    return { ...fn, nodeDef: withoutLegacy(fn.nodeDef ?? []) };
  });
  const node = withTableTypes(withoutLegacy(flat.node ?? []));
  return { ...flat, node, library: { function: library } };
}
