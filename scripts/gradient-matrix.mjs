// Prints how many ops have gradients and how many say why they have none, and the kinds of shapes
// that test/ops/gradient.test.ts does not check the gradient of an op on. A cell is filled by a row
// whose differentiated inputs have such shapes, or by one that it reshapes so (test/ops/edges.ts).
// Fails when a gradient is pending, or when a cell is empty and test/ops/emptyCells.ts has no reason
// for that. --verbose prints all reasons.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
require('./typescript.cjs');
const { native } = require('../lib/binding.ts');
const { isUntested, isValueCase } = require('../test/ops/case.ts');
const { cases } = require('../test/ops/cases/index.ts');
const { reshaped } = require('../test/ops/edges.ts');
const { emptyCells } = require('../test/ops/emptyCells.ts');
const { differentiatedShapes } = require('../test/ops/instances.ts');
const { accepts } = require('../test/ops/runRow.ts');

const verbose = process.argv.includes('--verbose');
const kinds = ['gradient', 'gradient on size 0', 'gradient on size 1'];
const ops = native.listOps();
const pending = ops.filter(({ noGradient }) => noGradient === 'pending');
const reasoned = ops.filter(({ noGradient }) => noGradient !== '' && noGradient !== 'pending');
const differentiable = ops.filter(({ noGradient }) => noGradient === '');

// Whether an input that the gradient is checked by has such a shape.
function hasShape(op, row, kind) {
  const shapes = differentiatedShapes(op, row);
  if (kind === 'gradient on size 0') return shapes.some((shape) => shape.includes(0));
  return shapes.some((shape) => shape.includes(1) && !shape.includes(0));
}

function fills(op, row, kind) {
  if (kind === 'gradient' || hasShape(op, row, kind)) return true;
  const instance = reshaped[kind](op, row);
  return instance !== null && accepts(op, row, instance);
}

const counts = { gradient: 0, 'gradient on size 0': 0, 'gradient on size 1': 0 };
const elsewhere = [];
const given = [];
const empty = [];
let broadcasting = 0;
for (const op of differentiable) {
  const rows = cases[op.name] ?? [];
  if (isUntested(rows)) {
    elsewhere.push(`${op.name}: ${rows.elsewhere}`);
    continue;
  }
  const checked = rows.filter((row) => isValueCase(row) && row.gradient);
  if (checked.some((row) => reshaped.broadcast(op, row) !== null)) broadcasting++;
  for (const kind of kinds) {
    const reason = emptyCells[op.name]?.[kind];
    if (checked.some((row) => fills(op, row, kind))) counts[kind]++;
    else if (reason !== undefined) given.push(`${op.name}, ${kind}: ${reason}`);
    else empty.push(`${op.name}: ${kind}`);
  }
}
const list = (title, lines) => console.log([`${title}: ${lines.length}`, ...lines].join('\n  '));
console.log(
  `${ops.length} ops: ${differentiable.length} with a gradient, ${reasoned.length} without one ` +
    `for a reason that they give, ${pending.length} pending`,
);
console.log(
  `${counts.gradient} checked against differences by rows, on size 0 ` +
    `${counts['gradient on size 0']}, on size 1 ${counts['gradient on size 1']}, two inputs ` +
    `broadcast ${broadcasting}; ${elsewhere.length} by tests of their own`,
);
if (verbose) {
  list('tests of their own', elsewhere);
  list('cells empty for a reason', given);
  list(
    'without a gradient',
    reasoned.map(({ name, noGradient }) => `${name}: ${noGradient}`),
  );
}
list('cells empty without a reason', empty);
process.exitCode = pending.length + empty.length > 0 ? 1 : 0;
