import { bufferOf } from '../convert.js';
import { EngineError } from '../errors.js';
import type { NDArray } from '../ndArray.js';
import { checkPath, type FilePath, inFile, readBytes, readBytesSync } from './files.js';
import { parseNpy } from './npy.js';
import { zipEntries } from './zip.js';

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
