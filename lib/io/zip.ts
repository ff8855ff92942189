import { promisify } from 'node:util';
import { inflateRaw, inflateRawSync } from 'node:zlib';

import { EngineError } from '../errors.js';
import { crc32Of, crc32OfSync } from './crc32.js';

export interface ZipEntry {
  readonly name: string;
  read(): Promise<Buffer>;
  readSync(): Buffer;
}

/** Deflating makes at most so many bytes one; what claims more is not given the memory. */
const kMostInflated = 1032;

const inflateAsync = promisify(inflateRaw);

const endMark = 0x06054b50;
const end64Mark = 0x06064b50;
const locator64Mark = 0x07064b50;
const entryMark = 0x02014b50;
const localMark = 0x04034b50;
/** What a 32-bit field holds when the zip64 extension has the value. */
const inExtension = 0xffffffff;

function damaged(what: string): EngineError {
  return new EngineError('DATA_LOSS', `zip: ${what}`);
}

/** The bytes [at, at + length), which must be there. */
function part(bytes: Buffer, at: number, length: number, what: string): Buffer {
  if (at >= 0 && length >= 0 && at + length <= bytes.length) return bytes.subarray(at, at + length);
  throw damaged(
    `${what} lies outside the file: Expected bytes ${at} to ${at + length} of ${bytes.length}`,
  );
}

/** Where the list of entries starts, and how many there are. */
function directory(bytes: Buffer): { at: number; count: number } {
  // A comment of at most 65,535 bytes may follow the end record.
  const first = Math.max(0, bytes.length - 22 - 65535);
  for (let at = bytes.length - 22; at >= first; at--) {
    if (bytes.readUInt32LE(at) !== endMark) continue;
    if (at >= 20 && bytes.readUInt32LE(at - 20) === locator64Mark) {
      const end = part(bytes, Number(bytes.readBigUInt64LE(at - 12)), 56, 'the zip64 end record');
      if (end.readUInt32LE(0) !== end64Mark) throw damaged('the zip64 end record is missing');
      return { at: Number(end.readBigUInt64LE(48)), count: Number(end.readBigUInt64LE(32)) };
    }
    return { at: bytes.readUInt32LE(at + 16), count: bytes.readUInt16LE(at + 10) };
  }
  throw damaged('Expected a zip archive, but there is no end record');
}

/** The values of the zip64 extension, in the order in which the 32-bit fields ask for them. */
function extension64(extra: Buffer): bigint[] {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    const field = extra.subarray(at + 4, at + 4 + extra.readUInt16LE(at + 2));
    return Array.from({ length: field.length >> 3 }, (_, i) => field.readBigUInt64LE(8 * i));
  }
  return [];
}

interface Stored {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly localAt: number;
}

/** The bytes of an entry as they stand in the archive. */
function packedBytes(bytes: Buffer, { name, packed, localAt }: Stored): Buffer {
  const local = part(bytes, localAt, 30, `the header of '${name}'`);
  if (local.readUInt32LE(0) !== localMark) throw damaged(`the header of '${name}' is missing`);
  const dataAt = localAt + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
  return part(bytes, dataAt, packed, `'${name}'`);
}

function checkContent({ name, size, crc }: Stored, length: number, sum: number): void {
  if (length === size && sum === crc) return;
  throw damaged(`'${name}' is damaged: its length or checksum is wrong`);
}

/** Whether an entry is deflated; otherwise it is stored as it is. */
function isDeflated({ name, method }: Stored): boolean {
  if (method === 0 || method === 8) return method === 8;
  throw new EngineError(
    'UNIMPLEMENTED',
    `zip: Expected '${name}' to be stored or deflated but received method ${method}`,
  );
}

function notInflated({ name }: Stored, cause: unknown): EngineError {
  const error = damaged(`'${name}' cannot be inflated`);
  error.cause = cause;
  return error;
}

function entryOf(bytes: Buffer, stored: Stored): ZipEntry {
  const most = Math.max(Math.min(stored.size, kMostInflated * stored.packed), 64);
  // One chunk takes all; a full one would be followed by another.
  const limit = { maxOutputLength: most, chunkSize: most + 1 };
  return {
    name: stored.name,
    async read() {
      let content = packedBytes(bytes, stored);
      if (isDeflated(stored)) {
        content = await inflateAsync(content, limit).catch((error: unknown) => {
          throw notInflated(stored, error);
        });
      }
      checkContent(stored, content.length, await crc32Of([content]));
      return content;
    },
    readSync() {
      let content = packedBytes(bytes, stored);
      if (isDeflated(stored)) {
        try {
          content = inflateRawSync(content, limit);
        } catch (error) {
          throw notInflated(stored, error);
        }
      }
      checkContent(stored, content.length, crc32OfSync([content]));
      return content;
    },
  };
}

/** The entries of a zip archive; each is unpacked, and its checksum looked at, when read. */
export function zipEntries(bytes: Buffer): ZipEntry[] {
  const { at, count } = directory(bytes);
  const entries: ZipEntry[] = [];
  let next = at;
  for (let i = 0; i < count; i++) {
    const head = part(bytes, next, 46, `entry ${i}`);
    if (head.readUInt32LE(0) !== entryMark) throw damaged(`entry ${i} is missing`);
    const [nameLength, extraLength] = [head.readUInt16LE(28), head.readUInt16LE(30)];
    const tail = part(bytes, next + 46, nameLength + extraLength, `entry ${i}`);
    const wide = extension64(tail.subarray(nameLength));
    const field = (offset: number): number => {
      const value = head.readUInt32LE(offset);
      return value === inExtension ? Number(wide.shift() ?? value) : value;
    };
    const size = field(24);
    const packed = field(20);
    const localAt = field(42);
    const name = tail.toString('utf8', 0, nameLength);
    const [method, crc] = [head.readUInt16LE(10), head.readUInt32LE(16)];
    entries.push(entryOf(bytes, { name, method, crc, packed, size, localAt }));
    next += 46 + nameLength + extraLength + head.readUInt16LE(32);
  }
  return entries;
}
