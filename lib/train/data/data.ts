import { availableParallelism } from 'node:os';
import { isAbsolute, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkKeys } from '../../attrs.js';

import { EngineError, invalidArgument } from '../../errors.js';
import { BatchStage, type Remainder } from './batch.js';
import { type MapContext, MapStage, mapContext } from './map.js';
import { RepeatStage, ShuffleStage, TakeStage } from './order.js';
import { PrefetchStage } from './prefetch.js';
import type { Stacked } from './stack.js';
import type { Stage } from './stage.js';
import { WorkerMapping } from './workers.js';

export interface ShuffleOptions {
  /** Decides the orders, together with the number of the pass; default 0. */
  readonly seed?: number | undefined;
  /** So many elements of a stream are held to draw from; not needed where elements have numbers. */
  readonly buffer?: number | undefined;
}

export interface BatchOptions {
  /** What becomes of the last elements when they do not fill a batch; default 'keep'. */
  readonly remainder?: Remainder | undefined;
}

export interface MapOptions {
  /** So many elements may be in the making at once; default 1, or 2 for each worker. */
  readonly concurrency?: number | undefined;
  /** Decides what `context.random()` gives, with the pass and the element; default 0. */
  readonly seed?: number | undefined;
}

export interface WorkerMapOptions extends MapOptions {
  /** Threads; default as many as the machine runs at once. */
  readonly workers?: number | undefined;
  /** The name under which the module exports the function; default 'default'. */
  readonly name?: string | undefined;
}

export interface EpochOptions {
  /** So many elements at the beginning are left out. */
  readonly skip?: number | undefined;
}

/**
 * A description of how elements are made, not the elements themselves: each pass over it makes
 * them anew, one when the one before is wanted no more. The same pass gives the same elements in
 * the same order, so that training can stop and go on in the midst of it.
 */
export class Data<T> implements AsyncIterable<T> {
  readonly #stage: Stage<T>;

  /** @internal */
  constructor(stage: Stage<T>) {
    this.#stage = stage;
  }

  /** The number of elements of a pass, where it is known beforehand. */
  get length(): number | undefined {
    return this.#stage.length;
  }

  /** The elements in another order in each pass. Put it before `map` and `batch`. */
  shuffle(options: ShuffleOptions = {}): Data<T> {
    checkKeys('shuffle', options, ['seed', 'buffer']);
    const { seed = 0, buffer = 0 } = options;
    if (!Number.isSafeInteger(seed)) throw invalidArgument('seed', 'an integer', seed);
    if (options.buffer !== undefined) checkCount(buffer, 'buffer');
    if (!this.#stage.rows && buffer === 0) {
      throw new EngineError(
        'INVALID_ARGUMENT',
        'Expected a buffer for shuffle(): what is in a stream cannot be had by number, so ' +
          'elements are drawn from a buffer of { buffer: count }; an array or a list that is ' +
          'shuffled before map() needs none',
      );
    }
    return new Data(new ShuffleStage(this.#stage, seed, buffer));
  }

  /** So many elements at a time, as arrays with one axis more. */
  batch(size: number, options: BatchOptions = {}): Data<Stacked<T>> {
    checkKeys('batch', options, ['remainder']);
    const { remainder = 'keep' } = options;
    if (remainder !== 'keep' && remainder !== 'drop') {
      throw invalidArgument('remainder', "'keep' or 'drop'", remainder);
    }
    return new Data(new BatchStage(this.#stage, checkCount(size, 'size'), remainder));
  }

  /** Each element as `fn` makes it, in the same order. */
  map<U>(fn: (element: T, context: MapContext) => U | Promise<U>, options?: MapOptions): Data<U>;
  /** The same in worker threads, by a function that a module exports. */
  map<U = unknown>(module: string | URL, options?: WorkerMapOptions): Data<U>;
  map(
    fn: ((element: T, context: MapContext) => unknown) | string | URL,
    options: WorkerMapOptions = {},
  ): Data<unknown> {
    const ofWorkers = typeof fn === 'function' ? [] : ['workers', 'name'];
    checkKeys('map', options, ['concurrency', 'seed', ...ofWorkers]);
    const { seed = 0 } = options;
    if (!Number.isSafeInteger(seed)) throw invalidArgument('seed', 'an integer', seed);
    if (typeof fn !== 'function') return new Data(this.#mapInWorkers(urlOf(fn), seed, options));
    const concurrency = checkCount(options.concurrency ?? 1, 'concurrency');
    const mapping = {
      apply: (element: T, epoch: number, index: number) =>
        fn(element, mapContext(seed, epoch, index)),
      close: async () => undefined,
    };
    return new Data(new MapStage<T, unknown>(this.#stage, () => mapping, concurrency));
  }

  #mapInWorkers(module: string, seed: number, options: WorkerMapOptions): Stage<unknown> {
    const { name = 'default', workers = availableParallelism() } = options;
    const count = checkCount(workers, 'workers');
    const concurrency = checkCount(options.concurrency ?? 2 * count, 'concurrency');
    const start = () => new WorkerMapping({ module, name, seed }, count);
    return new MapStage<T, unknown>(this.#stage, start, concurrency);
  }

  /** Makes up to so many elements ahead, while those before them are in use. */
  prefetch(count = 2): Data<T> {
    return new Data(new PrefetchStage(this.#stage, checkCount(count, 'count')));
  }

  /** Several passes as one; without a count it never ends. */
  repeat(count = Infinity): Data<T> {
    if (count !== Infinity) checkCount(count, 'count');
    return new Data(new RepeatStage(this.#stage, count));
  }

  /** The first so many elements. */
  take(count: number): Data<T> {
    return new Data(new TakeStage(this.#stage, checkCount(count, 'count')));
  }

  /** The elements of one pass; other passes have other orders. */
  epoch(epoch: number, options: EpochOptions = {}): AsyncGenerator<T, void, undefined> {
    checkKeys('epoch', options, ['skip']);
    const { skip = 0 } = options;
    for (const [name, value] of Object.entries({ epoch, skip })) {
      if (!Number.isSafeInteger(value) || value < 0) {
        throw invalidArgument(name, 'an integer of at least 0', value);
      }
    }
    return this.#stage.open({ epoch, skip });
  }

  /** The elements of pass 0. */
  [Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    return this.epoch(0);
  }
}

function checkCount(value: unknown, name: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value;
  throw invalidArgument(name, 'an integer of at least 1', value);
}

function urlOf(module: unknown): string {
  if (module instanceof URL) return module.href;
  if (typeof module !== 'string' || module === '') {
    throw invalidArgument('fn', 'a function, or the path or URL of a module', module);
  }
  if (module.startsWith('file:')) return module;
  return pathToFileURL(isAbsolute(module) ? module : resolve(module)).href;
}
