import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';

// Event files, read by the description of their format and apart from the library.

/** A protobuf message as lists of raw values by field; written apart from what it checks. */
export type Message = Record<number, (bigint | Buffer)[]>;

export function parse(bytes: Buffer): Message {
  const message: Message = {};
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++]!;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const key = Number(varint());
    const field = message[key >> 3] ?? [];
    message[key >> 3] = field;
    const size = { 1: 8, 5: 4, 2: -1 }[key & 7];
    if (size === undefined) {
      expect(key & 7).toBe(0);
      field.push(varint());
      continue;
    }
    const length = size < 0 ? Number(varint()) : size;
    expect(at + length).toBeLessThanOrEqual(bytes.length);
    field.push(bytes.subarray(at, at + length));
    at += length;
  }
  return message;
}

export function bufferAt(message: Message, field: number): Buffer {
  const value = message[field]?.[0];
  if (!Buffer.isBuffer(value)) throw new Error(`field ${field} is no bytes`);
  return value;
}

/** Bit by bit, to share nothing with the table of the library. */
function masked(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  const sum = ~crc >>> 0;
  return Number((BigInt((sum >>> 15) | (sum << 17)) + 0xa282ead8n) & 0xffffffffn);
}

/** The records of an event file, by the format's own description. */
export function records(path: string): Buffer[] {
  const bytes = readFileSync(path);
  const found: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = Number(bytes.readBigUInt64LE(at));
    expect(bytes.readUInt32LE(at + 8)).toBe(masked(bytes.subarray(at, at + 8)));
    const data = bytes.subarray(at + 12, at + 12 + length);
    expect(bytes.readUInt32LE(at + 12 + length)).toBe(masked(data));
    found.push(data);
    at += 16 + length;
  }
  return found;
}

export function values(path: string): { step: number; tag: string; value: Message }[] {
  return records(path)
    .slice(1)
    .map((record) => {
      const event = parse(record);
      const value = parse(bufferAt(parse(bufferAt(event, 5)), 1));
      const seconds = bufferAt(event, 1).readDoubleLE();
      expect(Math.abs(seconds - Date.now() / 1000)).toBeLessThan(60);
      return { step: Number(event[2]?.[0] ?? 0n), tag: String(bufferAt(value, 1)), value };
    });
}

export function doubles(bytes: Buffer): number[] {
  return Array.from({ length: bytes.length / 8 }, (_, i) => bytes.readDoubleLE(8 * i));
}

/** The pixels of a PNG whose rows all have the filter "Sub". */
export function pixelsOf(png: Buffer): number[] {
  expect(png.subarray(0, 8).toString('hex')).toBe('89504e470d0a1a0a');
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    const size = png.readUInt32BE(at);
    chunks.set(png.toString('latin1', at + 4, at + 8), png.subarray(at + 8, at + 8 + size));
  }
  expect([...chunks.keys()]).toEqual(['IHDR', 'IDAT', 'IEND']);
  const head = chunks.get('IHDR')!;
  const [width, height] = [head.readUInt32BE(0), head.readUInt32BE(4)];
  const channels = { 0: 1, 2: 3, 4: 2, 6: 4 }[head[9]!]!;
  const rows = inflateSync(chunks.get('IDAT')!);
  const pixels: number[] = [];
  for (let y = 0; y < height; y++) {
    const start = y * (width * channels + 1);
    expect(rows[start]).toBe(1);
    for (let i = 0; i < width * channels; i++) {
      const left = i < channels ? 0 : pixels[pixels.length - channels]!;
      pixels.push((rows[start + 1 + i]! + left) & 255);
    }
  }
  return pixels;
}
