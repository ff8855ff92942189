// Checkpoints as TensorFlow's "tensor bundle" lays them out, written by the format's description:
// an index that is a LevelDB table, and files with the numbers.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import { bytes, type Field, fixed32, int, message, varint } from './wire.js';

/** Bit by bit: nothing in common with the implementations that are tested. */
export function crc32c(data: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
}

export function masked(crc: number): number {
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

type Entries = readonly (readonly [key: string, value: Uint8Array])[];

/** A block of entries, each of which shares the beginning of its key with the one before. */
function block(entries: Entries, interval: number): Buffer {
  const parts: Buffer[] = [];
  const restarts: number[] = [];
  let length = 0;
  let last = '';
  for (const [i, [key, value]] of entries.entries()) {
    let shared = 0;
    if (i % interval === 0) restarts.push(length);
    else while (shared < last.length && last[shared] === key[shared]) shared += 1;
    const own = Buffer.from(key.slice(shared), 'latin1');
    const part = Buffer.concat([
      varint(shared),
      varint(own.length),
      varint(value.length),
      own,
      value,
    ]);
    parts.push(part);
    length += part.length;
    last = key;
  }
  if (restarts.length === 0) restarts.push(0);
  const tail = Buffer.alloc(4 * restarts.length + 4);
  for (const [i, at] of [...restarts, restarts.length].entries()) tail.writeUInt32LE(at, 4 * i);
  return Buffer.concat([...parts, tail]);
}

export interface TableOptions {
  readonly entriesPerBlock?: number;
  /** 1 is Snappy. */
  readonly compression?: number;
}

export function table(
  entries: Entries,
  { entriesPerBlock = 3, compression = 0 }: TableOptions = {},
): Buffer {
  const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
  const parts: Buffer[] = [];
  let offset = 0;
  const append = (data: Buffer): Buffer => {
    const typed = Buffer.concat([data, Buffer.from([compression])]);
    const sum = Buffer.alloc(4);
    sum.writeUInt32LE(masked(crc32c(typed)));
    parts.push(typed, sum);
    const handle = Buffer.concat([varint(offset), varint(data.length)]);
    offset += typed.length + 4;
    return handle;
  };
  const index: [string, Uint8Array][] = [];
  for (let i = 0; i < sorted.length; i += entriesPerBlock) {
    const part = sorted.slice(i, i + entriesPerBlock);
    index.push([part.at(-1)![0], append(block(part, 2))]);
  }
  const meta = append(block([], 1));
  const top = append(block(index, 1));
  const footer = Buffer.alloc(48);
  Buffer.concat([meta, top]).copy(footer);
  footer.writeBigUInt64LE(0xdb4775248b80fb57n, 40);
  return Buffer.concat([...parts, footer]);
}

export interface SavedTensor {
  /** TensorFlow's number of the dtype. */
  readonly type: number;
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

export interface SavedSlice {
  readonly extents: readonly (readonly [start: number, length: number])[];
  /** The key of the part in TensorFlow's encoding. */
  readonly key: string;
  readonly tensor: SavedTensor;
}

export interface SlicedTensor {
  readonly type: number;
  readonly shape: readonly number[];
  readonly slices: readonly SavedSlice[];
}

export const f32 = (shape: readonly number[], values: readonly number[]): SavedTensor => {
  return { type: 1, shape, data: Buffer.from(Float32Array.from(values).buffer) };
};

export function shapeMessage(field: number, shape: readonly number[]): Field {
  return message(field, ...shape.map((size) => message(2, int(1, size))));
}

export interface BundleOptions extends TableOptions {
  readonly shards?: number;
  /** Fields of the header in place of the usual ones. */
  readonly header?: readonly Field[];
  /** Changes entries before they are written. */
  readonly change?: (key: string, fields: Field[]) => Field[];
}

/** Writes PREFIX.index and the files with the values, which are dealt out in turn. */
export function writeBundle(
  prefix: string,
  tensors: Readonly<Record<string, SavedTensor | SlicedTensor>>,
  { shards = 1, header, change = (_, fields) => fields, ...options }: BundleOptions = {},
): void {
  const data: Buffer[][] = Array.from({ length: shards }, () => [Buffer.from('pad')]);
  const entries: [string, Uint8Array][] = [];
  let next = 0;
  const put = (key: string, { type, shape, data: values }: SavedTensor) => {
    const shard = next++ % shards;
    const offset = data[shard]!.reduce((sum, part) => sum + part.length, 0);
    data[shard]!.push(Buffer.from(values));
    const fields = [
      int(1, type),
      shapeMessage(2, shape),
      int(3, shard),
      int(4, offset),
      int(5, values.length),
      fixed32(6, masked(crc32c(values))),
    ];
    entries.push([key, Buffer.concat(change(key, fields))]);
  };
  entries.push(['', Buffer.concat([...(header ?? [int(1, shards), message(3, int(1, 1))])])]);
  for (const [name, tensor] of Object.entries(tensors)) {
    const key = Buffer.from(name).toString('latin1');
    if (!('slices' in tensor)) {
      put(key, tensor);
      continue;
    }
    const slices = tensor.slices.map(({ extents }) => {
      const parts = extents.map(([start, length]) =>
        length < 0 ? message(1) : message(1, int(1, start), int(2, length)),
      );
      return message(7, ...parts);
    });
    const fields = [int(1, tensor.type), shapeMessage(2, tensor.shape), ...slices];
    entries.push([key, Buffer.concat(change(key, fields))]);
    for (const slice of tensor.slices) put(slice.key, slice.tensor);
  }
  mkdirSync(dirname(prefix), { recursive: true });
  writeFileSync(`${prefix}.index`, table(entries, options));
  const five = (n: number) => String(n).padStart(5, '0');
  for (const [i, parts] of data.entries()) {
    writeFileSync(`${prefix}.data-${five(i)}-of-${five(shards)}`, Buffer.concat(parts));
  }
}

export { bytes };
