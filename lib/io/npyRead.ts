import { alignedView } from '../convert.js';
import {
  type DataOf,
  type DType,
  elementSize,
  entriesPerElement,
  isNumeric,
  type NumericDType,
} from '../dtype.js';
import { describe, EngineError } from '../errors.js';
import { gathering } from '../indexing.js';
import { NDArray } from '../ndArray.js';
import { checkShape, type Shape, sizeOf, stridesOf } from '../shape.js';
import type { Sliced } from '../sliced.js';
import { parseLiteral } from './pythonLiteral.js';

export const magic = Buffer.from('\x93NUMPY', 'latin1');

/** NumPy's kind and size by dtype. V2 is what it makes of the bfloat16 of other libraries. */
export const kinds: readonly (readonly [string, NumericDType])[] = [
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

/** So many bytes, or strings, are looked at between two chances for other work. */
const kSlice = 1 << 18;
const kStrings = 256;

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

export function malformed(what: string, expected: string, actual: unknown): EngineError {
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

function* readStrings(
  bytes: Buffer,
  { size, bigEndian, unicode }: Header,
  count: number,
): Sliced<string[]> {
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
    if (i % kStrings === 0) yield;
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
function* swapped(bytes: Buffer, entry: number): Sliced<Buffer> {
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  for (let at = 0; at < bytes.length; at += kSlice) {
    const slice = copy.subarray(at, at + kSlice);
    bytes.copy(slice, 0, at);
    if (entry === 2) slice.swap16();
    else if (entry === 4) slice.swap32();
    else if (entry === 8) slice.swap64();
    yield;
  }
  return copy;
}

function* checkBools(bytes: Buffer): Sliced<void> {
  for (let at = 0; at < bytes.length; at += kSlice) {
    const wrong = bytes.subarray(at, at + kSlice).find((byte) => byte > 1);
    if (wrong !== undefined) throw malformed('a bool', '0 or 1', wrong);
    yield;
  }
}

function* readData(bytes: Buffer, header: Header): Sliced<DataOf<DType>> {
  const { dtype, shape, size, dataAt } = header;
  const count = sizeOf(shape);
  const body = bytes.subarray(dataAt, dataAt + count * size);
  if (body.length < count * size) throw tooShort('the data', count * size, body.length);
  if (!isNumeric(dtype)) return yield* readStrings(body, header, count);
  if (dtype === 'bool') yield* checkBools(body);
  const entry = size / entriesPerElement(dtype);
  const own = header.bigEndian ? yield* swapped(body, entry) : body;
  return alignedView(dtype, own.buffer, own.byteOffset, count);
}

/** The array of a .npy file's bytes, giving way to other work now and then. */
export function* readNpy(bytes: Buffer): Sliced<NDArray> {
  const header = readHeader(bytes);
  const { dtype, shape } = header;
  const data = yield* readData(bytes, header);
  if (!header.fortran || shape.length < 2) return new NDArray(data, shape, dtype);
  const steps = stridesOf([...shape].reverse()).reverse();
  const ordered = yield* gathering({ dtype, data, shape }, 0, shape, steps);
  return new NDArray(ordered, shape, dtype);
}
