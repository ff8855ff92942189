import { WireReader } from '../wire.js';
import { dataTypeName } from './dataTypes.js';
import type {
  ArgDef,
  AttrValue,
  FunctionDef,
  GradientDef,
  GraphDef,
  ListValue,
  NodeDef,
  TensorProto,
  TensorShapeProto,
} from './types.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Decodes a GraphDef; contents of constants stay views into the bytes. */
export function readGraphDef(bytes: Uint8Array): GraphDef {
  const r = new WireReader(bytes, 'the graph', 'GraphDef');
  const node: NodeDef[] = [];
  const functions: FunctionDef[] = [];
  const gradient: GradientDef[] = [];
  let versions: GraphDef['versions'] = {};
  for (let field = r.next(); field !== 0; field = r.next()) {
    if (field === 1) node.push(r.message('node', () => readNode(r)));
    else if (field === 2) r.message('library', () => readLibrary(r, functions, gradient));
    else if (field === 4) versions = r.message('versions', () => readVersions(r));
  }
  return { node, library: { function: functions, gradient }, versions };
}

export function readVersions(r: WireReader): { producer: number; minConsumer: number } {
  const versions = { producer: 0, minConsumer: 0 };
  for (let field = r.next(); field !== 0; field = r.next()) {
    if (field === 1) versions.producer = r.int();
    else if (field === 2) versions.minConsumer = r.int();
  }
  return versions;
}

export function readNode(r: WireReader): NodeDef {
  const node = { name: '', op: '', device: '' };
  const input: string[] = [];
  const attr: Record<string, AttrValue> = {};
  for (let field = r.next(); field !== 0; field = r.next()) {
    if (field === 1) node.name = r.string();
    else if (field === 2) node.op = r.string();
    else if (field === 3) input.push(r.string());
    else if (field === 4) node.device = r.string();
    else if (field === 5) r.message('attr', () => readEntry(r, attr));
  }
  return { ...node, input, attr };
}

function readEntry(r: WireReader, attrs: Record<string, AttrValue>): void {
  let name = '';
  let value: AttrValue = {};
  for (let field = r.next(); field !== 0; field = r.next()) {
    if (field === 1) name = r.string();
    else if (field === 2) value = r.message(name, () => readAttr(r));
  }
  Object.defineProperty(attrs, name, { value, enumerable: true, configurable: true });
}

function readAttr(r: WireReader): AttrValue {
  const attr: Mutable<AttrValue> = {};
  for (let field = r.next(); field !== 0; field = r.next()) {
    if (field === 1) attr.list = r.message('list', () => readList(r));
    else if (field === 2) attr.s = r.bytes();
    else if (field === 3) attr.i = r.int64();
    else if (field === 4) attr.f = r.float();
    else if (field === 5) attr.b = r.int() !== 0;
    else if (field === 6) attr.type = dataTypeName(r.int());
    else if (field === 7) attr.shape = r.message('shape', () => readShape(r));
    else if (field === 8) attr.tensor = r.message('tensor', () => readTensor(r));
    else if (field === 9) attr.placeholder = r.string();
    else if (field === 10) attr.func = r.message('func', () => readName(r));
  }
  return attr;
}

function readList(r: WireReader): ListValue {
  const s: Uint8Array[] = [];
  const i: bigint[] = [];
  const f: number[] = [];
  const b: bigint[] = [];
  const type: bigint[] = [];
  const shape: TensorShapeProto[] = [];
  const tensor: TensorProto[] = [];
  const func: { name: string }[] = [];
  for (let field = r.next(); field !== 0; field = r.next()) {
    if (field === 2) s.push(r.bytes());
    else if (field === 3) r.int64s(i);
    else if (field === 4) r.floats(f);
    else if (field === 5) r.int64s(b);
    else if (field === 6) r.int64s(type);
    else if (field === 7) shape.push(r.message('shape', () => readShape(r)));
    else if (field === 8) tensor.push(r.message('tensor', () => readTensor(r)));
    else if (field === 9) func.push(r.message('func', () => readName(r)));
  }
  const types = type.map((code) => dataTypeName(Number(code)));
  return { s, i, f, b: b.map((bit) => bit !== 0n), type: types, shape, tensor, func };
}

function readName(r: WireReader): { name: string } {
  let name = '';
  for (let field = r.next(); field !== 0; field = r.next()) if (field === 1) name = r.string();
  return { name };
}

export function readShape(r: WireReader): TensorShapeProto {
  const dim: { size: bigint }[] = [];
  let unknownRank = false;
  for (let field = r.next(); field !== 0; field = r.next()) {
    if (field === 2) dim.push({ size: r.message('dim', () => readDim(r)) });
    else if (field === 3) unknownRank = r.int() !== 0;
  }
  return unknownRank ? { unknownRank } : { dim };
}

function readDim(r: WireReader): bigint {
  let size = 0n;
  for (let field = r.next(); field !== 0; field = r.next()) if (field === 1) size = r.int64();
  return size;
}

function readTensor(r: WireReader): TensorProto {
  const tensor: Mutable<TensorProto> = { dtype: 'DT_0' };
  const lists = new Map<number, bigint[]>();
  const strings: Uint8Array[] = [];
  const float: number[] = [];
  const scomplex: number[] = [];
  for (let field = r.next(); field !== 0; field = r.next()) {
    if (field === 1) tensor.dtype = dataTypeName(r.int());
    else if (field === 2) tensor.tensorShape = r.message('tensor_shape', () => readShape(r));
    else if (field === 4) tensor.tensorContent = r.bytes();
    else if (field === 5) r.floats(float);
    else if (field === 6) tensor.doubleVal = doubles(r, tensor.doubleVal);
    else if (field === 8) strings.push(r.bytes());
    else if (field === 9) r.floats(scomplex);
    else if (field === 12) tensor.dcomplexVal = doubles(r, tensor.dcomplexVal);
    else if ([7, 10, 11, 13, 16, 17].includes(field)) r.int64s(listOf(lists, field));
  }
  const numbers = (field: number) => listOf(lists, field).map(Number);
  return {
    ...tensor,
    floatVal: float,
    intVal: numbers(7),
    stringVal: strings,
    scomplexVal: scomplex,
    int64Val: listOf(lists, 10),
    boolVal: listOf(lists, 11).map((bit) => bit !== 0n),
    halfVal: numbers(13),
    uint32Val: numbers(16),
    uint64Val: listOf(lists, 17).map((value) => BigInt.asUintN(64, value)),
  };
}

function listOf(lists: Map<number, bigint[]>, field: number): bigint[] {
  const list = lists.get(field) ?? [];
  lists.set(field, list);
  return list;
}

function doubles(r: WireReader, before: TensorProto['doubleVal'] = []): (number | string)[] {
  const bytes = r.packed(8);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = Array.from({ length: bytes.length / 8 }, (_, i) => view.getFloat64(8 * i, true));
  return [...before, ...values];
}

function readLibrary(r: WireReader, functions: FunctionDef[], gradients: GradientDef[]): void {
  for (let field = r.next(); field !== 0; field = r.next()) {
    if (field === 1) functions.push(r.message('function', () => readFunction(r)));
    else if (field === 2) gradients.push(r.message('gradient', () => readGradient(r)));
  }
}

export function readGradient(r: WireReader): GradientDef {
  const [functionName, gradientFunc] = readTexts(r);
  return { functionName, gradientFunc };
}

export function readFunction(r: WireReader): FunctionDef {
  let signature: FunctionDef['signature'] = { name: '' };
  const nodeDef: NodeDef[] = [];
  const ret: Record<string, string> = {};
  const controlRet: Record<string, string> = {};
  for (let field = r.next(); field !== 0; field = r.next()) {
    if (field === 1) signature = r.message('signature', () => readSignature(r));
    else if (field === 3) nodeDef.push(r.message('node_def', () => readNode(r)));
    else if (field === 4) r.message('ret', () => readPair(r, ret));
    else if (field === 6) r.message('control_ret', () => readPair(r, controlRet));
  }
  return { signature, nodeDef, ret, controlRet };
}

function readPair(r: WireReader, pairs: Record<string, string>): void {
  const [key, value] = readTexts(r);
  Object.defineProperty(pairs, key, { value, enumerable: true, configurable: true });
}

function readTexts(r: WireReader): [string, string] {
  const pair: [string, string] = ['', ''];
  for (let field = r.next(); field !== 0; field = r.next()) {
    if (field === 1) pair[0] = r.string();
    else if (field === 2) pair[1] = r.string();
  }
  return pair;
}

function readSignature(r: WireReader): FunctionDef['signature'] {
  const inputArg: ArgDef[] = [];
  const outputArg: ArgDef[] = [];
  let name = '';
  for (let field = r.next(); field !== 0; field = r.next()) {
    if (field === 1) name = r.string();
    else if (field === 2) inputArg.push(r.message('input_arg', () => readArg(r)));
    else if (field === 3) outputArg.push(r.message('output_arg', () => readArg(r)));
  }
  return { name, inputArg, outputArg };
}

function readArg(r: WireReader): ArgDef {
  const arg = { name: '', type: 'DT_0' };
  for (let field = r.next(); field !== 0; field = r.next()) {
    if (field === 1) arg.name = r.string();
    else if (field === 3) arg.type = dataTypeName(r.int());
  }
  return arg;
}
