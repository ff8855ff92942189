// The formats below a SavedModel, and files that are damaged or made to do harm.
import { createHash } from 'node:crypto';
import { appendFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { EngineError, loadSavedModel, loadSavedModelSync } from '../../lib/index.js';
import { maskedCrc32c, crc32c as ours } from '../../lib/io/crc32c.js';
import { orderedNumber, orderedSigned, orderedText } from '../../lib/savedModel/sliceKey.js';
import { readTable } from '../../lib/savedModel/table.js';
import { engineError } from '../semantics/inGraph.js';
import { crc32c, type f32, masked, table, writeBundle } from './bundle.js';
import {
  attr,
  call,
  input,
  types,
  values1,
  version1,
  writeVersion1,
  writeVersion2,
} from './fixtures.js';
import { bundle, folder } from './folder.js';
import { type FunctionSpec, type NodeSpec, writeModel } from './model.js';
import { fixed32, int, message } from './wire.js';

const data = () => `${bundle()}.data-00000-of-00001`;

async function refused(
  code: 'DATA_LOSS' | 'UNIMPLEMENTED' | 'INVALID_ARGUMENT',
  ...parts: string[]
) {
  const error = engineError(code, ...parts);
  await expect(loadSavedModel(folder)).rejects.toThrow(error);
  expect(() => loadSavedModelSync(folder)).toThrow(error);
}

test('checksums and the magic number are the published ones', () => {
  // RFC 3720, B.4.
  const vectors: [Uint8Array, number][] = [
    [new Uint8Array(32), 0x8a9136aa],
    [new Uint8Array(32).fill(255), 0x62a8ab43],
    [Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
    [Uint8Array.from({ length: 32 }, (_, i) => 31 - i), 0x113fdb5c],
    [Buffer.from('123456789'), 0xe3069283],
  ];
  for (const [bytes, sum] of vectors) {
    expect([crc32c(bytes), ours(bytes)]).toEqual([sum, sum]);
    expect(maskedCrc32c(bytes)).toBe(masked(sum));
  }
  // LevelDB takes the beginning of the hash of its address.
  const hash = createHash('sha1').update('http://code.google.com/p/leveldb/\n').digest();
  expect(hash.readBigUInt64BE(0)).toBe(0xdb4775248b80fb57n);
});

test('keys of parts are encoded as TensorFlow tests it', () => {
  const octal = (text: string) => Buffer.from(text, 'latin1').toString('latin1');
  expect(orderedText('')).toBe('\0\x01');
  expect(orderedText('foo')).toBe('foo\0\x01');
  expect(Buffer.from(orderedText('\0\x01'), 'latin1')).toEqual(Buffer.from([0, 255, 1, 0, 1]));
  const numbers: [number, number[]][] = [
    [0, [0]],
    [1, [1, 1]],
    [255, [1, 255]],
    [256, [2, 1, 0]],
    [0x10001, [3, 1, 0, 1]],
  ];
  for (const [value, bytes] of numbers) {
    expect(octal(orderedNumber(value))).toBe(String.fromCharCode(...bytes));
  }
  const signed: [number, number[]][] = [
    [0, [0x80]],
    [63, [0xbf]],
    [64, [0xc0, 0x40]],
    [8191, [0xdf, 0xff]],
    [8192, [0xe0, 0x20, 0]],
    [1048575, [0xef, 0xff, 0xff]],
    [1048576, [0xf0, 0x10, 0, 0]],
    [16777216, [0xf1, 0, 0, 0]],
    [-1, [0x7f]],
    [-64, [0x40]],
  ];
  for (const [value, bytes] of signed) {
    expect(orderedSigned(value)).toBe(String.fromCharCode(...bytes));
  }
});

test('tables of many blocks and keys that share beginnings', () => {
  const entries = Array.from({ length: 50 }, (_, i): [string, Buffer] => {
    return [`model/layer_${i}/kernel`, Buffer.from(`value ${i}`)];
  });
  for (const entriesPerBlock of [1, 7, 100]) {
    const read = readTable(table(entries, { entriesPerBlock }), 'x');
    expect(Object.fromEntries(read)).toEqual(Object.fromEntries(entries));
  }
});

test('an index that is cut or changed anywhere', () => {
  writeVersion1(folder);
  const whole = readFileSync(`${bundle()}.index`);
  for (let length = 0; length < whole.length; length += 7) {
    writeFileSync(`${bundle()}.index`, whole.subarray(0, length));
    expect(() => loadSavedModelSync(folder)).toThrow(EngineError);
  }
  let harmless = 0;
  for (let at = 0; at < whole.length; at++) {
    const changed = Buffer.from(whole);
    changed[at]! ^= 0x41;
    writeFileSync(`${bundle()}.index`, changed);
    try {
      loadSavedModelSync(folder);
      harmless += 1;
    } catch (error) {
      expect(error).toBeInstanceOf(EngineError);
    }
  }
  // Padding of the footer, and the place of the empty index of other things.
  expect(harmless).toBeLessThanOrEqual(40);
});

test('a model file that is cut or changed anywhere gives an EngineError or a model', () => {
  writeVersion2(folder);
  const path = join(folder, 'saved_model.pb');
  const whole = readFileSync(path);
  for (let at = 0; at < whole.length; at += 17) {
    const changed = Buffer.from(whole);
    changed[at]! ^= 1 << (at % 8);
    for (const bytes of [whole.subarray(0, at), changed]) {
      writeFileSync(path, bytes);
      try {
        loadSavedModelSync(folder);
      } catch (error) {
        if (!(error instanceof EngineError)) throw error;
      }
    }
  }
});

test('values that are not what the index says', async () => {
  writeVersion1(folder);
  const bytes = readFileSync(data());
  bytes[5]! ^= 1;
  writeFileSync(data(), bytes);
  await refused('DATA_LOSS', "variables.data-00000-of-00001': 'w': ", 'checksum');
  truncateSync(data(), 10);
  await refused('DATA_LOSS', "'w': it lies in bytes 3 to 19 of", 'which has 10 bytes');
  appendFileSync(data(), 'more');
  await refused('DATA_LOSS', 'which has 14 bytes');
  rmSync(data());
  const text = "variables.data-00000-of-00001'";
  await expect(loadSavedModel(folder)).rejects.toThrow(engineError('NOT_FOUND', text));
  rmSync(`${bundle()}.index`);
  await expect(loadSavedModel(folder)).rejects.toThrow(engineError('NOT_FOUND', 'variables.index'));
});

test('entries that cannot be', async () => {
  const replaced = (field: number, made: Buffer) => (key: string, fields: Buffer[]) =>
    key === 'w' ? [...fields.filter((f) => f[0]! >> 3 !== field), made] : fields;
  const cases: [number, Buffer, 'DATA_LOSS' | 'UNIMPLEMENTED' | 'INVALID_ARGUMENT', string][] = [
    [1, int(1, types.string), 'UNIMPLEMENTED', "'w': values of DT_STRING are not supported"],
    [1, int(1, 77), 'UNIMPLEMENTED', 'values of DT_77'],
    [1, int(1, 2), 'DATA_LOSS', 'expected 32 for float64 [2, 2]'],
    [2, message(2, message(2, int(1, -4))), 'DATA_LOSS', 'that cannot be'],
    [2, message(2, message(2, int(1, 4))), 'INVALID_ARGUMENT', 'a mismatch between the current'],
    [3, int(3, 3), 'DATA_LOSS', "'w' lies in file 3 of 1"],
    [4, int(4, 1e15), 'DATA_LOSS', 'it lies in bytes 1000000000000000'],
    [5, int(5, 1e12), 'DATA_LOSS', "'w' has 1000000000000 bytes, expected 16"],
    [6, fixed32(6, 1), 'DATA_LOSS', 'checksum'],
    [7, message(7, message(1, int(1, 9), int(2, 9))), 'DATA_LOSS', 'is not inside of its shape'],
  ];
  for (const [field, made, code, text] of cases) {
    writeVersion1(folder);
    writeBundle(bundle(), values1, { change: replaced(field, made) });
    await refused(code, text);
  }
  writeBundle(bundle(), values1, { header: [int(1, 1), int(2, 1)] });
  await refused('UNIMPLEMENTED', 'numbers begin with the high byte');
  writeBundle(bundle(), values1, { header: [int(1, 0)] });
  await refused('DATA_LOSS', 'the header says 0 files');
  writeBundle(bundle(), values1, { compression: 1 });
  await refused('UNIMPLEMENTED', 'compressed by Snappy');
  const { w, count }: Record<string, ReturnType<typeof f32>> = values1;
  writeBundle(bundle(), { w: w!, count: count! });
  const missing = 'Key b not found in checkpoint';
  await expect(loadSavedModel(folder)).rejects.toThrow(engineError('NOT_FOUND', missing));
});

const fn = (name: string, ...callees: readonly string[]): FunctionSpec => ({
  name,
  inputs: { x: types.float },
  outputs: { y: types.float },
  nodes: callees.map((callee, i) => call(`c${i}`, callee, i === 0 ? 'x' : `c${i - 1}:output:0`)),
  ret: { y: `c${callees.length - 1}:output:0` },
});

test('functions that call themselves, that explode, that there are not', async () => {
  const model = (functions: readonly FunctionSpec[], name = 'f0') => ({
    nodes: [input('x'), call('y', name, 'x')],
    functions,
    signatures: { only: { inputs: { x: 'x:0' }, outputs: { y: 'y:0' } } },
  });
  writeModel(folder, model([fn('f0', 'f1'), fn('f1', 'f0')]));
  await refused('INVALID_ARGUMENT', "function 'f0' calls itself: f0 -> f1 -> f0");
  const doubling = Array.from({ length: 40 }, (_, i) => fn(`f${i}`, `f${i + 1}`, `f${i + 1}`));
  writeModel(
    folder,
    model(doubling.concat(fn('f40', 'f41', 'f41'), { ...fn('f41'), ret: { y: 'x' } })),
  );
  await refused('INVALID_ARGUMENT', 'call each other too often');
  writeModel(folder, model([], 'g'));
  await refused('INVALID_ARGUMENT', "Node 'y': function 'g' is not in the library");
  const chain = Array.from({ length: 300 }, (_, i) => fn(`f${i}`, `f${i + 1}`));
  writeModel(folder, model(chain.concat({ ...fn('f300'), ret: { y: 'x' } })));
  await refused('INVALID_ARGUMENT', "function 'f200' is called by more than 200 others");
  writeModel(folder, { ...version1, versions: message(4, int(1, 1), int(2, 99_999)) });
  await refused('INVALID_ARGUMENT', 'GraphDef min consumer version 99999 above current version');
});

/** A function with two conditionals, whose branches are all that function. */
const holding = (name: string, held: string): FunctionSpec => ({
  name,
  inputs: { is: types.bool, x: types.float },
  outputs: { y: types.float },
  nodes: [conditional('a', 'x', held), conditional('b', 'a:output:0', held)],
  ret: { y: 'b:output:0' },
});

function conditional(name: string, from: string, held: string): NodeSpec {
  return {
    name,
    op: 'StatelessIf',
    input: ['is', 'is', from],
    attr: {
      Tcond: attr.type(types.bool),
      Tin: attr.types(types.bool, types.float),
      Tout: attr.types(types.float),
      then_branch: attr.func(held),
      else_branch: attr.func(held),
    },
  };
}

test('branches that hold themselves, that explode', async () => {
  const is = { name: 'is', op: 'Placeholder', attr: { dtype: attr.type(types.bool) } };
  const model = (functions: readonly FunctionSpec[]) => ({
    nodes: [input('x'), is, conditional('y', 'x', 'f0')],
    functions,
    signatures: { only: { inputs: { x: 'x:0', is: 'is:0' }, outputs: { y: 'y:0' } } },
  });
  writeModel(folder, model([holding('f0', 'f1'), holding('f1', 'f0')]));
  await refused('INVALID_ARGUMENT', "function 'f0' holds itself");
  const last: FunctionSpec = { ...holding('f30', ''), nodes: [], ret: { y: 'x' } };
  const doubling = Array.from({ length: 30 }, (_, i) => holding(`f${i}`, `f${i + 1}`));
  writeModel(folder, model([...doubling, last]));
  await refused('INVALID_ARGUMENT', 'hold each other too often');
});
