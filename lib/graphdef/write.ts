import { PbfWriter } from 'pbf';

import { EngineError } from '../errors.js';
import { dataTypeCode } from './dataTypes.js';
import type {
  ArgDef,
  AttrValue,
  Bytes,
  Float,
  FunctionDef,
  GraphDef,
  Int64,
  ListValue,
  NameAttrList,
  NodeDef,
  TensorProto,
  TensorShapeProto,
} from './types.js';

const kMostBytes = 2 ** 31;

/** A GraphDef as protobuf. */
export function writeGraphDef(def: GraphDef): Uint8Array {
  const pbf = new PbfWriter();
  for (const node of def.node ?? []) pbf.writeMessage(1, writeNode, node);
  const functions = def.library?.function ?? [];
  if (functions.length > 0) {
    pbf.writeMessage(2, (list, inner) => each(list, 1, writeFunction, inner), functions);
  }
  pbf.writeMessage(4, writeVersions, def.versions ?? {});
  const bytes = pbf.finish();
  if (bytes.length < kMostBytes) return bytes;
  throw new EngineError('INVALID_ARGUMENT', 'GraphDef cannot be larger than 2GB.');
}

function each<T>(
  list: readonly T[],
  tag: number,
  write: (item: T, pbf: PbfWriter) => void,
  pbf: PbfWriter,
): void {
  for (const item of list) pbf.writeMessage(tag, write, item);
}

function writeVersions(versions: NonNullable<GraphDef['versions']>, pbf: PbfWriter): void {
  pbf.writeVarintField(1, versions.producer ?? 0);
  if (versions.minConsumer) pbf.writeVarintField(2, versions.minConsumer);
}

function writeNode(node: NodeDef, pbf: PbfWriter): void {
  pbf.writeStringField(1, node.name);
  pbf.writeStringField(2, node.op);
  for (const input of node.input ?? []) pbf.writeStringField(3, input);
  if (node.device) pbf.writeStringField(4, node.device);
  for (const entry of Object.entries(node.attr ?? {})) pbf.writeMessage(5, writeEntry, entry);
}

function writeEntry([name, value]: [string, AttrValue], pbf: PbfWriter): void {
  pbf.writeStringField(1, name);
  pbf.writeMessage(2, writeAttr, value);
}

function writeAttr(attr: AttrValue, pbf: PbfWriter): void {
  if (attr.list) pbf.writeMessage(1, writeList, attr.list);
  if (attr.s !== undefined) pbf.writeBytesField(2, bytesOf(attr.s));
  if (attr.i !== undefined) writeInt64(3, attr.i, pbf);
  if (attr.f !== undefined) pbf.writeFloatField(4, Number(attr.f));
  if (attr.b !== undefined) pbf.writeBooleanField(5, attr.b);
  if (attr.type !== undefined) pbf.writeVarintField(6, dataTypeCode(attr.type));
  if (attr.shape) pbf.writeMessage(7, writeShape, attr.shape);
  if (attr.tensor) pbf.writeMessage(8, writeTensor, attr.tensor);
  if (attr.func) pbf.writeMessage(10, writeName, attr.func);
}

function writeList(list: ListValue, pbf: PbfWriter): void {
  for (const s of list.s ?? []) pbf.writeBytesField(2, bytesOf(s));
  for (const i of list.i ?? []) writeInt64(3, i, pbf);
  for (const f of list.f ?? []) pbf.writeFloatField(4, Number(f));
  for (const b of list.b ?? []) pbf.writeBooleanField(5, b);
  for (const type of list.type ?? []) pbf.writeVarintField(6, dataTypeCode(type));
  each(list.shape ?? [], 7, writeShape, pbf);
  each(list.tensor ?? [], 8, writeTensor, pbf);
  each(list.func ?? [], 9, writeName, pbf);
}

function writeName({ name }: NameAttrList, pbf: PbfWriter): void {
  pbf.writeStringField(1, name);
}

function writeShape(shape: TensorShapeProto, pbf: PbfWriter): void {
  for (const { size = 0 } of shape.dim ?? []) {
    pbf.writeMessage(2, (given, inner) => writeInt64(1, given, inner), size);
  }
  if (shape.unknownRank) pbf.writeBooleanField(3, true);
}

function writeTensor(tensor: TensorProto, pbf: PbfWriter): void {
  pbf.writeVarintField(1, dataTypeCode(tensor.dtype));
  if (tensor.tensorShape) pbf.writeMessage(2, writeShape, tensor.tensorShape);
  if (tensor.tensorContent !== undefined) pbf.writeBytesField(4, bytesOf(tensor.tensorContent));
  writeFloats(5, tensor.floatVal, pbf);
  writeDoubles(6, tensor.doubleVal, pbf);
  for (const i of tensor.intVal ?? []) writeInt64(7, i, pbf);
  for (const s of tensor.stringVal ?? []) pbf.writeBytesField(8, bytesOf(s));
  writeFloats(9, tensor.scomplexVal, pbf);
  for (const i of tensor.int64Val ?? []) writeInt64(10, i, pbf);
  for (const b of tensor.boolVal ?? []) pbf.writeBooleanField(11, b);
  writeDoubles(12, tensor.dcomplexVal, pbf);
  for (const h of tensor.halfVal ?? []) pbf.writeVarintField(13, h);
  for (const i of tensor.uint32Val ?? []) pbf.writeVarintField(16, i);
  for (const i of tensor.uint64Val ?? []) writeInt64(17, i, pbf);
}

function writeFloats(tag: number, values: readonly Float[] | undefined, pbf: PbfWriter): void {
  if (values?.length) pbf.writePackedFloat(tag, values.map(Number));
}

function writeDoubles(tag: number, values: readonly Float[] | undefined, pbf: PbfWriter): void {
  if (values?.length) pbf.writePackedDouble(tag, values.map(Number));
}

function writeFunction({ signature, nodeDef = [], ret = {} }: FunctionDef, pbf: PbfWriter): void {
  pbf.writeMessage(1, writeSignature, signature);
  each(nodeDef, 3, writeNode, pbf);
  for (const entry of Object.entries(ret)) {
    pbf.writeMessage(
      4,
      ([name, value], inner) => {
        inner.writeStringField(1, name);
        inner.writeStringField(2, value);
      },
      entry,
    );
  }
}

function writeSignature(signature: FunctionDef['signature'], pbf: PbfWriter): void {
  pbf.writeStringField(1, signature.name);
  each(signature.inputArg ?? [], 2, writeArg, pbf);
  each(signature.outputArg ?? [], 3, writeArg, pbf);
}

function writeArg({ name, type }: ArgDef, pbf: PbfWriter): void {
  pbf.writeStringField(1, name);
  pbf.writeVarintField(3, dataTypeCode(type));
}

/** All 64 bits, also of negative numbers. */
export function writeInt64(tag: number, value: Int64, pbf: PbfWriter): void {
  pbf.writeTag(tag, 0);
  let rest = BigInt.asUintN(64, BigInt(value));
  pbf.realloc(10);
  for (; rest >= 0x80n; rest >>= 7n) pbf.buf[pbf.pos++] = Number(rest & 0x7fn) | 0x80;
  pbf.buf[pbf.pos++] = Number(rest);
}

/** Bytes in base64 or as they are. */
export function bytesOf(bytes: Bytes): Uint8Array {
  return typeof bytes === 'string' ? Buffer.from(bytes, 'base64') : bytes;
}
