import { native } from './binding.js';
import { EngineError, invalidArgument } from './errors.js';

/** The one listener that the engine puts on a signal: it cancels the runs under way with it. */
class Watch {
  readonly runs = new Set<number>();

  handleEvent(): void {
    for (const run of this.runs) native.cancel(run);
  }
}

const watches = new WeakMap<AbortSignal, Watch>();

/** Cancels the run when the signal aborts; gives what to call when the run has ended. */
export function cancelOn(signal: AbortSignal, run: number): () => void {
  let watch = watches.get(signal);
  if (!watch) {
    watch = new Watch();
    watches.set(signal, watch);
    signal.addEventListener('abort', watch);
  }
  const { runs } = watch;
  runs.add(run);
  return () => runs.delete(run);
}

export function abortedError(signal: AbortSignal): EngineError {
  return new EngineError('CANCELLED', 'The run was aborted by its signal', {
    cause: signal.reason,
  });
}

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal === undefined) return;
  if (typeof signal?.addEventListener !== 'function') {
    throw invalidArgument('signal', 'an AbortSignal', signal);
  }
  if (signal.aborted) throw abortedError(signal);
}
