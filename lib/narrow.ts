import type { NarrowDType } from './dtype.js';

/** A float of 8 bits or less: its sizes, the bits of its largest number and what lies beyond. */
interface Format {
  readonly mantissa: number;
  readonly bias: number;
  readonly largest: number;
  /** The bit of the sign; 0 when there is none. */
  readonly sign: number;
  readonly infinity?: number;
  /** The one byte that is NaN where there is no minus zero. */
  readonly nan?: number;
}

const formats: Partial<Record<NarrowDType, Format>> = {
  float8_e4m3fn: { mantissa: 3, bias: 7, largest: 0x7e, sign: 0x80 },
  float8_e4m3fnuz: { mantissa: 3, bias: 8, largest: 0x7f, sign: 0x80, nan: 0x80 },
  float8_e5m2: { mantissa: 2, bias: 15, largest: 0x7b, sign: 0x80, infinity: 0x7c },
  float8_e5m2fnuz: { mantissa: 2, bias: 16, largest: 0x7f, sign: 0x80, nan: 0x80 },
  float8_e8m0fnu: { mantissa: 0, bias: 127, largest: 0xfe, sign: 0 },
  float4_e2m1fn: { mantissa: 1, bias: 1, largest: 7, sign: 8 },
};

function decode({ mantissa, bias, largest, sign, infinity, nan }: Format, byte: number): number {
  if (byte === nan) return Number.NaN;
  if (sign === 0) return byte > largest ? Number.NaN : 2 ** (byte - bias);
  const bits = byte & (sign - 1);
  const factor = byte & sign ? -1 : 1;
  if (bits > largest) return bits === infinity ? factor * Infinity : Number.NaN;
  const exponent = bits >> mantissa;
  const fraction = bits & ((1 << mantissa) - 1);
  const whole = exponent === 0 ? fraction : fraction + (1 << mantissa);
  return factor * whole * 2 ** (Math.max(exponent, 1) - bias - mantissa);
}

const tables = new Map<NarrowDType, Float64Array>();

function tableOf(dtype: NarrowDType, format: Format): Float64Array {
  let table = tables.get(dtype);
  if (!table) {
    table = Float64Array.from({ length: 256 }, (_, byte) => decode(format, byte));
    tables.set(dtype, table);
  }
  return table;
}

/** The number that an entry of a narrow dtype's array stands for. */
export function narrowValue(dtype: NarrowDType, entry: number): number {
  const format = formats[dtype];
  return format ? tableOf(dtype, format)[entry & 0xff]! : entry;
}

/** The byte of the nearest number, ties to even; the largest for what lies beyond. */
export function narrowBits(dtype: NarrowDType, value: number): number {
  const format = formats[dtype];
  if (!format) return value;
  const table = tableOf(dtype, format);
  const { sign, largest } = format;
  if (Number.isNaN(value))
    return format.nan ?? (sign === 8 ? sign : format.infinity ? 0x7e : (sign || 0x100) - 1);
  if (Math.abs(value) === Infinity && format.infinity !== undefined) {
    return format.infinity | (value < 0 ? sign : 0);
  }
  const size = Math.abs(value);
  let low = 0;
  let high = largest;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (table[middle]! <= size) low = middle;
    else high = middle - 1;
  }
  if (low < largest) {
    const [below, above] = [size - table[low]!, table[low + 1]! - size];
    if (above < below || (above === below && low % 2 === 1)) low++;
  }
  const isNegative = value < 0 || Object.is(value, -0);
  return isNegative && !(format.nan !== undefined && low === 0) ? low | sign : low;
}
