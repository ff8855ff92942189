import { checkKeys } from './attrs.js';
import { EngineError, invalidArgument } from './errors.js';
import type { Feeds } from './feeds.js';
import type { RunPlan } from './runPlan.js';
import { Trace } from './trace.js';

export interface RunOptions {
  readonly feeds?: Feeds | undefined;
  /** Typed arrays or NDArrays to be filled with the results, in the structure of the fetches. */
  readonly out?: unknown;
  readonly signal?: AbortSignal | undefined;
  /** In milliseconds; 0 for none. */
  readonly timeout?: number | undefined;
  /** True: results stay with the engine, as KeptValues that can be fed without a copy. */
  readonly keep?: boolean | undefined;
  /** Collects what each step of the run took. */
  readonly trace?: Trace | undefined;
}

const names = ['feeds', 'out', 'signal', 'timeout', 'trace', 'keep'];

/** Throws for an option that no run has. Looked at when a plan is made, not at every run. */
export function checkRunOptions(options: unknown): void {
  if (options instanceof Map || Array.isArray(options)) throw feedsAlone(options);
  try {
    checkKeys('run', options, names);
  } catch (error) {
    // Whoever comes from TensorFlow gives the feeds in place of the options.
    if (error instanceof TypeError) error.message += kFeedsGo;
    throw error;
  }
}

const kFeedsGo = '. Feeds are given as run(fetches, { feeds })';

function feedsAlone(options: unknown): TypeError {
  const error = invalidArgument('the options of run', 'an object', options);
  return Object.assign(error, { message: error.message + kFeedsGo });
}

export function checkTimeout(timeout: unknown): number {
  if (timeout === undefined) return 0;
  if (typeof timeout === 'number' && timeout >= 0) return timeout;
  throw invalidArgument('timeout', 'a number of milliseconds', timeout);
}

export function checkKeep({ keep, out }: RunOptions, plan: RunPlan): boolean {
  if (keep === undefined || keep === false) return false;
  if (keep !== true) throw invalidArgument('keep', 'a boolean', keep);
  const why =
    out !== undefined ? 'with out' : plan.computesAll ? '' : 'when a fed tensor is fetched';
  if (why === '') return true;
  throw new EngineError('INVALID_ARGUMENT', `results cannot be kept ${why}`);
}

export function checkTrace(trace: unknown): boolean {
  if (trace === undefined || trace instanceof Trace) return trace !== undefined;
  throw invalidArgument('trace', 'a Trace', trace);
}
