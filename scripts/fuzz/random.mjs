/** Numbers that depend on the seed and the index alone. */
export class Random {
  #state;

  constructor(seed, index) {
    this.#state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b)) | 0;
    for (let i = 0; i < 4; i++) this.bits();
  }

  /** 32 random bits (mulberry32). */
  bits() {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  }

  /** An integer from 0 to below n. */
  below(n) {
    return Math.floor((this.bits() / 2 ** 32) * n);
  }

  chance(p) {
    return this.bits() < p * 2 ** 32;
  }

  pick(list) {
    return list[this.below(list.length)];
  }
}
