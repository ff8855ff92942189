import {
  type Feeds,
  Graph,
  mean,
  placeholder,
  Session,
  type Tensor,
  train,
  type Values,
  variable,
} from '../../lib/index.js';
import type { Callback } from '../../lib/train/index.js';
import { type Batch, count, examples, fitted, inputs, model, targets } from './fitting.js';

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
    const { value, count } = graph.asDefault(() => ({
      value: mean(placeholder('float32', [null], { name: 'x' })),
      count: variable(0).assignAdd(1).op,
    }));
    const session = new Session(graph);
    await session.initialize();
    const data = train.data({ x: [1, 2, 3, 4, 50] }).batch(2);
    const { epochs } = await train.fit({
      session,
      step: { value, count },
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
    await expect(fitted(m, { step: { vector, step: m.step } })).rejects.toThrow(
      /Expected a single number for step.vector but received an array of shape \[16, 2\]/,
    );
    await expect(fitted(m, { data: [] })).rejects.toThrow('the data gave no batch in epoch 0');
    await expect(fitted(m, { epochs: 0 })).rejects.toThrow(/at least 1 for epochs/);
    await expect(fitted(m, { session: JSON.parse('{}') })).rejects.toThrow(/a Session for session/);
    await expect(fitted(m, { step: JSON.parse('[]') })).rejects.toThrow(/by name, or a function/);
    const numbers = train.fit({ session: m.session, step: { s: m.step }, data: [3] });
    await expect(numbers).rejects.toThrow(/Expected feeds .* for a batch but received 3/);
    await m.session.close();
  });
});

describe('steps', () => {
  test('that change nothing are refused', async () => {
    const m = model();
    await m.session.initialize();
    const { loss, weights } = m;
    const nothing =
      'Nothing would be trained: step (loss, weights) changes no variable. Give it an operation';
    await expect(fitted(m, { step: { loss, weights } })).rejects.toThrow(nothing);
    // The step may stand before what is fetched.
    const after = m.graph.controlDependencies([m.step], () => loss.add(0));
    expect((await fitted(m, { step: { after }, epochs: 1 })).step).toBe(6);
    const written = m.bias.assignAdd(1);
    expect((await fitted(m, { step: { written }, epochs: 1 })).step).toBe(6);
    await m.session.close();
  });

  test('count the examples of batches that are plain arrays', async () => {
    const m = model();
    await m.session.initialize();
    const [x, y] = [Array.from({ length: 5 }, () => [1, 2]), [1, 2, 3, 4, 5]];
    const batches: readonly Feeds[] = [
      { x, y },
      new Map<Tensor, Values>([
        [m.x, x],
        [m.y, y],
      ]),
      [
        ['x', x],
        ['y', y],
      ],
    ];
    const { epochs } = await fitted(m, { data: batches as never, epochs: 1 });
    expect(epochs[0]?.examples).toBe(15);
    await m.session.close();
  });

  test('callbacks under other names are refused', async () => {
    const m = model();
    const heard = (callbacks: unknown) => fitted(m, { callbacks: callbacks as never });
    await expect(heard([{ onEpochEnd() {} }])).rejects.toThrow(
      'Expected a function, or an object with one of begin, step, epoch, settled, end, close, for',
    );
    await expect(heard(() => {})).rejects.toThrow('Expected a list for callbacks');
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
