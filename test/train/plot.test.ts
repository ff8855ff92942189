import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';

import { main } from '../../lib/cli/main.js';
import { chartOf } from '../../lib/cli/plot/chart.js';
import { readRuns, smoothed, thinned } from '../../lib/cli/plot/runs.js';
import { Graph, mean, placeholder, Session, train, variable } from '../../lib/index.js';

const folder = mkdtempSync(join(tmpdir(), 'tw-plot-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const signal = new AbortController().signal;

async function plot(...args: string[]) {
  const text = { out: '', err: '' };
  const write = (name: 'out' | 'err') => ({
    write: (part: string) => {
      text[name] += part;
    },
  });
  const code = await main(['plot', ...args], { out: write('out'), err: write('err') }, signal);
  return { code, ...text };
}

async function writeRun(name: string, values: readonly number[], from = 0) {
  const writer = new train.EventWriter(join(folder, name));
  for (const [i, value] of values.entries()) writer.scalar('loss', value, from + i);
  writer.scalar('a<b', 1, 3);
  writer.text('note', 'not a number', 0);
  await writer.close();
}

beforeAll(async () => {
  await writeRun('runs/one', [4, 3, 2.5, 2.25, Number.NaN, 2]);
  await writeRun('runs/two', [8, 4, 2, 1]);
});

test('a page with a chart for each tag and a curve for each run', async () => {
  const file = join(folder, 'page.html');
  const { code, out } = await plot(join(folder, 'runs'), '--out', file);
  expect({ code, out }).toEqual({ code: 0, out: `${file}: a<b, loss\n` });
  const page = readFileSync(file, 'utf8');
  expect(page.match(/<svg /g)).toHaveLength(2);
  expect(page).toContain('aria-label="a&lt;b"');
  expect(page).toContain('>one  2</text>');
  expect(page).toContain('>two  1</text>');
  expect(page).not.toContain('NaN');
  expect(page).not.toMatch(/https?:/);
});

test('a picture whose curves have the colours of their runs', async () => {
  const file = join(folder, 'picture.png');
  const { code } = await plot(join(folder, 'runs'), '--out', file, '--tag', 'loss', '--log');
  expect(code).toBe(0);
  const png = readFileSync(file);
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  expect([width, height]).toEqual([(480 + 32) * 2, (276 + 32 + 32) * 2]);
  const size = png.readUInt32BE(33);
  const rows = inflateSync(png.subarray(41, 41 + size));
  const seen = new Set<string>();
  for (let y = 0; y < height; y++) {
    const pixel = [0, 0, 0];
    for (let x = 0; x < width; x++) {
      const at = y * (3 * width + 1) + 1 + 3 * x;
      for (let k = 0; k < 3; k++) pixel[k] = (pixel[k]! + rows[at + k]!) & 255;
      seen.add(pixel.map((part) => part.toString(16).padStart(2, '0')).join(''));
    }
  }
  for (const colour of ['ffffff', '444444', '0b6cb8', 'd1600a']) expect(seen).toContain(colour);
});

test('mistakes are named', async () => {
  expect(await plot()).toMatchObject({ code: 2, err: expect.stringContaining('at least one run') });
  expect(await plot('x', '--out', 'a.pdf')).toMatchObject({ code: 2 });
  expect(await plot('x', '--smooth', '1')).toMatchObject({ code: 2 });
  expect(await plot(join(folder, 'none'))).toMatchObject({
    code: 1,
    err: expect.stringMatching(/cannot read .*none/),
  });
  const empty = mkdtempSync(join(folder, 'empty-'));
  expect(await plot(empty)).toMatchObject({ code: 1, err: expect.stringContaining('no scalars') });
  const wrong = await plot(join(folder, 'runs'), '--tag', 'lost');
  expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining('(there are: a<b, loss)') });
  expect((await plot('--help')).out).toContain('--smooth WEIGHT');
});

test('a resumed run goes on where its checkpoint was', async () => {
  await writeRun('resumed', [9, 8, 7, 6, 5]);
  await writeRun('resumed', [70, 60], 2);
  const tags = await readRuns([join(folder, 'resumed')], signal);
  expect(tags.get('loss')).toEqual([
    { run: 'resumed', steps: [0, 1, 2, 3], values: [9, 8, 70, 60] },
  ]);
});

test('curves are thinned and smoothed', () => {
  const steps = Array.from({ length: 10_000 }, (_, i) => i);
  const series = { run: 'r', steps, values: steps.map((i) => (i === 5003 ? 99 : Math.sin(i))) };
  const thin = thinned(series, 500);
  expect(thin.steps.length).toBeLessThanOrEqual(502);
  expect(Math.max(...thin.values)).toBe(99);
  expect([thin.steps[thin.steps.length - 1], thin.steps]).toEqual([
    9999,
    [...thin.steps].sort((a, b) => a - b),
  ]);
  const constant = smoothed({ run: 'r', steps: [0, 1, 2], values: [3, 3, 3] }, 0.9);
  for (const value of constant.values) expect(value).toBeCloseTo(3, 12);
  expect(smoothed({ run: 'r', steps: [0, 1], values: [0, 1] }, 0.5).values[1]).toBeCloseTo(2 / 3);
});

test('charts of odd values keep their marks inside', () => {
  for (const values of [[1, 1], [0], [], [Number.NaN], [1e-30, 1e30], [-5, Infinity, 5]]) {
    const steps = values.map((_, i) => i * 1000);
    for (const log of [false, true]) {
      const { marks, width, height } = chartOf('t', [{ run: 'r', steps, values }], {
        smooth: 0.5,
        log,
      });
      for (const mark of marks) {
        const points = mark.kind === 'line' ? mark.points : [[mark.x, mark.y] as const];
        for (const [x, y] of points) {
          expect(x).toBeGreaterThanOrEqual(0);
          expect(x).toBeLessThanOrEqual(width);
          expect(y).toBeGreaterThanOrEqual(0);
          expect(y).toBeLessThanOrEqual(height);
        }
      }
    }
  }
});

test('the callback of fit writes steps, epochs, validation and histograms', async () => {
  const graph = new Graph();
  const { loss, weight, step } = graph.asDefault(() => {
    const x = placeholder('float32', [null], { name: 'x' });
    const weight = variable(2, { name: 'weight' });
    const loss = mean(x.mul(weight).square());
    return { loss, weight, step: train.sgd(0.01).minimize(loss) };
  });
  const session = new Session(graph);
  await session.initialize();
  const data = train.data({ x: [1, 2, 3, 4] }).batch(2);
  const path = join(folder, 'fit');
  await train.fit({
    session,
    step: { step, loss },
    data,
    epochs: 3,
    validate: { data, metrics: { loss } },
    callbacks: [train.tensorBoard(path, { histograms: [weight] })],
  });
  const tags = await readRuns([path], signal);
  expect([...tags.keys()]).toEqual(['epoch/loss', 'loss', 'validation/loss']);
  expect(tags.get('loss')?.[0]?.steps).toEqual([1, 2, 3, 4, 5, 6]);
  expect(tags.get('validation/loss')?.[0]?.steps).toEqual([2, 4, 6]);
  expect(readdirSync(path)).toHaveLength(1);
  const own = new train.EventWriter(join(folder, 'own'));
  await train.fit({
    session,
    step: { step, loss },
    data,
    callbacks: [train.tensorBoard(own, { everySteps: 2 })],
  });
  own.scalar('after', 1, 9);
  await own.close();
  const [steps] = (await readRuns([join(folder, 'own')], signal)).get('loss') ?? [];
  expect(steps?.steps).toEqual([2]);
  await session.close();
});
