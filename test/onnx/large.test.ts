import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

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

/** How late a timer of 1 ms fires while `work` goes on, at the 95th percentile, in ms. */
async function lateness(work: () => Promise<unknown>): Promise<number> {
  const late: number[] = [];
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    late.push(now - last - 1);
    last = now;
  }, 1);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  late.sort((a, b) => a - b);
  return late[Math.floor(late.length * 0.95)] ?? Infinity;
}

test('a model of 100 MB loads while the event loop turns', async () => {
  const idle = await lateness(() => setTimeout(200));
  // Other work on the machine may hold the thread for longer, so the best of some trials counts.
  let best = Infinity;
  for (let i = 0; i < 10 && best >= idle + 5; i++) {
    best = Math.min(best, await lateness(() => load(path)));
  }
  expect(best).toBeLessThan(idle + 5);
}, 60_000);

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
