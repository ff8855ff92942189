// A writer of protobuf messages, by the encoding's specification, for the fixtures of these tests.

export type Field = Buffer;

export function varint(value: number | bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}

export function int(field: number, value: number | bigint): Field {
  return Buffer.concat([varint(8 * field), varint(value)]);
}

export function bytes(field: number, value: Uint8Array | string): Field {
  const data = Buffer.from(value);
  return Buffer.concat([varint(8 * field + 2), varint(data.length), data]);
}

export function message(field: number, ...fields: readonly Field[]): Field {
  return bytes(field, Buffer.concat(fields));
}

export function fixed32(field: number, value: number): Field {
  const data = Buffer.alloc(4);
  data.writeUInt32LE(value);
  return Buffer.concat([varint(8 * field + 5), data]);
}

/** An entry of a map with text as keys. */
export function entry(field: number, key: string, value: Field): Field {
  return message(field, bytes(1, key), value);
}
