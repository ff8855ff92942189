// Prints how many ops have gradients and how many say why they have none, and which kinds of shapes
// test/ops/gradient.test.ts does not check the gradient of an op on. It does not where the op
// refuses inputs of such shapes by an error; --verbose prints these. Fails when a gradient is
// pending or has no check at all.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
require('./typescript.cjs');
const { native } = require('../lib/binding.ts');
const { isUntested, isValueCase } = require('../test/ops/case.ts');
const { cases } = require('../test/ops/cases/index.ts');
const { accepts, reshaped } = require('../test/ops/edges.ts');
const { allowedDTypes } = require('../test/ops/instances.ts');

const verbose = process.argv.includes('--verbose');
const ops = native.listOps();
const pending = ops.filter(({ noGradient }) => noGradient === 'pending');
const reasoned = ops.filter(({ noGradient }) => noGradient !== '' && noGradient !== 'pending');
const differentiable = ops.filter(({ noGradient }) => noGradient === '');

// Whether a row has inputs of that kind of shape, that the op takes.
function isChecked(op, row, kind) {
  const dtypes = row.dtypes ?? allowedDTypes(op);
  const dtype = ['float64', 'float32'].find((d) => dtypes.includes(d)) ?? 'float32';
  const instance = reshaped[kind](op, row, dtype);
  return instance !== null && (kind === 'broadcast' || accepts(op, row, instance));
}

const counts = { ordinary: 0, 'size 0': 0, 'size 1': 0, broadcast: 0 };
const without = { elsewhere: [], unchecked: [], 'size 0': [], 'size 1': [] };
for (const op of differentiable) {
  const rows = cases[op.name] ?? [];
  if (isUntested(rows)) {
    without.elsewhere.push(op.name);
    continue;
  }
  const checked = rows.filter((row) => isValueCase(row) && row.gradient);
  if (checked.length === 0) {
    without.unchecked.push(op.name);
    continue;
  }
  counts.ordinary++;
  for (const kind of Object.keys(reshaped)) {
    if (checked.some((row) => isChecked(op, row, kind))) counts[kind]++;
    else without[kind]?.push(op.name);
  }
}
console.log(
  `${ops.length} ops: ${differentiable.length} with a gradient, ${reasoned.length} without one ` +
    `for a reason that they give, ${pending.length} pending`,
);
console.log(
  `${counts.ordinary} checked against differences by rows, with broadcasting ${counts.broadcast}, ` +
    `on size 1 ${counts['size 1']}, on size 0 ${counts['size 0']}`,
);
console.log(`tests of their own: ${without.elsewhere.join(', ')}`);
console.log(`no check: ${without.unchecked.join(', ') || 'none'}`);
for (const kind of ['size 0', 'size 1']) {
  console.log(`${without[kind].length} take no inputs of ${kind}, or no row leads there`);
  if (verbose) console.log(`  ${without[kind].join(', ')}`);
}
if (verbose) for (const op of reasoned) console.log(`${op.name}: ${op.noGradient}`);
const refusing = ['PreventGradient'];
const missing = without.unchecked.filter((name) => !refusing.includes(name));
process.exitCode = pending.length + missing.length > 0 ? 1 : 0;
