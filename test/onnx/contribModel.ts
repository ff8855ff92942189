import type { AttributeSpec, ModelSpec, NodeSpec } from './write.js';

/** An input of a case: numbers that follow from its shape and place, or the ones given. */
export interface ContribInput {
  readonly dtype: 'float32' | 'int32' | 'int64' | 'uint8' | 'int8' | 'bool';
  readonly shape: readonly number[];
  readonly values?: readonly number[];
  /** An initializer of the model instead of a feed. */
  readonly constant?: boolean;
}

/** One node of com.microsoft, and what onnxruntime-node gives for it (bench/record-contrib.mjs). */
export interface ContribCase {
  readonly op: string;
  /** '' for the standard's own. */
  readonly domain?: string;
  readonly title?: string;
  readonly inputs: readonly (ContribInput | null)[];
  readonly attributes?: Readonly<Record<string, AttributeSpec>>;
  /** Names of the outputs that are asked for; '' for one left out. */
  readonly outputs: readonly string[];
  /** How many of them are compared, when what others hold beyond their ends is not specified. */
  readonly compared?: number;
  /** Of the outputs, float32 where it is not said. */
  readonly dtypes?: readonly ContribInput['dtype'][];
  readonly expected?: readonly {
    readonly shape: readonly number[];
    readonly data: readonly number[];
  }[];
}

const kCodes = { float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7, bool: 9 } as const;

const kArrays = {
  float32: Float32Array,
  int32: Int32Array,
  uint8: Uint8Array,
  int8: Int8Array,
  bool: Uint8Array,
} as const;

/** The elements of input `place`. */
export function valuesOf(input: ContribInput, place: number) {
  const size = input.shape.reduce((a, b) => a * b, 1);
  const whole = input.dtype === 'uint8' || input.dtype === 'int8';
  const values =
    input.values ??
    Array.from({ length: size }, (_, i) => {
      const x = Math.sin(1 + place * 7.3 + i * 1.7);
      return whole ? Math.round(x * 100) + (input.dtype === 'uint8' ? 128 : 0) : x;
    });
  if (input.dtype === 'int64') return BigInt64Array.from(values, (v) => BigInt(v));
  return kArrays[input.dtype].from(values);
}

/** The model of one node. */
export function contribModel(given: ContribCase): ModelSpec {
  const { op, domain = 'com.microsoft', inputs, attributes, outputs, dtypes = [] } = given;
  const node: NodeSpec = {
    op,
    domain,
    inputs: inputs.map((input, i) => (input ? `i${i}` : '')),
    outputs,
    ...(attributes ? { attributes } : {}),
  };
  const fed = inputs.flatMap((input, i) => (input ? [{ input, name: `i${i}`, place: i }] : []));
  return {
    opset: 17,
    domains: { 'com.microsoft': 1 },
    graph: {
      nodes: [node],
      inputs: fed
        .filter(({ input }) => !input.constant)
        .map(({ input, name }) => ({ name, dtype: kCodes[input.dtype], shape: input.shape })),
      outputs: outputs
        .map((name, i) => ({ name, dtype: kCodes[dtypes[i] ?? 'float32'] }))
        .filter(({ name }) => name !== ''),
      initializers: fed
        .filter(({ input }) => input.constant)
        .map(({ input, name, place }) => {
          const values = valuesOf(input, place);
          const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
          return { name, dtype: kCodes[input.dtype], dims: input.shape, raw };
        }),
    },
  };
}
