import { type InputRef, parseInput } from './checkDef.js';
import type { NodeIndex } from './nodeIndex.js';
import { valueOfProto } from './tensors.js';
import type { NodeDef } from './types.js';

/** The nodes of a graph or function, and what a function gives. */
export interface Body {
  readonly nodes: NodeIndex;
  ret?: Readonly<Record<string, string>>;
}

/** What gives a value, through identities. */
export function originOf(nodes: NodeIndex, ref: string): InputRef {
  let at = parseInput(ref);
  for (let steps = 0; steps <= nodes.size; steps++) {
    const node = nodes.get(at.node);
    const from = node?.op === 'Identity' ? node.input?.[0] : undefined;
    if (from === undefined) break;
    at = parseInput(from);
  }
  return at;
}

/** The node that gives a value, through identities. */
export function makerOf(nodes: NodeIndex, ref: string | undefined): NodeDef | undefined {
  return ref === undefined ? undefined : nodes.get(originOf(nodes, ref).node);
}

export function isSame(a: InputRef, b: InputRef): boolean {
  return a.node === b.node && a.index === b.index;
}

/** The nodes that read a value, through identities, and "" for each result that it is. */
export function readersOf({ nodes, ret = {} }: Readonly<Body>, value: InputRef): string[] {
  const seen = new Set<string>();
  const found: string[] = [];
  const open = [value];
  for (let next = open.pop(); next; next = open.pop()) {
    for (const user of nodes.usersOf(next.node)) {
      for (const ref of user.input ?? []) {
        if (!isSame(parseInput(ref), next)) continue;
        if (user.op !== 'Identity') found.push(user.name);
        else if (!seen.has(user.name)) open.push({ node: user.name, index: 0 });
        seen.add(user.name);
      }
    }
  }
  const results = Object.values(ret).filter((ref) => isSame(originOf(nodes, ref), value));
  return [...found, ...results.map(() => '')];
}

/** Has all that read a value, or give it, read another. */
export function redirected(body: Body, from: string, to: string): void {
  body.nodes.redirect(from, to);
  const value = parseInput(from);
  const results = Object.entries(body.ret ?? {}).map(([name, ref]) => {
    return [name, isSame(parseInput(ref), value) ? to : ref] as const;
  });
  if (body.ret) body.ret = Object.fromEntries(results);
}

/** The numbers that a constant holds, with its shape. */
export function numbersOf(nodes: NodeIndex, ref: string | undefined) {
  const node = makerOf(nodes, ref);
  const tensor = node?.op === 'Const' ? node.attr?.value?.tensor : undefined;
  if (!tensor || !/^DT_INT(32|64)$/.test(tensor.dtype)) return undefined;
  const { data, shape } = valueOfProto(tensor);
  return { shape, values: Array.from(data, Number) };
}

/** The number that a constant of one element is. */
export function numberOf(nodes: NodeIndex, ref: string | undefined): number | undefined {
  const { values = [] } = numbersOf(nodes, ref) ?? {};
  return values.length === 1 ? values[0] : undefined;
}

/** What ends 0, 1, 2, ..., where a value is such a range. */
export function endOfRange(nodes: NodeIndex, ref: string | undefined): string | undefined {
  const node = makerOf(nodes, ref);
  const [start, end, step] = node?.op === 'Range' ? (node.input ?? []) : [];
  const counts = numberOf(nodes, start) === 0 && numberOf(nodes, step) === 1;
  return counts ? end : undefined;
}

/** The tensor whose slices a list has, if it is made of one. */
export function tensorOf(nodes: NodeIndex, ref: string) {
  const list = makerOf(nodes, ref);
  const type = list?.attr?.element_dtype?.type ?? '';
  const [first = '', value = '', indices] = list?.input ?? [];
  if (list?.op === 'TensorListFromTensor') return { ref: first, type };
  const isFilled = list?.op === 'TensorListScatterIntoExistingList';
  const isWhole = isFilled && makerOf(nodes, first)?.op === 'TensorListReserve';
  return isWhole && endOfRange(nodes, indices) ? { ref: value, type } : undefined;
}
