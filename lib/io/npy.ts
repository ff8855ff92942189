import { alignedView, bufferOf } from '../convert.js';
import {
  type DataOf,
  type DType,
  elementSize,
  entriesPerElement,
  holds,
  isNarrow,
  isNumeric,
  type NumericDType,
  type TypedData,
} from '../dtype.js';
import { describe, EngineError, invalidArgument } from '../errors.js';
import { gather } from '../indexing.js';
import { NDArray, ndarray } from '../ndArray.js';
import { checkShape, type Shape, sizeOf, stridesOf } from '../shape.js';
import { isValue, type Values } from '../value.js';
import {
  checkPath,
  type FilePath,
  inFile,
  readBytes,
  readBytesSync,
  writeBytes,
  writeBytesSync,
} from './files.js';
import { parseLiteral } from './pythonLiteral.js';

const magic = Buffer.from('\x93NUMPY', 'latin1');

/** NumPy's kind and size by dtype. V2 is what it makes of the bfloat16 of other libraries. */
const kinds: readonly (readonly [string, NumericDType])[] = [
  ['f4', 'float32'],
  ['f8', 'float64'],
  ['f2', 'float16'],
  ['V2', 'bfloat16'],
  ['i1', 'int8'],
  ['i2', 'int16'],
  ['i4', 'int32'],
  ['i8', 'int64'],
  ['u1', 'uint8'],
  ['u2', 'uint16'],
  ['u4', 'uint32'],
  ['u8', 'uint64'],
  ['b1', 'bool'],
  ['c8', 'complex64'],
  ['c16', 'complex128'],
];

interface Header {
  readonly dtype: DType;
  /** Bytes of one element in the file. */
  readonly size: number;
  readonly bigEndian: boolean;
  /** For strings: whether the file holds UTF-32 or bytes. */
  readonly unicode: boolean;
  readonly fortran: boolean;
  readonly shape: Shape;
  readonly dataAt: number;
}

function malformed(what: string, expected: string, actual: unknown): EngineError {
  const text = `npy: Expected ${expected} for ${what} but received ${describe(actual)}`;
  return new EngineError('INVALID_ARGUMENT', text);
}

function tooShort(what: string, expected: number, actual: number): EngineError {
  const text = `npy: ${what} ends early: Expected ${expected} bytes but received ${actual}`;
  return new EngineError('DATA_LOSS', text);
}

function readHeader(bytes: Buffer): Header {
  if (bytes.length < 10 || !bytes.subarray(0, 6).equals(magic)) {
    throw malformed('the first bytes', "'\\x93NUMPY'", bytes.subarray(0, 6).toString('latin1'));
  }
  const version = bytes[6]!;
  if (version < 1 || version > 3) throw malformed('the version', '1, 2 or 3', version);
  const start = version === 1 ? 10 : 12;
  if (bytes.length < start) throw tooShort('the header', start, bytes.length);
  const dataAt = start + (version === 1 ? bytes.readUInt16LE(8) : bytes.readUInt32LE(8));
  if (bytes.length < dataAt) throw tooShort('the header', dataAt, bytes.length);
  const text = bytes.toString(version === 3 ? 'utf8' : 'latin1', start, dataAt);
  const dict = parseLiteral(text);
  if (!(dict instanceof Map)) throw malformed('the header', 'a dict', text);
  const fortran = dict.get('fortran_order');
  if (typeof fortran !== 'boolean') throw malformed('fortran_order', 'True or False', fortran);
  return { ...readDescr(dict.get('descr')), fortran, shape: readShape(dict.get('shape')), dataAt };
}

function readShape(shape: unknown): Shape {
  const sizes = Array.isArray(shape) ? shape : [-1];
  if (sizes.every((size) => Number.isSafeInteger(size) && size >= 0)) return checkShape(sizes);
  throw malformed('shape', 'a tuple of non-negative integers', shape);
}

function readDescr(descr: unknown): Pick<Header, 'dtype' | 'size' | 'bigEndian' | 'unicode'> {
  const match = /^([<>|=]?)([a-zA-Z?])(\d*)$/.exec(typeof descr === 'string' ? descr : '');
  const [, order = '', kind = '', digits = ''] = match ?? [];
  const bigEndian = order === '>';
  if (digits !== '' && (kind === 'U' || kind === 'S')) {
    const unicode = kind === 'U';
    return { dtype: 'string', size: Number(digits) * (unicode ? 4 : 1), bigEndian, unicode };
  }
  const name = kind === '?' ? 'b1' : kind + digits;
  const dtype = kinds.find(([text]) => text === name)?.[1];
  if (dtype) return { dtype, size: elementSize(dtype), bigEndian, unicode: false };
  if (kind === 'O') {
    throw new EngineError('UNIMPLEMENTED', "npy: descr '|O' holds Python objects, not numbers");
  }
  const known = kinds.map(([text]) => text).join(', ');
  throw new EngineError(
    'UNIMPLEMENTED',
    `npy: Expected one of ${known}, U and S for descr but received ${describe(descr)}`,
  );
}

/** Strings of no length take no room in a file: a few bytes could ask for any number of them. */
const mostEmpty = 1_000_000;

function readStrings(bytes: Buffer, { size, bigEndian, unicode }: Header, count: number): string[] {
  if (size === 0 && count > mostEmpty)
    throw malformed('shape', `at most ${mostEmpty} of U0`, count);
  const strings = new Array<string>(count).fill('');
  if (size === 0) return strings;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let i = 0; i < count; i++) {
    const end = (i + 1) * size;
    const points: number[] = [];
    for (let at = i * size; unicode && at < end; at += 4)
      points.push(view.getUint32(at, !bigEndian));
    const wrong = points.find((point) => point > 0x10ffff);
    if (wrong !== undefined) throw malformed(`element ${i}`, 'Unicode characters', wrong);
    const text = unicode
      ? points.map((point) => String.fromCodePoint(point)).join('')
      : bytes.toString('utf8', i * size, end);
    strings[i] = withoutPadding(text);
  }
  return strings;
}

/** NumPy fills short strings with NUL, and cannot tell it from a NUL at a string's end. */
function withoutPadding(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 0) end--;
  return text.slice(0, end);
}

/** A copy with the bytes of each entry turned round. */
function swapped(bytes: Buffer, entry: number): Buffer {
  const copy = Buffer.from(bytes);
  if (entry === 2) return copy.swap16();
  if (entry === 4) return copy.swap32();
  return entry === 8 ? copy.swap64() : copy;
}

function readData(bytes: Buffer, header: Header): DataOf<DType> {
  const { dtype, shape, size, dataAt } = header;
  const count = sizeOf(shape);
  const body = bytes.subarray(dataAt, dataAt + count * size);
  if (body.length < count * size) throw tooShort('the data', count * size, body.length);
  if (!isNumeric(dtype)) return readStrings(body, header, count);
  if (dtype === 'bool' && body.some((byte) => byte > 1)) {
    throw malformed(
      'a bool',
      '0 or 1',
      body.find((byte) => byte > 1),
    );
  }
  const entry = size / entriesPerElement(dtype);
  const own = header.bigEndian ? swapped(body, entry) : body;
  return alignedView(dtype, own.buffer, own.byteOffset, count);
}

/**
 * The array of a .npy file's bytes: any version and byte order, C or Fortran order. The array
 * shares the memory of `bytes` where the order and alignment allow it.
 */
export function parseNpy(bytes: ArrayBufferView | ArrayBufferLike): NDArray {
  const buffer = bufferOf(bytes, 'bytes');
  const header = readHeader(buffer);
  const { dtype, shape } = header;
  const data = readData(buffer, header);
  if (!header.fortran || shape.length < 2) return new NDArray(data, shape, dtype);
  const steps = stridesOf([...shape].reverse()).reverse();
  return new NDArray(gather({ dtype, data, shape }, 0, shape, steps), shape, dtype);
}

/** The bytes of a .npy file: little-endian, C order. */
export function formatNpy(values: Values): Buffer {
  return Buffer.concat(npyParts(values));
}

/** The same in pieces, of which the last may be the memory of the values. */
export function npyParts(values: Values): Uint8Array[] {
  const array = isValue(values) ? values : ndarray(values);
  if (array.dtype === 'variant') throw invalidArgument('values', 'an array', array.dtype);
  const body = bodyOf(array.data);
  // NumPy has no narrow dtypes of its own: their bytes are saved as such.
  const known = isNarrow(array.dtype)
    ? 'V1'
    : kinds.find(([, dtype]) => dtype === array.dtype)?.[0];
  const kind = known ?? `U${widthOf(array.data)}`;
  const order = elementSize(array.dtype) === 1 ? '|' : '<';
  const { shape } = array;
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const dict = `{'descr': '${order}${kind}', 'fortran_order': False, 'shape': ${tuple}, }`;
  // Version 1 has 10 bytes before the dict; the data starts at a multiple of 64.
  const length = Math.ceil((dict.length + 11) / 64) * 64 - 10;
  const head = Buffer.alloc(10 + length, ' ');
  magic.copy(head);
  head.set([1, 0, length & 255, length >> 8], 6);
  head.write(dict, 10, 'latin1');
  head[head.length - 1] = 10;
  return [head, body];
}

function bodyOf(data: DataOf<DType>): Uint8Array {
  if (holds('string', data)) return stringBody(data);
  return ArrayBuffer.isView(data) ? bytesOf(data) : new Uint8Array(0);
}

function bytesOf(data: TypedData): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** The length of the longest string in characters; at least 1, as NumPy has it. */
function widthOf(data: DataOf<DType>): number {
  let width = 1;
  for (const text of data) width = Math.max(width, Array.from(String(text)).length);
  return width;
}

function stringBody(strings: readonly string[]): Uint8Array {
  const width = widthOf([...strings]);
  const points = new Uint32Array(strings.length * width);
  for (const [i, text] of strings.entries()) {
    if (text.endsWith('\0')) {
      throw malformed(`element ${i}`, 'a string that does not end in NUL (npy drops it)', text);
    }
    points.set(
      Array.from(text, (character) => character.codePointAt(0) ?? 0),
      i * width,
    );
  }
  return bytesOf(points);
}

/** Reads a .npy file. */
export async function loadNpy(path: FilePath): Promise<NDArray> {
  const file = checkPath(path);
  const bytes = await readBytes(file);
  return inFile(file, () => parseNpy(bytes));
}

export function loadNpySync(path: FilePath): NDArray {
  const file = checkPath(path);
  const bytes = readBytesSync(file);
  return inFile(file, () => parseNpy(bytes));
}

/** Writes a .npy file, as a whole or not at all. */
export async function saveNpy(path: FilePath, values: Values): Promise<void> {
  await writeBytes(checkPath(path), npyParts(values));
}

export function saveNpySync(path: FilePath, values: Values): void {
  writeBytesSync(checkPath(path), npyParts(values));
}
