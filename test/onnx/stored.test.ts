import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { native } from '../../lib/binding.js';
import { Session, train } from '../../lib/index.js';
import { checkSync, info, load, loadSync, type Model } from '../../lib/onnx/index.js';
import { modelFile, rawOf, type TensorSpec } from './write.js';

// Large weights of a model file go straight from the file into memory of the core.

const kCount = 20_000;
const weights = Float32Array.from({ length: kCount }, (_, i) => i);
const x = { name: 'x', shape: [1] };

let folder: string;
const at = (name: string) => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tensorwright-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** x + w + v, where v is a weight too small to stay behind. */
function fileOf(w: TensorSpec): Buffer {
  const v = { name: 'v', dims: [1], floats: [0.5] };
  const nodes = [
    { op: 'Add', inputs: ['x', 'w'], outputs: ['t'] },
    { op: 'Add', inputs: ['t', 'v'], outputs: ['y'] },
  ];
  const initializers = [v, { name: 'w', ...w }, { ...v, name: 'last' }];
  return modelFile({ graph: { nodes, initializers, inputs: [x], outputs: [{ name: 'y' }] } });
}

function lastOf({ graph, inputs, outputs }: Model): unknown {
  using session = new Session(graph);
  const { data } = session.runSync(outputs.y!, { feeds: [[inputs.x!, [1]]] });
  return [data.length, data[1], data[kCount - 1]];
}

const expected = [kCount, 2.5, kCount + 0.5];

test.each<[string, () => TensorSpec]>([
  ['raw data', () => ({ dims: [kCount], raw: rawOf(weights) })],
  ['numbers of their own', () => ({ dims: [kCount], floats: [...weights] })],
  [
    'another file',
    () => {
      writeFileSync(at('w.bin'), Buffer.concat([Buffer.alloc(8), rawOf(weights)]));
      return { dims: [kCount], external: { location: 'w.bin', offset: '8' } };
    },
  ],
])('weights as %s', async (_, tensor) => {
  const path = at('m.onnx');
  writeFileSync(path, fileOf(tensor()));
  expect(lastOf(await load(path))).toEqual(expected);
  expect(lastOf(loadSync(path))).toEqual(expected);
  expect(checkSync(path).ok).toBe(true);
  expect((await info(path)).parameters).toBe(kCount + 2);
  const variables = await load(path, { variables: true });
  expect(variables.graph.variables.length).toBe(2);
});

test.each([0, 5])('files of which the system holds %d bytes at a time', async (most) => {
  const { readCached } = native;
  const held = jest
    .spyOn(native, 'readCached')
    .mockImplementation((file, offset, to) => readCached(file, offset, to.subarray(0, most)));
  try {
    const path = at('held.onnx');
    writeFileSync(path, fileOf({ dims: [kCount], raw: rawOf(weights) }));
    expect(lastOf(await load(path))).toEqual(expected);
    expect(held).toHaveBeenCalled();
  } finally {
    held.mockRestore();
  }
});

test('weights as variables begin with the memory of the file, and sessions change their own', async () => {
  writeFileSync(at('v.onnx'), fileOf({ dims: [kCount], raw: rawOf(weights) }));
  const { graph, outputs } = await load(at('v.onnx'), { variables: true });
  const initializers = graph.variables.map(({ initializer }) => initializer);
  const w = graph.variables.find(({ name }) => name === 'w')!;
  const step = graph.asDefault(() =>
    train.adam(0.5).minimize(outputs.y!.sum(), { variables: [w] }),
  );
  const [session, other] = [new Session(graph), new Session(graph)];
  await session.run(initializers);
  expect(session.memory().live).toBeLessThan(kCount);
  await Promise.all([session.initialize(), other.initialize()]);
  await session.run(step, { feeds: { x: [0] } });
  expect(session.runSync(w).at(7)).toBeCloseTo(6.5, 5);
  expect(other.runSync(w).at(7)).toBe(7);
  await w.load(new Float32Array(kCount).fill(3), { session });
  expect(session.runSync(w).at(7)).toBe(3);
  w.loadSync(new Float32Array(kCount).fill(4), { session });
  expect([session, other].map((s) => s.runSync(w).at(7))).toEqual([4, 7]);
  await session.run(graph.initializer);
  expect(session.runSync(w).at(7)).toBe(7);
  await Promise.all([session.close(), other.close()]);
});

test('elements of less than a byte are unpacked', () => {
  const raw = new Uint8Array(70_000).fill(0x21);
  const nodes = [{ op: 'Cast', inputs: ['w'], outputs: ['y'], attributes: { to: { i: 1 } } }];
  const initializers = [{ name: 'w', dtype: 22, dims: [140_000], raw }];
  const graph = { nodes, initializers, outputs: [{ name: 'y' }] };
  writeFileSync(at('int4.onnx'), modelFile({ graph, opset: 21 }));
  const model = loadSync(at('int4.onnx'));
  using session = new Session(model.graph);
  const { data } = session.runSync(model.outputs.y!);
  expect([...data.slice(0, 3)]).toEqual([1, 2, 1]);
});

test('files that are cut off, or say another length, are errors', async () => {
  const file = fileOf({ dims: [kCount], raw: rawOf(weights) });
  const damaged = [
    file.subarray(0, 40_000),
    file.subarray(0, file.length - 3),
    fileOf({ dims: [kCount + 1], raw: rawOf(weights) }),
  ];
  for (const bytes of damaged) {
    writeFileSync(at('cut.onnx'), bytes);
    await expect(load(at('cut.onnx'))).rejects.toMatchObject({ code: 'DATA_LOSS' });
    expect(() => loadSync(at('cut.onnx'))).toThrow(expect.objectContaining({ code: 'DATA_LOSS' }));
    expect(() => checkSync(at('cut.onnx'))).toThrow(expect.objectContaining({ code: 'DATA_LOSS' }));
  }
});
