import { float16Bits } from '../../../lib/half.js';
import type { AttributeSpec, GraphSpec, NodeSpec } from '../write.js';
import { modelFile } from '../write.js';

/** A value by its data type in the standard; nested lists of numbers or strings. */
export interface Given {
  readonly type: number;
  readonly shape: readonly number[];
  readonly data: readonly (number | string)[];
  /** Whether it is an initializer; others are fed. */
  readonly isFixed?: boolean;
  /** The keys of a map, whose values these are. */
  readonly keys?: Given;
}

/** One node, run in each of its versions. */
export interface VersionCase {
  readonly op: string;
  readonly domain?: string;
  readonly versions: readonly number[];
  readonly inputs: readonly (Given | undefined)[];
  readonly attributes?: Readonly<Record<string, AttributeSpec>>;
  /**
   * What each output is, as nested lists, or its shape alone for random values. A number is the
   * version whose outputs are expected: those of the newest ones are tested by the standard's tests.
   */
  readonly outputs: readonly unknown[] | number;
  /** The attributes in the version that tells the outputs, when they differ. */
  readonly reference?: Readonly<Record<string, AttributeSpec>>;
  /** How many outputs there are, when it is not told by `outputs`. */
  readonly count?: number;
}

export interface OfShape {
  readonly shape: readonly number[];
}

type Nested = number | string | boolean | readonly Nested[];

function shapeOf(value: Nested): number[] {
  return Array.isArray(value) ? [value.length, ...shapeOf(value[0] ?? 0)] : [];
}

function flat(value: Nested): (number | string)[] {
  if (Array.isArray(value)) return value.flatMap(flat);
  return [typeof value === 'string' ? value : Number(value)];
}

const given =
  (type: number) =>
  (value: Nested): Given => {
    const shape = shapeOf(value);
    return { type, shape: shape.includes(0) ? [0] : shape, data: flat(value) };
  };

export const float = given(1);
export const uint8 = given(2);
export const int8 = given(3);
export const uint16 = given(4);
export const int16 = given(5);
export const int32 = given(6);
export const int64 = given(7);
export const text = given(8);
export const bool = given(9);
export const float16 = given(10);
export const double = given(11);
export const uint32 = given(12);
export const uint64 = given(13);

/** The value as an initializer of the model. */
export const fixed = (value: Given): Given => ({ ...value, isFixed: true });

/** A map of these keys and values. */
export const mapOf = (keys: Given, values: Given): Given => ({ ...values, keys });

/** So many floats from -1 to 1, of a shape. */
export function floats(...shape: number[]): Given {
  const size = shape.reduce((a, b) => a * b, 1);
  const data = Array.from({ length: size }, (_, i) => Math.fround(Math.sin(i * 1.7 + size)));
  return { type: 1, shape, data };
}

const nameOf = (i: number) => `i${i}`;

/** The model of one node of a version; `free`: the dims of what is fed are unknown. */
export function modelOf(given: VersionCase, version: number, count: number, free = false): Buffer {
  const { op, domain = '', inputs, attributes = {} } = given;
  const outputs = Array.from({ length: count }, (_, i) => ({ name: `o${i}` }));
  const names = inputs.map((input, i) => (input ? nameOf(i) : ''));
  const node: NodeSpec = {
    op,
    domain,
    inputs: names,
    outputs: outputs.map((o) => o.name),
    attributes,
  };
  const fed = inputs.flatMap((input, i) => {
    if (!input || input.isFixed) return [];
    const shape = free ? input.shape.map((_, axis) => `i${i}_${axis}`) : input.shape;
    const key = input.keys && { key: input.keys.type };
    return [{ name: nameOf(i), dtype: input.type, shape, ...key }];
  });
  const initializers = inputs.flatMap((input, i) => (input?.isFixed ? [tensorOf(input, i)] : []));
  const graph: GraphSpec = { nodes: [node], inputs: fed, outputs, initializers };
  return modelFile(
    domain === '' ? { opset: version, graph } : { domains: { [domain]: version }, graph },
  );
}

function tensorOf({ type, shape: dims, data }: Given, i: number) {
  const tensor = { name: nameOf(i), dtype: type, dims };
  if (type === 8) return { ...tensor, strings: data.map(String) };
  const numbers = data.map(Number);
  if (type === 1) return { ...tensor, floats: numbers };
  if (type === 10) return { ...tensor, int32s: numbers.map(float16Bits) };
  return type === 7 ? { ...tensor, int64s: numbers } : { ...tensor, int32s: numbers };
}

export function outputCount({ outputs, count }: VersionCase): number {
  return count ?? (typeof outputs === 'number' ? 1 : outputs.length);
}
