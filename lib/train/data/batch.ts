import { type Stacked, stack } from './stack.js';
import type { Pass, Rows, Stage } from './stage.js';

/** What becomes of the last elements when they do not fill a batch. */
export type Remainder = 'keep' | 'drop';

/** So many elements at a time, as arrays with one axis more. */
export class BatchStage<T> implements Stage<Stacked<T>> {
  readonly length: number | undefined;
  readonly rows: ((epoch: number) => Promise<Rows<Stacked<T>>>) | undefined;
  readonly #inner: Stage<T>;
  readonly #size: number;
  readonly #drops: boolean;

  constructor(inner: Stage<T>, size: number, remainder: Remainder) {
    this.#inner = inner;
    this.#size = size;
    this.#drops = remainder === 'drop';
    this.length = inner.length === undefined ? undefined : this.#count(inner.length);
    const { rows } = inner;
    if (rows) this.rows = async (epoch) => this.#rows(await rows(epoch));
  }

  #count(elements: number): number {
    const whole = Math.floor(elements / this.#size);
    return this.#drops || elements % this.#size === 0 ? whole : whole + 1;
  }

  #rows(inner: Rows<T>): Rows<Stacked<T>> {
    const size = this.#size;
    return {
      length: this.#count(inner.length),
      at: (i) => {
        const first = i * size;
        const length = Math.min(size, inner.length - first);
        return gathered(
          inner,
          Uint32Array.from({ length }, (_, k) => first + k),
        );
      },
    };
  }

  async *open({ epoch, skip }: Pass): AsyncGenerator<Stacked<T>, void, undefined> {
    if (this.rows) {
      const rows = await this.rows(epoch);
      for (let i = skip; i < rows.length; i++) yield rows.at(i);
      return;
    }
    let elements: T[] = [];
    for await (const element of this.#inner.open({ epoch, skip: skip * this.#size })) {
      elements.push(element);
      if (elements.length < this.#size) continue;
      yield stack(elements);
      elements = [];
    }
    if (elements.length > 0 && !this.#drops) yield stack(elements);
  }
}

function gathered<T>(rows: Rows<T>, indices: Uint32Array): Stacked<T>;
function gathered(rows: Rows<unknown>, indices: Uint32Array): unknown {
  return rows.gather ? rows.gather(indices) : stack(Array.from(indices, (i) => rows.at(i)));
}
