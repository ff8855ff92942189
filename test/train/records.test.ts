import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { crc32c } from '../../lib/io/crc32c.js';
import { formatRecord, readRecords } from '../../lib/io/records.js';

const folder = mkdtempSync(join(tmpdir(), 'tw-records-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('CRC-32C', () => {
  // RFC 3720, B.4.
  const bytes = (from: (i: number) => number) => Uint8Array.from({ length: 32 }, (_, i) => from(i));
  const pdu = Buffer.from(
    '01c00000000000000000000000000000140000000000040000000014000000182800000000000000' +
      '0200000000000000',
    'hex',
  );
  test.each<[string, Uint8Array, number]>([
    ['zeros', bytes(() => 0), 0x8a9136aa],
    ['ones', bytes(() => 255), 0x62a8ab43],
    ['increasing', bytes((i) => i), 0x46dd794e],
    ['decreasing', bytes((i) => 31 - i), 0x113fdb5c],
    ['an iSCSI read command', pdu, 0xd9963a56],
    ['123456789', Buffer.from('123456789'), 0xe3069283],
    ['nothing', new Uint8Array(0), 0],
  ])('%s', (_, data, expected) => {
    expect(crc32c(data)).toBe(expected);
  });
});

describe('records', () => {
  async function all(path: string): Promise<string[]> {
    const found: string[] = [];
    for await (const record of readRecords(path))
      found.push(Buffer.from(record).toString('latin1'));
    return found;
  }

  test('of all sizes, over the borders of what is read at once', async () => {
    const path = join(folder, 'sizes');
    const sizes = [0, 1, 11, 1000, 3 << 20, 5, 1 << 20, 0, 7];
    const texts = sizes.map((size, i) => String.fromCharCode(97 + i).repeat(size));
    writeFileSync(path, Buffer.concat(texts.map((text) => formatRecord(Buffer.from(text)))));
    expect((await all(path)).map((text) => text.length)).toEqual(sizes);
    expect(await all(path)).toEqual(texts);
  });

  test('a last one that is cut off is left out, a wrong sum is an error', async () => {
    const path = join(folder, 'cut');
    const whole = Buffer.concat(['one', 'two'].map((text) => formatRecord(Buffer.from(text))));
    for (let size = 0; size < whole.length; size++) {
      writeFileSync(path, whole.subarray(0, size));
      expect(await all(path)).toEqual(size < 19 ? [] : ['one']);
    }
    for (let at = 0; at < whole.length; at++) {
      const bytes = Buffer.from(whole);
      bytes[at]! ^= 4;
      writeFileSync(path, bytes);
      await expect(all(path)).rejects.toMatchObject({ code: 'DATA_LOSS' });
    }
    appendFileSync(path, 'x');
    await expect(all(join(folder, 'none'))).rejects.toThrow(/cannot read/);
  });
});
