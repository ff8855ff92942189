import type { DType } from '../../dtype.js';

const bitsOf: Partial<Record<DType, number>> = {
  int4: 4,
  uint4: 4,
  float4_e2m1fn: 4,
  int2: 2,
  uint2: 2,
};

/** Elements of less than a byte, one to a byte, as the file has them: from the lowest bits up. */
export function packed(dtype: DType, bytes: Uint8Array): Uint8Array {
  const bits = bitsOf[dtype];
  if (bits === undefined) return bytes;
  const perByte = 8 / bits;
  const mask = (1 << bits) - 1;
  const result = new Uint8Array(Math.ceil(bytes.length / perByte));
  for (const [i, value] of bytes.entries()) {
    result[Math.floor(i / perByte)]! |= (value & mask) << (bits * (i % perByte));
  }
  return result;
}
