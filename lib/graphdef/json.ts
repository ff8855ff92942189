import type { GraphDef } from './types.js';

/** The GraphDef as JSON can hold it: bytes in base64, large integers as text. */
export function jsonOf(def: GraphDef): GraphDef {
  return plain(def);
}

function plain<T>(value: T): T;
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) {
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64');
  }
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return value.map((item: unknown) => plain(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}
