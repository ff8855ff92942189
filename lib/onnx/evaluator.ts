import { EngineError } from '../errors.js';
import type { Graph } from '../graph.js';
import { Session } from '../session.js';
import type { Tensor } from '../tensor.js';
import { toNumber } from './attributes.js';
import { isKnowable, type Known } from './values.js';

/** Bounds of what a model may have computed while it is loaded. */
const kMilliseconds = 500;
const kMemory = 64 << 20;
/** So many values that take too long, and no more are computed. */
const kMostLate = 2;

/** Computes values that depend on constants alone, for mappings that have to know them. */
export class Evaluator {
  /** The graph that is run. */
  readonly graph: Graph;
  #session: Session | undefined;
  readonly #found = new Map<Tensor, Known | undefined>();
  #late = 0;

  constructor(graph: Graph) {
    this.graph = graph;
  }

  /** Undefined when the value depends on what is fed, or is too much to compute. */
  evaluate(tensor: Tensor): Known | undefined {
    if (tensor.graph !== this.graph || !isKnowable(tensor.dtype)) return undefined;
    if (!this.#found.has(tensor)) this.#found.set(tensor, this.#compute(tensor));
    return this.#found.get(tensor);
  }

  #compute(tensor: Tensor): Known | undefined {
    if (this.#late >= kMostLate) return undefined;
    this.#session ??= new Session(this.graph, { threads: 1, memoryLimit: kMemory });
    try {
      const { dtype, shape, data } = this.#session.runSync(tensor, { timeout: kMilliseconds });
      const values: number[] = [];
      for (const entry of data)
        values.push(typeof entry === 'bigint' ? toNumber(entry) : Number(entry));
      return { dtype, shape, values };
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      if (error.code === 'DEADLINE_EXCEEDED') this.#late += 1;
      return undefined;
    }
  }

  close(): void {
    this.#session?.[Symbol.dispose]();
  }
}
