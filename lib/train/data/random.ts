/** The finaliser of MurmurHash3: each bit of the input moves each bit of the output. */
function mix(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

/** A small generator (xoshiro128**): the same integers as seeds give the same numbers. */
export class Random {
  #a = 0x9e3779b9;
  #b = 0x243f6a88;
  #c = 0xb7e15162;
  #d = 0xdeadbeef;

  constructor(...seeds: readonly number[]) {
    for (const seed of seeds) {
      this.#take(seed >>> 0);
      this.#take(Math.floor(seed / 2 ** 32) >>> 0);
    }
    for (let i = 0; i < 8; i++) this.next();
  }

  #take(word: number): void {
    this.#a = mix(this.#a ^ word);
    this.#b = mix(this.#b + this.#a);
    this.#c = mix(this.#c ^ this.#b);
    this.#d = mix(this.#d + this.#c) | 1;
  }

  /** An integer in [0, 2^32). */
  next(): number {
    const scaled = Math.imul(this.#b, 5);
    const result = Math.imul((scaled << 7) | (scaled >>> 25), 9) >>> 0;
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return result;
  }

  /** An integer in [0, count), each with the same probability. */
  below(count: number): number {
    const limit = 2 ** 32 - (2 ** 32 % count);
    for (;;) {
      const value = this.next();
      if (value < limit) return value % count;
    }
  }

  /** A number in [0, 1) with 53 random bits. */
  uniform(): number {
    return ((this.next() >>> 5) * 2 ** 26 + (this.next() >>> 6)) / 2 ** 53;
  }
}

/** So many swaps are made between two turns of the event loop. */
const kSwaps = 1 << 17;

/** The numbers [0, size) in random order. */
export async function permutation(size: number, random: Random): Promise<Uint32Array> {
  const order = new Uint32Array(size);
  for (let i = 0; i < size; i++) order[i] = i;
  for (let i = size - 1; i > 0; i--) {
    const j = random.below(i + 1);
    const kept = order[i]!;
    order[i] = order[j]!;
    order[j] = kept;
    if (i % kSwaps === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  return order;
}
