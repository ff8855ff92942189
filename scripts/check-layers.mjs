// Fails when a native file includes from a folder above its own floor, or from a sibling folder
// on the same floor; when a TypeScript file other than lib/binding.ts loads the addon; or when the
// files of lib/ import each other in a circle. The folder to look at may be given as an argument.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

const root = process.argv[2] ?? '.';

// What each folder of native/ may include besides itself.
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
  engine: [
    'ops/linalg/stored_matrix.h',
    'runtime',
    'passes',
    'graph',
    'tensor',
    'base',
    'simd/isa.h',
  ],
  binding: ['engine.h'],
};

const broken = [];
const filesIn = (folder, pattern) =>
  existsSync(join(root, folder))
    ? readdirSync(join(root, folder), { recursive: true })
        .map((path) => path.replaceAll('\\', '/'))
        .filter((path) => pattern.test(path))
    : [];
const read = (path) => readFileSync(join(root, path), 'utf8');

const room = (path) => (/^engine\.(h|cc)$/.test(path) ? 'engine' : path.split('/')[0]);
const allowed = (from, target) =>
  room(target) === from || may[from]?.some((entry) => entry === target || entry === room(target));
for (const path of filesIn('native', /\.(h|cc)$/)) {
  const from = room(path);
  if (may[from] === undefined) broken.push(`native/${path}: no floor for this folder`);
  const text = read(`native/${path}`);
  for (const [, target] of text.matchAll(/^\s*#\s*include\s+"([^"]+)"/gm)) {
    if (!allowed(from, target)) {
      broken.push(`native/${path} includes ${target}: ${from} may not reach ${room(target)}`);
    }
  }
  if (/^\s*#\s*include\s+<napi\.h>/m.test(text) && from !== 'binding') {
    broken.push(`native/${path} includes napi.h: only binding may`);
  }
}

// Imports that are for types alone leave no trace at run time and cannot make a circle.
const imported = /^\s*(?:import|export)\s+(?!type\b)(?:[^'";]*?\sfrom\s+)?'(\.[^']+)'/gm;
const graph = new Map();
for (const path of filesIn('lib', /\.ts$/)) {
  const text = read(`lib/${path}`);
  if (path !== 'binding.ts' && /\.node['"`]|process\.dlopen/.test(text)) {
    broken.push(`lib/${path} loads an addon: only lib/binding.ts may`);
  }
  const targets = [...text.matchAll(imported)]
    .filter(([statement]) => !/\{(\s*type\s[^,}]+,?)+\s*\}/.test(statement))
    .map(([, target]) => posix.join(posix.dirname(path), target).replace(/\.js$/, '.ts'));
  graph.set(path, targets);
}

const done = new Set();
function visit(path, trail) {
  const start = trail.indexOf(path);
  if (start >= 0) {
    broken.push(`import circle in lib/: ${[...trail.slice(start), path].join(' -> ')}`);
    return;
  }
  if (done.has(path)) return;
  for (const target of graph.get(path) ?? []) visit(target, [...trail, path]);
  done.add(path);
}
for (const path of graph.keys()) visit(path, []);

for (const line of broken) console.error(line);
process.exitCode = broken.length > 0 ? 1 : 0;
