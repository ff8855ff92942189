import { CallSite } from './callSite.js';

/** A line that adds ops before so many different runs is taken for one in a loop. */
const kTimes = 8;
/** So many new ops are looked at after each new plan: finding the line takes time. */
const kLooked = 4;
/** So many lines are remembered. */
const kLines = 256;

/**
 * Notices ops that the same line adds again and again between runs, which makes every run compile
 * a plan of its own, and warns once.
 */
export class GrowthWatch {
  readonly #lines = new Map<string, { plan: number; times: number }>();
  #plans = 0;
  #looked = 0;
  #warned = false;

  /** A run needed something that no run needed before. */
  planned(): void {
    this.#plans += 1;
    this.#looked = 0;
  }

  /** An op was added. */
  added(label: string): void {
    if (this.#plans === 0 || this.#warned || this.#looked >= kLooked) return;
    this.#looked += 1;
    const line = String(new CallSite());
    if (line === '') return;
    const seen = this.#lines.get(line) ?? { plan: 0, times: 0 };
    if (this.#lines.size < kLines) this.#lines.set(line, seen);
    if (seen.plan === this.#plans) return;
    seen.plan = this.#plans;
    seen.times += 1;
    if (seen.times >= kTimes) this.#warn(label, line);
  }

  #warn(label: string, line: string): void {
    this.#warned = true;
    this.#lines.clear();
    process.emitWarning(`${label} grows: ops are added between runs, again and again, at ${line}`, {
      type: 'GraphGrowthWarning',
      code: 'TENSORWRIGHT_GRAPH_GROWS',
      detail:
        'Each such op stays in the graph, and each run of it is compiled anew. Build the graph ' +
        'before the loop and feed what changes; graph.finalize() makes an error of it.',
    });
  }
}
