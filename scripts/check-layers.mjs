// Fails when a native file includes from a folder above its own floor, or from a sibling folder
// on the same floor. The rows say what each folder may include besides itself.
import { readdirSync, readFileSync } from 'node:fs';

const may = {
  base: [],
  tensor: ['base'],
  simd: ['base'],
  tile: ['base'],
  kernels: ['simd', 'tile', 'base', 'tensor/dtype.h'],
  graph: ['tensor', 'tile', 'base'],
  ops: ['graph', 'kernels', 'tensor', 'tile', 'base'],
  passes: ['graph', 'tensor', 'tile', 'base'],
  runtime: ['passes', 'graph', 'tensor', 'tile', 'base'],
  engine: ['runtime', 'passes', 'graph', 'tensor', 'base', 'simd/isa.h'],
  binding: ['engine.h'],
};

const room = (path) => (/^engine\.(h|cc)$/.test(path) ? 'engine' : path.split('/')[0]);
const allowed = (from, target) =>
  room(target) === from || may[from].some((entry) => entry === target || entry === room(target));

const broken = [];
for (const path of readdirSync('native', { recursive: true })) {
  if (!/\.(h|cc)$/.test(path)) continue;
  const from = room(path);
  if (may[from] === undefined) broken.push(`native/${path}: no floor for this folder`);
  for (const [, target] of readFileSync(`native/${path}`, 'utf8').matchAll(/#include "([^"]+)"/g)) {
    if (!allowed(from, target)) {
      broken.push(`native/${path} includes ${target}: ${from} may not reach ${room(target)}`);
    }
  }
}
for (const line of broken) console.error(line);
process.exitCode = broken.length > 0 ? 1 : 0;
