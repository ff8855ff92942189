// Prints which ops can be saved as ONNX and the reason of each that cannot. With --page FILE the list
// takes the place of the last section of a Markdown page.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';

const require = createRequire(import.meta.url);
require('./typescript.cjs');
const { exportTable } = require('../lib/onnx/export/ops/index.ts');
const { isNoForm } = require('../lib/onnx/export/table.ts');

const { values: options } = parseArgs({ options: { page: { type: 'string' } } });
const reasons = new Map();
let saved = 0;
for (const [op, entry] of Object.entries(exportTable)) {
  if (isNoForm(entry)) reasons.set(entry.why, [...(reasons.get(entry.why) ?? []), op]);
  else saved += 1;
}
const without = [...reasons.values()].flat().length;
for (const [why, ops] of reasons) console.log(`${why}:\n  ${ops.sort().join(', ')}\n`);
console.log(`${saved} ops can be saved as ONNX, ${without} cannot for a reason given above`);

if (options.page) {
  const title = '## Ops that are not saved\n';
  const page = readFileSync(options.page, 'utf8');
  const start = page.indexOf(title);
  if (start < 0) throw new Error(`${options.page} has no section "${title.trim()}"`);
  const rows = [...reasons].map(([why, ops]) => {
    const names = ops.sort().map((op) => `\`${op}\``);
    return `| ${why} | ${names.join(', ')} |`;
  });
  const table = ['| reason | ops |', '|---|---|', ...rows].join('\n');
  writeFileSync(options.page, `${page.slice(0, start)}${title}\n${table}\n`);
}
