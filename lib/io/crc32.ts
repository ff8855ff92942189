import { crc32 } from 'node:zlib';

/** So many bytes are summed between two turns of the event loop. */
const kSlice = 4 << 20;

function* slices(parts: readonly Uint8Array[]): Generator<Uint8Array> {
  for (const part of parts) {
    for (let at = 0; at < part.length; at += kSlice) yield part.subarray(at, at + kSlice);
  }
}

/** The CRC-32 of the parts, one after the other; lets the event loop turn. */
export async function crc32Of(parts: readonly Uint8Array[]): Promise<number> {
  let sum = 0;
  for (const slice of slices(parts)) {
    sum = crc32(slice, sum);
    if (slice.length === kSlice) await new Promise((resolve) => setImmediate(resolve));
  }
  return sum;
}

/** As crc32Of, in one go. */
export function crc32OfSync(parts: readonly Uint8Array[]): number {
  let sum = 0;
  for (const slice of slices(parts)) sum = crc32(slice, sum);
  return sum;
}
