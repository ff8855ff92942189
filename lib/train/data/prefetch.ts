import type { Pass, Stage } from './stage.js';

/** Makes elements ahead of those that read them, as many as are asked for and no more. */
export class PrefetchStage<T> implements Stage<T> {
  readonly length: number | undefined;
  readonly #inner: Stage<T>;
  readonly #count: number;

  constructor(inner: Stage<T>, count: number) {
    this.#inner = inner;
    this.#count = count;
    this.length = inner.length;
  }

  async *open(pass: Pass): AsyncGenerator<T, void, undefined> {
    const ahead = new Ahead(this.#inner.open(pass), this.#count);
    try {
      for (;;) {
        const next = await ahead.take();
        if (next.done) return;
        yield next.value;
      }
    } finally {
      await ahead.close();
    }
  }
}

/** Elements that were read already, and the reading that goes on behind the reader's back. */
class Ahead<T> {
  readonly #source: AsyncGenerator<T, void, undefined>;
  readonly #most: number;
  readonly #ready: T[] = [];
  #filling: Promise<void> | undefined;
  #ended = false;
  #failure: { readonly error: unknown } | undefined;
  #wake: (() => void) | undefined;

  constructor(source: AsyncGenerator<T, void, undefined>, most: number) {
    this.#source = source;
    this.#most = most;
  }

  async take(): Promise<IteratorResult<T, void>> {
    this.#start();
    while (this.#ready.length === 0 && !this.#ended) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#ready.length > 0) {
      const value = this.#ready.shift()!;
      this.#start();
      return { done: false, value };
    }
    if (this.#failure) throw this.#failure.error;
    return { done: true, value: undefined };
  }

  /** Waits for the reading under way, then closes the source. */
  async close(): Promise<void> {
    this.#ended = true;
    await this.#filling;
    await this.#source.return();
  }

  #start(): void {
    if (this.#filling || this.#ended || this.#ready.length >= this.#most) return;
    this.#filling = this.#fill();
  }

  async #fill(): Promise<void> {
    try {
      while (!this.#ended && this.#ready.length < this.#most) {
        const next = await this.#source.next();
        if (next.done) this.#ended = true;
        else this.#ready.push(next.value);
        this.#wake?.();
      }
    } catch (error) {
      this.#failure = { error };
      this.#ended = true;
      this.#wake?.();
    } finally {
      this.#filling = undefined;
    }
  }
}
