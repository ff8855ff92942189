import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { main } from '../../lib/cli/main.js';
import { loadNpySync, saveNpySync } from '../../lib/io/index.js';
import { ndarray } from '../../lib/ndArray.js';
import { kFloat, modelFile } from '../onnx/write.js';

let folder: string;
let model: string;
const at = (name: string) => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tensorwright-'));
  model = at('m.onnx');
  const graph = {
    nodes: [{ op: 'Mul', name: 'twice', inputs: ['x', 'two'], outputs: ['y:0'] }],
    initializers: [{ name: 'two', dims: [], floats: [2] }],
    inputs: [{ name: 'x', dtype: kFloat, shape: ['n', 2] }],
    outputs: [{ name: 'y:0', dtype: kFloat, shape: ['n', 2] }],
  };
  writeFileSync(model, modelFile({ graph }));
  saveNpySync(
    at('x.npy'),
    ndarray([
      [1, 2],
      [3, 4],
      [5, 6],
    ]),
  );
  writeFileSync(at('bad.onnx'), 'no model');
});

afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a command line as one that goes to files, or to a terminal. */
async function tensorwright(args: readonly string[], isTTY = false, signal?: AbortSignal) {
  let out = '';
  let err = '';
  const terminal = {
    out: { isTTY, columns: 100, write: (text: string) => (out += text) },
    err: { isTTY, columns: 100, write: (text: string) => (err += text) },
  };
  const code = await main(args, terminal, signal ?? new AbortController().signal);
  return { code, out, err };
}

describe('tensorwright', () => {
  test('tells its commands', async () => {
    expect(await tensorwright([])).toMatchObject({ code: 0, out: expect.stringContaining('info') });
    const version = await tensorwright(['--version']);
    expect(version.out).toMatch(/^\d+\.\d+\.\d+/);
    for (const command of ['check', 'info', 'run', 'build']) {
      const { code, out } = await tensorwright([command, '--help']);
      expect([code, out.startsWith(`Usage: tensorwright ${command}`)]).toEqual([0, true]);
    }
  });

  test.each([
    [['walk'], "there is no command 'walk'"],
    [['check'], 'check takes one model file'],
    [['info'], 'info takes one model file'],
    [['info', '--loud', 'm.onnx'], "Unknown option '--loud'"],
    [['info', 'm.onnx', '--shape', 'x'], "Expected NAME=2,3,? for --shape but received 'x'"],
    [['run', 'm.onnx', '--batch', '0'], "Expected a positive integer for --batch but received '0'"],
    [['run', 'm.onnx', '--rtol', 'x'], "Expected a number from 0 on for --rtol but received 'x'"],
  ])('refuses %j with exit code 2', async (args, sentence) => {
    const { code, out, err } = await tensorwright(args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(`tensorwright: ${sentence}`);
  });

  test('says what failed in one sentence, with exit code 1', async () => {
    const damaged = await tensorwright(['info', at('bad.onnx')]);
    expect(damaged).toMatchObject({ code: 1, out: '' });
    expect(damaged.err).toContain('bad.onnx: byte ');
    expect(damaged.err).not.toContain('    at ');
    expect((await tensorwright(['info', at('none.onnx')])).err).toContain('Cannot read the model');
  });
});

describe('info', () => {
  test('writes JSON to files and text to terminals', async () => {
    const { code, out } = await tensorwright(['info', model]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      inputs: [{ name: 'x', dtype: 'float32', shape: ['n', 2] }],
      operators: { Mul: 1 },
      parameters: 1,
      unsupported: [],
    });
    const text = await tensorwright(['info', model], true);
    expect(text.out).toContain('  input       x: float32 [n, 2]\n');
    expect(text.out).toContain('  supported   yes\n');
    expect((await tensorwright(['info', model, '--json'], true)).out).toBe(out);
  });
});

describe('check', () => {
  test('answers by its exit code, and tells what is not supported', async () => {
    const good = await tensorwright(['check', model]);
    expect(good.code).toBe(0);
    expect(JSON.parse(good.out)).toMatchObject({ file: 'm.onnx', ok: true, problems: [] });
    expect((await tensorwright(['check', model], true)).out).toBe('m.onnx: all is supported\n');
    const nodes = [{ op: 'Foo', name: 'n', inputs: ['x'], outputs: ['y'] }];
    const graph = { nodes, inputs: [{ name: 'x' }], outputs: [{ name: 'y' }] };
    writeFileSync(at('foo.onnx'), modelFile({ graph }));
    const { code, out } = await tensorwright(['check', at('foo.onnx')], true);
    expect(code).toBe(1);
    expect(out).toBe("foo.onnx: 1 not supported\n  Foo 'n': the operator of ai.onnx opset 17\n");
    expect((await tensorwright(['check', at('bad.onnx')])).code).toBe(1);
  });

  test('takes shapes that the file leaves open', async () => {
    const nodes = [{ op: 'Hardmax', name: 'n', inputs: ['x'], outputs: ['y'] }];
    const graph = { nodes, inputs: [{ name: 'x', dtype: kFloat }], outputs: [{ name: 'y' }] };
    writeFileSync(at('open.onnx'), modelFile({ graph }));
    const { code, out } = await tensorwright(['check', at('open.onnx')], true);
    expect([code, out]).toEqual([1, expect.stringContaining('an input of unknown rank')]);
    expect((await tensorwright(['check', at('open.onnx'), '--shape', 'x=?,2'])).code).toBe(0);
    expect((await tensorwright(['info', at('open.onnx'), '--shape', 'x=?,2'])).code).toBe(0);
    const run = ['run', at('open.onnx'), '--input', at('x.npy'), '--output', at('open')];
    expect((await tensorwright([...run, '--shape', 'x=3,?'])).code).toBe(0);
    const misfit = await tensorwright([...run, '--shape', 'x=4,2']);
    expect(misfit.err).toContain("for Tensor 'x:0', which has shape '[4, 2]'");
  });
});

describe('run', () => {
  test('writes sequences as JSON', async () => {
    const graph = {
      nodes: [{ op: 'SequenceConstruct', name: 'pair', inputs: ['x', 'x'], outputs: ['y'] }],
      inputs: [{ name: 'x', dtype: kFloat, shape: [3, 2] }],
      outputs: [{ name: 'y' }],
    };
    writeFileSync(at('pair.onnx'), modelFile({ graph }));
    const args = ['run', at('pair.onnx'), '--input', at('x.npy'), '--output', at('pairs')];
    const { code, out } = await tensorwright(args);
    expect([code, JSON.parse(out).outputs.y.file]).toEqual([0, at('pairs/y.json')]);
    const x = [
      [1, 2],
      [3, 4],
      [5, 6],
    ];
    expect(JSON.parse(readFileSync(at('pairs/y.json'), 'utf8'))).toEqual([x, x]);
  });

  test('writes outputs, whole or in batches', async () => {
    const expected = [
      [2, 4],
      [6, 8],
      [10, 12],
    ];
    for (const more of [[], ['--batch', '2'], ['--threads', '1', '--batch', '1']]) {
      const args = ['run', model, '--input', `x=${at('x.npy')}`, '--output', at('out'), ...more];
      const { code, out } = await tensorwright(args);
      expect(code).toBe(0);
      expect(JSON.parse(out)).toMatchObject({ ok: true, outputs: { 'y:0': { shape: [3, 2] } } });
      expect(loadNpySync(at('out/y_0.npy')).toArray()).toEqual(expected);
    }
  });

  test('shows progress on a terminal', async () => {
    const args = ['run', model, '--input', at('x.npy'), '--batch', '1'];
    const { code, out, err } = await tensorwright(args, true);
    expect(code).toBe(0);
    expect(out).toContain('3 runs in ');
    expect(err).toContain('100%  3/3 rows');
  });

  test('compares with what is expected', async () => {
    const ref = mkdtempSync(at('ref-'));
    saveNpySync(join(ref, 'x.npy'), ndarray([[1, 1]]));
    saveNpySync(join(ref, 'y_0.npy'), ndarray([[2, 2.001]]));
    const close = await tensorwright(['run', model, '--expect', ref]);
    expect(close.code).toBe(0);
    const exact = await tensorwright(['run', model, '--expect', ref, '--rtol', '0', '--atol', '0']);
    expect(exact.code).toBe(1);
    expect(JSON.parse(exact.out)).toMatchObject({
      ok: false,
      outputs: { 'y:0': { comparison: { ok: false, mismatches: 1, size: 2 } } },
    });
    const text = await tensorwright(
      ['run', model, '--expect', ref, '--rtol', '0', '--atol', '0'],
      true,
    );
    expect(text.out).toContain('NOT AS EXPECTED: 1 of 2 elements');
  });

  test('wants each input, of the right shape', async () => {
    const none = await tensorwright(['run', model]);
    expect(none).toMatchObject({ code: 2, err: expect.stringContaining("for the input 'x'") });
    saveNpySync(at('wide.npy'), ndarray([[1, 2, 3]]));
    const wide = await tensorwright(['run', model, '--input', at('wide.npy')]);
    expect(wide.code).toBe(1);
    expect(wide.err).toContain('[1, 3]');
  });

  test('stops when interrupted, with exit code 130', async () => {
    const args = ['run', model, '--input', at('x.npy')];
    const { code, err } = await tensorwright(args, false, AbortSignal.abort());
    expect({ code, err }).toEqual({ code: 130, err: 'tensorwright: interrupted\n' });
  });
});
