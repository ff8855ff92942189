import { PbfWriter } from 'pbf';

import type { DType } from '../../dtype.js';
import { EngineError } from '../../errors.js';
import { dataTypeNumber } from '../dataTypes.js';
import { packed } from './packing.js';
import type { Attribute, Contents, GraphSpec, NodeSpec, TensorData, Value } from './value.js';

/** A value of the model's border: its dims may have names. */
export interface Border {
  readonly value: Value;
  readonly name: string;
  readonly shape: readonly (number | string | null)[] | null | undefined;
  readonly doc: string;
}

export interface ModelSpec {
  readonly irVersion: number;
  readonly opsets: ReadonlyMap<string, number>;
  readonly producerName: string;
  readonly producerVersion: string;
  readonly domain: string;
  readonly modelVersion: number;
  readonly doc: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly graph: GraphSpec;
  readonly graphName: string;
  readonly inputs: readonly Border[];
  readonly outputs: readonly Border[];
  readonly constants: readonly Value[];
}

/** Bytes that go to another file, by the place that they get there. */
export interface External {
  readonly file: string;
  readonly above: number;
  /** What the file holds so far. */
  readonly parts: Uint8Array[];
}

/** Protobuf's own limit. */
const kMostBytes = 2 ** 31;
/** Values in another file start at multiples of this, so that they can be mapped. */
const kAlignment = 4096;

type Parts = readonly Uint8Array[];

/** The model as pieces of a file; values of constants are not copied. */
export function writeModel(model: ModelSpec, external: External | undefined): Parts {
  const head = new PbfWriter();
  head.writeVarintField(1, model.irVersion);
  head.writeStringField(2, model.producerName);
  head.writeStringField(3, model.producerVersion);
  if (model.domain) head.writeStringField(4, model.domain);
  if (model.modelVersion) head.writeVarintField(5, model.modelVersion);
  if (model.doc) head.writeStringField(6, model.doc);
  for (const opset of model.opsets) head.writeMessage(8, writeOpset, opset);
  for (const entry of Object.entries(model.properties)) head.writeMessage(14, writeEntry, entry);
  const parts = [head.finish(), ...nested(7, graphParts(model, external))];
  const total = sizeOf(parts);
  if (total < kMostBytes) return parts;
  throw new EngineError(
    'INVALID_ARGUMENT',
    `an ONNX file holds less than 2 GiB, but the model takes ${total} bytes; the option ` +
      'externalData puts large constants into a file beside it',
  );
}

function graphParts(model: ModelSpec, external: External | undefined): Parts {
  const pbf = new PbfWriter();
  for (const node of model.graph.nodes) pbf.writeMessage(1, writeNode, node);
  pbf.writeStringField(2, model.graphName);
  for (const input of model.inputs) pbf.writeMessage(11, writeBorder, input);
  for (const output of model.outputs) pbf.writeMessage(12, writeBorder, output);
  const tensors = model.constants.map((value) => nested(5, tensorParts(value, external)));
  return [pbf.finish(), ...tensors.flat()];
}

/** A message as a field of the one around it. */
function nested(tag: number, parts: Parts): Parts {
  const pbf = new PbfWriter();
  pbf.writeTag(tag, 2);
  pbf.writeVarint(sizeOf(parts));
  return [pbf.finish(), ...parts];
}

function sizeOf(parts: Parts): number {
  return parts.reduce((sum, { length }) => sum + length, 0);
}

function tensorParts({ name, data }: Value, external: External | undefined): Parts {
  if (!data) throw new EngineError('INTERNAL', `the constant '${name}' has no value`);
  const pbf = new PbfWriter();
  pbf.writeStringField(8, name);
  if ('strings' in data) {
    writeTensor(data, pbf);
    return [pbf.finish()];
  }
  writeHead(data, pbf);
  const bytes = packed(data.dtype, data.bytes);
  if (external && bytes.length >= external.above) {
    writeExternal(external, bytes, pbf);
    return [pbf.finish()];
  }
  pbf.writeTag(9, 2);
  pbf.writeVarint(bytes.length);
  return [pbf.finish(), bytes];
}

function writeExternal({ file, parts }: External, bytes: Uint8Array, pbf: PbfWriter): void {
  const end = sizeOf(parts);
  const gap = (kAlignment - (end % kAlignment)) % kAlignment;
  if (gap > 0) parts.push(new Uint8Array(gap));
  parts.push(bytes);
  const place = { location: file, offset: `${end + gap}`, length: `${bytes.length}` };
  for (const entry of Object.entries(place)) pbf.writeMessage(13, writeEntry, entry);
  pbf.writeVarintField(14, 1);
}

function writeHead({ dtype, shape }: TensorData, pbf: PbfWriter): void {
  for (const dim of shape) pbf.writeVarintField(1, dim);
  pbf.writeVarintField(2, dataTypeNumber(dtype));
}

function writeTensor(data: TensorData, pbf: PbfWriter): void {
  writeHead(data, pbf);
  if ('strings' in data) for (const text of data.strings) pbf.writeStringField(6, text);
  else pbf.writeBytesField(9, packed(data.dtype, data.bytes));
}

function writeOpset([domain, version]: readonly [string, number], pbf: PbfWriter): void {
  pbf.writeStringField(1, domain);
  pbf.writeVarintField(2, version);
}

function writeEntry([key, value]: readonly [string, string], pbf: PbfWriter): void {
  pbf.writeStringField(1, key);
  pbf.writeStringField(2, value);
}

/** A graph inside a node: what it makes of constants lies in the main graph. */
function writeGraph(graph: GraphSpec, pbf: PbfWriter): void {
  for (const node of graph.nodes) pbf.writeMessage(1, writeNode, node);
  pbf.writeStringField(2, graph.name);
  const plain = (value: Value) => ({ value, name: value.name, shape: undefined, doc: '' });
  for (const input of graph.inputs) pbf.writeMessage(11, writeBorder, plain(input));
  for (const output of graph.outputs) pbf.writeMessage(12, writeBorder, plain(output));
}

function writeNode(node: NodeSpec, pbf: PbfWriter): void {
  for (const input of node.inputs) pbf.writeStringField(1, input?.name ?? '');
  for (const output of node.outputs) pbf.writeStringField(2, output.name);
  pbf.writeStringField(3, node.outputs[0]?.name ?? node.owner);
  pbf.writeStringField(4, node.type);
  for (const [name, value] of Object.entries(node.attributes)) {
    if (value !== undefined) pbf.writeMessage(5, writeAttribute, [name, value] as const);
  }
  if (node.domain) pbf.writeStringField(7, node.domain);
}

/** AttributeProto.AttributeType */
const kTypes = { f: 1, i: 2, s: 3, t: 4, g: 5, floats: 6, ints: 7, strings: 8 };

function writeAttribute([name, value]: readonly [string, Attribute], pbf: PbfWriter): void {
  pbf.writeStringField(1, name);
  pbf.writeVarintField(20, kTypes[writeAttributeValue(value, pbf)]);
}

function writeAttributeValue(value: Attribute, pbf: PbfWriter): keyof typeof kTypes {
  if (typeof value === 'number' || typeof value === 'boolean') {
    pbf.writeVarintField(3, Number(value));
    return 'i';
  }
  if (typeof value === 'string') {
    pbf.writeStringField(4, value);
    return 's';
  }
  if ('f' in value) {
    pbf.writeFloatField(2, value.f);
    return 'f';
  }
  if ('t' in value) {
    pbf.writeMessage(5, writeTensor, value.t);
    return 't';
  }
  if ('g' in value) {
    pbf.writeMessage(6, writeGraph, value.g);
    return 'g';
  }
  if ('floats' in value) {
    for (const float of value.floats) pbf.writeFloatField(7, float);
    return 'floats';
  }
  return writeList(value, pbf);
}

function writeList(list: readonly (number | string)[], pbf: PbfWriter): 'ints' | 'strings' {
  for (const item of list) {
    if (typeof item === 'string') pbf.writeStringField(9, item);
    else pbf.writeVarintField(8, item);
  }
  return typeof list[0] === 'string' ? 'strings' : 'ints';
}

function writeBorder({ value, name, shape, doc }: Border, pbf: PbfWriter): void {
  pbf.writeStringField(1, name);
  const { dtype, contents } = value;
  pbf.writeMessage(2, writeType, { dtype, contents, shape: shape ?? value.shape ?? null });
  if (doc) pbf.writeStringField(3, doc);
}

interface TypeSpec {
  readonly dtype: DType;
  readonly contents: Contents | undefined;
  readonly shape: readonly (number | string | null)[] | null;
}

function writeType(type: TypeSpec, pbf: PbfWriter): void {
  const { dtype, contents } = type;
  if (dtype !== 'variant') pbf.writeMessage(1, writeTensorType, type);
  else if (contents?.mapKey) pbf.writeMessage(5, writeMapType, contents.mapKey);
  else if (contents?.isOptional) pbf.writeMessage(9, writeInner, contents);
  else pbf.writeMessage(4, writeInner, contents ?? {});
}

function writeInner({ entry }: Contents, pbf: PbfWriter): void {
  const inner = entry ?? { dtype: 'float32' as const, contents: undefined };
  pbf.writeMessage(1, writeType, { ...inner, shape: null });
}

function writeMapType(key: 'int64' | 'string', pbf: PbfWriter): void {
  pbf.writeVarintField(1, dataTypeNumber(key));
  pbf.writeMessage(2, writeType, { dtype: 'float32' as const, contents: undefined, shape: [] });
}

function writeTensorType({ dtype, shape }: TypeSpec, pbf: PbfWriter): void {
  pbf.writeVarintField(1, dataTypeNumber(dtype));
  if (shape) pbf.writeMessage(2, writeShape, shape);
}

function writeShape(shape: readonly (number | string | null)[], pbf: PbfWriter): void {
  for (const dim of shape) pbf.writeMessage(1, writeDim, dim);
}

function writeDim(dim: number | string | null, pbf: PbfWriter): void {
  if (typeof dim === 'number') pbf.writeVarintField(1, dim);
  else if (dim !== null) pbf.writeStringField(2, dim);
}
