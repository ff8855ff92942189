import { EngineError } from './errors.js';
import type { FeedValue } from './feeds.js';
import { checkRunOptions, type RunOptions } from './runOptions.js';
import type { RunPlan } from './runPlan.js';

type CallOptions = Omit<RunOptions, 'feeds'>;

/** How a session runs what it has prepared. */
export interface PreparedCalls {
  run(values: readonly unknown[], options: CallOptions): Promise<unknown>;
  runSync(values: readonly unknown[], options: CallOptions): unknown;
}

const noOptions: CallOptions = {};

/** A run with everything looked up; made by `session.prepare`. */
export class PreparedRun<R> {
  readonly #plan: RunPlan;
  readonly #calls: PreparedCalls;
  readonly #options: CallOptions;
  #disposed = false;

  /** @internal */
  constructor(plan: RunPlan, calls: PreparedCalls, options: CallOptions = noOptions) {
    this.#plan = plan;
    this.#calls = calls;
    this.#options = options;
  }

  /** The same call with other options, such as `out` or `signal`. */
  with(options: CallOptions): PreparedRun<R> {
    checkRunOptions(options);
    return new PreparedRun<R>(this.#plan, this.#calls, { ...this.#options, ...options });
  }

  /** Takes one value per declared feed, in their order. */
  run(...values: FeedValue[]): Promise<R>;
  run(...values: unknown[]): Promise<unknown> {
    try {
      this.#check(values.length);
    } catch (error) {
      return Promise.reject(error);
    }
    return this.#calls.run(values, this.#options);
  }

  runSync(...values: FeedValue[]): R;
  runSync(...values: unknown[]): unknown {
    this.#check(values.length);
    return this.#calls.runSync(values, this.#options);
  }

  #check(count: number): void {
    if (this.#disposed) {
      throw new EngineError('FAILED_PRECONDITION', 'the prepared run was disposed');
    }
    const wanted = this.#plan.slots.length;
    if (count === wanted) return;
    throw new EngineError('INVALID_ARGUMENT', `Expected ${wanted} feed tensors, but got ${count}`);
  }

  /** Gives back what the session keeps for it. */
  [Symbol.dispose](): void {
    if (!this.#disposed) this.#plan.release();
    this.#disposed = true;
  }
}
