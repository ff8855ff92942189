import { bufferOf } from '../convert.js';
import { EngineError, invalidArgument } from '../errors.js';
import type { NDArray } from '../ndArray.js';
import { isPlainObject } from '../plainObject.js';
import { runAtOnce, runSliced, type Sliced } from '../sliced.js';
import type { Values } from '../value.js';
import { crc32Of, crc32OfSync } from './crc32.js';
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
import { npyParts, parseNpy } from './npy.js';
import { readNpy } from './npyRead.js';
import { type ZipEntry, zipEntries } from './zip.js';
import { type ZipFile, zipParts } from './zipParts.js';

function arrayName({ name }: ZipEntry): string {
  if (name.endsWith('.npy')) return name.slice(0, -4);
  throw new EngineError('INVALID_ARGUMENT', `npz: Expected .npy entries but received '${name}'`);
}

/** The arrays of a .npz file's bytes, by name without ".npy". */
export function parseNpz(bytes: ArrayBufferView | ArrayBufferLike): Record<string, NDArray> {
  const entries = zipEntries(bufferOf(bytes, 'bytes'));
  return Object.fromEntries(entries.map((e) => [arrayName(e), parseNpy(e.readSync())]));
}

/** Reads a .npz file; compressed arrays are unpacked off the JavaScript thread. */
export async function loadNpz(path: FilePath): Promise<Record<string, NDArray>> {
  const file = checkPath(path);
  const bytes = await readBytes(file);
  const arrays: [string, NDArray][] = [];
  try {
    for (const entry of zipEntries(bytes)) {
      const name = arrayName(entry);
      arrays.push([name, await runSliced(readNpy(await entry.read()))]);
    }
  } catch (error) {
    throw located(file, error);
  }
  return Object.fromEntries(arrays);
}

export function loadNpzSync(path: FilePath): Record<string, NDArray> {
  const file = checkPath(path);
  const bytes = readBytesSync(file);
  return inFile(file, () => parseNpz(bytes));
}

function* npzFiles(arrays: Readonly<Record<string, Values>>): Sliced<Omit<ZipFile, 'crc'>[]> {
  if (!isPlainObject(arrays)) {
    throw invalidArgument('arrays', 'an object of arrays by name', arrays);
  }
  const files: Omit<ZipFile, 'crc'>[] = [];
  for (const [name, values] of Object.entries(arrays)) {
    files.push({ name: `${name}.npy`, parts: yield* npyParts(values) });
  }
  return files;
}

function npzParts(arrays: Readonly<Record<string, Values>>): Uint8Array[] {
  const files = runAtOnce(npzFiles(arrays));
  return zipParts(files.map((file) => ({ ...file, crc: crc32OfSync(file.parts) })));
}

/** The bytes of a .npz file, uncompressed as `numpy.savez` writes it. */
export function formatNpz(arrays: Readonly<Record<string, Values>>): Buffer {
  return Buffer.concat(npzParts(arrays));
}

/** Writes a .npz file, as a whole or not at all. */
export async function saveNpz(
  path: FilePath,
  arrays: Readonly<Record<string, Values>>,
): Promise<void> {
  const target = checkPath(path);
  const files: ZipFile[] = [];
  for (const file of await runSliced(npzFiles(arrays))) {
    files.push({ ...file, crc: await crc32Of(file.parts) });
  }
  await writeBytes(target, zipParts(files));
}

export function saveNpzSync(path: FilePath, arrays: Readonly<Record<string, Values>>): void {
  writeBytesSync(checkPath(path), npzParts(arrays));
}
