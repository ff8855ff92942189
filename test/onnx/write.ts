import { PbfWriter } from 'pbf';

// Writes ONNX files for tests: the fields that the tests need, by their numbers in onnx.proto.

export type Dim = number | string | null;

export interface TensorSpec {
  readonly name?: string;
  readonly dtype?: number;
  readonly dims: readonly number[];
  readonly raw?: Uint8Array;
  readonly floats?: readonly number[];
  readonly int32s?: readonly number[];
  readonly int64s?: readonly number[];
  readonly strings?: readonly string[];
  readonly external?: Readonly<Record<string, string>>;
}

export interface SparseSpec {
  readonly values: TensorSpec;
  readonly indices: TensorSpec;
  readonly dims: readonly number[];
}

export interface ValueSpec {
  readonly name: string;
  /** Of tensors, and of the values of maps. */
  readonly dtype?: number;
  /** The data type of the keys, of a map. */
  readonly key?: number;
  readonly isSequence?: boolean;
  readonly shape?: readonly Dim[];
}

export type AttributeSpec =
  | { readonly i: number }
  | { readonly f: number }
  | { readonly s: string }
  | { readonly t: TensorSpec }
  | { readonly sparse: SparseSpec }
  | { readonly g: GraphSpec }
  | { readonly ints: readonly number[] }
  | { readonly floats: readonly number[] }
  | { readonly strings: readonly string[] };

export interface NodeSpec {
  readonly op: string;
  readonly name?: string;
  readonly domain?: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, AttributeSpec>>;
}

export interface GraphSpec {
  readonly name?: string;
  readonly nodes?: readonly NodeSpec[];
  readonly inputs?: readonly ValueSpec[];
  readonly outputs?: readonly ValueSpec[];
  readonly initializers?: readonly TensorSpec[];
  readonly sparse?: readonly SparseSpec[];
  readonly valueInfo?: readonly ValueSpec[];
}

export interface FunctionSpec {
  readonly name: string;
  readonly domain: string;
  readonly inputs?: readonly string[];
  readonly outputs?: readonly string[];
  readonly nodes?: readonly NodeSpec[];
}

export interface ModelSpec {
  readonly opset?: number;
  readonly domains?: Readonly<Record<string, number>>;
  readonly graph?: GraphSpec;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly functions?: readonly FunctionSpec[];
}

export const kFloat = 1;
export const kInt32 = 6;
export const kInt64 = 7;
export const kString = 8;

/** The bytes of a tensor's numbers, as raw_data holds them. */
export function rawOf(array: Float32Array | BigInt64Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

export function modelFile(spec: ModelSpec) {
  const { opset = 17, domains = {}, graph = {}, metadata = {}, functions = [] } = spec;
  const pbf = new PbfWriter();
  pbf.writeVarintField(1, 9);
  pbf.writeStringField(2, 'test');
  for (const [domain, version] of [['', opset] as const, ...Object.entries(domains)]) {
    pbf.writeMessage(
      8,
      (_, w) => {
        w.writeStringField(1, domain);
        w.writeVarintField(2, version);
      },
      null,
    );
  }
  for (const entry of Object.entries(metadata)) pbf.writeMessage(14, writeEntry, entry);
  pbf.writeMessage(7, writeGraph, graph);
  for (const fn of functions) pbf.writeMessage(25, writeFunction, fn);
  return Buffer.from(pbf.finish());
}

function writeEntry([key, value]: readonly [string, string], pbf: PbfWriter): void {
  pbf.writeStringField(1, key);
  pbf.writeStringField(2, value);
}

function writeGraph(graph: GraphSpec, pbf: PbfWriter): void {
  for (const node of graph.nodes ?? []) pbf.writeMessage(1, writeNode, node);
  pbf.writeStringField(2, graph.name ?? 'graph');
  for (const tensor of graph.initializers ?? []) pbf.writeMessage(5, writeTensor, tensor);
  for (const tensor of graph.sparse ?? []) pbf.writeMessage(15, writeSparse, tensor);
  for (const value of graph.inputs ?? []) pbf.writeMessage(11, writeValue, value);
  for (const value of graph.outputs ?? []) pbf.writeMessage(12, writeValue, value);
  for (const value of graph.valueInfo ?? []) pbf.writeMessage(13, writeValue, value);
}

function writeFunction(fn: FunctionSpec, pbf: PbfWriter): void {
  pbf.writeStringField(1, fn.name);
  for (const input of fn.inputs ?? []) pbf.writeStringField(4, input);
  for (const output of fn.outputs ?? []) pbf.writeStringField(5, output);
  for (const node of fn.nodes ?? []) pbf.writeMessage(7, writeNode, node);
  pbf.writeStringField(10, fn.domain);
}

function writeNode(node: NodeSpec, pbf: PbfWriter): void {
  for (const input of node.inputs) pbf.writeStringField(1, input);
  for (const output of node.outputs) pbf.writeStringField(2, output);
  if (node.name) pbf.writeStringField(3, node.name);
  pbf.writeStringField(4, node.op);
  for (const entry of Object.entries(node.attributes ?? {})) {
    pbf.writeMessage(5, writeAttribute, entry);
  }
  if (node.domain) pbf.writeStringField(7, node.domain);
}

function writeAttribute([name, value]: readonly [string, AttributeSpec], pbf: PbfWriter): void {
  pbf.writeStringField(1, name);
  const type = (code: number) => pbf.writeVarintField(20, code);
  if ('f' in value) {
    pbf.writeFloatField(2, value.f);
    type(1);
  } else if ('i' in value) {
    pbf.writeVarintField(3, value.i);
    type(2);
  } else if ('s' in value) {
    pbf.writeStringField(4, value.s);
    type(3);
  } else if ('t' in value) {
    pbf.writeMessage(5, writeTensor, value.t);
    type(4);
  } else if ('sparse' in value) {
    pbf.writeMessage(22, writeSparse, value.sparse);
    type(11);
  } else if ('g' in value) {
    pbf.writeMessage(6, writeGraph, value.g);
    type(5);
  } else if ('strings' in value) {
    for (const item of value.strings) pbf.writeStringField(9, item);
    type(8);
  } else if ('floats' in value) {
    pbf.writePackedFloat(7, [...value.floats]);
    type(6);
  } else {
    pbf.writePackedVarint(8, [...value.ints]);
    type(7);
  }
}

function writeSparse({ values, indices, dims }: SparseSpec, pbf: PbfWriter): void {
  pbf.writeMessage(1, writeTensor, values);
  pbf.writeMessage(2, writeTensor, indices);
  pbf.writePackedVarint(3, [...dims]);
}

function writeTensor(tensor: TensorSpec, pbf: PbfWriter): void {
  pbf.writePackedVarint(1, [...tensor.dims]);
  pbf.writeVarintField(2, tensor.dtype ?? kFloat);
  if (tensor.floats) pbf.writePackedFloat(4, [...tensor.floats]);
  if (tensor.int32s) pbf.writePackedVarint(5, [...tensor.int32s]);
  for (const text of tensor.strings ?? []) pbf.writeStringField(6, text);
  if (tensor.int64s) pbf.writePackedVarint(7, [...tensor.int64s]);
  if (tensor.name) pbf.writeStringField(8, tensor.name);
  if (tensor.raw) pbf.writeBytesField(9, tensor.raw);
  if (tensor.external) {
    for (const entry of Object.entries(tensor.external)) pbf.writeMessage(13, writeEntry, entry);
    pbf.writeVarintField(14, 1);
  }
}

function writeValue(value: ValueSpec, pbf: PbfWriter): void {
  pbf.writeStringField(1, value.name);
  const writeDim = (dim: Dim, w: PbfWriter) => {
    if (typeof dim === 'number') w.writeVarintField(1, dim);
    else if (typeof dim === 'string') w.writeStringField(2, dim);
  };
  const writeTensorType = (_: null, w: PbfWriter) => {
    w.writeVarintField(1, value.dtype ?? kFloat);
    if (!value.shape) return;
    w.writeMessage(
      2,
      (shape, s) => {
        for (const dim of shape) s.writeMessage(1, writeDim, dim);
      },
      value.shape,
    );
  };
  const writeTensorValue = (_: null, w: PbfWriter) => w.writeMessage(1, writeTensorType, null);
  const writeMap = (_: null, w: PbfWriter) => {
    w.writeVarintField(1, value.key ?? 0);
    w.writeMessage(2, writeTensorValue, null);
  };
  const writeOne = (_: null, w: PbfWriter) =>
    value.key === undefined ? writeTensorValue(null, w) : w.writeMessage(5, writeMap, null);
  const writeSequence = (_: null, w: PbfWriter) => w.writeMessage(1, writeOne, null);
  const write = (_: null, w: PbfWriter) =>
    value.isSequence ? w.writeMessage(4, writeSequence, null) : writeOne(null, w);
  pbf.writeMessage(2, write, null);
}
