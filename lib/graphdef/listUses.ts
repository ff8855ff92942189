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

export function isSame(a: InputRef, b: InputRef): boolean {
  return a.node === b.node && a.index === b.index;
}

/** Who reads a value, through identities. */
export interface Uses {
  /** Nodes that have it as their first input. */
  readonly first: readonly NodeDef[];
  /** How many times it is another input. */
  readonly others: number;
  /** The identities on the way. */
  readonly through: readonly string[];
  /** The results of the function that it is. */
  readonly results: readonly string[];
}

export function usesOf({ nodes, ret = {} }: Readonly<Body>, value: InputRef): Uses {
  const first: NodeDef[] = [];
  const through: string[] = [];
  let others = 0;
  const open = [value];
  for (let next = open.pop(); next; next = open.pop()) {
    for (const user of nodes.usersOf(next.node)) {
      for (const [i, ref] of (user.input ?? []).entries()) {
        if (!isSame(parseInput(ref), next)) continue;
        if (user.op === 'Identity' && !through.includes(user.name)) {
          through.push(user.name);
          open.push({ node: user.name, index: 0 });
        } else if (i === 0) first.push(user);
        else others += 1;
      }
    }
  }
  const results = Object.keys(ret).filter((key) => isSame(originOf(nodes, ret[key]!), value));
  return { first, others, through, results };
}

/** The numbers that a constant holds, with its shape. */
export function numbersOf(nodes: NodeIndex, ref: string | undefined) {
  const node = ref === undefined ? undefined : nodes.get(originOf(nodes, ref).node);
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
  const node = ref === undefined ? undefined : nodes.get(originOf(nodes, ref).node);
  const [start, end, step] = node?.op === 'Range' ? (node.input ?? []) : [];
  const counts = numberOf(nodes, start) === 0 && numberOf(nodes, step) === 1;
  return counts ? end : undefined;
}
