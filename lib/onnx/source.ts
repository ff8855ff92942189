import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

import { native } from '../binding.js';
import { EngineError, invalidArgument } from '../errors.js';
import { runAtOnce, runSliced } from '../sliced.js';
import { type ReadRange, readSkeleton, type Skeleton } from './skeleton.js';

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

/** Bytes that the JavaScript thread copies at once from the system's cache. */
const kCachedBytes = 64 << 10;

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

/** The bytes of a model file, or of its skeleton. */
export interface Content {
  readonly bytes: Uint8Array;
  readonly cuts?: Skeleton['cuts'];
}

export async function readSource(
  { path, bytes, file }: Source,
  signal: AbortSignal | undefined,
  onRead: (done: number, total: number) => void,
): Promise<Content> {
  if (bytes || path === undefined) return { bytes: bytes ?? new Uint8Array(0) };
  const handle = await open(path).catch((error) => unreadable(path, error));
  try {
    const { size } = await handle.stat();
    const skeleton = await runSliced(readSkeleton(size, rangesOf(handle, file)), signal);
    if (skeleton) {
      if (skeleton.cuts.size === 0) onRead(size, size);
      return skeleton;
    }
    const content = Buffer.allocUnsafeSlow(size);
    for (let at = 0; at < size; ) {
      signal?.throwIfAborted();
      const length = Math.min(kReadBytes, size - at);
      const { bytesRead } = await handle.read(content, at, length, at);
      at += checkRead(bytesRead, file);
      onRead(at, size);
    }
    return { bytes: content };
  } catch (error) {
    return isSystemError(error) ? unreadable(path, error) : rethrow(error);
  } finally {
    await handle.close();
  }
}

/**
 * Reads ranges of a file that is open: by another thread only where the disk has to be waited for,
 * since there and back takes ten times as long as the copy.
 */
function rangesOf(handle: FileHandle, file: string): ReadRange {
  return function* (offset, length) {
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length; ) {
      const piece = bytes.subarray(at, at + kCachedBytes);
      let got = native.readCached(handle.fd, offset + at, piece);
      if (got > 0) {
        at += got;
        yield;
        continue;
      }
      const reading = handle.read(bytes, at, Math.min(kReadBytes, length - at), offset + at);
      yield reading.then(({ bytesRead }) => {
        got = bytesRead;
      });
      at += checkRead(got, file);
    }
    return bytes;
  };
}

export function readSourceSync({ path, bytes, file }: Source): Content {
  if (bytes || path === undefined) return { bytes: bytes ?? new Uint8Array(0) };
  try {
    const handle = openSync(path, 'r');
    try {
      const skeleton = runAtOnce(readSkeleton(fstatSync(handle).size, rangesSync(handle, file)));
      return skeleton ?? { bytes: readFileSync(handle) };
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    return isSystemError(error) ? unreadable(path, error) : rethrow(error);
  }
}

function rangesSync(handle: number, file: string): ReadRange {
  // biome-ignore lint/correctness/useYield: the asynchronous one yields
  return function* (offset, length) {
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length; ) {
      at += checkRead(readSync(handle, bytes, at, length - at, offset + at), file);
    }
    return bytes;
  };
}

function checkRead(bytes: number, file: string): number {
  if (bytes > 0) return bytes;
  throw new EngineError('DATA_LOSS', `${file} became shorter in reading`);
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
