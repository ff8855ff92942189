import { inspect } from 'node:util';

import { native } from './binding.js';
import { tableOf } from './graphText.js';

export interface TracedStep {
  /** The name of the node, after the passes. */
  readonly node: string;
  readonly op: string;
  /** In milliseconds, on the clock of `performance.now` up to a constant. */
  readonly start: number;
  readonly end: number;
  /** Of its outputs. */
  readonly bytes: number;
  /** That it might use. */
  readonly threads: number;
  /** In how many branches and loops it is; the op that holds them comes after their steps. */
  readonly depth: number;
  /** Which of the traced runs, from 0. */
  readonly run: number;
}

/** What a run holds of the session's memory, in bytes. */
export interface TracedMemory {
  /** The one block for values between steps and for the temporaries of kernels, as planned now. */
  readonly arena: number;
  /** Values in the arena at the moment when they are the most. */
  readonly live: number;
  /** The name of the node that runs at that moment. */
  readonly liveAt: string;
  /** The most that the kernel of one step needed besides. */
  readonly temporaries: number;
  /** Values of the variables that the run reads or writes, slots of optimizers among them. */
  readonly variables: number;
  /** Fetched values that have memory of their own. */
  readonly results: number;
  /** The plan: arena, variables and results. */
  readonly planned: number;
  /**
   * The most that the session has given out at any moment so far, by this run or another; more
   * than `planned` where kernels make values whose size depends on data, or runs overlap.
   */
  readonly allocated: number;
}

export interface OpTime {
  readonly op: string;
  readonly ms: number;
  readonly steps: number;
  readonly bytes: number;
}

/** Values of one step as the core gives them. */
const kFields = 7;

/** Collects what each step of the runs that it is given to took: `run(y, { trace })`. */
export class Trace {
  readonly steps: TracedStep[] = [];
  /** Of the last run. */
  memory: TracedMemory | undefined;
  #runs = 0;

  /** How many runs it has collected. */
  get runs(): number {
    return this.#runs;
  }

  /** Takes the steps of the run that has just been read. @internal */
  take(): void {
    const entries = native.takeTrace();
    for (let i = 0; i < entries.length; i += kFields) {
      const [start = 0, end = 0, bytes = 0, threads = 0, depth = 0] = entries
        .slice(i + 2, i + kFields)
        .map(Number);
      const [node, op] = [String(entries[i]), String(entries[i + 1])];
      this.steps.push({ node, op, start, end, bytes, threads, depth, run: this.#runs });
    }
    const outer = this.steps.filter(({ run, depth }) => run === this.#runs && depth === 0);
    this.#runs += 1;
    this.#takeMemory(outer);
  }

  #takeMemory(steps: readonly TracedStep[]): void {
    const [
      arena = 0,
      live = 0,
      step = 0,
      temporaries = 0,
      variables = 0,
      results = 0,
      allocated = 0,
    ] = native.takeMemory();
    const liveAt = steps[step]?.node ?? '';
    const planned = arena + variables + results;
    this.memory = { arena, live, liveAt, temporaries, variables, results, planned, allocated };
  }

  /**
   * Milliseconds, steps and bytes of outputs by op, the costliest first. The time of a branch or
   * loop is that of its steps; the op that holds it has what is left.
   */
  byOp(): OpTime[] {
    const sums = new Map<string, { op: string; ms: number; steps: number; bytes: number }>();
    const inside: number[] = [];
    for (const { op, start, end, bytes, depth } of this.steps) {
      const sum = sums.get(op) ?? { op, ms: 0, steps: 0, bytes: 0 };
      sum.ms += end - start - (inside[depth + 1] ?? 0);
      inside[depth + 1] = 0;
      inside[depth] = (inside[depth] ?? 0) + end - start;
      sum.steps += 1;
      sum.bytes += bytes;
      sums.set(op, sum);
    }
    return [...sums.values()].sort((a, b) => b.ms - a.ms);
  }

  /** For Perfetto and the trace viewers of browsers: each run is a lane. */
  toChromeTrace(): { readonly traceEvents: readonly object[] } {
    const named = (name: string, tid: number, label: string) => ({
      name,
      ph: 'M',
      pid: 1,
      tid,
      args: { name: label },
    });
    const lanes = Array.from({ length: this.#runs }, (_, i) =>
      named('thread_name', i + 1, `run ${i + 1}`),
    );
    const events = this.steps.map(({ node, op, start, end, bytes, threads, run }) => ({
      name: node,
      cat: 'Op',
      ph: 'X',
      ts: start * 1000,
      dur: (end - start) * 1000,
      pid: 1,
      tid: run + 1,
      args: { name: node, op, bytes, threads },
    }));
    return {
      traceEvents: [named('process_name', 0, '/device:CPU:0 Compute'), ...lanes, ...events],
    };
  }

  /** The same as `toChromeTrace()`. */
  toJSON(): { readonly traceEvents: readonly object[] } {
    return this.toChromeTrace();
  }

  [inspect.custom](): string {
    const ops = this.byOp();
    const whole = ops.reduce((sum, { ms }) => sum + ms, 0) || 1;
    const rows = ops.map(({ op, ms, steps, bytes }) => [
      ms.toFixed(3).padStart(10),
      `${((100 * ms) / whole).toFixed(1)} %`.padStart(7),
      String(steps).padStart(6),
      String(bytes).padStart(12),
      op,
    ]);
    const head = [
      'ms'.padStart(10),
      'share'.padStart(7),
      'steps'.padStart(6),
      'bytes'.padStart(12),
      'op',
    ];
    const title = `Trace of ${this.steps.length} steps in ${this.#runs} runs`;
    return [title, tableOf([head, ...rows]), ...memoryRows(this.memory)].join('\n');
  }
}

function memoryRows(memory: TracedMemory | undefined): readonly string[] {
  if (memory === undefined) return [];
  const { arena, live, liveAt, temporaries, variables, results, planned, allocated } = memory;
  const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(3)} MB`;
  return [
    `  ${mb(planned)} planned: arena ${mb(arena)}, variables ${mb(variables)}, results ${mb(results)}`,
    `  ${mb(live)} of values live at ${liveAt}, temporaries of a step up to ${mb(temporaries)}`,
    `  ${mb(allocated)} given out at most`,
  ];
}
