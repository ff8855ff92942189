import { statSync } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';

import { type BlockHandle, native } from '../binding.js';
import { EngineError, toEngineError } from '../errors.js';
import { crc32c } from '../io/crc32c.js';
import { fileError, readBytes, readBytesSync } from '../io/files.js';
import type { Sliced } from '../sliced.js';
import type { Piece } from './bundle.js';

/** What loading needs of the file system; each part of it gives way where it waits. */
export interface Files {
  read(path: string): Sliced<Buffer>;
  /** The sizes of files that have to be there. */
  sizes(paths: readonly string[]): Sliced<ReadonlyMap<string, number>>;
  /** The numbers of a piece, checked, in memory of the core. */
  block(piece: Piece, key: string): Sliced<BlockHandle>;
  /** The numbers of a piece, checked. */
  bytes(piece: Piece, key: string): Sliced<Uint8Array>;
  filled(bytes: Uint8Array): Sliced<BlockHandle>;
}

/** The result of a promise, for which the work waits. */
function* settled<T>(promise: Promise<T>): Sliced<T> {
  const done: T[] = [];
  yield promise.then((value) => done.push(value));
  return done[0]!;
}

const kPieceBytes = 2 ** 18;

export const filesAsync: Files = {
  read: (path) => settled(readBytes(path)),
  sizes: (paths) => settled(sizesOf(paths)),
  *block({ path, offset, bytes, sum }, key) {
    const block = native.readBlockAsync(path, offset, bytes, sum);
    return yield* settled(block.catch((error: unknown) => unread(error, path, key)));
  },
  *bytes(piece, key) {
    return checked(yield* settled(readPiece(piece)), piece, key);
  },
  *filled(bytes) {
    const block = yield* settled(native.newBlockAsync(bytes.length));
    for (let at = 0; at < bytes.length; at += kPieceBytes) {
      native.fillBlock(block, at, bytes.subarray(at, at + kPieceBytes));
      yield;
    }
    return block;
  },
};

/** What is there at once, in the form of what has to be waited for. */
function* now<T>(make: () => T): Sliced<T> {
  yield;
  return make();
}

export const filesSync: Files = {
  read: (path) => now(() => readBytesSync(path)),
  sizes: (paths) => now(() => new Map(paths.map((path) => [path, sizeOfSync(path)] as const))),
  block: (piece, key) => now(() => readBlockSync(piece, key)),
  bytes: (piece, key) =>
    now(() => {
      const { path, offset, bytes } = piece;
      return checked(readBytesSync(path).subarray(offset, offset + bytes), piece, key);
    }),
  filled: (bytes) =>
    now(() => {
      const block = native.newBlock(bytes.length);
      native.fillBlock(block, 0, bytes);
      return block;
    }),
};

function readBlockSync({ path, offset, bytes, sum }: Piece, key: string): BlockHandle {
  try {
    return native.readBlock(path, offset, bytes, sum);
  } catch (error) {
    return unread(error, path, key);
  }
}

async function sizesOf(paths: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const sizes = new Map<string, number>();
  for (const path of paths) {
    try {
      sizes.set(path, (await stat(path)).size);
    } catch (error) {
      throw fileError(error, 'read', path);
    }
  }
  return sizes;
}

function sizeOfSync(path: string): number {
  try {
    return statSync(path).size;
  } catch (error) {
    throw fileError(error, 'read', path);
  }
}

async function readPiece({ path, offset, bytes }: Piece): Promise<Uint8Array> {
  let file: FileHandle | undefined;
  try {
    file = await open(path);
    const buffer = Buffer.allocUnsafe(bytes);
    const { bytesRead } = await file.read(buffer, 0, bytes, offset);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    throw fileError(error, 'read', path);
  } finally {
    await file?.close();
  }
}

function checked(found: Uint8Array, { path, offset, bytes, sum }: Piece, key: string): Uint8Array {
  const has = found.length === bytes ? crc32c(found) : undefined;
  if (has === sum) return found;
  const what =
    has === undefined
      ? `${found.length} of ${bytes} bytes`
      : `the checksum ${has}, expected ${sum}`;
  throw new EngineError(
    'DATA_LOSS',
    `'${path}': '${key}': the ${bytes} bytes from byte ${offset} on have ${what}`,
  );
}

function unread(cause: unknown, path: string, key: string): never {
  const error = toEngineError(cause);
  if (!(error instanceof EngineError)) throw error;
  throw new EngineError(error.code, `'${path}': '${key}': ${error.message}`, { cause });
}
