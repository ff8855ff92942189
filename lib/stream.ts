import { checkKeys } from './attrs.js';
import { invalidArgument } from './errors.js';
import type { Feeds } from './feeds.js';
import type { RunOptions } from './runOptions.js';

export interface StreamOptions extends Pick<RunOptions, 'signal' | 'timeout' | 'trace'> {
  /** So many results may be computed before they are asked for; default 1. */
  readonly prefetch?: number | undefined;
}

export type FeedsSource = AsyncIterable<Feeds> | Iterable<Feeds>;

type Run = (feeds: Feeds, options: RunOptions) => Promise<unknown>;

const kEnd = Symbol('end');

/**
 * Runs in the order of the feeds, one after the other. The next feeds are asked for while a run is
 * under way, and runs go on while the results before are used.
 */
export async function* streamRuns(
  run: Run,
  source: FeedsSource,
  options: StreamOptions,
): AsyncGenerator<unknown, void, undefined> {
  checkKeys('stream', options, ['signal', 'timeout', 'trace', 'prefetch']);
  const { prefetch = 1, signal, ...rest } = options;
  if (!Number.isInteger(prefetch) || prefetch < 0) {
    throw invalidArgument('prefetch', 'an integer of at least 0', prefetch);
  }
  const feeds = iteratorOf(source);
  const stop = new AbortController();
  const either = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  let over = false;
  let pulled: Promise<unknown> = Promise.resolve();
  let finished: Promise<unknown> = Promise.resolve();
  const launch = (): Promise<unknown> => {
    const mine = pulled.then(async () => {
      const next = over ? undefined : await feeds.next();
      over ||= next?.done === true;
      return next?.done === false ? next : undefined;
    });
    pulled = mine.catch(() => undefined);
    const before = finished;
    const result = mine.then(async (next) => {
      await before;
      if (next === undefined || stop.signal.aborted) return kEnd;
      return run(next.value, { ...rest, signal: either });
    });
    finished = result.catch(() => {
      over = true;
    });
    return result;
  };
  const waiting: Promise<unknown>[] = [];
  try {
    for (;;) {
      while (waiting.length <= prefetch) waiting.push(launch());
      const result = await waiting.shift();
      if (result === kEnd) return;
      yield result;
    }
  } finally {
    over = true;
    stop.abort();
    await Promise.allSettled(waiting);
    await feeds.return?.();
  }
}

function iteratorOf(source: unknown): AsyncIterator<Feeds> | Iterator<Feeds> {
  if (typeof source === 'object' && source !== null) {
    if (isAsync(source)) return source[Symbol.asyncIterator]();
    if (isSync(source)) return source[Symbol.iterator]();
  }
  throw invalidArgument('feeds', 'an iterable or async iterable of feeds', source);
}

function isAsync(source: object): source is AsyncIterable<Feeds> {
  return Symbol.asyncIterator in source;
}

function isSync(source: object): source is Iterable<Feeds> {
  return Symbol.iterator in source;
}
