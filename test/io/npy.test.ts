import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { DType } from '../../lib/dtype.js';
import {
  formatNpy,
  loadNpy,
  loadNpySync,
  parseNpy,
  saveNpy,
  saveNpySync,
} from '../../lib/io/npy.js';
import { ndarray } from '../../lib/ndArray.js';
import type { Values } from '../../lib/value.js';

const folder = mkdtempSync(join(tmpdir(), 'tensorwright-npy-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A .npy file made by hand, of any version. */
function npy(dict: string, body: Uint8Array, version = 1): Buffer {
  const text = Buffer.from(`${dict}\n`, version === 3 ? 'utf8' : 'latin1');
  const head = Buffer.alloc(version === 1 ? 10 : 12);
  head.write('\x93NUMPY', 'latin1');
  head[6] = version;
  if (version === 1) head.writeUInt16LE(text.length, 8);
  else head.writeUInt32LE(text.length, 8);
  return Buffer.concat([head, text, body]);
}

const dict = (descr: string, shape: string, fortran = 'False') =>
  `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': ${shape}, }`;

const bytes = (data: ArrayBufferView) => Buffer.from(data.buffer, data.byteOffset, data.byteLength);

/** UTF-32 in the byte order given. */
function utf32(texts: string[], width: number, little = true): Buffer {
  const view = new DataView(new ArrayBuffer(texts.length * width * 4));
  texts.forEach((text, i) => {
    for (const [j, c] of Array.from(text).entries()) {
      view.setUint32((i * width + j) * 4, c.codePointAt(0)!, little);
    }
  });
  return bytes(view);
}

test.each<[DType, Values]>([
  [
    'float32',
    [
      [1.5, -2],
      [Number.NaN, Infinity],
    ],
  ],
  ['float64', [1e300, -0]],
  ['float16', [[0.1], [65504]]],
  ['bfloat16', [3.140625, -1]],
  ['int8', [-128, 127]],
  ['int16', [-32768]],
  ['int32', 7],
  ['int64', [-(2n ** 63n), 2n ** 63n - 1n]],
  ['uint8', []],
  ['uint16', [[[65535]]]],
  ['uint32', [4294967295]],
  ['uint64', [2n ** 64n - 1n]],
  ['bool', [true, false]],
  ['string', ['', 'a\0b', 'gr\u00fc\u00df \u{1f600}']],
  ['complex64', [{ re: 1, im: -2 }]],
  ['complex128', [[{ re: 1, im: 1e300 }]]],
])('%s comes back as it was', (dtype, values) => {
  const array = ndarray(values, { dtype });
  const file = formatNpy(array);
  expect(file.indexOf('\n') % 64).toBe(63);
  const back = parseNpy(file);
  expect(back.dtype).toBe(dtype);
  expect(back.shape).toEqual(array.shape);
  expect(back.equals(array)).toBe(true);
});

test('versions 2 and 3, quotes, Python 2 integers and spaces', () => {
  const body = Uint8Array.of(1, 2, 3, 4, 5, 6);
  for (const version of [1, 2, 3]) {
    expect(parseNpy(npy(dict('|u1', '(2, 3)'), body, version)).shape).toEqual([2, 3]);
  }
  const old = '{"shape": (6L,), "fortran_order": False, "descr": "|u1"}          ';
  expect(parseNpy(npy(old, body)).data).toEqual(body);
  expect(parseNpy(npy(dict('<u2', '()'), body)).item()).toBe(0x201);
});

test('big-endian numbers, pairs and strings', () => {
  const view = new DataView(new ArrayBuffer(16));
  view.setFloat32(0, 1.5);
  view.setFloat32(4, -2);
  expect(parseNpy(npy(dict('>f4', '(2,)'), bytes(view))).toArray()).toEqual([1.5, -2]);
  expect(parseNpy(npy(dict('>c8', '(1,)'), bytes(view))).item()).toEqual({ re: 1.5, im: -2 });
  view.setBigInt64(0, -5n);
  expect(parseNpy(npy(dict('>i8', '(1,)'), bytes(view))).item()).toBe(-5n);
  view.setFloat64(0, 0.1);
  view.setFloat64(8, 0.2);
  expect(parseNpy(npy(dict('>c16', '()'), bytes(view))).item()).toEqual({ re: 0.1, im: 0.2 });
  expect(parseNpy(npy(dict('>i2', '(1,)'), Uint8Array.of(1, 2))).item()).toBe(258);
  const texts = ['h\u00e9', '\u{1f600}!'];
  for (const [descr, little] of [
    ['<U3', true],
    ['>U3', false],
  ] as const) {
    expect(parseNpy(npy(dict(descr, '(2,)'), utf32(texts, 3, little))).data).toEqual(texts);
  }
  expect(parseNpy(npy(dict('|S3', '(2,)'), Buffer.from('abcd\0\0'))).data).toEqual(['abc', 'd']);
});

test('Fortran order', () => {
  const body = bytes(Int32Array.of(1, 4, 2, 5, 3, 6));
  const matrix = parseNpy(npy(dict('<i4', '(2, 3)', 'True'), body));
  expect(matrix.toArray()).toEqual([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  const cube = parseNpy(
    npy(dict('|u1', '(2, 2, 2)', 'True'), Uint8Array.of(0, 4, 2, 6, 1, 5, 3, 7)),
  );
  expect(cube.data).toEqual(Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7));
  expect(parseNpy(npy(dict('<U1', '(1, 2)', 'True'), utf32(['a', 'b'], 1))).data).toEqual([
    'a',
    'b',
  ]);
});

test('an aligned array shares the memory of the file, an unaligned one is copied', () => {
  const file = formatNpy(Float32Array.of(1, 2));
  expect(parseNpy(file).data).toHaveProperty('buffer', file.buffer);
  const shifted = Buffer.concat([Buffer.alloc(1), file]).subarray(1);
  expect(parseNpy(shifted).data).toEqual(Float32Array.of(1, 2));
});

test.each<[string, Buffer, string, string]>([
  ['nothing', Buffer.alloc(0), 'INVALID_ARGUMENT', "Expected '\\x93NUMPY' for the first bytes"],
  ['another file', Buffer.from('PK\x03\x04 and so on'), 'INVALID_ARGUMENT', 'NUMPY'],
  ['version 4', npy(dict('|u1', '(1,)'), Buffer.alloc(1), 4), 'INVALID_ARGUMENT', 'received 4'],
  [
    'a cut header',
    npy(dict('|u1', '(1,)'), Buffer.alloc(0)).subarray(0, 40),
    'DATA_LOSS',
    'header',
  ],
  ['cut data', npy(dict('<f4', '(3,)'), Buffer.alloc(11)), 'DATA_LOSS', '12 bytes but received 11'],
  [
    'a huge shape',
    npy(dict('<f4', '(4000000000, 4000000000)'), Buffer.alloc(4)),
    'INVALID_ARGUMENT',
    'more than',
  ],
  ['a large shape', npy(dict('<f4', '(4000000000,)'), Buffer.alloc(4)), 'DATA_LOSS', 'received 4'],
  ['a negative shape', npy(dict('<f4', '(-1,)'), Buffer.alloc(4)), 'INVALID_ARGUMENT', 'shape'],
  [
    'no shape',
    npy("{'descr': '<f4', 'fortran_order': False}", Buffer.alloc(4)),
    'INVALID_ARGUMENT',
    'shape',
  ],
  [
    'no order',
    npy("{'descr': '<f4', 'shape': ()}", Buffer.alloc(4)),
    'INVALID_ARGUMENT',
    'fortran_order',
  ],
  ['no dict', npy('(1, 2)', Buffer.alloc(4)), 'INVALID_ARGUMENT', 'a dict'],
  [
    'bad syntax',
    npy("{'descr': open('x')}", Buffer.alloc(4)),
    'INVALID_ARGUMENT',
    'Python literal',
  ],
  ['brackets', npy('['.repeat(40000), Buffer.alloc(4)), 'INVALID_ARGUMENT', 'Python literal'],
  ['objects', npy(dict('|O', '(1,)'), Buffer.alloc(8)), 'UNIMPLEMENTED', 'Python objects'],
  [
    'records',
    npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}", Buffer.alloc(4)),
    'UNIMPLEMENTED',
    'descr',
  ],
  ['a bool of 2', npy(dict('|b1', '(1,)'), Buffer.from([2])), 'INVALID_ARGUMENT', '0 or 1'],
  [
    'too many empty strings',
    npy(dict('<U0', '(4000000000,)'), Buffer.alloc(0)),
    'INVALID_ARGUMENT',
    'U0',
  ],
  ['no Unicode', npy(dict('<U1', '(1,)'), Buffer.alloc(4, 255)), 'INVALID_ARGUMENT', 'Unicode'],
])('%s is an error', (_, file, code, message) => {
  expect(() => parseNpy(file)).toThrow(message);
  expect(() => parseNpy(file)).toThrow(expect.objectContaining({ name: 'EngineError', code }));
});

test('every cut of a file is an EngineError', () => {
  const file = formatNpy([
    [1, 2],
    [3, 4],
  ]);
  for (let length = 0; length < file.length; length++) {
    expect(() => parseNpy(file.subarray(0, length))).toThrow(
      expect.objectContaining({ name: 'EngineError' }),
    );
  }
});

test('what cannot be written is refused', () => {
  expect(() => formatNpy(['a\0'])).toThrow('a string that does not end in NUL');
  expect(() => parseNpy(dict as never)).toThrow(TypeError);
});

test('files are written as a whole and name themselves in errors', async () => {
  const path = join(folder, 'a.npy');
  await saveNpy(path, [[1, 2, 3]]);
  expect((await loadNpy(path)).toArray()).toEqual([[1, 2, 3]]);
  saveNpySync(path, [1n]);
  expect(loadNpySync(new URL(`file://${path}`)).data).toEqual(BigInt64Array.of(1n));
  expect(readdirSync(folder)).toEqual(['a.npy']);
  writeFileSync(path, readFileSync(path).subarray(0, 130));
  await expect(loadNpy(path)).rejects.toThrow(/a\.npy': npy: the data ends early/);
  const missing = join(folder, 'missing.npy');
  const notFound = { code: 'NOT_FOUND', message: expect.stringMatching(/missing\.npy/) };
  await expect(loadNpy(missing)).rejects.toMatchObject(notFound);
  expect(() => loadNpySync(missing)).toThrow(expect.objectContaining(notFound));
  await expect(saveNpy(join(missing, 'x.npy'), 1)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(loadNpy('')).rejects.toThrow('Expected a path or a file: URL for path');
});
