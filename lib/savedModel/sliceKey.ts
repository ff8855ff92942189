/** A part of a tensor: where it begins and how long it is in each dim; -1 for all of the dim. */
export interface Extent {
  readonly start: number;
  readonly length: number;
}

/**
 * The key under which a bundle keeps a part of a tensor, as latin1 text: a zero, the name, the rank
 * and the extents in an encoding whose bytes sort as the values do.
 */
export function sliceKey(name: string, slice: readonly Extent[]): string {
  const extents = slice.map(({ start, length }) => orderedSigned(start) + orderedSigned(length));
  return orderedNumber(0) + orderedText(name) + orderedNumber(slice.length) + extents.join('');
}

/** Zero bytes and 255s are escaped, so that the end is told by a zero and a one. */
export function orderedText(text: string): string {
  const escaped = Array.from(Buffer.from(text).toString('latin1'), (byte) => {
    if (byte === '\0') return '\0\xff';
    return byte === '\xff' ? '\xff\0' : byte;
  });
  return `${escaped.join('')}\0\x01`;
}

/** How many bytes follow, then those, the highest first. */
export function orderedNumber(value: number): string {
  const bytes = bigEndian(BigInt(value));
  return String.fromCharCode(bytes.length, ...bytes);
}

/** The number of bytes in ones at the front, as in UTF-8, inverted below zero. */
export function orderedSigned(value: number): string {
  const big = BigInt(value);
  const magnitude = big < 0n ? ~big : big;
  const bits = magnitude.toString(2).length;
  const length = magnitude === 0n ? 1 : Math.floor(bits / 7) + 1;
  const field = BigInt.asUintN(8 * length, big);
  // `length` ones, the last of which is the sign's place, turned over.
  const header = ((1n << BigInt(length)) - 1n) << BigInt(7 * length);
  const code = BigInt.asUintN(8 * length, field ^ header);
  return String.fromCharCode(...bigEndian(code, length));
}

function bigEndian(value: bigint, length = 0): number[] {
  const bytes: number[] = [];
  for (let rest = value; rest > 0n || bytes.length < length; rest >>= 8n) {
    bytes.unshift(Number(rest & 255n));
  }
  return bytes;
}
