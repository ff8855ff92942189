import { inspect } from 'node:util';
import { type EvalOptions, evaluate, evaluateSync } from './evaluate.js';
import type { Graph } from './graph.js';
import type { Operation } from './operation.js';

/** Stands for the initializers of all variables that a graph has at the time of a run. */
export class Initializer {
  readonly graph: Graph;
  readonly name = 'init';

  /** @internal */
  constructor(graph: Graph) {
    this.graph = graph;
  }

  get operations(): readonly Operation[] {
    return this.graph.variables.map((variable) => variable.initializer);
  }

  async run(options: EvalOptions = {}): Promise<null> {
    return evaluate(this, options);
  }

  runSync(options: EvalOptions = {}): null {
    return evaluateSync(this, options);
  }

  [inspect.custom](): string {
    return `Initializer(${this.graph.variables.length} variables)`;
  }
}
