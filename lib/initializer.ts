import { inspect } from 'node:util';
import { type EvalOptions, evaluate, evaluateSync } from './evaluate.js';
import type { Graph } from './graph.js';
import { tablesOf } from './lookup/tables.js';
import type { Operation } from './operation.js';

/** Stands for the initializers of all variables and tables that a graph has at the time of a run. */
export class Initializer {
  readonly graph: Graph;
  readonly name = 'init';

  /** @internal */
  constructor(graph: Graph) {
    this.graph = graph;
  }

  get operations(): readonly Operation[] {
    const tables = tablesOf(this.graph).flatMap(({ initializer }) => initializer ?? []);
    return [...this.graph.variables.map((variable) => variable.initializer), ...tables];
  }

  /** Grows when the graph has a further variable or table. @internal */
  get count(): number {
    return this.graph.variables.length + tablesOf(this.graph).length;
  }

  async run(options: EvalOptions = {}): Promise<null> {
    return evaluate(this, options);
  }

  runSync(options: EvalOptions = {}): null {
    return evaluateSync(this, options);
  }

  [inspect.custom](): string {
    return `Initializer(${this.operations.length} operations)`;
  }
}
