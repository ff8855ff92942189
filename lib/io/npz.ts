import { bufferOf } from '../convert.js';
import { EngineError, invalidArgument } from '../errors.js';
import type { NDArray } from '../ndArray.js';
import { isPlainObject } from '../plainObject.js';
import type { Values } from '../value.js';
import {
  checkPath,
  type FilePath,
  inFile,
  readBytes,
  readBytesSync,
  writeBytes,
  writeBytesSync,
} from './files.js';
import { npyParts, parseNpy } from './npy.js';
import { zipEntries } from './zip.js';
import { zipParts } from './zipParts.js';

/** The arrays of a .npz file's bytes, by name without ".npy". */
export function parseNpz(bytes: ArrayBufferView | ArrayBufferLike): Record<string, NDArray> {
  const arrays = zipEntries(bufferOf(bytes, 'bytes')).map(({ name, read }) => {
    if (name.endsWith('.npy')) return [name.slice(0, -4), parseNpy(read())] as const;
    throw new EngineError('INVALID_ARGUMENT', `npz: Expected .npy entries but received '${name}'`);
  });
  return Object.fromEntries(arrays);
}

/** Reads a .npz file. */
export async function loadNpz(path: FilePath): Promise<Record<string, NDArray>> {
  const file = checkPath(path);
  const bytes = await readBytes(file);
  return inFile(file, () => parseNpz(bytes));
}

export function loadNpzSync(path: FilePath): Record<string, NDArray> {
  const file = checkPath(path);
  const bytes = readBytesSync(file);
  return inFile(file, () => parseNpz(bytes));
}

function npzParts(arrays: Readonly<Record<string, Values>>): Uint8Array[] {
  if (!isPlainObject(arrays)) {
    throw invalidArgument('arrays', 'an object of arrays by name', arrays);
  }
  return zipParts(
    Object.entries(arrays).map(([name, values]) => ({
      name: `${name}.npy`,
      parts: npyParts(values),
    })),
  );
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
  await writeBytes(checkPath(path), npzParts(arrays));
}

export function saveNpzSync(path: FilePath, arrays: Readonly<Record<string, Values>>): void {
  writeBytesSync(checkPath(path), npzParts(arrays));
}
