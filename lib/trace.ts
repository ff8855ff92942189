import { inspect } from 'node:util';

import { native } from './binding.js';

export interface TracedStep {
  /** The name of the node, after the passes. */
  readonly node: string;
  readonly op: string;
  /** In milliseconds, on the clock of `performance.now` up to a constant. */
  readonly start: number;
  readonly end: number;
}

/** Collects what each step of the runs that it is given to took: `run(y, { trace })`. */
export class Trace {
  readonly steps: TracedStep[] = [];

  /** Takes the steps of the run that has just been read. @internal */
  take(): void {
    const entries = native.takeTrace();
    for (let i = 0; i < entries.length; i += 4) {
      const [start, end] = [Number(entries[i + 2]), Number(entries[i + 3])];
      this.steps.push({ node: String(entries[i]), op: String(entries[i + 1]), start, end });
    }
  }

  /** Milliseconds and number of steps by op, the costliest first. */
  byOp(): { readonly op: string; readonly ms: number; readonly steps: number }[] {
    const sums = new Map<string, { op: string; ms: number; steps: number }>();
    for (const { op, start, end } of this.steps) {
      const sum = sums.get(op) ?? { op, ms: 0, steps: 0 };
      sum.ms += end - start;
      sum.steps += 1;
      sums.set(op, sum);
    }
    return [...sums.values()].sort((a, b) => b.ms - a.ms);
  }

  /** As the trace viewers of browsers read it. */
  toJSON(): { readonly traceEvents: readonly object[] } {
    const traceEvents = this.steps.map(({ node, op, start, end }) => ({
      name: node,
      cat: op,
      ph: 'X',
      ts: start * 1000,
      dur: (end - start) * 1000,
      pid: 1,
      tid: 1,
    }));
    return { traceEvents };
  }

  [inspect.custom](): string {
    const rows = this.byOp().map(({ op, ms, steps }) => `  ${ms.toFixed(3)} ms  ${op} x ${steps}`);
    return [`Trace of ${this.steps.length} steps`, ...rows].join('\n');
  }
}
