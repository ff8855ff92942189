import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Work on the JavaScript thread that gives way now and then: where it yields nothing, other work
 * may go on; where it yields a promise, the work goes on when that is settled.
 */
export type Sliced<T> = Generator<Promise<unknown> | undefined, T, undefined>;

/** Far below the 5 ms that loading may hold the event loop: the system may take a turn as well. */
const kSliceMilliseconds = 0.5;

/** Runs sliced work to its end, letting the event loop turn every few milliseconds. */
export async function runSliced<T>(work: Sliced<T>, signal?: AbortSignal): Promise<T> {
  let start = performance.now();
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    if (step.value) await step.value;
    else if (performance.now() - start < kSliceMilliseconds) continue;
    else await nextTurn();
    signal?.throwIfAborted();
    start = performance.now();
  }
}

/** Runs sliced work that yields no promises, in one go. */
export function runAtOnce<T>(work: Sliced<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}
