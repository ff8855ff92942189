import type { DType } from '../../dtype.js';
import type { StaticShape } from '../../shape.js';

/** The value of a constant: numbers as little-endian bytes, one element of a narrow dtype each. */
export type TensorData =
  | { readonly dtype: DType; readonly shape: readonly number[]; readonly bytes: Uint8Array }
  | {
      readonly dtype: 'string';
      readonly shape: readonly number[];
      readonly strings: readonly string[];
    };

/** What a variant holds: a sequence of these, or maps from these keys to floats. */
export interface Contents {
  readonly entry?: { readonly dtype: DType; readonly contents: Contents | undefined } | undefined;
  readonly isOptional?: boolean;
  readonly mapKey?: 'int64' | 'string';
}

/** A value of the ONNX graph that is being made. */
export class Value {
  /** Given when the graph is complete. */
  name = '';
  /** The name that it gets if nothing else has it. */
  wish = '';
  /** Of variants. */
  contents: Contents | undefined;
  readonly dtype: DType;
  /** As far as the graph knows it; undefined for steps inside an op. */
  shape: StaticShape | undefined;
  /** What makes it; undefined for inputs and constants. */
  readonly node: NodeSpec | undefined;
  readonly data: TensorData | undefined;

  constructor(dtype: DType, shape?: StaticShape, node?: NodeSpec, data?: TensorData) {
    this.dtype = dtype;
    this.shape = shape;
    this.node = node;
    this.data = data;
  }
}

/**
 * An attribute. Numbers and lists of numbers are integers; floats are marked, as `{ f }` and
 * `{ floats }`.
 */
export type Attribute =
  | number
  | boolean
  | string
  | readonly number[]
  | readonly string[]
  | { readonly f: number }
  | { readonly floats: readonly number[] }
  | { readonly t: TensorData }
  | { readonly g: GraphSpec };

export type Attributes = Readonly<Record<string, Attribute | undefined>>;

export interface NodeSpec {
  readonly type: string;
  readonly domain: string;
  /** Undefined: an optional input that is left out. */
  readonly inputs: readonly (Value | undefined)[];
  readonly outputs: Value[];
  readonly attributes: Attributes;
  /** The op that it belongs to, as the graph calls it. */
  readonly owner: string;
  readonly graph: GraphSpec;
}

/** An ONNX graph, main or part of a node, while it is being made. */
export class GraphSpec {
  readonly name: string;
  nodes: NodeSpec[] = [];
  readonly inputs: Value[] = [];
  readonly outputs: Value[] = [];

  constructor(name: string) {
    this.name = name;
  }

  add(
    type: string,
    inputs: readonly (Value | undefined)[],
    attributes: Attributes,
    owner: string,
    domain = '',
  ): NodeSpec {
    const node = { type, domain, inputs, outputs: [], attributes, owner, graph: this };
    this.nodes.push(node);
    return node;
  }
}
