import { abortedError, cancelOn } from './abort.js';
import { native } from './binding.js';
import { EngineError } from './errors.js';
import { serveWaiting } from './hostCalls.js';
import { kPollWord, kRunWord, mailbox, words } from './mailbox.js';
import type { Feed, RunPlan } from './runPlan.js';
import type { Trace } from './trace.js';
import { turnOverdue } from './turn.js';

interface Pending {
  readonly plan: RunPlan;
  readonly feeds: readonly Feed[];
  readonly outs: readonly unknown[] | undefined;
  readonly signal: AbortSignal | undefined;
  readonly trace: Trace | undefined;
  readonly done: (() => void) | undefined;
  readonly ended: () => void;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

export interface StartOptions {
  readonly outs: readonly unknown[] | undefined;
  readonly signal: AbortSignal | undefined;
  readonly timeout: number;
  readonly trace: Trace | undefined;
  readonly keep: boolean;
  /** The run may call functions of JavaScript, which it then has to leave free. */
  readonly mayWait: boolean;
  /** Called for a run that goes to a runner thread, and when it has ended. */
  readonly started: () => void;
  readonly ended: () => void;
}

const pending = new Map<number, Pending>();

/** Starts a run; short ones are over when this returns. */
export function start(
  plan: RunPlan,
  feeds: readonly Feed[],
  options: StartOptions,
): Promise<unknown> {
  const { outs, signal, timeout, trace, keep, mayWait, started, ended } = options;
  const payload = plan.write(feeds);
  const traced = trace !== undefined;
  const plain = outs === undefined && timeout === 0 && !traced && !keep && !mayWait;
  const run = plain
    ? native.runAsync(plan.id!, payload)
    : native.runAsync(plan.id!, payload, outs, timeout, traced, keep, mayWait);
  if (typeof run !== 'number') {
    trace?.take();
    return settledSoon(plan.read(run, feeds, outs));
  }
  const wait = words[kPollWord]!;
  if (wait > 0) pollFor(wait);
  started();
  const done = signal && cancelOn(signal, run);
  return new Promise((resolve, reject) => {
    pending.set(run, { plan, feeds, outs, signal, trace, done, ended, resolve, reject });
  });
}

/** A promise of the value; one that waits for a turn of the loop when there was none for long. */
export function settledSoon(value: unknown): Promise<unknown> {
  if (!turnOverdue()) return Promise.resolve(value);
  return new Promise((resolve) => {
    setImmediate(resolve, value);
  });
}

const kEnded = 1;
const kStopped = 2;

let polling = false;
let pollUntil = 0;

/**
 * Looks for completions in each turn of the event loop for so many milliseconds, while runs are
 * under way. A thread that sleeps takes longer to wake up than a short run takes.
 */
function pollFor(milliseconds: number): void {
  pollUntil = performance.now() + milliseconds;
  if (polling) return;
  polling = true;
  setImmediate(poll);
}

function poll(): void {
  const state = native.poll(pending.size === 0 || performance.now() > pollUntil);
  if (state === kStopped) {
    polling = false;
    return;
  }
  if (state === kEnded) drain();
  setImmediate(poll);
}

/** Settles the runs that have ended. Called by the addon; must not throw. */
function drain(): void {
  serveWaiting();
  for (;;) {
    if (turnOverdue()) {
      setImmediate(drain);
      return;
    }
    const outcome = native.nextCompletion();
    if (outcome === undefined) return;
    const id = words[kRunWord]!;
    const run = pending.get(id);
    pending.delete(id);
    if (run) settle(run, outcome);
  }
}

function settle(run: Pending, outcome: readonly unknown[] | Error | null): void {
  run.done?.();
  try {
    if (outcome instanceof Error) {
      const aborted = run.signal?.aborted && Reflect.get(outcome, 'code') === 'CANCELLED';
      run.reject(aborted ? abortedError(run.signal) : outcome);
    } else {
      run.trace?.take();
      run.resolve(run.plan.read(outcome, run.feeds, run.outs));
    }
  } catch (error) {
    run.reject(error);
  }
  run.ended();
}

native.start(mailbox, EngineError, drain);
