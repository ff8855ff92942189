import { crc32, deflate } from 'node:zlib';

const kSignature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
/** The PNG colour type for so many channels. */
const kColourTypes: Readonly<Record<number, number>> = { 1: 0, 2: 4, 3: 2, 4: 6 };

/** Rows of pixels, 8 bits for each of 1 to 4 channels (grey, grey and alpha, RGB, RGBA). */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: Uint8Array;
}

/** The bytes of a PNG file. */
export async function formatPng({ width, height, channels, data }: Pixels): Promise<Buffer> {
  const row = width * channels;
  const filtered = Buffer.alloc((row + 1) * height);
  for (let y = 0; y < height; y++) filterRow(filtered, y * (row + 1), data, y * row, row, channels);
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head[8] = 8;
  head[9] = kColourTypes[channels] ?? 0;
  const packed = await new Promise<Buffer>((resolve, reject) => {
    deflate(filtered, (error, bytes) => (error ? reject(error) : resolve(bytes)));
  });
  const chunks = [chunk('IHDR', head), chunk('IDAT', packed), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([kSignature, ...chunks]);
}

/** Writes a row as its differences from the pixels to the left. */
function filterRow(
  to: Buffer,
  at: number,
  from: Uint8Array,
  start: number,
  length: number,
  channels: number,
): void {
  to[at] = 1;
  for (let i = 0; i < length; i++) {
    const left = i < channels ? 0 : from[start + i - channels]!;
    to[at + 1 + i] = from[start + i]! - left;
  }
}

function chunk(type: string, data: Buffer): Buffer {
  const bytes = Buffer.alloc(12 + data.length);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, 'latin1');
  data.copy(bytes, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + data.length)), 8 + data.length);
  return bytes;
}
