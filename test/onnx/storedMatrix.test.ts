import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { load, loadSync, type Model, save } from '../../lib/onnx/index.js';
import { Session } from '../../lib/session.js';
import type { SessionOptions } from '../../lib/sessionOptions.js';
import { modelFile, type NodeSpec, rawOf, type TensorSpec } from './write.js';

// Weights that one product or convolution reads are packed while they are read from a file, and
// exist in no other form. Nobody may notice.

let folder: string;
const at = (name: string) => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tensorwright-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function weight(name: string, ...dims: number[]): TensorSpec {
  const size = dims.reduce((a, b) => a * b, 1);
  const values = Float32Array.from({ length: size }, (_, i) => Math.sin(i + name.length) / 8);
  return { name, dims, raw: rawOf(values) };
}

const weights = [
  weight('filter', 70, 32, 3, 3),
  weight('tiles', 64, 70, 3, 3),
  weight('points', 300, 64, 1, 1),
  weight('matrix', 300, 77),
  weight('turned', 300, 77),
  weight('gemm', 300, 90),
  weight('tied', 90, 200),
  weight('scaled', 300, 64, 1, 1),
  weight('more', 300, 64, 1, 1),
];

/** Every way to lie packed. `tied` is read twice, `scaled` the twin of `points`, `more` scaled. */
function nodes(): NodeSpec[] {
  const conv = (x: string, w: string, y: string, strides: number): NodeSpec => ({
    op: 'Conv',
    inputs: [x, w],
    outputs: [y],
    attributes: { strides: { ints: [strides, strides] } },
  });
  const plain = (op: string, inputs: string[], y: string): NodeSpec => {
    return { op, inputs, outputs: [y] };
  };
  return [
    conv('x', 'filter', 'a', 2),
    conv('a', 'tiles', 'b', 1),
    conv('b', 'points', 'c', 1),
    plain('GlobalAveragePool', ['c'], 'd'),
    plain('Flatten', ['d'], 'e'),
    plain('MatMul', ['e', 'matrix'], 'f'),
    { ...plain('Gemm', ['f', 'turned'], 'g'), attributes: { transB: { i: 1 } } },
    plain('Gemm', ['g', 'gemm'], 'h'),
    plain('MatMul', ['h', 'tied'], 'i'),
    plain('Mul', ['tied', 'tied'], 'j'),
    plain('MatMul', ['h', 'j'], 'k'),
    plain('Add', ['i', 'k'], 'y'),
    conv('b', 'scaled', 'l', 1),
    conv('b', 'more', 'm', 1),
    plain('Mul', ['m', 'factor'], 'n'),
    plain('Mul', ['l', 'n'], 'z'),
  ];
}

const factor = { name: 'factor', dims: [300, 1, 1], floats: new Array(300).fill(0.75) };
const file = modelFile({
  graph: {
    nodes: nodes(),
    initializers: [...weights, factor],
    inputs: [{ name: 'x', shape: [1, 32, 40, 40] }],
    outputs: [{ name: 'y' }, { name: 'z' }],
  },
});
const x = Float32Array.from({ length: 32 * 40 * 40 }, (_, i) => Math.cos(i));

/** Comparing digests of values is quick, and so is saying that they differ. */
function digest(data: unknown): string {
  const { buffer, byteOffset, byteLength } = data as Float32Array;
  return createHash('sha1')
    .update(new Uint8Array(buffer, byteOffset, byteLength))
    .digest('hex');
}

function resultsOf({ graph, inputs, outputs }: Model, options: SessionOptions = {}): string[] {
  using session = new Session(graph, options);
  const fetches = [outputs.y!, outputs.z!];
  const results = session.runSync(fetches, { feeds: [[inputs.x!, x]] });
  return results.map(({ data }) => digest(data));
}

function weightsOf({ graph }: Model): string[] {
  using session = new Session(graph);
  const values = session.runSync(weights.map(({ name }) => `${name}:0`));
  return values.map((value) => digest(value?.data));
}

const raws = weights.map(({ raw }) => digest(raw));

function modelAt(name: string): Model {
  writeFileSync(at(name), file);
  const model = loadSync(at(name));
  // What is loaded needs its file no more.
  rmSync(at(name));
  return model;
}

test.each<[string, SessionOptions]>([
  ['usual', {}],
  ['strict', { strict: true }],
  ['without packing', { disabledPasses: ['pack_weights'] }],
  ['without folding', { disabledPasses: ['fold_constants', 'fold_late'] }],
])('results of a %s session are those of weights that lie plain', (_, options) => {
  const model = modelAt('m.onnx');
  const expected = resultsOf(loadSync(file), options);
  expect(resultsOf(model, options)).toEqual(expected);
  // Once more, with what the first session has kept, and after all weights were looked at.
  expect(resultsOf(model, options)).toEqual(expected);
  expect(weightsOf(model)).toEqual(raws);
  expect(resultsOf(model, options)).toEqual(expected);
});

test('weights have their values before and after runs, and when saved', async () => {
  const model = modelAt('w.onnx');
  expect(weightsOf(model)).toEqual(raws);
  const other = modelAt('v.onnx');
  const expected = resultsOf(other);
  const { y, z } = other.outputs;
  await save(other.graph, [y!, z!], at('saved.onnx'));
  expect(resultsOf(await load(at('saved.onnx')))).toEqual(expected);
  expect(weightsOf(other)).toEqual(raws);
  const bytes = weights.reduce((sum, { raw }) => sum + raw!.length, 0);
  expect(other.graph.toGraphDef().length).toBeGreaterThan(bytes);
});

test('sessions side by side share what they make of the weights', async () => {
  writeFileSync(at('s.onnx'), file);
  const model = await load(at('s.onnx'));
  const { graph, inputs, outputs } = model;
  const feeds: [[typeof inputs.x, Float32Array]] = [[inputs.x!, x]];
  const sessions = Array.from({ length: 4 }, (_, i) => new Session(graph, { strict: i % 2 > 0 }));
  const all = await Promise.all(
    sessions.map((session) => session.run([outputs.y!, 'gemm:0'], { feeds: feeds as never })),
  );
  const data = all.map(([y]) => digest(y!.data));
  expect(data[2]).toEqual(data[0]);
  expect(data[3]).toEqual(data[1]);
  for (const [, w] of all) expect(digest(w!.data)).toBe(raws[5]);
  await Promise.all(sessions.map((session) => session.close()));
});

test('a file that becomes shorter while it is read is an error', async () => {
  writeFileSync(at('short.onnx'), file);
  const end = file.indexOf(weights[5]!.raw!) + weights[5]!.raw!.length;
  const loading = load(at('short.onnx'), {
    onProgress: ({ done }) => done > 0 && truncateSync(at('short.onnx'), end - 1000),
  });
  await expect(loading).rejects.toMatchObject({ code: 'DATA_LOSS' });
});
