import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { load } from '../../lib/onnx/index.js';
import { modelFile, rawOf, type TensorSpec } from './write.js';

const kLayers = 25;
const kWidth = 1024;

/** A stack of dense layers of 4 MB each, 100 MB in all. */
function largeModel(): Buffer {
  const weights: TensorSpec[] = [];
  const nodes = [];
  for (let i = 0; i < kLayers; i++) {
    const values = new Float32Array(kWidth * kWidth).fill(1 / kWidth);
    weights.push({ name: `w${i}`, dims: [kWidth, kWidth], raw: rawOf(values) });
    nodes.push({ op: 'MatMul', inputs: [`x${i}`, `w${i}`], outputs: [`x${i + 1}`] });
  }
  const graph = {
    nodes,
    initializers: weights,
    inputs: [{ name: 'x0', shape: ['n', kWidth] }],
    outputs: [{ name: `x${kLayers}`, shape: ['n', kWidth] }],
  };
  return modelFile({ graph });
}

let folder: string;
let path: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tensorwright-'));
  path = join(folder, 'large.onnx');
  writeFileSync(path, largeModel());
});

afterAll(() => rmSync(folder, { recursive: true }));

/** The longest time between two turns of the event loop while `work` goes on, in ms. */
async function longestTurn(work: () => Promise<unknown>): Promise<number> {
  let last = performance.now();
  let longest = 0;
  let isOver = false;
  const turn = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  try {
    await work();
  } finally {
    isOver = true;
  }
  return longest;
}

test('a model of 100 MB loads while the event loop turns', async () => {
  const turns: number[] = [];
  for (let i = 0; i < 5; i++) turns.push(await longestTurn(() => load(path)));
  // The best of some trials: other work on the machine may hold the thread, loading may not.
  expect(Math.min(...turns)).toBeLessThan(5);
});

test('loading can be aborted', async () => {
  const controller = new AbortController();
  const loading = load(path, {
    signal: controller.signal,
    onProgress: () => controller.abort(),
  });
  await expect(loading).rejects.toMatchObject({ name: 'AbortError' });
});

test('progress is told for reading and building', async () => {
  const phases = new Map<string, number>();
  await load(path, {
    onProgress: ({ phase, done, total }) => {
      expect(done).toBeLessThanOrEqual(total);
      phases.set(phase, done / total);
    },
  });
  expect([...phases]).toEqual([
    ['read', 1],
    ['build', 1],
  ]);
});
