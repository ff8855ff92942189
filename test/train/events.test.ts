import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  Graph,
  importGraphDef,
  ndarray,
  placeholder,
  relu,
  Session,
  Trace,
} from '../../lib/index.js';
import { readScalars } from '../../lib/io/events.js';
import { readRecords } from '../../lib/io/records.js';
import { EventWriter } from '../../lib/train/events/writer.js';
import { mistyped } from '../semantics/inGraph.js';
import { bufferAt, doubles, type Message, parse, pixelsOf, records, values } from './eventFile.js';

const folder = mkdtempSync(join(tmpdir(), 'tw-events-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('EventWriter', () => {
  test('sum-001: graphs at a step, and what the steps of a run took', async () => {
    const graph = new Graph();
    const y = graph.asDefault(() =>
      relu(placeholder('float32', [2], { name: 'x' }), { name: 'y' }),
    );
    const trace = new Trace();
    using session = new Session(graph);
    session.runSync(y, { feeds: { x: [1, 2] }, trace });
    const writer = new EventWriter(join(folder, 'metadata'));
    writer.graph(graph, 30);
    writer.runMetadata('test run', trace, 40);
    expect(() => writer.runMetadata('test run', trace, 41)).toThrow('tag was already used');
    expect(() => writer.runMetadata('other', mistyped<Trace>({}), 41)).toThrow(TypeError);
    expect(() => writer.graph(graph, -1)).toThrow(TypeError);
    await writer.close();
    const [version, drawn, traced] = records(writer.path).map(parse);
    expect(String(bufferAt(version!, 3))).toBe('brain.Event:2');
    expect([drawn![2], traced![2]]).toEqual([[30n], [40n]]);
    expect(importGraphDef(bufferAt(drawn!, 4), { graph: new Graph() })).toBeNull();
    const tagged = parse(bufferAt(traced!, 8));
    expect(String(bufferAt(tagged, 1))).toBe('test run');
    const device = parse(bufferAt(parse(bufferAt(parse(bufferAt(tagged, 2)), 1)), 1));
    expect(String(bufferAt(device, 1))).toContain('device:CPU:0');
    const step = parse(bufferAt(device, 2));
    expect([String(bufferAt(step, 1)), String(bufferAt(step, 8))]).toEqual(['y', 'y = Relu']);
    expect(Math.abs(Number(step[2]![0]) / 1e6 - Date.now() / 1000)).toBeLessThan(60);
    expect(Number(step[5]![0])).toBeGreaterThan(0);
  });

  test('sum-001: the file begins with its version and holds what was given, in order', async () => {
    const writer = new EventWriter(join(folder, 'scalars'));
    writer.scalar('loss', ndarray([0.25]), 0);
    expect(() => writer.scalar('loss', ndarray([1, 2]), 0)).toThrow('Expected a number for value');
    writer.scalars({ loss: 0.125, 'validation/accuracy': 1 }, 2 ** 40);
    writer.scalar('odd', Number.NaN, 3);
    await writer.flush();
    writer.scalar('late', 7n, 4);
    await writer.close();
    expect(readdirSync(join(folder, 'scalars'))[0]).toMatch(/^events\.out\.tfevents\.\d{10}\./);
    const [version] = records(writer.path);
    expect(String(bufferAt(parse(version!), 3))).toBe('brain.Event:2');
    const got = values(writer.path).map(({ tag, step, value }) => [
      tag,
      step,
      bufferAt(value, 2).readFloatLE(),
    ]);
    expect(got).toEqual([
      ['loss', 0, 0.25],
      ['loss', 2 ** 40, 0.125],
      ['validation/accuracy', 2 ** 40, 1],
      ['odd', 3, Number.NaN],
      ['late', 4, 7],
    ]);
    expect(() => writer.scalar('loss', 1, 1)).toThrow(/is closed/);
    const read: unknown[] = [];
    for await (const { tag, step, value } of readScalars(writer.path))
      read.push([tag, step, value]);
    expect(read).toEqual(got);
  });

  test('histograms', async () => {
    const writer = new EventWriter(join(folder, 'histograms'));
    const data = Float32Array.from({ length: 300_000 }, (_, i) => ((i * 7919) % 2001) / 1000 - 1);
    writer.histogram('weights', data, 1);
    writer.histogram('half', ndarray([1, -2, 0.5], { dtype: 'float16' }), 1);
    writer.histogram('empty', ndarray([]), 1);
    await writer.close();
    const [weights, half, empty] = values(writer.path).map(({ value }) =>
      parse(bufferAt(value, 5)),
    );
    const field = (message: Message, number: number) => bufferAt(message, number).readDoubleLE();
    expect(field(weights!, 1)).toBe(Math.min(...data.subarray(0, 2001)));
    expect(field(weights!, 2)).toBe(1);
    expect(field(weights!, 3)).toBe(300_000);
    expect(field(weights!, 4)).toBeCloseTo(
      data.reduce((sum, x) => sum + x, 0),
      0,
    );
    const limits = doubles(bufferAt(weights!, 6));
    const counts = doubles(bufferAt(weights!, 7));
    expect(limits).toHaveLength(counts.length);
    expect(limits).toEqual([...limits].sort((a, b) => a - b));
    expect(counts.reduce((sum, x) => sum + x, 0)).toBe(300_000);
    for (const [i, limit] of limits.entries()) {
      const below = i > 0 ? limits[i - 1]! : -Infinity;
      const inside = data.reduce((n, x) => (x > below && x <= limit ? n + 1 : n), 0);
      expect(counts[i]).toBe(inside);
    }
    expect([1, 2, 3, 4, 5].map((n) => field(half!, n))).toEqual([-2, 1, 3, -0.5, 5.25]);
    expect(field(empty!, 3)).toBe(0);
  });

  test('images', async () => {
    const writer = new EventWriter(join(folder, 'images'));
    const grey = ndarray([
      [0, 0.5, 2],
      [1, -1, Number.NaN],
    ]);
    const colour = ndarray(
      Uint8Array.from({ length: 24 }, (_, i) => 10 * i),
      { shape: [4, 2, 3] },
    );
    writer.image('grey', grey, 0);
    writer.image('colour', colour, 1);
    await writer.close();
    const [first, second] = values(writer.path).map(({ value }) => parse(bufferAt(value, 4)));
    expect([1, 2, 3].map((n) => Number(first?.[n]?.[0]))).toEqual([2, 3, 1]);
    expect([1, 2, 3].map((n) => Number(second?.[n]?.[0]))).toEqual([4, 2, 3]);
    expect(pixelsOf(bufferAt(first!, 4))).toEqual([0, 128, 255, 255, 0, 0]);
    expect(pixelsOf(bufferAt(second!, 4))).toEqual([...colour.data]);
  });

  test('texts', async () => {
    const writer = new EventWriter(join(folder, 'texts'));
    writer.text('note', '# Title \u00e9', 0);
    writer.text('list', ['a', 'b'], 1);
    await writer.close();
    const [note, list] = values(writer.path);
    const tensor = (value: Message) => parse(bufferAt(value, 8));
    expect(String(bufferAt(parse(bufferAt(parse(bufferAt(note!.value, 9)), 1)), 1))).toBe('text');
    expect(Number(tensor(note!.value)[1]?.[0])).toBe(7);
    expect(tensor(note!.value)[8]?.map(String)).toEqual(['# Title \u00e9']);
    expect(tensor(list!.value)[8]?.map(String)).toEqual(['a', 'b']);
    expect(Number(parse(bufferAt(parse(bufferAt(tensor(list!.value), 2)), 2))[1]?.[0])).toBe(2);
  });

  test('a graph', async () => {
    const graph = new Graph();
    graph.asDefault(() => relu(placeholder('float32', [2], { name: 'x' }), { name: 'y' }));
    const writer = new EventWriter(join(folder, 'graphs'));
    writer.graph(graph);
    await writer.close();
    const records: Uint8Array[] = [];
    for await (const record of readRecords(writer.path)) records.push(record);
    const copy = new Graph();
    importGraphDef(bufferAt(parse(Buffer.from(records[1]!)), 4), { graph: copy, prefix: '' });
    expect(copy.operations.map(({ name, type }) => [name, type])).toEqual([
      ['x', 'Placeholder'],
      ['y', 'Relu'],
    ]);
    expect(() => writer.graph(graph)).toThrow('is closed');
  });

  test('what cannot be written is named, the rest is written', async () => {
    const writer = new EventWriter(join(folder, 'mistakes'));
    expect(() => writer.scalar('', 1, 0)).toThrow(/a name for tag/);
    expect(() => writer.scalar('a', 1, -1)).toThrow(/at least 0 for step/);
    expect(() => writer.scalar('a', JSON.parse('"1"'), 1)).toThrow(/a number for value/);
    writer.scalar('good', 1, 0);
    writer.histogram('bad', [Number.NaN], 0);
    writer.scalar('also good', 1, 0);
    await expect(writer.flush()).rejects.toThrow('Nan in summary histogram for: bad');
    await writer.close();
    expect(values(writer.path).map(({ tag }) => tag)).toEqual(['good', 'also good']);
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    const nowhere = new EventWriter(join(file, 'folder'));
    nowhere.scalar('a', 1, 0);
    await expect(nowhere.flush()).rejects.toThrow(/cannot write/);
    expect(() => nowhere.scalar('a', 1, 0)).toThrow(/cannot write/);
  });

  test('many events are written while they come', async () => {
    const writer = new EventWriter(join(folder, 'many'), { flushSeconds: 1000 });
    for (let step = 0; step < 1000; step++) writer.scalar('x', step, step);
    const written = () => (existsSync(writer.path) ? records(writer.path).length : 0);
    while (written() <= 500) await new Promise((resolve) => setTimeout(resolve, 20));
    await writer.close();
    expect(values(writer.path).map(({ step }) => step)).toEqual(
      Array.from({ length: 1000 }, (_, i) => i),
    );
  });
});
