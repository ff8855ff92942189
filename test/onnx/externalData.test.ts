import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readExternalData, readExternalDataSync } from '../../lib/onnx/externalData.js';
import type { ModelProto } from '../../lib/onnx/proto.js';
import { readModel } from '../../lib/onnx/readModel.js';
import { arrayOf, tensorValue } from '../../lib/onnx/tensorValue.js';
import { runAtOnce } from '../../lib/sliced.js';
import { modelFile, rawOf } from './write.js';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tensorwright-'));
  mkdirSync(join(folder, 'model'));
  path = join(folder, 'model', 'm.onnx');
});

afterEach(() => rmSync(folder, { recursive: true }));

function modelWith(external: Record<string, string>, dims: readonly number[] = [2]): ModelProto {
  const bytes = modelFile({ graph: { initializers: [{ name: 'w', dims, external }] } });
  return runAtOnce(readModel(bytes, 'm.onnx'));
}

function numbersIn(model: ModelProto): unknown {
  const value = runAtOnce(tensorValue(model.graph!.initializers[0]!, 'm.onnx'));
  return value.dtype === 'string' ? undefined : [...arrayOf(value)];
}

/** Both ways of reading, which have to agree. */
const readers = {
  async: readExternalData,
  sync: async (...args: Parameters<typeof readExternalDataSync>) => readExternalDataSync(...args),
};

describe.each(Object.entries(readers))('external data, %s', (_, read) => {
  const failure = (model: ModelProto, modelPath: string | undefined = path) =>
    expect(read(model, modelPath, 'm.onnx')).rejects;

  test('reads ranges of a file beside the model', async () => {
    writeFileSync(join(folder, 'model', 'w.bin'), rawOf(Float32Array.of(9, 1, 2, 9)));
    const model = modelWith({ location: 'w.bin', offset: '4', length: '8' });
    await read(model, path, 'm.onnx');
    expect(numbersIn(model)).toEqual([1, 2]);
    const whole = modelWith({ location: './w.bin' }, [4]);
    await read(whole, path, 'm.onnx');
    expect(numbersIn(whole)).toEqual([9, 1, 2, 9]);
  });

  test('stays in the folder of the model', async () => {
    writeFileSync(join(folder, 'w.bin'), new Uint8Array(8));
    symlinkSync(join(folder, 'w.bin'), join(folder, 'model', 'link.bin'));
    const code = 'PERMISSION_DENIED';
    for (const location of [
      '../w.bin',
      join(folder, 'w.bin'),
      'a/../../w.bin',
      '',
      '.',
      'link.bin',
    ]) {
      await failure(modelWith({ location })).toMatchObject({ code });
    }
  });

  test('checks ranges against shape and file', async () => {
    writeFileSync(join(folder, 'model', 'w.bin'), new Uint8Array(8));
    const code = 'DATA_LOSS';
    const bad = [{ length: '4' }, { offset: '4' }, { offset: '-1' }, { length: '1e9' }];
    for (const entry of bad) {
      await failure(modelWith({ location: 'w.bin', ...entry })).toMatchObject({ code });
    }
    await failure(modelWith({ location: 'w.bin' }, [2 ** 40])).toMatchObject({ code });
  });

  test('names a missing file, and wants a path', async () => {
    const model = modelWith({ location: 'none.bin' });
    await failure(model).toMatchObject({
      code: 'NOT_FOUND',
      message: "m.onnx: the data file 'none.bin' is missing",
    });
    await expect(read(model, undefined, 'm.onnx')).rejects.toMatchObject({
      code: 'FAILED_PRECONDITION',
    });
  });
});
