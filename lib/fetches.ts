import { describe, EngineError, typeOf } from './errors.js';
import type { Graph } from './graph.js';
import { Initializer } from './initializer.js';
import { isTensorLike } from './node.js';
import { Operation } from './operation.js';
import { unfetchable } from './place.js';
import { Tensor } from './tensor.js';
import { Variable } from './variable.js';

/** A fetch structure whose leaves are looked up: `slot` is a place among the values of a run. */
type Shape =
  | { readonly kind: 'leaf'; readonly key: unknown; readonly slot: number }
  | { readonly kind: 'array'; readonly items: readonly Shape[] }
  | {
      readonly kind: 'object';
      readonly keys: readonly string[];
      readonly items: readonly Shape[];
      /** Of plain objects, or of the class whose instance the result is to be. */
      readonly prototype: object | null;
    }
  | { readonly kind: 'map'; readonly keys: readonly unknown[]; readonly items: readonly Shape[] };

const kNothing = -1;

/** One fetch structure of a session, compiled: what to compute, and how to arrange it. */
export class FetchTemplate {
  /** Each tensor once. */
  readonly tensors: readonly Tensor[];
  readonly targets: readonly Operation[];
  readonly #root: Shape;
  readonly #graph: Graph;
  readonly #variables: number;
  /** Whether the values are in the structure of the fetches already: a list of distinct tensors. */
  readonly #isList: boolean;

  constructor(graph: Graph, fetches: unknown) {
    const tensors = new Map<Tensor, number>();
    const targets = new Set<Operation>();
    this.#root = compile(graph, fetches, tensors, targets);
    this.tensors = [...tensors.keys()];
    this.targets = [...targets];
    this.#graph = graph;
    this.#isList = isList(this.#root);
    const initializes = [...targets].length > 0 && mentions(this.#root, graph.initializer);
    this.#variables = initializes ? graph.initializer.count : kNothing;
  }

  /** Whether these fetches have the same structure and leaves. */
  matches(fetches: unknown): boolean {
    if (!same(this.#root, fetches)) return false;
    return this.#variables === kNothing || this.#variables === this.#graph.initializer.count;
  }

  /** The values, one per tensor, in the structure of the fetches; may be the list itself. */
  arrange(values: readonly unknown[]): unknown {
    return this.#isList ? values : arrange(this.#root, values);
  }

  /** Entries of a structure like that of the fetches, one per tensor. */
  flatten(structure: unknown): unknown[] {
    const entries = new Array<unknown>(this.tensors.length).fill(undefined);
    flatten(this.#root, structure, entries);
    return entries;
  }
}

function same(shape: Shape, fetches: unknown): boolean {
  if (shape.kind === 'leaf') return shape.key === fetches;
  const { items } = shape;
  if (shape.kind === 'array') {
    if (!Array.isArray(fetches) || fetches.length !== items.length) return false;
    for (let i = 0; i < items.length; i++) if (!same(items[i]!, fetches[i])) return false;
    return true;
  }
  let i = 0;
  if (shape.kind === 'map') {
    if (!(fetches instanceof Map) || fetches.size !== items.length) return false;
    for (const [key, item] of fetches) {
      if (key !== shape.keys[i] || !same(items[i]!, item)) return false;
      i += 1;
    }
    return true;
  }
  if (!isObject(fetches) || Object.getPrototypeOf(fetches) !== shape.prototype) return false;
  if (isPlain(shape.prototype)) {
    for (const key in fetches) {
      if (key !== shape.keys[i] || !same(items[i]!, fetches[key])) return false;
      i += 1;
    }
    return i === items.length;
  }
  const keys = Object.keys(fetches);
  return (
    keys.length === items.length &&
    keys.every((key, k) => key === shape.keys[k] && same(items[k]!, fetches[key]))
  );
}

function arrange(shape: Shape, values: readonly unknown[]): unknown {
  if (shape.kind === 'leaf') return shape.slot === kNothing ? null : values[shape.slot];
  const { items } = shape;
  if (shape.kind === 'array') {
    const list = new Array<unknown>(items.length);
    for (let i = 0; i < items.length; i++) list[i] = arrange(items[i]!, values);
    return list;
  }
  if (shape.kind === 'map') {
    return new Map(items.map((item, i) => [shape.keys[i], arrange(item, values)]));
  }
  const record: Record<string, unknown> = isPlain(shape.prototype)
    ? {}
    : Object.create(shape.prototype);
  for (let i = 0; i < items.length; i++) record[shape.keys[i]!] = arrange(items[i]!, values);
  return record;
}

function flatten(shape: Shape, structure: unknown, entries: unknown[]): void {
  if (structure === undefined || structure === null) return;
  if (shape.kind === 'leaf') {
    if (shape.slot !== kNothing) entries[shape.slot] = structure;
    return;
  }
  for (const [i, item] of shape.items.entries()) {
    if (shape.kind === 'map') {
      if (structure instanceof Map) flatten(item, structure.get(shape.keys[i]), entries);
    } else {
      const key = shape.kind === 'array' ? i : shape.keys[i]!;
      flatten(item, Reflect.get(Object(structure), key), entries);
    }
  }
}

function isList(shape: Shape): boolean {
  return (
    shape.kind === 'array' &&
    shape.items.every((item, i) => item.kind === 'leaf' && item.slot === i)
  );
}

function mentions(shape: Shape, key: unknown): boolean {
  return shape.kind === 'leaf' ? shape.key === key : shape.items.some((s) => mentions(s, key));
}

function compile(
  graph: Graph,
  fetches: unknown,
  tensors: Map<Tensor, number>,
  targets: Set<Operation>,
): Shape {
  const into = (item: unknown): Shape => compile(graph, item, tensors, targets);
  if (Array.isArray(fetches)) return { kind: 'array', items: fetches.map(into) };
  if (fetches instanceof Map) {
    return { kind: 'map', keys: [...fetches.keys()], items: [...fetches.values()].map(into) };
  }
  if (isObject(fetches) && !isTensorLike(fetches)) {
    const prototype: object | null = Object.getPrototypeOf(fetches);
    if (isPlain(prototype)) {
      const keys: string[] = [];
      for (const key in fetches) keys.push(key);
      return { kind: 'object', keys, items: keys.map((key) => into(fetches[key])), prototype };
    }
    if (isRecord(fetches)) {
      const keys = Object.keys(fetches);
      const items = keys.map((key) => field(fetches[key], into));
      return { kind: 'object', keys, items, prototype };
    }
  }
  const element = elementOf(graph, fetches);
  if (element instanceof Initializer) {
    for (const op of element.operations) targets.add(op);
  } else if (element instanceof Operation) {
    targets.add(element);
  } else {
    if (!tensors.has(element)) tensors.set(element, tensors.size);
    return { kind: 'leaf', key: fetches, slot: tensors.get(element)! };
  }
  return { kind: 'leaf', key: fetches, slot: kNothing };
}

function elementOf(graph: Graph, fetch: unknown): Tensor | Operation | Initializer {
  const wrong = (why: unknown): EngineError => {
    const reason = why instanceof Error ? why.message : String(why);
    const text = `Fetch argument ${describe(fetch)} cannot be interpreted as a Tensor. (${reason})`;
    return new EngineError('INVALID_ARGUMENT', text);
  };
  if (typeof fetch === 'string') {
    try {
      const named = fetch.includes(':') ? graph.tensor(fetch) : graph.operation(fetch);
      return checkFetchable(graph, named);
    } catch (error) {
      throw wrong(error);
    }
  }
  const element = fetch instanceof Variable ? fetch.value : standingFor(fetch);
  if (element instanceof Tensor || element instanceof Operation) {
    if (element.graph.place) throw unfetchable(element instanceof Operation ? element : element.op);
    try {
      graph.checkOwn(element);
    } catch (error) {
      throw wrong(error);
    }
    return checkFetchable(graph, element);
  }
  if (element instanceof Initializer) {
    if (element.graph === graph) return element;
    throw wrong('it is the initializer of another graph');
  }
  const text = `Fetch argument ${describe(fetch)} has invalid type ${typeOf(fetch)}, must be a string or Tensor.`;
  throw Object.assign(new TypeError(text), { code: 'ERR_INVALID_ARG_TYPE' });
}

function standingFor(fetch: unknown): unknown {
  return isTensorLike(fetch) ? fetch.asTensor() : fetch;
}

function checkFetchable<X extends Tensor | Operation>(graph: Graph, x: X): X {
  if (graph.isFetchable(x)) return x;
  throw unfetchable(x instanceof Operation ? x : x.op);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isPlain(prototype: object | null): boolean {
  return prototype === Object.prototype || prototype === null;
}

/** An instance of a class of which every field is a fetch, or nothing. */
function isRecord(value: object): boolean {
  if (isLeaf(value)) return false;
  const fields = Object.values(value);
  return fields.length > 0 && fields.every(isField);
}

function isField(value: unknown): boolean {
  if (value === null || value === undefined || isLeaf(value)) return true;
  if (Array.isArray(value)) return value.every(isField);
  return isObject(value) && !ArrayBuffer.isView(value) && Object.values(value).every(isField);
}

function isLeaf(value: unknown): boolean {
  return (
    value instanceof Tensor ||
    value instanceof Operation ||
    value instanceof Variable ||
    value instanceof Initializer ||
    isTensorLike(value)
  );
}

/** A field of an instance may be empty, as the shape of slices that have none. */
function field(value: unknown, into: (item: unknown) => Shape): Shape {
  const empty = value === null || value === undefined;
  return empty ? { kind: 'leaf', key: value, slot: kNothing } : into(value);
}
