/**
 * The 16-bit float formats as bits. Numbers are rounded once, from float64, to the nearest even.
 */
interface HalfFormat {
  readonly mantissa: number;
  /** The exponent of the smallest normal number. */
  readonly minExponent: number;
  readonly infinity: number;
}

const binary16: HalfFormat = { mantissa: 10, minExponent: -14, infinity: 0x7c00 };
const brain16: HalfFormat = { mantissa: 7, minExponent: -126, infinity: 0x7f80 };

const words = new DataView(new ArrayBuffer(8));

/** Adding and subtracting it rounds a number below 2^51 to the nearest even integer. */
const rounder = 2 ** 52;

function encode(value: number, { mantissa, minExponent, infinity }: HalfFormat): number {
  words.setFloat64(0, value);
  const high = words.getUint32(0);
  const sign = (high >>> 16) & 0x8000;
  if (Number.isNaN(value)) return sign | infinity | (1 << (mantissa - 1));
  const exponent = Math.max(((high >>> 20) & 0x7ff) - 1023, minExponent);
  if (exponent > 127) return sign | infinity;
  const units = Math.abs(value) * 2 ** (mantissa - exponent);
  const rounded = units + rounder - rounder;
  // A carry out of the mantissa adds 1 to the exponent, up to infinity, by itself.
  const bits = (exponent - minExponent) * 2 ** mantissa + rounded;
  return sign | Math.min(bits, infinity);
}

export function float16Bits(value: number): number {
  return encode(value, binary16);
}

export function bfloat16Bits(value: number): number {
  return encode(value, brain16);
}

function decodeFloat16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? Number.NaN : sign * Infinity;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

let float16Table: Float32Array | undefined;

/** Every float16 by its bits: 256 KiB, made when first needed. */
function tableOfFloat16(): Float32Array {
  float16Table ??= Float32Array.from({ length: 65536 }, (_, bits) => decodeFloat16(bits));
  return float16Table;
}

export function float16Value(bits: number): number {
  return decodeFloat16(bits);
}

const single = new Float32Array(1);
const singleBits = new Uint32Array(single.buffer);

export function bfloat16Value(bits: number): number {
  singleBits[0] = bits << 16;
  return single[0]!;
}

export function float16ToFloat32(bits: Uint16Array): Float32Array {
  const table = tableOfFloat16();
  const values = new Float32Array(bits.length);
  for (let i = 0; i < bits.length; i++) values[i] = table[bits[i]!]!;
  return values;
}

export function bfloat16ToFloat32(bits: Uint16Array): Float32Array {
  const wide = new Uint32Array(bits.length);
  for (let i = 0; i < bits.length; i++) wide[i] = bits[i]! << 16;
  return new Float32Array(wide.buffer);
}
