import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { EngineError, train } from '../../lib/index.js';
import type { FitResult } from '../../lib/train/index.js';
import { bits, examples, fitted, type Model, model } from './fitting.js';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tw-fit-'));
  folders.push(folder);
  return folder;
}

describe('checkpoints', () => {
  const metrics = (m: Model) => ({ data: examples().batch(32), metrics: { loss: m.loss } });

  async function uninterrupted(): Promise<{ bits: string; history: string }> {
    const m = model();
    await m.session.initialize();
    const result = await fitted(m, { validate: metrics(m) });
    const end = { bits: await bits(m), history: historyOf(result) };
    await m.session.close();
    return end;
  }

  function historyOf({ epochs }: FitResult): string {
    return JSON.stringify(epochs.map((record) => ({ ...record, seconds: 0 })));
  }

  test.each([1, 3, 6, 7, 11, 23])(
    'stopped after step %i and resumed: the same bits',
    async (at) => {
      const whole = await uninterrupted();
      const folder = newFolder();
      const first = model();
      await first.session.initialize();
      const abort = new AbortController();
      const part = await fitted(first, {
        validate: metrics(first),
        signal: abort.signal,
        callbacks: [
          new train.Checkpoints(folder),
          { step: (run) => (run.step === at ? abort.abort() : undefined) },
        ],
      });
      expect(part.stopped).toBe('aborted');
      await first.session.close();

      const second = model();
      const result = await fitted(second, {
        validate: metrics(second),
        callbacks: [new train.Checkpoints(folder, { resume: true })],
      });
      expect(result.step).toBe(24);
      expect(await bits(second)).toBe(whole.bits);
      expect(historyOf(result)).toBe(whole.history);
      await second.session.close();
    },
  );

  test('the last ones and the best are kept', async () => {
    const folder = newFolder();
    const m = model();
    await m.session.initialize();
    const values = [5, 2, 4, 3];
    const checkpoints = new train.Checkpoints(folder, {
      keep: 2,
      everySteps: 4,
      best: 'validation.value',
    });
    const weights: string[] = [];
    await fitted(m, {
      validate: { data: [0], metrics: () => ({ value: values.shift()! }) },
      callbacks: [
        checkpoints,
        async () => {
          weights.push(await bits(m));
        },
      ],
    });
    expect(readdirSync(folder).sort()).toEqual([
      'best.safetensors',
      'checkpoint-0000000020.safetensors',
      'checkpoint-0000000024.safetensors',
    ]);
    expect(await checkpoints.restore(m.session, 'best')).not.toBeNull();
    expect(await bits(m)).toBe(weights[1]);
    await checkpoints.restore(m.session);
    expect(await bits(m)).toBe(weights[3]);
    await m.session.close();
  });

  test('early stopping remembers over a resume', async () => {
    const folder = newFolder();
    const m = model();
    await m.session.initialize();
    const values = [1, 2, 3, 4, 5];
    const options = (resume: boolean, epochs: number) => ({
      epochs,
      validate: { data: [0], metrics: () => ({ value: values.shift()! }) },
      callbacks: [
        new train.Checkpoints(folder, { resume }),
        train.earlyStopping({ metric: 'validation.value', patience: 3 }),
      ],
    });
    await fitted(m, options(false, 2));
    const result = await fitted(m, options(true, 9));
    expect(result.epochs.map(({ validation }) => validation?.value)).toEqual([1, 2, 3, 4]);
    await m.session.close();
  });

  test('a folder with checkpoints is not taken by a new training', async () => {
    const folder = newFolder();
    const m = model();
    await m.session.initialize();
    await fitted(m, { callbacks: [new train.Checkpoints(folder)] });
    await expect(fitted(m, { callbacks: [new train.Checkpoints(folder)] })).rejects.toMatchObject({
      code: 'FAILED_PRECONDITION',
      message: expect.stringContaining('{ resume: true }'),
    });
    await m.session.close();
  });

  test('a damaged last one is passed over; what a crash left is removed', async () => {
    const folder = newFolder();
    const m = model();
    await m.session.initialize();
    const checkpoints = new train.Checkpoints(folder, { keep: 9 });
    expect(await checkpoints.restore(m.session)).toBeNull();
    await checkpoints.save(m.session, 1, { note: 'good' });
    const bad = await checkpoints.save(m.session, 2);
    writeFileSync(bad, readFileSync(bad).subarray(0, -3));
    writeFileSync(join(folder, '.checkpoint-0000000003.safetensors.0123456789ab.tmp'), 'x');
    expect((await checkpoints.restore(m.session))?.metadata).toEqual({ note: 'good' });
    await fitted(m, { callbacks: [new train.Checkpoints(folder, { resume: true })] });
    expect(readdirSync(folder).some((name) => name.endsWith('.tmp'))).toBe(false);
    const file = join(folder, readdirSync(folder)[0]!);
    await expect(new train.Checkpoints(file).list()).rejects.toBeInstanceOf(EngineError);
    await m.session.close();
  });
});
