import { EngineError } from '../../lib/errors.js';
import { loadSync } from '../../lib/onnx/index.js';
import { Session } from '../../lib/session.js';
import { type GraphSpec, kFloat, type ModelSpec, modelFile, type NodeSpec } from './write.js';

/** Files that are made to do harm: each is an EngineError soon, and takes little memory. */

export const x = { name: 'x', dtype: kFloat, shape: [2, 2] };
export const y = { name: 'y' };
export const relu = (from: string, to: string): NodeSpec => {
  return { op: 'Relu', inputs: [from], outputs: [to] };
};
export const kBool = 9;

export function fileOf(graph: GraphSpec, more: Partial<ModelSpec> = {}): Buffer {
  return modelFile({ ...more, graph: { inputs: [x], outputs: [y], ...graph } });
}

/** Milliseconds of all threads: the machine may have other work. */
export function spent(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** The error of an action, which takes less than 2 s and 256 MB. */
export function failureOf(action: () => unknown): EngineError {
  const began = spent();
  const before = process.memoryUsage.rss();
  try {
    action();
  } catch (error) {
    expect(spent() - began).toBeLessThan(2000);
    expect(process.memoryUsage.rss() - before).toBeLessThan(256 << 20);
    if (error instanceof EngineError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

export const loading = (file: Buffer) => failureOf(() => loadSync(file));

export function run(file: Buffer, feeds: Readonly<Record<string, unknown>> = {}) {
  const { graph, inputs, outputs } = loadSync(file);
  using session = new Session(graph, { memoryLimit: 64 << 20, timeout: 500, threads: 1 });
  const pairs = Object.entries(feeds).map(([name, value]) => [inputs[name]!, value as number[]]);
  return session.runSync(outputs, { feeds: pairs as [] });
}

export const running = (file: Buffer, feeds: Readonly<Record<string, unknown>> = {}) =>
  failureOf(() => run(file, feeds));
