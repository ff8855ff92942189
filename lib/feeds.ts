import { toValue } from './convert.js';
import type { DType } from './dtype.js';
import { describe, EngineError, invalidArgument, typeOf } from './errors.js';
import { type FeedForm, feedFormOf } from './feedForms.js';
import type { Graph } from './graph.js';
import { KeptValue } from './keptValue.js';
import { Operation } from './operation.js';
import { fitsStatic, formatShape, type Shape, type StaticShape } from './shape.js';
import { Tensor } from './tensor.js';
import type { Value, Values } from './value.js';
import { Variable } from './variable.js';

/** A tensor or variable, "op:0", or the name of an operation with one output. */
export type FeedKey = Tensor | Variable | string;

/** Keys in arrays or objects, to be fed values in the same structure. */
export type FeedStructure = readonly FeedPart[] | { readonly [name: string]: FeedPart };
type FeedPart = FeedKey | null | undefined | FeedStructure;

/** A map of an ONNX model, as a Map, or as an object when its keys are strings. */
export type MapValue =
  | ReadonlyMap<string | number | bigint, string | number | bigint>
  | { readonly [key: string]: string | number | bigint };

/** What may be fed. */
export type FeedValue = Values | KeptValue | MapValue | readonly MapValue[];

/** Values for tensors, for one run: a map, pairs, or an object by name. */
export type Feeds =
  | ReadonlyMap<FeedKey, FeedValue>
  | ReadonlyMap<FeedKey | FeedStructure, unknown>
  | readonly (readonly [FeedKey, FeedValue])[]
  | readonly (readonly [FeedKey | FeedStructure, unknown])[]
  | { readonly [name: string]: FeedValue };

/** A declared feed: the tensors that take its value, and what the value has to be. */
export class FeedSlot {
  readonly key: unknown;
  /** More than one only for a variable, whose every read is fed. */
  readonly tensors: readonly Tensor[];
  readonly name: string;
  readonly tensor: Tensor;
  readonly shape: StaticShape;
  /** Whether a number needs no more than to be written as a float32. */
  readonly takesFloat: boolean;
  /** Of a float32 tensor whose shape is known: a Float32Array of its size is taken as it is. */
  readonly floatShape: Shape = [];
  readonly #floats: number = -1;
  readonly #form: FeedForm | undefined;

  constructor(graph: Graph, key: unknown) {
    this.key = key;
    this.tensors = tensorsOf(graph, key);
    this.tensor = this.tensors[0]!;
    this.name = typeof key === 'string' ? key : this.tensor.name;
    this.shape = this.tensor.shape;
    this.#form = this.tensor.dtype === 'variant' ? feedFormOf(this.tensor) : undefined;
    const scalar = this.shape === null || this.shape.length === 0;
    const isFloat = this.tensor.dtype === 'float32';
    this.takesFloat = scalar && isFloat;
    const { shape } = this;
    if (isFloat && shape?.every((dim): dim is number => dim !== null)) {
      this.floatShape = shape;
      this.#floats = shape.reduce((size, dim) => size * dim, 1);
    }
  }

  checkFeedable(): void {
    for (const tensor of this.tensors) {
      if (tensor.graph.isFeedable(tensor)) continue;
      throw new EngineError('INVALID_ARGUMENT', `Tensor ${tensor.name} may not be fed.`);
    }
  }

  /** The value in the tensor's dtype and of a shape that it may have. */
  convert(value: unknown): Value | KeptValue | Float32Array {
    if (value instanceof Float32Array && value.length === this.#floats) return value;
    if (value instanceof Tensor || value instanceof Variable || value instanceof Operation) {
      throw Object.assign(
        new TypeError(
          'The value of a feed cannot be a Tensor object. Acceptable feed values include numbers, ' +
            `strings, arrays, typed arrays and NDArrays (feed of '${this.name}').`,
        ),
        { code: 'ERR_INVALID_ARG_TYPE' },
      );
    }
    const mayBeNull = this.tensor.dtype === 'variant';
    if ((value === null && !mayBeNull) || value === undefined) {
      throw invalidArgument(`feed '${this.name}'`, 'a value', value);
    }
    const converted = value instanceof KeptValue ? this.#kept(value) : this.#inDType(value);
    if (fitsStatic(converted.shape, this.shape)) return converted;
    throw new EngineError(
      'INVALID_ARGUMENT',
      `Cannot feed value of shape ${formatShape(converted.shape)} for Tensor ` +
        `'${this.tensor.name}', which has shape '${formatShape(this.shape)}'`,
      { op: this.tensor.op.type, node: this.tensor.op.name },
    );
  }

  #kept(value: KeptValue): KeptValue {
    const { dtype } = this.tensor;
    if (value.disposed) {
      throw new EngineError(
        'FAILED_PRECONDITION',
        `the value kept for '${this.name}' was disposed`,
      );
    }
    if (value.dtype === dtype) return value;
    throw invalidArgument(`feed '${this.name}'`, `a kept value of ${dtype}`, value);
  }

  #inDType(value: unknown): Value {
    const { dtype } = this.tensor;
    try {
      const name = `feed '${this.name}'`;
      const formed = this.#form ? this.#form(value, name) : value;
      return toValue(formed, dtype, name, this.shape);
    } catch (error) {
      throw error instanceof TypeError ? notStorable(value, dtype, error) : error;
    }
  }
}

function notStorable(value: unknown, dtype: DType, error: Error): TypeError {
  return Object.assign(
    new TypeError(
      `Type of feed value ${describe(value)} with type ${typeOf(value)} is not compatible with Tensor type ` +
        `${dtype}. ${error.message}`,
    ),
    { code: Reflect.get(error, 'code') },
  );
}

function tensorsOf(graph: Graph, key: unknown): readonly Tensor[] {
  const wrong = (why: unknown): TypeError => {
    const reason = why instanceof Error ? why.message : String(why);
    return Object.assign(
      new TypeError(`Cannot interpret feed_dict key as Tensor: ${reason} (key ${describe(key)})`),
      { code: 'ERR_INVALID_ARG_VALUE' },
    );
  };
  if (key instanceof Tensor && key.graph.place) {
    const { place } = key.graph;
    const text = `Tensor ${place.name}/${key.name} may not be fed. It is in ${place.what}.`;
    throw new EngineError('INVALID_ARGUMENT', text);
  }
  try {
    if (typeof key === 'string') {
      const tensor = byName(graph, key);
      return variableOf(tensor)?.reads ?? [tensor];
    }
    if (key instanceof Variable) {
      graph.checkOwn(key.op);
      return key.reads;
    }
    if (key instanceof Tensor) {
      graph.checkOwn(key);
      return [key];
    }
  } catch (error) {
    throw wrong(error);
  }
  throw wrong(
    `Can not convert a ${key instanceof Operation ? 'Operation' : typeof key} into a Tensor.`,
  );
}

/** The name of a variable is that of its handle, which takes no value. */
function variableOf({ op, dtype }: Tensor): Variable | undefined {
  return dtype === 'resource' ? op.graph.variables.find((v) => v.op === op) : undefined;
}

function byName(graph: Graph, name: string): Tensor {
  if (name.includes(':')) return graph.tensor(name);
  const { outputs } = graph.operation(name);
  if (outputs.length === 1) return outputs[0]!;
  throw new Error(
    `the operation '${name}' has ${outputs.length} outputs: name one, as '${name}:0'`,
  );
}

/** Keys and values of feeds, in order. */
export interface Entries {
  readonly keys: unknown[];
  readonly values: unknown[];
}

export function entriesOf(feeds: unknown): Entries {
  if (feeds instanceof Map) return ofTensors(feeds) ?? ofPairs(feeds);
  if (feeds === undefined || feeds === null) return { keys: [], values: [] };
  if (Array.isArray(feeds)) return ofPairs(feeds);
  if (typeof feeds === 'object' && !ArrayBuffer.isView(feeds)) {
    const keys: string[] = [];
    for (const name in feeds) keys.push(name);
    return { keys, values: keys.map((name) => Reflect.get(feeds, name)) };
  }
  throw invalidArgument('feeds', 'a Map, a list of pairs or an object by name', feeds);
}

/** The common case, on the route of each call: lists that need not grow. */
function ofTensors(feeds: ReadonlyMap<unknown, unknown>): Entries | undefined {
  const keys = new Array<unknown>(feeds.size);
  const values = new Array<unknown>(feeds.size);
  let next = 0;
  for (const [key, value] of feeds) {
    if (!(key instanceof Tensor)) return undefined;
    keys[next] = key;
    values[next++] = value;
  }
  return { keys, values };
}

function ofPairs(feeds: Iterable<unknown>): Entries {
  const entries: Entries = { keys: [], values: [] };
  for (const pair of feeds) {
    if (!Array.isArray(pair) || pair.length !== 2) {
      throw invalidArgument('feeds', 'pairs of a tensor and a value', pair);
    }
    addEntry(pair[0], pair[1], entries);
  }
  return entries;
}

function addEntry(key: unknown, value: unknown, entries: Entries): void {
  if (!isStructure(key)) {
    entries.keys.push(key);
    entries.values.push(value);
    return;
  }
  const parts = partsOf(key, key);
  const given = isStructure(value) ? partsOf(value, key) : [];
  if (parts.length !== given.length) {
    throw new EngineError(
      'INVALID_ARGUMENT',
      `Could not flatten dictionary. Key had ${parts.length} elements, but value had ` +
        `${given.length} elements. Key: ${describe(key)}, value: ${describe(value)}.`,
    );
  }
  for (const [i, part] of parts.entries()) addEntry(part, given[i], entries);
}

/** An array or object whose parts are keys; instances of other classes are keys themselves. */
function isStructure(key: unknown): key is object {
  if (typeof key !== 'object' || key === null || ArrayBuffer.isView(key)) return false;
  return !(key instanceof Variable || key instanceof Operation || key instanceof Tensor);
}

/** The entries in order; those of objects by name, where the key has a part of that name. */
function partsOf(structure: object, key: object): unknown[] {
  if (Array.isArray(structure)) return structure;
  const names = Object.keys(structure).filter((name) => Reflect.get(key, name) != null);
  return names.sort().map((name) => Reflect.get(structure, name));
}

/** Throws when two feeds are for the same tensor. */
export function checkDistinct(slots: readonly FeedSlot[]): void {
  const seen = new Set<Tensor>();
  for (const { tensors } of slots) {
    for (const tensor of tensors) {
      if (seen.has(tensor)) {
        const text = `Endpoint "${tensor.name}" fed more than once.`;
        throw new EngineError('INVALID_ARGUMENT', text);
      }
      seen.add(tensor);
    }
  }
}
