import { createReadStream } from 'node:fs';

import { EngineError } from '../errors.js';
import { maskedCrc32c } from './crc32c.js';
import { fileError } from './files.js';

/** Against files that are something else. */
const kLargest = 2 ** 31;
/** The length, its checksum, and the checksum of the data behind them. */
const kHead = 12;
const kTail = 4;

/** One record of a TFRecord file. */
export function formatRecord(data: Uint8Array): Buffer {
  const record = Buffer.allocUnsafe(kHead + data.length + kTail);
  record.writeBigUInt64LE(BigInt(data.length));
  record.writeUInt32LE(maskedCrc32c(record.subarray(0, 8)), 8);
  record.set(data, kHead);
  record.writeUInt32LE(maskedCrc32c(data), kHead + data.length);
  return record;
}

/**
 * The records of a TFRecord file. One that is cut off at the end of the file is left out, as it is
 * when the file is still being written; a wrong checksum is an error.
 */
export async function* readRecords(path: string): AsyncGenerator<Uint8Array, void, undefined> {
  const input: AsyncIterable<Buffer> = createReadStream(path, { highWaterMark: 1 << 20 });
  let parts: Buffer[] = [];
  let size = 0;
  let needed = kHead + kTail;
  let offset = 0;
  try {
    for await (const chunk of input) {
      parts.push(chunk);
      size += chunk.length;
      if (size < needed) continue;
      const bytes = parts.length === 1 ? chunk : Buffer.concat(parts);
      let at = 0;
      for (;;) {
        const length = bytes.length - at < kHead ? kHead : recordSize(path, bytes, at, offset + at);
        needed = length;
        if (bytes.length - at < length) break;
        yield dataOf(path, bytes.subarray(at, at + length), offset + at);
        at += length;
      }
      parts = [bytes.subarray(at)];
      size = bytes.length - at;
      offset += at;
    }
  } catch (error) {
    throw fileError(error, 'read', path);
  }
}

function recordSize(path: string, bytes: Buffer, at: number, offset: number): number {
  const length = Number(bytes.readBigUInt64LE(at));
  const isGood = bytes.readUInt32LE(at + 8) === maskedCrc32c(bytes.subarray(at, at + 8));
  if (!isGood || length > kLargest) throw damaged(path, offset, 'the length of a record');
  return kHead + length + kTail;
}

function dataOf(path: string, record: Buffer, offset: number): Uint8Array {
  const data = record.subarray(kHead, record.length - kTail);
  if (record.readUInt32LE(record.length - kTail) === maskedCrc32c(data)) return data;
  throw damaged(path, offset, 'the data of a record');
}

function damaged(path: string, offset: number, what: string): EngineError {
  return new EngineError(
    'DATA_LOSS',
    `'${path}': byte ${offset}: the checksum of ${what} is wrong; the file is damaged or has no ` +
      'TFRecords',
  );
}
