import { EngineError, invalidArgument } from './errors.js';

/** What a graph has anyway, by the names that TensorFlow gives it. */
export type CollectionViews = Readonly<Record<string, () => readonly unknown[]>>;

/**
 * Named lists of anything that belongs to a graph, such as the losses of its layers; an item may
 * be in a list twice. `variables`, `trainable_variables` and `update_ops` begin with the graph's own.
 */
export class Collections {
  readonly #lists = new Map<string, unknown[]>();
  readonly #views: CollectionViews;
  readonly #finalized: () => boolean;

  /** @internal */
  constructor(views: CollectionViews, finalized: () => boolean) {
    this.#views = views;
    this.#finalized = finalized;
  }

  /** The names of the lists with items in them. */
  get names(): string[] {
    const names = new Set([...Object.keys(this.#views), ...this.#lists.keys()]);
    return [...names].filter((name) => this.get(name).length > 0);
  }

  /** Adds an item to the list of that name, or to each of several. */
  add(name: string | readonly string[], item: unknown): void {
    this.#checkOpen();
    const names = typeof name === 'string' ? [name] : new Set(name);
    for (const each of names) this.live(each).push(item);
  }

  /**
   * A copy of the list. With a scope only the items whose `name` lies in it: the scope itself and
   * what is below it, "a" and "a/b" for "a" but not "ab".
   */
  get(name: string, scope?: string): unknown[] {
    const items = [...(this.#view(name)?.() ?? []), ...(this.#lists.get(checkName(name)) ?? [])];
    if (scope === undefined || scope === '') return items;
    const within = scope.endsWith('/') ? scope : `${scope}/`;
    return items.filter((item) => `${nameOf(item) ?? ''}/`.startsWith(within));
  }

  /** The list of what was added, itself: later additions show in it. */
  live(name: string): unknown[] {
    const known = this.#lists.get(checkName(name));
    if (known) return known;
    const list: unknown[] = [];
    this.#lists.set(name, list);
    return list;
  }

  /** Takes out what was added. */
  clear(name: string): void {
    this.#checkOpen();
    this.#lists.delete(checkName(name));
  }

  #view(name: string): (() => readonly unknown[]) | undefined {
    return Object.hasOwn(this.#views, name) ? this.#views[name] : undefined;
  }

  #checkOpen(): void {
    if (!this.#finalized()) return;
    throw new EngineError('FAILED_PRECONDITION', 'Graph is finalized and cannot be modified.');
  }
}

function checkName(name: unknown): string {
  if (typeof name === 'string') return name;
  throw invalidArgument('name', 'the name of a collection', name);
}

function nameOf(item: unknown): string | undefined {
  if (typeof item !== 'object' || item === null) return undefined;
  const name: unknown = Reflect.get(item, 'name');
  return typeof name === 'string' ? name : undefined;
}
