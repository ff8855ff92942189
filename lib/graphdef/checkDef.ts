import { describe, EngineError } from '../errors.js';
import { type GraphDef, kGraphDefVersion, type NodeDef } from './types.js';

/** Throws for what is no GraphDef, for versions that are not understood, and for equal names. */
export function checkGraphDef(def: unknown): asserts def is GraphDef {
  const nodes: unknown =
    typeof def === 'object' && def !== null && !Array.isArray(def)
      ? (Reflect.get(def, 'node') ?? [])
      : null;
  if (!Array.isArray(nodes) || !nodes.every(isNode)) {
    const text = `graph_def must be a GraphDef proto. Expected bytes or a GraphDef object but received ${describe(def)}`;
    throw Object.assign(new TypeError(text), { code: 'ERR_INVALID_ARG_TYPE' });
  }
  const names = new Set<string>();
  for (const { name } of nodes) {
    if (names.has(name)) throw invalid(`Node '${name}' is not unique`, name);
    names.add(name);
  }
}

export function checkVersions({ versions = {} }: GraphDef): void {
  const { producer = 0, minConsumer = 0 } = versions;
  if (producer < 0) {
    throw invalid(
      `GraphDef producer version ${producer} below min producer 0 supported by this engine.`,
    );
  }
  if (minConsumer <= kGraphDefVersion) return;
  throw invalid(
    `GraphDef min consumer version ${minConsumer} above current version ${kGraphDefVersion}.`,
  );
}

function isNode(node: unknown): node is NodeDef {
  if (typeof node !== 'object' || node === null) return false;
  return (
    typeof Reflect.get(node, 'name') === 'string' && typeof Reflect.get(node, 'op') === 'string'
  );
}

export function invalid(message: string, node?: string): EngineError {
  return new EngineError('INVALID_ARGUMENT', message, { node });
}

/** The name, or one made of it that is not taken. */
export function unused(name: string, isTaken: (name: string) => boolean): string {
  let own = name;
  for (let i = 1; isTaken(own); i++) own = `${name}_${i}`;
  return own;
}

/** "a:1" as node and index, "a" with index 0, "^a" with index -1. */
export interface InputRef {
  readonly node: string;
  readonly index: number;
}

export function parseInput(input: string): InputRef {
  if (input.startsWith('^')) return { node: input.slice(1), index: -1 };
  const match = /^(.*):(\d+)$/.exec(input);
  return match ? { node: match[1]!, index: Number(match[2]) } : { node: input, index: 0 };
}

/** Nodes so that inputs come first, otherwise in their order; an error for a cycle. */
export function sorted(
  nodes: readonly NodeDef[],
  inputsOf: (node: NodeDef) => string[],
): NodeDef[] {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const state = new Map<string, 'open' | 'done'>();
  const order: NodeDef[] = [];
  for (const root of nodes) {
    const stack = [root];
    while (stack.length > 0) {
      const node = stack.at(-1)!;
      if (state.get(node.name) === 'done') {
        stack.pop();
        continue;
      }
      const wanted = inputsOf(node).flatMap((name) => byName.get(name) ?? []);
      const next = wanted.filter(({ name }) => state.get(name) !== 'done');
      if (next.length === 0) {
        state.set(node.name, 'done');
        order.push(node);
        stack.pop();
      } else if (
        state.get(node.name) === 'open' &&
        next.some(({ name }) => state.get(name) === 'open')
      ) {
        throw cycle(next.find(({ name }) => state.get(name) === 'open')!.name, stack);
      } else {
        state.set(node.name, 'open');
        stack.push(...next.reverse());
      }
    }
  }
  return order;
}

function cycle(name: string, stack: readonly NodeDef[]): EngineError {
  const names = stack.map((node) => node.name);
  const inside = [...new Set(names.slice(names.indexOf(name)))];
  return invalid(
    `Graph is invalid, contains a cycle with ${inside.length} nodes, including: ` +
      inside.slice(0, 8).join(', '),
    name,
  );
}
