import { permutation, Random } from './random.js';
import type { Pass, Rows, Stage } from './stage.js';

/** The elements in an order that the seed and the pass decide. */
export class ShuffleStage<T> implements Stage<T> {
  readonly length: number | undefined;
  readonly rows: ((epoch: number) => Promise<Rows<T>>) | undefined;
  readonly #inner: Stage<T>;
  readonly #seed: number;
  readonly #buffer: number;

  constructor(inner: Stage<T>, seed: number, buffer: number) {
    this.#inner = inner;
    this.#seed = seed;
    this.#buffer = buffer;
    this.length = inner.length;
    const { rows } = inner;
    if (rows) this.rows = async (epoch) => this.#permuted(await rows(epoch), epoch);
  }

  #random(epoch: number): Random {
    return new Random(this.#seed, epoch);
  }

  async #permuted({ length, at, gather }: Rows<T>, epoch: number): Promise<Rows<T>> {
    const order = await permutation(length, this.#random(epoch));
    return {
      length,
      at: (i) => at(order[i]!),
      gather: gather && ((indices) => gather(indices.map((i) => order[i]!))),
    };
  }

  async *open({ epoch, skip }: Pass): AsyncGenerator<T, void, undefined> {
    if (this.rows) {
      const rows = await this.rows(epoch);
      for (let i = skip; i < rows.length; i++) yield rows.at(i);
      return;
    }
    let left = skip;
    for await (const element of this.#drawn(epoch)) {
      if (left > 0) left -= 1;
      else yield element;
    }
  }

  /** Each time one of the elements in the buffer, whose place the next one takes. */
  async *#drawn(epoch: number): AsyncGenerator<T, void, undefined> {
    const random = this.#random(epoch);
    const buffer: T[] = [];
    for await (const element of this.#inner.open({ epoch, skip: 0 })) {
      if (buffer.length < this.#buffer) {
        buffer.push(element);
        continue;
      }
      const place = random.below(buffer.length);
      const drawn = buffer[place]!;
      buffer[place] = element;
      yield drawn;
    }
    while (buffer.length > 0) {
      const place = random.below(buffer.length);
      const drawn = buffer[place]!;
      buffer[place] = buffer[buffer.length - 1]!;
      buffer.pop();
      yield drawn;
    }
  }
}

/** The data several times over, each time in the order of another pass. */
export class RepeatStage<T> implements Stage<T> {
  readonly length: number | undefined;
  readonly #inner: Stage<T>;
  readonly #count: number;

  constructor(inner: Stage<T>, count: number) {
    this.#inner = inner;
    this.#count = count;
    const { length } = inner;
    this.length = length === undefined || count === Infinity ? undefined : length * count;
  }

  async *open({ epoch, skip }: Pass): AsyncGenerator<T, void, undefined> {
    const { length } = this.#inner;
    const finite = Number.isFinite(this.#count);
    const first = finite ? epoch * this.#count : epoch;
    let left = skip;
    let pass = 0;
    if (length !== undefined && length > 0) {
      pass = Math.floor(skip / length);
      left = skip % length;
    }
    for (; pass < this.#count; pass++) {
      let seen = 0;
      const known = length !== undefined;
      for await (const element of this.#inner.open({
        epoch: first + pass,
        skip: known ? left : 0,
      })) {
        seen += 1;
        if (!known && left > 0) left -= 1;
        else yield element;
      }
      // An endless repetition of nothing would never give or end.
      if (seen === 0 && !(known && left > 0)) return;
      if (known) left = 0;
    }
  }
}

/** The first elements. */
export class TakeStage<T> implements Stage<T> {
  readonly length: number | undefined;
  readonly rows: ((epoch: number) => Promise<Rows<T>>) | undefined;
  readonly #inner: Stage<T>;
  readonly #count: number;

  constructor(inner: Stage<T>, count: number) {
    this.#inner = inner;
    this.#count = count;
    this.length = inner.length === undefined ? undefined : Math.min(inner.length, count);
    const { rows } = inner;
    if (rows) {
      this.rows = async (epoch) => {
        const all = await rows(epoch);
        return { ...all, length: Math.min(all.length, count) };
      };
    }
  }

  async *open({ epoch, skip }: Pass): AsyncGenerator<T, void, undefined> {
    let left = this.#count - skip;
    if (left <= 0) return;
    for await (const element of this.#inner.open({ epoch, skip })) {
      yield element;
      left -= 1;
      if (left === 0) return;
    }
  }
}
