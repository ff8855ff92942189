// Measures tensorwright beside ONNX Runtime and tfjs-wasm and prints one table.
// node bench/run.mjs [group...] [--batches N] [--out results.json]
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const here = dirname(fileURLToPath(import.meta.url));
if (!existsSync(join(here, 'node_modules', 'onnxruntime-node'))) {
  console.error('bench/ has its own packages: run  npm ci --ignore-scripts --prefix bench  first');
  process.exit(1);
}
const { buildPeak } = await import('./lib/peak.mjs');
const { geometricMeans, judge, table } = await import('./lib/report.mjs');

const groups = ['calls', 'matMul', 'conv', 'relu', 'models', 'digits', 'cnn', 'train'];
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    batches: { type: 'string', default: '7' },
    out: { type: 'string', default: join(here, 'results', 'latest.json') },
    shared: { type: 'string', default: join(here, '..', '..', 'shared') },
  },
});

buildPeak();
const tw = createRequire(import.meta.url)('../dist/index.js');
const context = { tw, shared: values.shared, options: { batches: Number(values.batches) } };
const rows = [];
for (const group of positionals.length > 0 ? positionals : groups) {
  const { default: measure } = await import(`./rows/${group}.mjs`);
  try {
    rows.push(...(await measure(context)).map((row) => ({ group, ...judge(row) })));
  } catch (error) {
    rows.push({ group, row: group, missing: `${error.message}`, failed: true });
  }
}
rows.push(...geometricMeans(rows));
console.log(table(rows));

mkdirSync(dirname(values.out), { recursive: true });
const machine = { cpu: cpus()[0].model, cores: cpus().length, node: process.version };
for (const row of rows) delete row.ofPeak;
writeFileSync(
  values.out,
  `${JSON.stringify({ date: new Date().toISOString(), machine, rows }, null, 1)}\n`,
);
process.exitCode = rows.some((row) => row.failed) ? 1 : 0;
