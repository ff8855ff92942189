import { Random } from './random.js';
import type { Pass, Stage } from './stage.js';

/** What a function of `map` may want to know. */
export interface MapContext {
  /** Which pass over the data. */
  readonly epoch: number;
  /** Which element of the pass. */
  readonly index: number;
  /** A number in [0, 1): always the same ones for the same seed, pass and element. */
  random(): number;
}

export function mapContext(seed: number, epoch: number, index: number): MapContext {
  let random: Random | undefined;
  return {
    epoch,
    index,
    random() {
      random ??= new Random(seed, epoch, index);
      return random.uniform();
    },
  };
}

/** How elements become others during one pass. */
export interface Mapping<T, U> {
  apply(element: T, epoch: number, index: number): U | Promise<U>;
  close(): Promise<void>;
}

/** Each element as a function makes it, in the same order; several may be in the making at once. */
export class MapStage<T, U> implements Stage<U> {
  readonly length: number | undefined;
  readonly #inner: Stage<T>;
  readonly #start: () => Mapping<T, U>;
  readonly #concurrency: number;

  constructor(inner: Stage<T>, start: () => Mapping<T, U>, concurrency: number) {
    this.#inner = inner;
    this.#start = start;
    this.#concurrency = concurrency;
    this.length = inner.length;
  }

  async *open({ epoch, skip }: Pass): AsyncGenerator<U, void, undefined> {
    const source = this.#inner.open({ epoch, skip });
    const mapping = this.#start();
    const making: Promise<U>[] = [];
    let index = skip;
    let ended = false;
    try {
      for (;;) {
        while (!ended && making.length < this.#concurrency) {
          const next = await source.next();
          if (next.done) ended = true;
          else making.push(begin(mapping, next.value, epoch, index++));
        }
        const first = making.shift();
        if (first === undefined) return;
        yield await first;
      }
    } finally {
      await mapping.close();
      await Promise.allSettled(making);
      await source.return();
    }
  }
}

function begin<T, U>(mapping: Mapping<T, U>, element: T, epoch: number, index: number): Promise<U> {
  const made = (async () => mapping.apply(element, epoch, index))();
  // Looked at when its turn comes, which may be later than it fails.
  made.catch(() => undefined);
  return made;
}
