import { bufferOf } from '../convert.js';
import { elementSize, holds, isNarrow, type TypedData } from '../dtype.js';
import { invalidArgument } from '../errors.js';
import { type NDArray, ndarray } from '../ndArray.js';
import type { Shape } from '../shape.js';
import { runAtOnce, runSliced, type Sliced } from '../sliced.js';
import { isValue, type Values } from '../value.js';
import {
  checkPath,
  type FilePath,
  inFile,
  located,
  readBytes,
  readBytesSync,
  writeBytes,
  writeBytesSync,
} from './files.js';
import { kinds, magic, malformed, readNpy } from './npyRead.js';

/**
 * The array of a .npy file's bytes: any version and byte order, C or Fortran order. The array
 * shares the memory of `bytes` where the order and alignment allow it.
 */
export function parseNpy(bytes: ArrayBufferView | ArrayBufferLike): NDArray {
  return runAtOnce(readNpy(bufferOf(bytes, 'bytes')));
}

/** The bytes of a .npy file: little-endian, C order. */
export function formatNpy(values: Values): Buffer {
  return Buffer.concat(runAtOnce(npyParts(values)));
}

/** The same in pieces, of which the last may be the memory of the values. */
export function* npyParts(values: Values): Sliced<Uint8Array[]> {
  const array = isValue(values) ? values : ndarray(values);
  if (array.dtype === 'variant') throw invalidArgument('values', 'an array', array.dtype);
  const { data, shape } = array;
  if (holds('string', data)) {
    const { width, body } = yield* stringBody(data);
    return [headOf(`<U${width}`, shape), body];
  }
  // NumPy has no narrow dtypes of its own: their bytes are saved as such.
  const known = kinds.find(([, dtype]) => dtype === array.dtype)?.[0];
  const kind = isNarrow(array.dtype) ? 'V1' : known;
  const order = elementSize(array.dtype) === 1 ? '|' : '<';
  const body = ArrayBuffer.isView(data) ? bytesOf(data) : new Uint8Array(0);
  return [headOf(`${order}${kind}`, shape), body];
}

/** What comes before the elements. */
function headOf(descr: string, shape: Shape): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const dict = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  // Version 1 has 10 bytes before the dict; the data starts at a multiple of 64.
  const length = Math.ceil((dict.length + 11) / 64) * 64 - 10;
  const head = Buffer.alloc(10 + length, ' ');
  magic.copy(head);
  head.set([1, 0, length & 255, length >> 8], 6);
  head.write(dict, 10, 'latin1');
  head[head.length - 1] = 10;
  return head;
}

function bytesOf(data: TypedData): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** So many strings are looked at between two chances for other work. */
const kStrings = 256;

/** Strings as UTF-32, all as wide as the longest one; at least 1, as NumPy has it. */
function* stringBody(strings: readonly string[]): Sliced<{ width: number; body: Uint8Array }> {
  let width = 1;
  for (const [i, text] of strings.entries()) {
    if (text.endsWith('\0')) {
      throw malformed(`element ${i}`, 'a string that does not end in NUL (npy drops it)', text);
    }
    width = Math.max(width, [...text].length);
    if (i % kStrings === 0) yield;
  }
  const points = new Uint32Array(strings.length * width);
  for (const [i, text] of strings.entries()) {
    let at = i * width;
    for (const character of text) points[at++] = character.codePointAt(0)!;
    if (i % kStrings === 0) yield;
  }
  return { width, body: bytesOf(points) };
}

/** Reads a .npy file. */
export async function loadNpy(path: FilePath): Promise<NDArray> {
  const file = checkPath(path);
  const bytes = await readBytes(file);
  return runSliced(readNpy(bytes)).catch((error: unknown) => {
    throw located(file, error);
  });
}

export function loadNpySync(path: FilePath): NDArray {
  const file = checkPath(path);
  const bytes = readBytesSync(file);
  return inFile(file, () => parseNpy(bytes));
}

/** Writes a .npy file, as a whole or not at all. */
export async function saveNpy(path: FilePath, values: Values): Promise<void> {
  await writeBytes(checkPath(path), await runSliced(npyParts(values)));
}

export function saveNpySync(path: FilePath, values: Values): void {
  writeBytesSync(checkPath(path), runAtOnce(npyParts(values)));
}
