// Loads and runs a model once: engine, path, dims, threads. Writes its figures as JSON.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setTimeout } from 'node:timers/promises';
import { randomFloats } from './random.mjs';

const [engine, path, dimsText, threads] = process.argv.slice(2);
const dims = dimsText.split(',').map(Number);
const input = randomFloats(dims.reduce((a, b) => a * b, 1));

/** How late timers of 1 ms come while work goes on, at the 99th percentile, in ms. */
async function lateness(work) {
  const late = [];
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    late.push(now - last - 1);
    last = now;
  }, 1);
  await work();
  clearInterval(timer);
  late.push(performance.now() - last - 1);
  return late.toSorted((a, b) => a - b)[Math.floor(late.length * 0.99)];
}

/** In MB. The maximum that resourceUsage() gives begins with the memory of the parent process. */
function peakMemory() {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS / 1024;
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024;
}

const require = createRequire(import.meta.url);
let start;
if (engine === 'tensorwright') {
  const { onnx, Session } = require('../../dist/index.js');
  start = async () => {
    const model = await onnx.load(path);
    const loaded = performance.now();
    const session = new Session(model.graph, { threads: Number(threads) });
    const y = await session.run(model.outputs.y, { feeds: [[model.inputs.x, input]] });
    return [loaded, y.data];
  };
} else {
  const { ortSession, ortTensor } = await import('./ort.mjs');
  start = async () => {
    const session = await ortSession(path, Number(threads));
    const loaded = performance.now();
    const { y } = await session.run({ x: ortTensor(input, dims) });
    return [loaded, y.data];
  };
}
const idle = await lateness(() => setTimeout(200));
let result;
let began;
let ended;
const late = await lateness(async () => {
  began = performance.now();
  result = await start();
  ended = performance.now();
});
const [loaded, data] = result;
const rss = peakMemory();
const sum = data.reduce((a, v) => a + Math.abs(v), 0);
const figures = { ms: ended - began, load: loaded - began, rss, late, idle, sum };
process.stdout.write(JSON.stringify(figures));
