import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs';
import { type FileHandle, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { types } from 'node:util';

import { EngineError, type ErrorCode, invalidArgument } from '../errors.js';

/** A path, or a `file:` URL. */
export type FilePath = string | URL;

/** A single read or write of more bytes than this is not done in one piece by all systems. */
const chunkBytes = 2 ** 30;

export function checkPath(path: unknown): string {
  if (typeof path === 'string' && path !== '') return path;
  if (path instanceof URL && path.protocol === 'file:') return fileURLToPath(path);
  throw invalidArgument('path', 'a path or a file: URL', path);
}

const codeOf: Readonly<Record<string, ErrorCode>> = {
  ENOENT: 'NOT_FOUND',
  ENOTDIR: 'NOT_FOUND',
  EACCES: 'PERMISSION_DENIED',
  EPERM: 'PERMISSION_DENIED',
  EROFS: 'PERMISSION_DENIED',
  ENOSPC: 'RESOURCE_EXHAUSTED',
  EMFILE: 'RESOURCE_EXHAUSTED',
  EISDIR: 'FAILED_PRECONDITION',
};

/** An error of the file system as EngineError that names the file; others as they are. */
export function fileError(error: unknown, verb: string, path: string): unknown {
  if (!types.isNativeError(error) || error instanceof EngineError) return error;
  const code = String(Reflect.get(error, 'code'));
  const reason = code === 'ENOENT' ? 'there is no such file or folder' : error.message;
  return new EngineError(codeOf[code] ?? 'UNKNOWN', `cannot ${verb} '${path}': ${reason}`, {
    cause: error,
  });
}

/** An error that parsing a file's bytes threw, with the file's name before its text. */
export function inFile<T>(path: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw located(path, error);
  }
}

/** An error of what a file holds, with the file's name. */
export function located(path: string, error: unknown): unknown {
  if (!(error instanceof EngineError)) return error;
  return new EngineError(error.code, `'${path}': ${error.message}`, { cause: error });
}

function truncated(path: string, read: number, size: number): EngineError {
  return new EngineError(
    'DATA_LOSS',
    `'${path}' became shorter while it was read: Expected ${size} bytes but received ${read}`,
  );
}

/** The whole file in memory of its own. */
export async function readBytes(path: string): Promise<Buffer> {
  let file: FileHandle | undefined;
  try {
    file = await open(path);
    const { size } = await file.stat();
    // Pipes and the files of /proc have no size.
    if (size === 0) return await file.readFile();
    const bytes = Buffer.allocUnsafeSlow(size);
    for (let at = 0; at < size; ) {
      const { bytesRead } = await file.read(bytes, at, Math.min(size - at, chunkBytes), at);
      if (bytesRead === 0) throw truncated(path, at, size);
      at += bytesRead;
    }
    return bytes;
  } catch (error) {
    throw fileError(error, 'read', path);
  } finally {
    await file?.close();
  }
}

export function readBytesSync(path: string): Buffer {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const { size } = fstatSync(file);
    // Pipes and the files of /proc have no size.
    if (size === 0) return readFileSync(file);
    const bytes = Buffer.allocUnsafeSlow(size);
    for (let at = 0; at < size; ) {
      const count = readSync(file, bytes, at, Math.min(size - at, chunkBytes), at);
      if (count === 0) throw truncated(path, at, size);
      at += count;
    }
    return bytes;
  } catch (error) {
    throw fileError(error, 'read', path);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** Pipes and devices are written to as they are: a file in their place would be another thing. */
function isStream(stats: Stats | undefined): boolean {
  return stats !== undefined && !stats.isFile() && !stats.isDirectory();
}

/** Of the file that is replaced. */
function modeOf(stats: Stats | undefined): number {
  return stats === undefined ? 0o666 : stats.mode & 0o777;
}

/** Beside the target, so that renaming it stays within one file system. */
function temporaryName(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
}

async function writeAll(file: FileHandle, parts: readonly Uint8Array[]): Promise<void> {
  for (const part of parts) {
    for (let at = 0; at < part.byteLength; ) {
      const count = Math.min(part.byteLength - at, chunkBytes);
      at += (await file.write(part, at, count)).bytesWritten;
    }
  }
}

/**
 * Writes a file as a whole or not at all: whoever reads it meets the old or the new one. A link
 * stays one, to the new file.
 */
export async function writeBytes(path: string, parts: readonly Uint8Array[]): Promise<void> {
  const stats = await stat(path).catch(() => undefined);
  const stream = isStream(stats);
  let temporary: string | undefined;
  try {
    const target = stats === undefined || stream ? path : await realpath(path);
    temporary = stream ? undefined : temporaryName(target);
    const file = await open(temporary ?? target, stream ? 'w' : 'wx', modeOf(stats));
    try {
      await writeAll(file, parts);
      if (!stream) await file.sync();
    } finally {
      await file.close();
    }
    if (temporary !== undefined) await rename(temporary, target);
  } catch (error) {
    if (temporary !== undefined) await rm(temporary, { force: true });
    throw fileError(error, 'write', path);
  }
}

function writeAllSync(file: number, parts: readonly Uint8Array[]): void {
  for (const part of parts) {
    for (let at = 0; at < part.byteLength; ) {
      at += writeSync(file, part, at, Math.min(part.byteLength - at, chunkBytes));
    }
  }
}

export function writeBytesSync(path: string, parts: readonly Uint8Array[]): void {
  const stats = statSync(path, { throwIfNoEntry: false });
  const stream = isStream(stats);
  let temporary: string | undefined;
  try {
    const target = stats === undefined || stream ? path : realpathSync(path);
    temporary = stream ? undefined : temporaryName(target);
    const file = openSync(temporary ?? target, stream ? 'w' : 'wx', modeOf(stats));
    try {
      writeAllSync(file, parts);
      if (!stream) fsyncSync(file);
    } finally {
      closeSync(file);
    }
    if (temporary !== undefined) renameSync(temporary, target);
  } catch (error) {
    if (temporary !== undefined) rmSync(temporary, { force: true });
    throw fileError(error, 'write', path);
  }
}
