import type { Sliced } from '../sliced.js';
import { unused } from './checkDef.js';
import { NodeIndex } from './nodeIndex.js';
import type { FunctionDef, GraphDef } from './types.js';

/** A function of the library while the graph is rewritten. */
export interface WorkFunction {
  readonly signature: FunctionDef['signature'];
  readonly nodes: NodeIndex;
  ret: Readonly<Record<string, string>>;
  readonly controlRet: Readonly<Record<string, string>>;
}

export type CallResults = ReadonlyMap<string, readonly string[]>;

/** A graph while it is rewritten: each step finds it as the one before has left it. */
export class WorkGraph {
  nodes: NodeIndex;
  functions: Map<string, WorkFunction>;
  /** What gives the results of calls, by the names of these: functions are inlined. */
  results: CallResults = new Map();
  /** The functions that are gradients of others, by the names of these. */
  readonly gradients: ReadonlyMap<string, string>;
  /** The names of the nodes that it had at first. */
  readonly given: ReadonlySet<string>;
  /** How many nodes it had at first, with those of its functions. */
  readonly written: number;
  readonly #versions: GraphDef['versions'];

  constructor({ node = [], library = {}, versions }: GraphDef) {
    this.nodes = new NodeIndex(node);
    this.given = new Set(node.map(({ name }) => name));
    this.functions = new Map(
      (library.function ?? []).map((fn) => [fn.signature.name, workFunction(fn)] as const),
    );
    this.gradients = new Map(
      (library.gradient ?? []).map((each) => [each.functionName, each.gradientFunc] as const),
    );
    this.written = [...this.bodies()].reduce((sum, { nodes }) => sum + nodes.size, 0);
    this.#versions = versions;
  }

  /** Nodes of its own with the functions of this graph. */
  around(nodes: NodeIndex): WorkGraph {
    const inner = new WorkGraph({});
    inner.nodes = nodes;
    inner.functions = this.functions;
    return inner;
  }

  /** A name for a further function, made of one with any characters. */
  functionName(wished: string): string {
    return unused(wished.replaceAll(/[^\w]/g, '_'), (name) => this.functions.has(name));
  }

  addFunction(fn: FunctionDef): void {
    this.functions.set(fn.signature.name, workFunction(fn));
  }

  /** The nodes of the graph and of each function. */
  *bodies(): Iterable<{ readonly nodes: NodeIndex; ret?: Readonly<Record<string, string>> }> {
    yield this;
    yield* this.functions.values();
  }

  get def(): GraphDef {
    const functions = [...this.functions.values()].map(
      ({ signature, nodes, ret, controlRet }): FunctionDef => {
        return { signature, nodeDef: [...nodes], ret, controlRet };
      },
    );
    const def = { node: [...this.nodes], library: { function: functions } };
    return this.#versions ? { ...def, versions: this.#versions } : def;
  }
}

export function workFunction({
  signature,
  nodeDef = [],
  ret = {},
  controlRet = {},
}: FunctionDef): WorkFunction {
  return { signature, nodes: new NodeIndex(nodeDef), ret, controlRet };
}

/** One transformation of a graph on the way to the ops of the registry. */
export interface Step {
  readonly name: string;
  /** What it is for, and what the steps after it may rely on. */
  readonly purpose: string;
  readonly run: (graph: WorkGraph) => void;
}

/** Runs the steps one after the other; the event loop may turn between them. */
export function* rewriting(graph: WorkGraph, steps: readonly Step[]): Sliced<void> {
  for (const step of steps) {
    step.run(graph);
    yield;
  }
}
