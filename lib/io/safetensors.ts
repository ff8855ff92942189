import { checkKeys } from '../attrs.js';
import { alignedView, bufferOf } from '../convert.js';
import { type DType, elementSize, isNumeric, type NumericDType } from '../dtype.js';
import { describe, EngineError, invalidArgument } from '../errors.js';
import { NDArray, ndarray } from '../ndArray.js';
import { isPlainObject } from '../plainObject.js';
import { checkShape, sizeOf } from '../shape.js';
import { isValue, type Value, type Values } from '../value.js';
import {
  checkPath,
  type FilePath,
  inFile,
  readBytes,
  readBytesSync,
  writeBytes,
  writeBytesSync,
} from './files.js';

/** Tensors by name, and the texts that the file says about them. */
export interface SafeTensors {
  readonly tensors: Record<string, NDArray>;
  readonly metadata: Record<string, string>;
}

export interface SafeTensorsOptions {
  readonly metadata?: Readonly<Record<string, string>>;
}

/** The format's own limit, against files that are something else. */
const longestHeader = 100_000_000;

const dtypeNames: readonly (readonly [string, NumericDType])[] = [
  ['F64', 'float64'],
  ['F32', 'float32'],
  ['F16', 'float16'],
  ['BF16', 'bfloat16'],
  ['I64', 'int64'],
  ['I32', 'int32'],
  ['I16', 'int16'],
  ['I8', 'int8'],
  ['U64', 'uint64'],
  ['U32', 'uint32'],
  ['U16', 'uint16'],
  ['U8', 'uint8'],
  ['BOOL', 'bool'],
  ['C64', 'complex64'],
];

interface Entry {
  readonly name: string;
  readonly dtype: NumericDType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

function malformed(what: string, expected: string, actual: unknown): EngineError {
  const text = `safetensors: Expected ${expected} for ${what} but received ${describe(actual)}`;
  return new EngineError('INVALID_ARGUMENT', text);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function headerLength(bytes: Buffer): number {
  if (bytes.length < 8) throw malformed('the file', 'at least 8 bytes', bytes.length);
  const length = Number(bytes.readBigUInt64LE(0));
  if (length > longestHeader) throw malformed("the header's length", 'at most 100 MB', length);
  if (length <= bytes.length - 8) return length;
  throw new EngineError(
    'DATA_LOSS',
    `safetensors: the header ends early: Expected ${length} bytes but received ${bytes.length - 8}`,
  );
}

function parseHeader(text: string): Record<string, unknown> {
  let header: unknown;
  try {
    header = text.startsWith('{') ? JSON.parse(text) : undefined;
  } catch {
    header = undefined;
  }
  if (isRecord(header)) return header;
  throw malformed('the header', 'a JSON object', text.slice(0, 40));
}

function entryOf(name: string, value: unknown): Entry {
  const { dtype: type, shape, data_offsets: offsets } = isRecord(value) ? value : {};
  const what = `the header of '${name}'`;
  const dtype = dtypeNames.find(([text]) => text === type)?.[1];
  if (dtype === undefined) {
    const known = dtypeNames.map(([text]) => text).join(', ');
    if (typeof type !== 'string') throw malformed(what, 'a dtype', type);
    throw new EngineError(
      'UNIMPLEMENTED',
      `safetensors: Expected one of ${known} for the dtype of '${name}' but received '${type}'`,
    );
  }
  if (!isSizes(shape)) throw malformed(what, 'a shape of non-negative integers', shape);
  const [begin, end] = isSizes(offsets) && offsets.length === 2 ? offsets : [];
  if (begin === undefined || end === undefined || begin > end) {
    throw malformed(what, 'data_offsets [begin, end]', offsets);
  }
  const bytes = sizeOf(shape) * elementSize(dtype);
  if (end - begin === bytes) return { name, dtype, shape, begin, end };
  throw malformed(what, `${bytes} bytes (${type} [${shape.join(', ')}])`, end - begin);
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

/** The tensors must fill the data without gap or overlap, so that nothing hides in a file. */
function checkLayout(entries: readonly Entry[], size: number): void {
  const order = [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end);
  let end = 0;
  for (const entry of order) {
    if (entry.begin !== end) {
      const fault = entry.begin < end ? 'overlaps the tensor before it' : 'leaves a gap before it';
      throw malformed(`'${entry.name}', which ${fault}`, `a tensor at byte ${end}`, entry.begin);
    }
    end = entry.end;
  }
  if (end > size) {
    throw new EngineError(
      'DATA_LOSS',
      `safetensors: the data ends early: Expected ${end} bytes but received ${size}`,
    );
  }
  if (end < size) throw malformed('the data', `${end} bytes`, size);
}

function metadataOf(value: unknown): Record<string, string> {
  if (value === undefined) return {};
  const entries = isRecord(value) ? Object.entries(value) : undefined;
  if (entries?.every((entry): entry is [string, string] => typeof entry[1] === 'string')) {
    return Object.fromEntries(entries);
  }
  throw malformed('__metadata__', 'an object of strings', value);
}

/** The tensors of a safetensors file's bytes; they share its memory where it is aligned. */
export function parseSafetensors(bytes: ArrayBufferView | ArrayBufferLike): SafeTensors {
  const buffer = bufferOf(bytes, 'bytes');
  const length = headerLength(buffer);
  const { __metadata__, ...rest } = parseHeader(buffer.toString('utf8', 8, 8 + length));
  const entries = Object.entries(rest).map(([name, value]) => entryOf(name, value));
  const data = buffer.subarray(8 + length);
  checkLayout(entries, data.length);
  const tensors = entries.map(({ name, dtype, shape, begin }) => {
    const at = data.byteOffset + begin;
    const values = alignedView(dtype, data.buffer, at, sizeOf(shape));
    return [name, new NDArray(values, checkShape(shape), dtype)] as const;
  });
  return { tensors: Object.fromEntries(tensors), metadata: metadataOf(__metadata__) };
}

/** Wide entries first, so that all of them are aligned; then by name. */
function writeOrder(a: readonly [string, Value], b: readonly [string, Value]): number {
  return elementSize(b[1].dtype) - elementSize(a[1].dtype) || (a[0] < b[0] ? -1 : 1);
}

function bytesOf(name: string, { data, dtype }: Value): Uint8Array {
  if (!Array.isArray(data) && isNumeric(dtype) && dtype !== 'complex128') {
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  }
  throw invalidArgument(`tensors['${name}']`, 'a dtype that safetensors has', dtype);
}

function dtypeName(dtype: DType): string {
  return dtypeNames.find(([, known]) => known === dtype)?.[0] ?? '';
}

/** The format has texts only. */
function checkMetadata(metadata: unknown): void {
  if (!isPlainObject(metadata)) throw invalidArgument('metadata', 'an object of strings', metadata);
  for (const [key, value] of Object.entries(metadata)) {
    if (typeof value === 'string') continue;
    throw invalidArgument(`metadata['${key}']`, 'a string', value);
  }
}

/** The header and the memory of the tensors, in the order in which they stand in the file. */
export function safetensorsParts(
  tensors: Readonly<Record<string, Values>>,
  options: SafeTensorsOptions,
): Uint8Array[] {
  checkKeys('safetensors', options, ['metadata']);
  if (!isPlainObject(tensors))
    throw invalidArgument('tensors', 'an object of tensors by name', tensors);
  if (options.metadata !== undefined) checkMetadata(options.metadata);
  const header: [string, unknown][] = [];
  if (options.metadata) header.push(['__metadata__', options.metadata]);
  const values = Object.entries(tensors).map(([name, value]) => {
    if (name === '__metadata__') throw invalidArgument('tensors', 'another name', name);
    return [name, isValue(value) ? value : ndarray(value)] as const;
  });
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const [name, value] of values.sort(writeOrder)) {
    const bytes = bytesOf(name, value);
    const data_offsets = [at, at + bytes.byteLength];
    header.push([name, { dtype: dtypeName(value.dtype), shape: value.shape, data_offsets }]);
    parts.push(bytes);
    at += bytes.byteLength;
  }
  const text = Buffer.from(JSON.stringify(Object.fromEntries(header)));
  const head = Buffer.alloc(8 + Math.ceil(text.length / 8) * 8, ' ');
  head.writeBigUInt64LE(BigInt(head.length - 8));
  text.copy(head, 8);
  return [head, ...parts];
}

/** The bytes of a safetensors file. */
export function formatSafetensors(
  tensors: Readonly<Record<string, Values>>,
  options: SafeTensorsOptions = {},
): Buffer {
  return Buffer.concat(safetensorsParts(tensors, options));
}

/** Reads a safetensors file. */
export async function loadSafetensors(path: FilePath): Promise<SafeTensors> {
  const file = checkPath(path);
  const bytes = await readBytes(file);
  return inFile(file, () => parseSafetensors(bytes));
}

export function loadSafetensorsSync(path: FilePath): SafeTensors {
  const file = checkPath(path);
  const bytes = readBytesSync(file);
  return inFile(file, () => parseSafetensors(bytes));
}

/** Writes a safetensors file, as a whole or not at all. */
export async function saveSafetensors(
  path: FilePath,
  tensors: Readonly<Record<string, Values>>,
  options: SafeTensorsOptions = {},
): Promise<void> {
  await writeBytes(checkPath(path), safetensorsParts(tensors, options));
}

export function saveSafetensorsSync(
  path: FilePath,
  tensors: Readonly<Record<string, Values>>,
  options: SafeTensorsOptions = {},
): void {
  writeBytesSync(checkPath(path), safetensorsParts(tensors, options));
}
