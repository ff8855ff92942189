import { readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

import { EngineError, invalidArgument } from '../errors.js';

/** A model file: its path, or its bytes, which must not change while the model is loaded. */
export type ModelSource = string | URL | ArrayBufferView | ArrayBuffer | SharedArrayBuffer;

/** Where a model comes from: its name in errors, and its path or its bytes. */
export interface Source {
  readonly file: string;
  readonly path: string | undefined;
  readonly bytes: Uint8Array | undefined;
}

/** Bytes of one read: small enough for progress and aborting, large enough for speed. */
const kReadBytes = 8 << 20;

export function sourceOf(source: ModelSource): Source {
  if (typeof source === 'string' || source instanceof URL) {
    const path = typeof source === 'string' ? source : fileURLToPath(source);
    if (path === '') throw invalidArgument('source', 'the path or the bytes of a model', source);
    return { file: basename(path), path, bytes: undefined };
  }
  const file = 'the model';
  if (ArrayBuffer.isView(source)) {
    const bytes = new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
    return { file, path: undefined, bytes };
  }
  if (source instanceof ArrayBuffer || source instanceof SharedArrayBuffer) {
    return { file, path: undefined, bytes: new Uint8Array(source) };
  }
  throw invalidArgument('source', 'the path or the bytes of a model', source);
}

export async function readSource(
  { path, bytes, file }: Source,
  signal: AbortSignal | undefined,
  onRead: (done: number, total: number) => void,
): Promise<Uint8Array> {
  if (bytes || path === undefined) return bytes ?? new Uint8Array(0);
  const handle = await open(path).catch((error) => unreadable(path, error));
  try {
    const { size } = await handle.stat();
    const content = Buffer.allocUnsafeSlow(size);
    for (let at = 0; at < size; ) {
      signal?.throwIfAborted();
      const length = Math.min(kReadBytes, size - at);
      const { bytesRead } = await handle.read(content, at, length, at);
      if (bytesRead === 0) throw new EngineError('DATA_LOSS', `${file} became shorter in reading`);
      at += bytesRead;
      onRead(at, size);
    }
    return content;
  } catch (error) {
    return isSystemError(error) ? unreadable(path, error) : rethrow(error);
  } finally {
    await handle.close();
  }
}

export function readSourceSync({ path, bytes }: Source): Uint8Array {
  if (bytes || path === undefined) return bytes ?? new Uint8Array(0);
  try {
    return readFileSync(path);
  } catch (error) {
    return unreadable(path, error);
  }
}

function rethrow(error: unknown): never {
  throw error;
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return typeof error === 'object' && error !== null && 'syscall' in error;
}

function unreadable(path: string, cause: unknown): never {
  const code = isSystemError(cause) && cause.code === 'ENOENT' ? 'NOT_FOUND' : 'UNAVAILABLE';
  const why = isSystemError(cause) ? cause.message : String(cause);
  throw new EngineError(code, `Cannot read the model '${path}': ${why}`, { cause });
}
