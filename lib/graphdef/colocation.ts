import { textOf } from './attrs.js';
import type { NodeDef } from './types.js';
import type { WorkGraph } from './workGraph.js';

const kGroup = 'loc:@';

/**
 * Drops the colocation with nodes that steps have taken away or put elsewhere: switches, loops'
 * plumbing, variables that loading makes. Nodes that never were stay, for the error about them.
 */
export function dropLostColocation(graph: WorkGraph): void {
  for (const body of graph.bodies()) {
    body.nodes.expand((node) =>
      withGroups(node, (name) => {
        const isLost = !body.nodes.has(name) && (body !== graph || graph.given.has(name));
        return isLost ? undefined : name;
      }),
    );
  }
}

/** The node with other names for those that it shares a device with; undefined: with none. */
export function withGroups(node: NodeDef, rename: (name: string) => string | undefined): NodeDef {
  const groups = node.attr?._class?.list?.s;
  if (!groups) return node;
  const texts = groups.map(textOf);
  const renamed = texts.flatMap((text) => {
    if (!text.startsWith(kGroup)) return text;
    const name = rename(text.slice(kGroup.length));
    return name === undefined ? [] : kGroup + name;
  });
  if (renamed.length === texts.length && renamed.every((text, i) => text === texts[i])) return node;
  const s = renamed.map((text) => Buffer.from(text));
  return { ...node, attr: { ...node.attr, _class: { list: { s } } } };
}
