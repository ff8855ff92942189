import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';

import { formatNpy } from '../../lib/io/npy.js';
import { loadNpz, parseNpz } from '../../lib/io/npz.js';

interface Part {
  readonly name: string;
  readonly data: Buffer;
  readonly method?: number;
  readonly crc?: number;
}

function crc32(bytes: Buffer): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

/** A zip archive; with `wide`, sizes and places stand in zip64 extensions. */
function zip(parts: Part[], wide = false): Buffer {
  const files: Buffer[] = [];
  const heads: Buffer[] = [];
  let at = 0;
  for (const { name, data, method = 8, crc = crc32(data) } of parts) {
    const packed = method === 8 ? deflateRawSync(data) : data;
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50);
    local.writeUInt16LE(name.length, 26);
    const head = Buffer.alloc(46);
    head.writeUInt32LE(0x02014b50);
    head.writeUInt16LE(method, 10);
    head.writeUInt32LE(crc, 16);
    head.writeUInt32LE(wide ? 0xffffffff : packed.length, 20);
    head.writeUInt32LE(wide ? 0xffffffff : data.length, 24);
    head.writeUInt16LE(name.length, 28);
    head.writeUInt16LE(wide ? 28 : 0, 30);
    head.writeUInt32LE(wide ? 0xffffffff : at, 42);
    const extra = Buffer.alloc(wide ? 28 : 0);
    if (wide) {
      extra.writeUInt16LE(1);
      extra.writeUInt16LE(24, 2);
      extra.writeBigUInt64LE(BigInt(data.length), 4);
      extra.writeBigUInt64LE(BigInt(packed.length), 12);
      extra.writeBigUInt64LE(BigInt(at), 20);
    }
    files.push(local, Buffer.from(name), packed);
    heads.push(head, Buffer.from(name), extra);
    at += 30 + name.length + packed.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...files, ...heads, end, Buffer.from('a comment')]);
}

const array = formatNpy([
  [1, 2],
  [3, 4],
]);

test.each([8, 0])('entries packed by method %i', (method) => {
  for (const wide of [false, true]) {
    const parts = [
      { name: 'x.npy', data: array, method },
      { name: '__proto__.npy', data: array },
    ];
    const arrays = parseNpz(zip(parts, wide));
    expect(Object.keys(arrays)).toEqual(['x', '__proto__']);
    expect(arrays.x?.toArray()).toEqual([
      [1, 2],
      [3, 4],
    ]);
  }
});

test('damaged archives are EngineErrors', () => {
  const file = zip([{ name: 'x.npy', data: array }]);
  for (let length = 0; length < file.length - 9; length++) {
    expect(() => parseNpz(file.subarray(0, length))).toThrow(
      expect.objectContaining({ code: 'DATA_LOSS' }),
    );
  }
  expect(() => parseNpz(zip([{ name: 'x.npy', data: array, crc: 1 }]))).toThrow('checksum');
  expect(() => parseNpz(zip([{ name: 'x.npy', data: array, method: 12 }]))).toThrow('method 12');
  expect(() => parseNpz(zip([{ name: 'x.txt', data: array }]))).toThrow("received 'x.txt'");
  const bent = Buffer.from(file);
  bent[50]! ^= 255;
  expect(() => parseNpz(bent)).toThrow(expect.objectContaining({ code: 'DATA_LOSS' }));
});

test('files are unpacked beside the event loop, with the same answers', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tw-'));
  try {
    const path = join(folder, 'a.npz');
    const load = (...parts: Part[]) => {
      writeFileSync(path, zip(parts));
      return loadNpz(path);
    };
    const x = { name: 'x.npy', data: array };
    expect((await load(x)).x?.toArray()).toEqual(parseNpz(zip([x])).x?.toArray());
    const large = { name: 'n.npy', data: formatNpy(new Float64Array(2 ** 20)) };
    expect((await load(large, x)).n?.shape).toEqual([2 ** 20]);
    await expect(load({ ...x, crc: 1 })).rejects.toThrow(`'${path}': zip: 'x.npy' is damaged`);
    await expect(load({ ...x, method: 12 })).rejects.toThrow('method 12');
    const bent = zip([x]);
    bent.fill(255, 36, 50);
    writeFileSync(path, bent);
    await expect(loadNpz(path)).rejects.toThrow("'x.npy' cannot be inflated");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
