import { closeSync, fstatSync, openSync, readSync, realpathSync } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';

import { elementSize } from '../dtype.js';
import { EngineError } from '../errors.js';
import type { AttributeProto, GraphProto, ModelProto, TensorProto } from './proto.js';
import { kStoredBytes } from './skeleton.js';
import { dtypeOf, isWholeBytes, place, shapeOf } from './tensorValue.js';

/** Where the values of a tensor lie outside of the model file. */
interface ExternalRange {
  readonly tensor: TensorProto;
  readonly path: string;
  readonly offset: number;
  readonly length: number;
}

/** Bytes of one read, so that no other work of the process's file threads waits long. */
const kReadBytes = 8 << 20;

/** Reads the external data of all tensors of a model, ranges checked, with positioned reads. */
export async function readExternalData(
  model: ModelProto,
  modelPath: string | undefined,
  file: string,
  signal?: AbortSignal,
): Promise<void> {
  for (const [path, ranges] of rangesByFile(model, modelPath, file)) {
    const folder = await realpath(dirname(path.model));
    checkInside(
      folder,
      await realpath(path.data).catch((error) => missing(path, file, error)),
      path,
      file,
    );
    const handle = await open(path.data);
    try {
      const { size } = await handle.stat();
      for (const range of checkRanges(ranges, size, file)) {
        if (mayStay(model, range)) {
          leave(range);
          continue;
        }
        const bytes = Buffer.allocUnsafeSlow(range.length);
        for (let at = 0; at < range.length; ) {
          signal?.throwIfAborted();
          const length = Math.min(kReadBytes, range.length - at);
          const { bytesRead } = await handle.read(bytes, at, length, range.offset + at);
          at += checkRead(bytesRead, range, file);
        }
        give(range, bytes);
      }
    } finally {
      await handle.close();
    }
  }
}

export function readExternalDataSync(
  model: ModelProto,
  modelPath: string | undefined,
  file: string,
): void {
  for (const [path, ranges] of rangesByFile(model, modelPath, file)) {
    const folder = realpathSync(dirname(path.model));
    let real: string;
    try {
      real = realpathSync(path.data);
    } catch (error) {
      missing(path, file, error);
    }
    checkInside(folder, real, path, file);
    const handle = openSync(path.data, 'r');
    try {
      for (const range of checkRanges(ranges, fstatSync(handle).size, file)) {
        if (mayStay(model, range)) {
          leave(range);
          continue;
        }
        const bytes = Buffer.allocUnsafeSlow(range.length);
        for (let at = 0; at < range.length; ) {
          const read = readSync(handle, bytes, at, range.length - at, range.offset + at);
          at += checkRead(read, range, file);
        }
        give(range, bytes);
      }
    } finally {
      closeSync(handle);
    }
  }
}

interface ExternalPath {
  readonly model: string;
  readonly data: string;
  readonly location: string;
}

function rangesByFile(
  model: ModelProto,
  modelPath: string | undefined,
  file: string,
): Map<ExternalPath, ExternalRange[]> {
  const byLocation = new Map<string, [ExternalPath, ExternalRange[]]>();
  for (const tensor of tensorsOf(model)) {
    if (!tensor.isExternal) continue;
    const location = tensor.externalData?.get('location') ?? '';
    const known = byLocation.get(location);
    const path = known?.[0] ?? externalPath(location, modelPath, place(tensor, file));
    const range = rangeOf(tensor, path.data, file);
    if (known) known[1].push(range);
    else byLocation.set(location, [path, [range]]);
  }
  return new Map(byLocation.values());
}

function externalPath(
  location: string,
  modelPath: string | undefined,
  where: string,
): ExternalPath {
  if (modelPath === undefined) {
    throw new EngineError(
      'FAILED_PRECONDITION',
      `${where} lies in the file '${location}': load the model by its path, not from memory`,
    );
  }
  const folder = dirname(resolve(modelPath));
  const data = resolve(folder, location);
  const inside = relative(folder, data);
  const escapes = inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside);
  if (location === '' || inside === '' || isAbsolute(location) || escapes) {
    throw new EngineError(
      'PERMISSION_DENIED',
      `${where} points to '${location}', expected a file in the model's folder`,
    );
  }
  return { model: resolve(modelPath), data, location };
}

function checkInside(folder: string, real: string, path: ExternalPath, file: string): void {
  if (real.startsWith(folder.endsWith(sep) ? folder : folder + sep)) return;
  throw new EngineError(
    'PERMISSION_DENIED',
    `${file}: '${path.location}' is a link out of the model's folder`,
  );
}

function missing(path: ExternalPath, file: string, cause: unknown): never {
  throw new EngineError('NOT_FOUND', `${file}: the data file '${path.location}' is missing`, {
    cause,
  });
}

function rangeOf(tensor: TensorProto, path: string, file: string): ExternalRange {
  const where = place(tensor, file);
  const shape = shapeOf(tensor.dims, where);
  const expected = shape.reduce((a, b) => a * b, 1) * elementSize(dtypeOf(tensor, file));
  const offset = entry(tensor, 'offset', 0, where);
  const length = entry(tensor, 'length', expected, where);
  if (length !== expected) {
    throw new EngineError(
      'DATA_LOSS',
      `${where} of shape [${shape.join(', ')}] says ${length} bytes of external data, ` +
        `expected ${expected}`,
    );
  }
  return { tensor, path, offset, length };
}

function entry(tensor: TensorProto, key: string, fallback: number, where: string): number {
  const text = tensor.externalData?.get(key);
  if (text === undefined) return fallback;
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value;
  throw new EngineError('DATA_LOSS', `${where}: external ${key} is '${text}', expected a number`);
}

/** Ranges inside the file whose sum is not far above its size, as overlapping ones would be. */
function checkRanges(ranges: readonly ExternalRange[], size: number, file: string) {
  let sum = 0;
  for (const { tensor, offset, length } of ranges) {
    sum += length;
    if (offset + length <= size && sum <= 2 * size) continue;
    throw new EngineError(
      'DATA_LOSS',
      `${place(tensor, file)} takes bytes ${offset} to ${offset + length} of external data, ` +
        `but the file has ${size}${sum > 2 * size ? ' and is used more than twice over' : ''}`,
    );
  }
  return ranges;
}

function checkRead(bytes: number, range: ExternalRange, file: string): number {
  if (bytes > 0) return bytes;
  throw new EngineError('DATA_LOSS', `${place(range.tensor, file)}: external data ends early`);
}

function give(range: ExternalRange, bytes: Uint8Array): void {
  range.tensor.rawData = bytes;
  range.tensor.isExternal = false;
}

/** Large weights of the main graph go straight to memory of the core, if anybody wants them. */
function mayStay({ graph }: ModelProto, { tensor, length }: ExternalRange): boolean {
  const isWeight = graph?.initializers.includes(tensor);
  return length >= kStoredBytes && !!isWeight && isWholeBytes(tensor.dataType);
}

function leave({ tensor, path, offset, length }: ExternalRange): void {
  tensor.stored = { path, offset, length, block: undefined };
  tensor.isExternal = false;
}

/** All tensors of a model: initializers and attributes, in subgraphs and functions too. */
function* tensorsOf(model: ModelProto): Generator<TensorProto> {
  if (model.graph) yield* tensorsOfGraph(model.graph);
  for (const fn of model.functions) {
    for (const node of fn.nodes) yield* tensorsOfAttributes(node.attributes);
  }
}

function* tensorsOfGraph(graph: GraphProto): Generator<TensorProto> {
  yield* graph.initializers;
  for (const { values, indices } of graph.sparseInitializers) {
    if (values) yield values;
    if (indices) yield indices;
  }
  for (const node of graph.nodes) yield* tensorsOfAttributes(node.attributes);
}

function* tensorsOfAttributes(attributes: Map<string, AttributeProto>): Generator<TensorProto> {
  for (const attribute of attributes.values()) {
    if (attribute.t) yield attribute.t;
    if (attribute.sparse?.values) yield attribute.sparse.values;
    if (attribute.sparse?.indices) yield attribute.sparse.indices;
    yield* attribute.tensors;
    if (attribute.g) yield* tensorsOfGraph(attribute.g);
    for (const graph of attribute.graphs) yield* tensorsOfGraph(graph);
  }
}
