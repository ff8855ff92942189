// Prints which ops cannot be saved as ONNX, with the reason of each, and how many can.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
require('./typescript.cjs');
const { exportTable } = require('../lib/onnx/export/ops/index.ts');
const { isNoForm } = require('../lib/onnx/export/table.ts');

const reasons = new Map();
let saved = 0;
for (const [op, entry] of Object.entries(exportTable)) {
  if (isNoForm(entry)) reasons.set(entry.why, [...(reasons.get(entry.why) ?? []), op]);
  else saved += 1;
}
const without = [...reasons.values()].flat().length;
for (const [why, ops] of reasons) console.log(`${why}:\n  ${ops.sort().join(', ')}\n`);
console.log(`${saved} ops can be saved as ONNX, ${without} cannot for a reason given above`);
