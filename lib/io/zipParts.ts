/** A file of an archive, in pieces. */
export interface ZipFile {
  readonly name: string;
  readonly parts: readonly Uint8Array[];
  /** The CRC-32 of the parts. */
  readonly crc: number;
}

/** What a 32-bit field holds when the zip64 extension has the value. */
const inExtension = 0xffffffff;
/** 4.5, the first version with zip64. */
const version = 45;
/** Names are UTF-8. */
const flags = 0x800;
/** The first of January 1980, the earliest date there is. */
const date = 0x21;

interface Placed {
  readonly name: Buffer;
  readonly crc: number;
  readonly size: number;
  readonly at: number;
}

/** The zip64 extension with these 64-bit values. */
function extension(...values: number[]): Buffer {
  const extra = Buffer.alloc(4 + 8 * values.length);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(8 * values.length, 2);
  for (const [i, value] of values.entries()) extra.writeBigUInt64LE(BigInt(value), 4 + 8 * i);
  return extra;
}

/** The fields that the header before a file and its entry in the list have in common. */
function writeCommon(head: Buffer, at: number, { name, crc }: Placed, extra: Buffer): void {
  head.writeUInt16LE(version, at);
  head.writeUInt16LE(flags, at + 2);
  head.writeUInt16LE(date, at + 8);
  head.writeUInt32LE(crc, at + 10);
  head.writeUInt32LE(inExtension, at + 14);
  head.writeUInt32LE(inExtension, at + 18);
  head.writeUInt16LE(name.length, at + 22);
  head.writeUInt16LE(extra.length, at + 24);
}

function localHeader(file: Placed): Buffer {
  const extra = extension(file.size, file.size);
  const head = Buffer.alloc(30);
  head.writeUInt32LE(0x04034b50, 0);
  writeCommon(head, 4, file, extra);
  return Buffer.concat([head, file.name, extra]);
}

function listEntry(file: Placed): Buffer {
  const extra = extension(file.size, file.size, file.at);
  const head = Buffer.alloc(46);
  head.writeUInt32LE(0x02014b50, 0);
  head.writeUInt16LE(version, 4);
  writeCommon(head, 6, file, extra);
  head.writeUInt32LE(inExtension, 42);
  return Buffer.concat([head, file.name, extra]);
}

/** The records behind the list, for so many entries in so many bytes from `at` on. */
function endRecords(count: number, bytes: number, at: number): Buffer {
  const end = Buffer.alloc(56 + 20 + 22);
  end.writeUInt32LE(0x06064b50, 0);
  end.writeBigUInt64LE(44n, 4);
  end.writeUInt16LE(version, 12);
  end.writeUInt16LE(version, 14);
  for (const [i, value] of [count, count, bytes, at].entries()) {
    end.writeBigUInt64LE(BigInt(value), 24 + 8 * i);
  }
  end.writeUInt32LE(0x07064b50, 56);
  end.writeBigUInt64LE(BigInt(at + bytes), 64);
  end.writeUInt32LE(1, 72);
  end.writeUInt32LE(0x06054b50, 76);
  end.fill(255, 84, 96);
  return end;
}

/** The pieces of a zip archive that holds the files as they are; sizes may be above 4 GiB. */
export function zipParts(files: readonly ZipFile[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  const list: Buffer[] = [];
  let at = 0;
  for (const { name, parts, crc } of files) {
    const size = parts.reduce((sum, part) => sum + part.byteLength, 0);
    const file = { name: Buffer.from(name), crc, size, at };
    const head = localHeader(file);
    pieces.push(head, ...parts);
    list.push(listEntry(file));
    at += head.length + size;
  }
  const entries = Buffer.concat(list);
  return [...pieces, entries, endRecords(files.length, entries.length, at)];
}
