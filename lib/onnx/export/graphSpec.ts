import type { GraphSpec, NodeSpec, Value } from './value.js';

/** The graphs in a node's attributes. */
export function graphsOf(node: NodeSpec): readonly GraphSpec[] {
  return Object.values(node.attributes).flatMap((attribute) =>
    typeof attribute === 'object' && 'g' in attribute ? [attribute.g] : [],
  );
}

/** Drops nodes that no output needs; gives all values that the rest reads. */
export function prune(graph: GraphSpec): Set<Value> {
  const needed = new Set<Value>(graph.outputs);
  const kept: NodeSpec[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((output) => needed.has(output))) continue;
    kept.push(node);
    for (const inner of graphsOf(node)) for (const value of prune(inner)) needed.add(value);
    for (const input of node.inputs) if (input) needed.add(input);
  }
  graph.nodes = kept.reverse();
  return needed;
}

/** Gives names to the values of a graph and of those inside it, no name twice. */
export class Namer {
  readonly #used = new Set<string>();
  readonly #next = new Map<string, number>();

  /** False when the name is taken. */
  take(value: Value, name: string): boolean {
    if (this.#used.has(name)) return false;
    this.#used.add(name);
    value.name = name;
    return true;
  }

  give(value: Value, wish: string): void {
    if (value.name !== '' || this.take(value, wish)) return;
    let count = this.#next.get(wish) ?? 1;
    while (!this.take(value, `${wish}_${count}`)) count++;
    this.#next.set(wish, count + 1);
  }

  /** Names that users know come first. */
  graph(graph: GraphSpec): void {
    for (const input of graph.inputs) this.give(input, input.wish);
    for (const value of graph.nodes.flatMap(({ outputs }) => outputs)) {
      if (value.wish !== '') this.give(value, value.wish);
    }
    for (const node of graph.nodes) {
      for (const output of node.outputs) this.give(output, `${node.owner}/${node.type}`);
      for (const inner of graphsOf(node)) this.graph(inner);
    }
  }
}
