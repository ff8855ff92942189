import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  CheckpointError,
  cond,
  constant,
  EngineError,
  Graph,
  io,
  randomUniform,
  Session,
  truncatedNormal,
  variable,
} from '../../lib/index.js';
import { addonEnvironment, CompiledLibrary } from '../api/compiled.js';

const folder = mkdtempSync(join(tmpdir(), 'tw-checkpoint-'));
const path = join(folder, 'state.safetensors');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function model(seed = 1) {
  const graph = new Graph({ seed });
  return graph.asDefault(() => {
    const weights = variable(truncatedNormal([64, 32]), { name: 'weights' });
    const steps = variable(0n, { name: 'steps' });
    const half = variable([0.5, -1], { name: 'half', dtype: 'float16' });
    const noise = randomUniform([4], { name: 'noise' });
    const branch = () => randomUniform([4], { name: 'noise' });
    const either = cond(constant(true), branch, branch);
    return { graph, weights, steps, half, noise, step: [steps.assignAdd(1n), noise, either] };
  });
}

test('a fresh session goes on where the saved one was, random ops included', async () => {
  const a = model();
  const first = new Session(a.graph);
  await first.initialize();
  await first.run(a.step);
  await first.save(path, { metadata: { epoch: 3, note: 'x' } });
  const next = await first.run([a.step, a.weights]);
  await first.close();

  const b = model();
  const second = new Session(b.graph);
  const done = await second.restore(path);
  expect(done.metadata).toEqual({ epoch: 3, note: 'x' });
  expect([...done.restored].sort()).toEqual(['half', 'steps', 'weights']);
  const again = await second.run([b.step, b.weights]);
  expect(JSON.stringify(again)).toBe(JSON.stringify(next));
  expect(await second.uninitializedVariables()).toEqual([]);
  await second.close();
});

test('the synchronous calls do the same, also after finalize()', () => {
  const a = model();
  a.graph.finalize();
  const first = new Session(a.graph);
  first.initializeSync();
  first.runSync(a.noise);
  first.saveSync(path);
  const next = first.runSync(a.noise);
  first.runSync(a.step);
  first.restoreSync(path);
  expect(first.runSync(a.noise).equals(next)).toBe(true);
  expect(first.runSync(a.steps).item()).toBe(0n);
  first[Symbol.dispose]();
});

test('a save takes the values of its call', async () => {
  const a = model();
  const session = new Session(a.graph);
  await session.initialize();
  const saving = session.save(path);
  session.runSync(a.steps.assign(99n));
  await saving;
  await session.restore(path);
  expect(session.runSync(a.steps).item()).toBe(0n);
  await session.close();
});

test('the file is a safetensors file with the names of the variables', async () => {
  const a = model();
  const session = new Session(a.graph);
  await session.initialize();
  await session.save(path, { variables: { w: a.weights, n: a.steps } });
  const { tensors } = await io.loadSafetensors(path);
  expect(tensors.w?.equals(session.runSync(a.weights))).toBe(true);
  expect(tensors.n?.dtype).toBe('int64');
  await session.run(a.weights.assign(a.weights.value.mul(0)));
  const done = await session.restore(path, { variables: { w: a.weights } });
  expect(done.unexpected).toEqual(['n']);
  expect(tensors.w?.equals(session.runSync(a.weights))).toBe(true);
  await session.close();
});

describe('refusals', () => {
  const a = model();
  const session = new Session(a.graph);
  afterAll(() => session.close());

  async function stateOf(): Promise<string> {
    return JSON.stringify(await session.run([a.weights, a.steps, a.half]));
  }

  test('variables without values are all named', async () => {
    await expect(session.save(path)).rejects.toMatchObject({
      code: 'FAILED_PRECONDITION',
      message: expect.stringContaining("'weights', 'steps', 'half'"),
    });
    expect(() => session.saveSync(path)).toThrow("'weights', 'steps', 'half'");
  });

  test('a torn or altered file changes nothing', async () => {
    await session.initialize();
    await session.save(path);
    const whole = readFileSync(path);
    await session.run(a.steps.assign(5n));
    const before = await stateOf();
    let state = 7;
    const next = (count: number) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * count);
    };
    const bad = join(folder, 'bad.safetensors');
    for (let i = 0; i < 300; i++) {
      const bytes = Buffer.from(whole);
      const at = next(next(2) > 0 ? bytes.length : 700);
      if (i % 3 === 0) writeFileSync(bad, bytes.subarray(0, at));
      else {
        bytes[at]! ^= 1 << next(8);
        writeFileSync(bad, bytes);
      }
      if (readFileSync(bad).equals(whole)) continue;
      expect(() => session.restoreSync(bad)).toThrow(EngineError);
      if (i % 10 === 0) await expect(session.restore(bad)).rejects.toThrow(EngineError);
    }
    expect(await stateOf()).toBe(before);
  });

  test('a missing or foreign file is named as such', async () => {
    const missing = session.restore(join(folder, 'nothing'));
    await expect(missing).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining('The passed save_path is not a valid checkpoint'),
    });
    await io.saveSafetensors(join(folder, 'other.safetensors'), { weights: [1] });
    const foreign = session.restore(join(folder, 'other.safetensors'));
    await expect(foreign).rejects.toThrow(
      /not a valid checkpoint.*Expected a file of session.save/,
    );
    await io.saveNpy(join(folder, 'other.npy'), [1, 2]);
    await expect(session.restore(join(folder, 'other.npy'))).rejects.toThrow(EngineError);
    await expect(session.restore(JSON.parse('null'))).rejects.toThrow(
      "Can't load save_path when it is null",
    );
  });

  test('missing, mismatched and unexpected names are reported before anything is changed', async () => {
    await session.save(path);
    const other = new Graph();
    const { weights, bias } = other.asDefault(() => ({
      weights: variable([1, 2], { name: 'weights' }),
      bias: variable([3], { name: 'bias' }),
    }));
    const second = new Session(other);
    await second.initialize();
    const error = await second.restore(path).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(CheckpointError);
    expect(error).toMatchObject({
      code: 'NOT_FOUND',
      missing: ['bias'],
      unexpected: expect.arrayContaining(['steps', 'half']),
      message: expect.stringContaining('Key bias not found in checkpoint'),
    });
    const mismatch = second.restore(path, { partial: true });
    await expect(mismatch).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      mismatched: ["'weights' is float32 [2], but in the checkpoint float32 [64, 32]"],
      message: expect.stringContaining('a mismatch between the current graph and the graph'),
    });
    expect((await second.run(weights)).toArray()).toEqual([1, 2]);
    expect((await second.run(bias)).toArray()).toEqual([3]);
    await second.close();
  });

  test('reshape and partial are asked for', async () => {
    await session.save(path);
    const other = new Graph();
    const weights = other.asDefault(() => variable(truncatedNormal([32, 64]), { name: 'weights' }));
    const second = new Session(other);
    await expect(second.restore(path)).rejects.toThrow('Assign requires shapes of both tensors');
    await second.restore(path, { reshape: true });
    const values = await second.run(weights);
    expect([...values.data]).toEqual([...(await session.run(a.weights)).data]);
    await second.close();
  });

  test('no variables, one variable twice, a dtype that files lack, a closed session', async () => {
    const empty = new Session(new Graph());
    await expect(empty.save(path)).rejects.toThrow('No variables to save');
    await empty.save(path, { allowEmpty: true });
    await empty.restore(path);
    await empty.close();
    await expect(empty.save(path)).rejects.toThrow('closed Session');
    await expect(empty.restore(path)).rejects.toThrow('closed Session');
    const twice = { v0: a.weights, v0too: a.weights };
    await expect(session.save(path, { variables: twice })).rejects.toThrow(
      'The same saveable will be restored with two names: v0',
    );
    const graph = new Graph();
    graph.asDefault(() => variable('text', { name: 'text' }));
    const strings = new Session(graph);
    await strings.initialize();
    await expect(strings.save(path)).rejects.toThrow(/'text'.*dtype string/);
    await strings.close();
  });
});

test('closing waits for a save under way', async () => {
  const a = model();
  const session = new Session(a.graph);
  await session.initialize();
  const target = join(folder, 'late.safetensors');
  const saving = session.save(target);
  await session.close();
  expect(existsSync(target)).toBe(true);
  await saving;
});

test('saving and restoring large variables lets the event loop turn', async () => {
  const graph = new Graph({ seed: 1 });
  graph.asDefault(() => variable(truncatedNormal([4 << 20]), { name: 'large' }));
  const session = new Session(graph);
  await session.initialize();
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  await session.save(path);
  await session.restore(path);
  clearInterval(timer);
  expect(turns).toBeGreaterThan(5);
  await session.close();
});

test('killed while saving, the file is the old or the new one', async () => {
  const library = new CompiledLibrary();
  const target = join(folder, 'killed.safetensors');
  const program = `
    const graph = new tw.Graph();
    const more = graph.asDefault(() => {
      const v = tw.variable(tw.zeros([1 << 17]), { name: 'v' });
      const n = tw.variable(0, { name: 'n' });
      return [v.assignAdd(tw.ones([1 << 17])), n.assignAdd(1)];
    });
    const session = new tw.Session(graph);
    (async () => {
      await session.initialize();
      for (;;) {
        await session.run(more);
        await session.save(process.argv[2]);
        process.stdout.write('.');
      }
    })();
  `;
  const file = join(library.folder, 'killed.js');
  writeFileSync(file, `const tw = require(${JSON.stringify(library.folder)});\n${program}`);
  let saves = 0;
  for (let round = 0; round < 6; round++) {
    const child = spawn(process.execPath, [file, target], { env: addonEnvironment });
    await new Promise<void>((resolve, reject) => {
      let own = 0;
      let complaint = '';
      child.stderr.on('data', (text: Buffer) => {
        complaint += text;
      });
      child.stdout.on('data', (text: Buffer) => {
        own += text.length;
        saves += text.length;
        if (own >= 30) setTimeout(() => child.kill('SIGKILL'), round * 3);
      });
      child.on('exit', () => (complaint ? reject(new Error(complaint)) : resolve()));
    });
    const { tensors } = await io.loadSafetensors(target);
    const n = Number(tensors.n?.item());
    expect(n).toBeGreaterThan(0);
    expect(new Set(tensors.v)).toEqual(new Set([n]));
  }
  expect(saves).toBeGreaterThanOrEqual(180);
  library.remove();
}, 120_000);
