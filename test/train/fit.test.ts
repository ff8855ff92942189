import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  cast,
  EngineError,
  equal,
  Graph,
  mean,
  type NDArray,
  ndarray,
  placeholder,
  randomUniform,
  Session,
  type Tensor,
  train,
  truncatedNormal,
  variable,
} from '../../lib/index.js';
import type { Callback, FitOptions, FitResult } from '../../lib/train/index.js';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tw-fit-'));
  folders.push(folder);
  return folder;
}

const count = 90;
const inputs = ndarray(
  Float32Array.from({ length: 2 * count }, (_, i) => Math.sin(i * 1.7)),
  { shape: [count, 2] },
);
const targets = ndarray(
  Float32Array.from({ length: count }, (_, i) => 2 * inputs.at(i, 0) - inputs.at(i, 1) + 0.5),
);

/** A linear model with noise on its inputs, so that random ops take part; Adam has slots. */
function model() {
  const graph = new Graph({ seed: 11 });
  const parts = graph.asDefault(() => {
    const x = placeholder('float32', [null, 2], { name: 'x' });
    const y = placeholder('float32', [null], { name: 'y' });
    const weights = variable(truncatedNormal([2, 1]), { name: 'weights' });
    const bias = variable(0, { name: 'bias' });
    const noise = randomUniform([2], { name: 'noise' }).mul(0.01);
    const output = x.add(noise).matMul(weights).reshape([-1]).add(bias);
    const loss = mean(output.sub(y).square());
    const near = mean(cast(equal(output.sub(y).round(), 0), 'float32'));
    return { x, y, weights, bias, loss, near, step: train.adam(0.05).minimize(loss) };
  });
  const session = new Session(graph);
  return { graph, session, ...parts };
}

type Model = ReturnType<typeof model>;

function examples() {
  return train.data({ x: inputs, y: targets });
}

function batches() {
  return examples().shuffle({ seed: 4 }).batch(16).prefetch(2);
}

type Batch = { x: NDArray<'float32'>; y: NDArray<'float32'> };

function fitted(m: Model, options: Partial<FitOptions<Batch, unknown>> = {}): Promise<FitResult> {
  const { session, step, loss } = m;
  return train.fit({ session, step: { step, loss }, data: batches(), epochs: 4, ...options });
}

/** Everything that a session has, in bits. */
async function bits({ graph, session }: Model): Promise<string> {
  const values = await session.run(graph.variables.map(({ value }) => value));
  const all = values.map(({ data }) =>
    ArrayBuffer.isView(data) ? Buffer.from(data.buffer, data.byteOffset, data.byteLength) : data,
  );
  return JSON.stringify(all);
}

describe('fit', () => {
  test('trains, validates and gives the history', async () => {
    const m = model();
    await m.session.initialize();
    const result = await fitted(m, {
      epochs: 30,
      validate: { data: examples().batch(32), metrics: { loss: m.loss, near: m.near } },
    });
    expect(result.stopped).toBe('finished');
    expect(result.epochs).toHaveLength(30);
    expect(result.step).toBe(30 * 6);
    const [first, last] = [result.epochs[0]!, result.epochs[29]!];
    expect(last.metrics.loss!).toBeLessThan(first.metrics.loss! / 10);
    expect(last.validation?.near).toBe(1);
    expect(first.examples).toBe(count);
    expect(Object.keys(first.metrics)).toEqual(['loss']);
    await m.session.close();
  });

  test('means are over examples, also when the last batch is smaller', async () => {
    const graph = new Graph();
    const value = graph.asDefault(() => mean(placeholder('float32', [null], { name: 'x' })));
    const session = new Session(graph);
    const data = train.data({ x: [1, 2, 3, 4, 50] }).batch(2);
    const { epochs } = await train.fit({
      session,
      step: { value },
      data,
      validate: { data, metrics: { value } },
    });
    expect(epochs[0]?.metrics.value).toBe(12);
    expect(epochs[0]?.validation?.value).toBe(12);
    await session.close();
  });

  test('batches of any iterable, feeds by a function, a step as code', async () => {
    const m = model();
    await m.session.initialize();
    const lists: Batch[] = [];
    for await (const batch of examples().batch(30)) lists.push(batch);
    const { x, y, loss, step } = m;
    const feeds = (batch: (typeof lists)[number]) =>
      [
        [x, batch.x],
        [y, batch.y],
      ] as const;
    const byFeeds = await train.fit({
      session: m.session,
      step: { loss, step },
      data: lists,
      feeds: (batch) => new Map(feeds(batch)),
      epochs: 2,
    });
    expect(byFeeds.step).toBe(2 * lists.length);
    const seen: number[] = [];
    const byCode = await train.fit({
      session: m.session,
      step: async (batch: number) => {
        seen.push(batch);
        return { double: 2 * batch };
      },
      data: (epoch) => [epoch, epoch + 10],
      epochs: 2,
    });
    expect(seen).toEqual([0, 10, 1, 11]);
    expect(byCode.epochs.map(({ metrics }) => metrics.double)).toEqual([10, 12]);
    await m.session.close();
  });

  test('streaming metrics count over the whole validation', async () => {
    const graph = new Graph();
    const metric = graph.asDefault(() => {
      const x = placeholder('float32', [null], { name: 'x' });
      const total = variable(0, { name: 'total', trainable: false });
      return {
        value: total.value,
        update: total.assignAdd(x.sum()),
        reset: total.assign(0).op,
        x,
      };
    });
    const session = new Session(graph);
    await session.initialize();
    const data = train.data({ x: [1, 2, 3, 4, 5] }).batch(2);
    const { epochs } = await train.fit({
      session,
      step: () => ({}),
      data,
      epochs: 2,
      validate: { data, metrics: { total: metric } },
    });
    expect(epochs.map(({ validation }) => validation?.total)).toEqual([15, 15]);
    await session.close();
  });

  test('early stopping, and its reason', async () => {
    const m = model();
    await m.session.initialize();
    const stop = train.earlyStopping({ metric: 'validation.value', patience: 2, mode: 'max' });
    const values = [1, 3, 2, 3, 9, 9];
    const result = await fitted(m, {
      epochs: 6,
      validate: { data: [0], metrics: () => ({ value: values.shift()! }) },
      callbacks: [stop],
    });
    expect(result.epochs).toHaveLength(4);
    expect(result.stopped).toContain("'validation.value' did not improve for 2 epochs");
    await expect(
      fitted(m, { callbacks: [train.earlyStopping({ metric: 'lost' })] }),
    ).rejects.toThrow(/Expected one of the numbers of an epoch \(loss\).*'lost'/);
    await m.session.close();
  });

  test('the signal ends it after the step in progress; the session stays usable', async () => {
    const m = model();
    await m.session.initialize();
    const abort = new AbortController();
    let closed = 0;
    const endless = train.data(async function* () {
      try {
        for (;;) yield { x: inputs, y: targets };
      } finally {
        closed += 1;
      }
    });
    const result = await fitted(m, {
      data: endless,
      signal: abort.signal,
      callbacks: [{ step: (run) => (run.step === 5 ? abort.abort() : undefined) }],
    });
    expect(result).toMatchObject({ stopped: 'aborted', step: 5, epochs: [] });
    expect(closed).toBe(1);
    expect((await fitted(m, { epochs: 1 })).step).toBe(6);
    const before = await fitted(m, { signal: abort.signal });
    expect(before).toMatchObject({ stopped: 'aborted', step: 0 });
    await m.session.close();
  });

  test('the signal ends it also while a batch is waited for', async () => {
    const m = model();
    await m.session.initialize();
    const abort = new AbortController();
    let release = () => {};
    const stuck = train.data(async function* () {
      yield { x: inputs, y: targets };
      await new Promise<void>((resolve) => {
        release = resolve;
      });
    });
    setTimeout(() => abort.abort(), 50);
    const result = await fitted(m, { data: stuck, signal: abort.signal });
    expect(result).toMatchObject({ stopped: 'aborted', step: 1, epochs: [] });
    release();
    await m.session.close();
  });

  test('callbacks in order; closed also after an error, which passes through', async () => {
    const m = model();
    await m.session.initialize();
    const calls: string[] = [];
    const watch: Callback = {
      begin: () => void calls.push('begin'),
      step: (run) => void calls.push(`step ${run.step}`),
      epoch: async (_, { epoch }) => void calls.push(`epoch ${epoch}`),
      settled: (_, after) => void calls.push(`settled ${after}`),
      end: () => void calls.push('end'),
      close: () => void calls.push('close'),
    };
    const whole = train.data({ x: inputs, y: targets }).batch(count);
    await fitted(m, { data: whole, epochs: 1, callbacks: [watch] });
    expect(calls.join(', ')).toBe(
      'begin, step 1, settled step, epoch 0, settled epoch, settled end, end, close',
    );
    calls.length = 0;
    const failing = whole.map(() => {
      throw new Error('bad batch');
    });
    await expect(fitted(m, { data: failing, callbacks: [watch] })).rejects.toThrow('bad batch');
    expect(calls.join(', ')).toBe('begin, close');
    const seen: number[] = [];
    await fitted(m, { data: whole, epochs: 2, callbacks: [({ epoch }) => seen.push(epoch)] });
    expect(seen).toEqual([0, 1]);
    await m.session.close();
  });

  test('mistakes are named', async () => {
    const m = model();
    await m.session.initialize();
    const vector: Tensor = m.x;
    await expect(fitted(m, { step: { vector } })).rejects.toThrow(
      /Expected a single number for step.vector but received an array of shape \[16, 2\]/,
    );
    await expect(fitted(m, { data: [] })).rejects.toThrow('the data gave no batch in epoch 0');
    await expect(fitted(m, { epochs: 0 })).rejects.toThrow(/at least 1 for epochs/);
    await expect(fitted(m, { session: JSON.parse('{}') })).rejects.toThrow(/a Session for session/);
    await expect(fitted(m, { step: JSON.parse('[]') })).rejects.toThrow(/by name, or a function/);
    const numbers = train.fit({ session: m.session, step: { l: m.loss }, data: [3] });
    await expect(numbers).rejects.toThrow(/Expected feeds .* for a batch but received 3/);
    await m.session.close();
  });
});

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

describe('progress', () => {
  test('writes a line per epoch, and a bar only on a terminal', async () => {
    const m = model();
    await m.session.initialize();
    for (const isTTY of [false, true]) {
      let text = '';
      const write = (part: string) => {
        text += part;
      };
      await fitted(m, {
        epochs: 2,
        validate: { data: examples().batch(90), metrics: { loss: m.loss } },
        callbacks: [train.progress({ isTTY, columns: 120, write })],
      });
      const lines = text
        .trimEnd()
        .split('\n')
        .map((line) => line.slice(line.lastIndexOf('\r') + 1));
      expect(lines).toHaveLength(2);
      expect(lines[1]).toMatch(
        /epoch 2\/2 {2}loss [\d.e-]+ {2}validation loss [\d.e-]+ {2}.*\/s {2}0.\d s$/,
      );
      expect(text.includes('\x1b')).toBe(isTTY);
      if (isTTY) expect(text).toMatch(/epoch 1\/2 \[=+> *\] \d\/6 {2}loss/);
    }
    await m.session.close();
  });
});
