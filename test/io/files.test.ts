import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { io } from '../../lib/index.js';

const folder = mkdtempSync(join(tmpdir(), 'tensorwright-files-'));
afterAll(() => rmSync(folder, { recursive: true }));

const onPosix = process.platform === 'win32' ? test.skip : test;
const save = [
  ['async', (path: string, values: number[]) => io.saveNpy(path, values)],
  ['sync', async (path: string, values: number[]) => io.saveNpySync(path, values)],
] as const;

describe.each(save)('%s', (name, write) => {
  onPosix('a link and the mode of a file outlast it', async () => {
    const [file, link] = [join(folder, `${name}.npy`), join(folder, `${name}-link.npy`)];
    writeFileSync(file, 'old');
    chmodSync(file, 0o600);
    symlinkSync(file, link);
    await write(link, [1, 2]);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect((await io.loadNpy(file)).toArray()).toEqual([1, 2]);
    expect(readdirSync(folder).filter((entry) => entry.endsWith('.tmp'))).toEqual([]);
  });

  onPosix('a device is written to, not replaced', async () => {
    await write('/dev/null', [1]);
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  });
});

test('npz files come back, and are uncompressed zip files of npy files', async () => {
  const path = join(folder, 'a.npz');
  const arrays = { x: [[1, 2]], n: new BigInt64Array(2), 'a/b': ['s'], none: new Float64Array(0) };
  await io.saveNpz(path, arrays);
  const back = await io.loadNpz(path);
  expect(Object.entries(back).map(([name, { dtype, shape }]) => [name, dtype, shape])).toEqual([
    ['x', 'float32', [1, 2]],
    ['n', 'int64', [2]],
    ['a/b', 'string', [1]],
    ['none', 'float64', [0]],
  ]);
  expect(back.x?.toArray()).toEqual([[1, 2]]);
  io.saveNpzSync(path, arrays);
  const bytes = readFileSync(path);
  expect(bytes.equals(io.formatNpz(arrays))).toBe(true);
  expect(bytes.includes(io.formatNpy([[1, 2]]))).toBe(true);
  expect(io.parseNpz(io.formatNpz({}))).toEqual({});
});

test('what is no object of arrays is refused', async () => {
  await expect(io.saveNpz('x', new Map() as never)).rejects.toThrow(
    'Expected an object of arrays by name for arrays but received Map(0) {}',
  );
  await expect(io.saveSafetensors('x', new Map() as never)).rejects.toThrow(
    'Expected an object of tensors by name for tensors',
  );
  const saved = (options: object) => io.saveSafetensors('x', { a: [1] }, options as never);
  await expect(saved({ metadata: { epoch: 3 } })).rejects.toThrow(
    "Expected a string for metadata['epoch'] but received 3",
  );
  await expect(saved({ metadat: {} })).rejects.toThrow('Expected one of metadata for the options');
});
