/** So many entries may be dead before they are looked for. */
const kSlack = 64;

/** Objects in the order in which they were added, which it does not keep alive. */
export class WeakList<T extends object> {
  readonly #refs = new Map<object, WeakRef<T>>();
  readonly #keys = new WeakMap<T, object>();
  #sweepAt = kSlack;

  add(item: T): void {
    if (this.#refs.size >= this.#sweepAt) this.#sweep();
    const key = {};
    this.#keys.set(item, key);
    this.#refs.set(key, new WeakRef(item));
  }

  delete(item: T): void {
    const key = this.#keys.get(item);
    if (key) this.#refs.delete(key);
  }

  list(): T[] {
    return [...this.#refs.values()].flatMap((ref) => ref.deref() ?? []);
  }

  #sweep(): void {
    for (const [key, ref] of this.#refs) if (!ref.deref()) this.#refs.delete(key);
    this.#sweepAt = 2 * this.#refs.size + kSlack;
  }
}
