import { type GraphHandle, native } from '../../binding.js';

/** The nodes that some tensors need, in the order of the graph, but for values that there are. */
export function reached(
  handle: GraphHandle,
  pairs: readonly number[],
  isDefined: (id: number, index: number) => boolean,
): number[] {
  const found = new Set<number>();
  const open: number[] = [];
  const visit = (list: readonly number[]) => {
    for (let i = 0; i < list.length; i += 2) {
      const id = list[i]!;
      if (id < 0 || found.has(id) || isDefined(id, list[i + 1]!)) continue;
      found.add(id);
      open.push(id);
    }
  };
  visit(pairs);
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    visit(native.nodeInputs(handle, id));
  }
  return [...found].sort((a, b) => a - b);
}
