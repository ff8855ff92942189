import { invalid, parseInput, unused } from './checkDef.js';
import type { NodeDef } from './types.js';

/**
 * The nodes of a graph, or of the body of a function, in order: found by their names and by what
 * they read. Every change goes through here, so that both ways of finding them stay true.
 */
export class NodeIndex {
  #nodes = new Map<string, NodeDef>();
  /** Who reads or awaits each name; made when it is first asked for. */
  #users: Map<string, Set<string>> | undefined;

  constructor(nodes: Iterable<NodeDef> = []) {
    for (const node of nodes) this.add(node);
  }

  get size(): number {
    return this.#nodes.size;
  }

  [Symbol.iterator](): IterableIterator<NodeDef> {
    return this.#nodes.values();
  }

  has(name: string): boolean {
    return this.#nodes.has(name);
  }

  get(name: string): NodeDef | undefined {
    return this.#nodes.get(name);
  }

  some(test: (node: NodeDef) => boolean): boolean {
    for (const node of this) if (test(node)) return true;
    return false;
  }

  /** The node that a reference reads or waits for. */
  source(ref: string): NodeDef | undefined {
    return this.#nodes.get(parseInput(ref).node);
  }

  /** The nodes that read or await a node. */
  usersOf(name: string): NodeDef[] {
    this.#users ??= this.#linked();
    return [...(this.#users.get(name) ?? [])].flatMap((user) => this.#nodes.get(user) ?? []);
  }

  /** The name, or one made of it that no node has. */
  unused(name: string): string {
    return unused(name, (each) => this.has(each));
  }

  /** Adds a node at the end. */
  add(node: NodeDef): void {
    if (this.has(node.name)) throw invalid(`Node '${node.name}' is not unique`, node.name);
    this.set(node);
  }

  /** Puts a node in the place of the one with its name, or at the end. */
  set(node: NodeDef): void {
    this.#unlink(this.#nodes.get(node.name));
    this.#nodes.set(node.name, node);
    this.#link(node);
  }

  delete(name: string): void {
    this.#unlink(this.#nodes.get(name));
    this.#nodes.delete(name);
  }

  /** Puts in the place of each node what `change` makes of it: the node, another, several, none. */
  expand(change: (node: NodeDef) => NodeDef | readonly NodeDef[]): void {
    const made = [...this].map((node) => [node, change(node)] as const);
    if (made.every(([before, after]) => before === after)) return;
    for (const [before, after] of made) if (before !== after) this.#unlink(before);
    this.#nodes = new Map();
    for (const [before, after] of made) {
      for (const node of 'name' in after ? [after] : after) {
        if (node === before) this.#nodes.set(node.name, node);
        else this.add(node);
      }
    }
  }

  /** Has all that read `from` read `to` instead. */
  redirect(from: string, to: string): void {
    const { node, index } = parseInput(from);
    const isFrom = (ref: string) => {
      const found = parseInput(ref);
      return found.node === node && found.index === index;
    };
    for (const user of this.usersOf(node)) {
      const input = user.input ?? [];
      if (input.some(isFrom)) this.set({ ...user, input: input.map((r) => (isFrom(r) ? to : r)) });
    }
  }

  /** The names of the nodes that those named need, themselves included. */
  needed(names: Iterable<string>): Set<string> {
    const found = new Set<string>();
    const open = [...names];
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      const node = this.#nodes.get(name);
      if (!node || found.has(name)) continue;
      found.add(name);
      for (const ref of node.input ?? []) open.push(parseInput(ref).node);
    }
    return found;
  }

  #linked(): Map<string, Set<string>> {
    this.#users = new Map();
    for (const node of this) this.#link(node);
    return this.#users;
  }

  #link({ name, input = [] }: NodeDef): void {
    if (!this.#users) return;
    for (const ref of input) {
      const from = parseInput(ref).node;
      const users = this.#users.get(from);
      if (users) users.add(name);
      else this.#users.set(from, new Set([name]));
    }
  }

  #unlink(node: NodeDef | undefined): void {
    if (!node || !this.#users) return;
    for (const ref of node.input ?? []) this.#users.get(parseInput(ref).node)?.delete(node.name);
  }
}
