import { EngineError } from '../errors.js';
import type {
  AttributeProto,
  GraphProto,
  SparseTensorProto,
  TensorProto,
  TypeProto,
} from './proto.js';

const kLargest = BigInt(Number.MAX_SAFE_INTEGER);

/** An int64 as a number; what a number cannot hold becomes the nearest safe integer. */
export function toNumber(value: bigint): number {
  if (value > kLargest) return Number.MAX_SAFE_INTEGER;
  return value < -kLargest ? -Number.MAX_SAFE_INTEGER : Number(value);
}

/** The attributes of one node, read by name and type. */
export class Attributes {
  readonly #byName: ReadonlyMap<string, AttributeProto>;
  readonly #where: string;
  readonly #read = new Set<string>();

  constructor(byName: ReadonlyMap<string, AttributeProto>, where: string) {
    this.#byName = byName;
    this.#where = where;
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }

  get all(): Map<string, AttributeProto> {
    for (const name of this.names) this.#read.add(name);
    return new Map(this.#byName);
  }

  get names(): string[] {
    return [...this.#byName.keys()];
  }

  int(name: string, fallback?: number): number {
    return toNumber(this.#get(name, kInt, fallback === undefined)?.i ?? BigInt(fallback ?? 0));
  }

  /** An attribute that is 0 or 1. */
  flag(name: string, fallback = false): boolean {
    return this.int(name, fallback ? 1 : 0) !== 0;
  }

  float(name: string, fallback?: number): number {
    return this.#get(name, kFloat, fallback === undefined)?.f ?? fallback ?? 0;
  }

  string(name: string, fallback?: string): string {
    const attribute = this.#get(name, kString, fallback === undefined);
    return attribute ? Buffer.from(attribute.s).toString() : (fallback ?? '');
  }

  ints(name: string): number[];
  ints(name: string, fallback: readonly number[] | undefined): number[] | undefined;
  ints(name: string, ...rest: [] | [readonly number[] | undefined]): number[] | undefined {
    const attribute = this.#get(name, kInts, rest.length === 0);
    return attribute ? attribute.ints.map(toNumber) : rest[0]?.slice();
  }

  floats(name: string, fallback?: readonly number[]): readonly number[] {
    return this.#get(name, kFloats, fallback === undefined)?.floats ?? fallback ?? [];
  }

  strings(name: string, fallback?: readonly string[]): readonly string[] {
    const attribute = this.#get(name, kStrings, fallback === undefined);
    return attribute?.strings.map((s) => Buffer.from(s).toString()) ?? fallback ?? [];
  }

  tensor(name: string): TensorProto {
    return this.#get(name, kTensor, true)?.t ?? this.#missing(name);
  }

  sparse(name: string): SparseTensorProto {
    return this.#get(name, kSparse, true)?.sparse ?? this.#missing(name);
  }

  type(name: string): TypeProto {
    return this.#get(name, kType, true)?.tp ?? this.#missing(name);
  }

  graph(name: string): GraphProto {
    return this.#get(name, kGraph, true)?.g ?? this.#missing(name);
  }

  /** The attributes that nobody asked for. */
  get unread(): string[] {
    return this.names.filter((name) => !this.#read.has(name));
  }

  #get(name: string, type: number, required: boolean): AttributeProto | undefined {
    this.#read.add(name);
    const attribute = this.#byName.get(name);
    if (!attribute) return required ? this.#missing(name) : undefined;
    // Files of the first IR versions do not say the type.
    if (attribute.type === 0 || attribute.type === type) return attribute;
    throw new EngineError(
      'INVALID_ARGUMENT',
      `${this.#where}: attribute '${name}' has type ${typeNames[attribute.type] ?? attribute.type}, ` +
        `expected ${typeNames[type]}`,
    );
  }

  #missing(name: string): never {
    throw new EngineError('INVALID_ARGUMENT', `${this.#where}: attribute '${name}' is missing`);
  }
}

const kFloat = 1;
const kInt = 2;
const kString = 3;
const kTensor = 4;
const kGraph = 5;
const kFloats = 6;
const kInts = 7;
const kStrings = 8;
const kSparse = 11;
const kType = 13;

const typeNames: Readonly<Record<number, string>> = {
  1: 'FLOAT',
  2: 'INT',
  3: 'STRING',
  4: 'TENSOR',
  5: 'GRAPH',
  6: 'FLOATS',
  7: 'INTS',
  8: 'STRINGS',
  9: 'TENSORS',
  10: 'GRAPHS',
  11: 'SPARSE_TENSOR',
  13: 'TYPE_PROTO',
};
