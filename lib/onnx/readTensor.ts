import type { WireReader } from '../wire.js';
import type {
  SparseTensorProto,
  TensorField,
  TensorProto,
  TypeProto,
  ValueInfoProto,
} from './proto.js';

const kRuns: Readonly<Record<number, { readonly field: TensorField; readonly size: 0 | 4 | 8 }>> = {
  4: { field: 'float', size: 4 },
  5: { field: 'int32', size: 0 },
  7: { field: 'int64', size: 0 },
  10: { field: 'double', size: 8 },
  11: { field: 'uint64', size: 0 },
};

/** Reads the TensorProto that is the current message. Its values stay views into the file. */
export function readTensor(r: WireReader): TensorProto {
  const tensor: TensorProto = {
    name: '',
    dims: [],
    dataType: 0,
    rawData: undefined,
    stored: undefined,
    stringData: [],
    runs: new Map(),
    externalData: undefined,
    isExternal: false,
  };
  for (let field = r.next(); field !== 0; field = r.next()) {
    const run = kRuns[field];
    if (run) addRun(tensor, run.field, r.packed(run.size));
    else if (field === 1) r.int64s(tensor.dims);
    else if (field === 2) tensor.dataType = r.int();
    else if (field === 6) tensor.stringData.push(r.bytes());
    else if (field === 8) tensor.name = r.string();
    else if (field === 9) readRawData(r, tensor);
    else if (field === 13) {
      tensor.externalData ??= new Map();
      readEntry(r, 'external_data', tensor.externalData);
    } else if (field === 14) tensor.isExternal = r.int() === 1;
  }
  return tensor;
}

/** Raw data as a view into the file, or where it lies when the file came without it. */
function readRawData(r: WireReader, tensor: TensorProto): void {
  tensor.rawData = r.bytes();
  const cut = r.cutAt(tensor.rawData);
  tensor.stored = cut && { ...cut, path: undefined, block: undefined };
}

function addRun(tensor: TensorProto, field: TensorField, bytes: Uint8Array): void {
  const runs = tensor.runs.get(field);
  if (runs) runs.push(bytes);
  else tensor.runs.set(field, [bytes]);
}

/** Reads a StringStringEntryProto into a map. */
export function readEntry(r: WireReader, name: string, into: Map<string, string>): void {
  r.message(name, () => {
    let key = '';
    let value = '';
    for (let field = r.next(); field !== 0; field = r.next()) {
      if (field === 1) key = r.string();
      else if (field === 2) value = r.string();
    }
    into.set(key, value);
  });
}

export function readSparseTensor(r: WireReader): SparseTensorProto {
  const sparse: SparseTensorProto = { values: undefined, indices: undefined, dims: [] };
  for (let field = r.next(); field !== 0; field = r.next()) {
    if (field === 1) sparse.values = r.message('values', () => readTensor(r));
    else if (field === 2) sparse.indices = r.message('indices', () => readTensor(r));
    else if (field === 3) r.int64s(sparse.dims);
  }
  return sparse;
}

export function readValueInfo(r: WireReader): ValueInfoProto {
  const info: ValueInfoProto = { name: '', type: undefined };
  for (let field = r.next(); field !== 0; field = r.next()) {
    if (field === 1) info.name = r.string();
    else if (field === 2) info.type = r.message('type', () => readType(r));
  }
  return info;
}

const kKinds: Readonly<Record<number, TypeProto['kind']>> = {
  1: 'tensor',
  4: 'sequence',
  5: 'map',
  8: 'sparse tensor',
  9: 'optional',
};

export function readType(r: WireReader): TypeProto {
  const type: TypeProto = { kind: 'unknown', elementType: 0, shape: undefined, inner: undefined };
  for (let field = r.next(); field !== 0; field = r.next()) {
    const kind = kKinds[field];
    if (!kind) continue;
    type.kind = kind;
    r.message(kind, () => readTypeBody(r, type));
  }
  return type;
}

/** The part of a type that depends on its kind: element type and shape, or the inner type. */
function readTypeBody(r: WireReader, type: TypeProto): void {
  const isTensor = type.kind === 'tensor' || type.kind === 'sparse tensor';
  for (let field = r.next(); field !== 0; field = r.next()) {
    if (isTensor && field === 1) type.elementType = r.int();
    else if (isTensor && field === 2) type.shape = r.message('shape', () => readShape(r));
    else if (type.kind === 'map' && field === 1) type.elementType = r.int();
    else if (field === (type.kind === 'map' ? 2 : 1)) {
      type.inner = r.message('element', () => readType(r));
    }
  }
}

function readShape(r: WireReader): (number | string | null)[] {
  const shape: (number | string | null)[] = [];
  for (let field = r.next(); field !== 0; field = r.next()) {
    if (field === 1) shape.push(r.message('dim', () => readDim(r)));
  }
  return shape;
}

/** A size, the name of a symbolic one, or null. */
function readDim(r: WireReader): number | string | null {
  let dim: number | string | null = null;
  for (let field = r.next(); field !== 0; field = r.next()) {
    if (field === 1) dim = r.int();
    else if (field === 2) dim = r.string() || null;
  }
  return dim;
}
