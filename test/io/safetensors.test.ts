import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  formatSafetensors,
  loadSafetensors,
  loadSafetensorsSync,
  parseSafetensors,
  saveSafetensors,
  saveSafetensorsSync,
} from '../../lib/io/safetensors.js';
import { ndarray } from '../../lib/ndArray.js';

const folder = mkdtempSync(join(tmpdir(), 'tensorwright-safetensors-'));
afterAll(() => rmSync(folder, { recursive: true }));

const dtypes = [
  'float64',
  'float32',
  'float16',
  'bfloat16',
  'int64',
  'int32',
  'int16',
  'int8',
  'uint64',
  'uint32',
  'uint16',
  'uint8',
  'bool',
  'complex64',
] as const;

const tensors = Object.fromEntries(
  dtypes.map((dtype) => [dtype, ndarray([[1, 0, 1]], { dtype })] as const),
);

/** A file with any header and so many bytes of data. */
function file(header: unknown, size: number): Buffer {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const head = Buffer.alloc(8);
  head.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([head, text, Buffer.alloc(size)]);
}

const entry = (
  begin: number,
  end: number,
  dtype = 'F32',
  shape: unknown = [(end - begin) / 4],
) => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});

test('every dtype comes back as it was, aligned and without a copy', () => {
  const bytes = formatSafetensors(tensors, { metadata: { format: 'tw' } });
  const back = parseSafetensors(bytes);
  expect(back.metadata).toEqual({ format: 'tw' });
  expect(Object.keys(back.tensors).sort()).toEqual([...dtypes].sort());
  for (const dtype of dtypes) {
    const tensor = back.tensors[dtype]!;
    expect(tensor.equals(tensors[dtype]!)).toBe(true);
    expect(ArrayBuffer.isView(tensor.data) && tensor.data.buffer).toBe(bytes.buffer);
  }
  expect(formatSafetensors({ s: 1, e: [] }).length % 4).toBe(0);
  expect(parseSafetensors(formatSafetensors({ s: 1, e: [] })).tensors.s?.item()).toBe(1);
});

test('names of any kind', () => {
  const names = ['__proto__', 'a/b.c', '\u00fc', '"'];
  const values = Object.fromEntries(names.map((name) => [name, [1]] as const));
  expect(Object.keys(parseSafetensors(formatSafetensors(values)).tensors).sort()).toEqual(
    [...names].sort(),
  );
});

test.each<[string, Buffer, string, string]>([
  ['an empty file', Buffer.alloc(0), 'INVALID_ARGUMENT', 'at least 8 bytes'],
  ['a huge header', Buffer.alloc(16, 255), 'INVALID_ARGUMENT', 'at most 100 MB'],
  ['a cut header', file({}, 0).subarray(0, 9), 'DATA_LOSS', 'Expected 2 bytes but received 1'],
  ['no JSON', file('{"a":', 0), 'INVALID_ARGUMENT', 'a JSON object'],
  ['a list', file([], 0), 'INVALID_ARGUMENT', 'a JSON object'],
  [
    'an unknown dtype',
    file({ a: entry(0, 4, 'F8_E4M3') }, 4),
    'UNIMPLEMENTED',
    "of 'a' but received 'F8_E4M3'",
  ],
  ['no dtype', file({ a: {} }, 4), 'INVALID_ARGUMENT', 'a dtype'],
  ['a null', file({ a: null }, 4), 'INVALID_ARGUMENT', 'a dtype'],
  ['a bad shape', file({ a: entry(0, 4, 'F32', [-1]) }, 4), 'INVALID_ARGUMENT', 'shape'],
  [
    'a huge shape',
    file({ a: entry(0, 4, 'F32', [2 ** 40, 2 ** 40]) }, 4),
    'INVALID_ARGUMENT',
    'more than',
  ],
  ['bad offsets', file({ a: entry(4, 0, 'F32', [1]) }, 4), 'INVALID_ARGUMENT', 'data_offsets'],
  [
    'a wrong length',
    file({ a: entry(0, 8, 'F32', [1]) }, 8),
    'INVALID_ARGUMENT',
    '4 bytes (F32 [1])',
  ],
  [
    'an overlap',
    file({ a: entry(0, 8), b: entry(4, 12) }, 12),
    'INVALID_ARGUMENT',
    "'b', which overlaps",
  ],
  [
    'a gap',
    file({ a: entry(0, 4), b: entry(8, 12) }, 12),
    'INVALID_ARGUMENT',
    "'b', which leaves a gap",
  ],
  ['cut data', file({ a: entry(0, 8) }, 7), 'DATA_LOSS', 'Expected 8 bytes but received 7'],
  ['hidden data', file({ a: entry(0, 8) }, 9), 'INVALID_ARGUMENT', 'Expected 8 bytes'],
  ['bad metadata', file({ __metadata__: { a: 1 } }, 0), 'INVALID_ARGUMENT', 'an object of strings'],
])('%s is an error', (_, bytes, code, message) => {
  expect(() => parseSafetensors(bytes)).toThrow(message);
  expect(() => parseSafetensors(bytes)).toThrow(
    expect.objectContaining({ name: 'EngineError', code }),
  );
});

test('what the format cannot hold is refused', () => {
  expect(() => formatSafetensors({ a: ['text'] })).toThrow(
    "for tensors['a'] but received 'string'",
  );
  expect(() => formatSafetensors({ __metadata__: [1] })).toThrow(TypeError);
});

test('files are written as a whole', async () => {
  const path = join(folder, 'a.safetensors');
  saveSafetensorsSync(path, { a: [1] });
  await saveSafetensors(path, tensors);
  expect((await loadSafetensors(path)).tensors.int8?.toArray()).toEqual([[1, 0, 1]]);
  expect(Object.keys(loadSafetensorsSync(path).tensors)).toHaveLength(dtypes.length);
  await expect(saveSafetensors(folder, { a: [1] })).rejects.toMatchObject({ name: 'EngineError' });
  expect(() => saveSafetensorsSync(folder, { a: [1] })).toThrow(/cannot write/);
  expect(readdirSync(folder)).toEqual(['a.safetensors']);
});
