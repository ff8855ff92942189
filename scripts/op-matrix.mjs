// Prints the empty cells of op x dtype x kind of value that the tests in test/ops leave, and fails
// when one has no written reason in test/ops/emptyCells.ts. A cell is filled by a row of the cases
// or by an edge derived from one (test/ops/edges.ts); it does not exist where the op refuses such
// inputs by an error, which the edges test too. --verbose prints the refusals.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
require('./typescript.cjs');
const { native } = require('../lib/binding.ts');
const { isFloat } = require('../lib/dtype.ts');
const { isUntested, isValueCase } = require('../test/ops/case.ts');
const { cases } = require('../test/ops/cases/index.ts');
const { edgesOf } = require('../test/ops/edges.ts');
const { emptyCells } = require('../test/ops/emptyCells.ts');
const { allowedDTypes, instanceOf } = require('../test/ops/instances.ts');

const kinds = ['ordinary', 'size 0', 'rank 0', 'broadcast', 'NaN or infinity'];
const verbose = process.argv.includes('--verbose');

const isSpecial = (value) => typeof value === 'number' && !Number.isFinite(value);

function kindsOf(op, instance) {
  const values = instance.inputs.flat().filter((value) => value !== null);
  const [first, second] = values;
  const found = [];
  if (values.some(({ shape }) => shape.includes(0))) found.push('size 0');
  else if (values.some((value) => [...value].some(isSpecial))) found.push('NaN or infinity');
  else found.push('ordinary');
  if (first?.shape.length === 0) found.push('rank 0');
  const alike = op.inputs.length > 1 && op.inputs[0].typeAttr === op.inputs[1].typeAttr;
  if (alike && second !== undefined && first.shape.join() !== second.shape.join())
    found.push('broadcast');
  return found;
}

// By dtype, the kinds that rows and edges fill, and those that the op refuses.
function cellsOf(op, rows) {
  const filled = new Set();
  const refused = new Map();
  for (const row of rows.filter(isValueCase)) {
    for (const dtype of row.dtypes ?? allowedDTypes(op)) {
      const instance = instanceOf(op, row, dtype);
      if (instance === null) continue;
      for (const kind of kindsOf(op, instance)) filled.add(`${dtype} ${kind}`);
    }
  }
  let broadcasts = false;
  for (const { kind, dtype, check } of edgesOf(op, rows)) {
    broadcasts ||= kind === 'broadcast';
    const reason = check();
    if (reason === undefined) filled.add(`${dtype} ${kind}`);
    else refused.set(`${dtype} ${kind}`, reason);
  }
  return { filled, refused, broadcasts };
}

const count = { filled: 0, refused: 0, reasons: 0, empty: 0 };
const complain = (sentence) => {
  console.log(sentence);
  count.empty++;
};
for (const op of native.listOps()) {
  const rows = cases[op.name];
  if (rows === undefined) complain(`${op.name}: no row at all`);
  if (rows === undefined || isUntested(rows)) continue;
  const { filled, refused, broadcasts } = cellsOf(op, rows);
  for (const kind of kinds) {
    const missing = [];
    for (const dtype of allowedDTypes(op)) {
      if (kind === 'NaN or infinity' && !isFloat(dtype)) continue;
      if (kind === 'broadcast' && !broadcasts) continue;
      if (kind !== 'ordinary' && op.inputs.length === 0) continue;
      const cell = `${dtype} ${kind}`;
      if (filled.has(cell)) count.filled++;
      else if (refused.has(cell)) count.refused++;
      else missing.push(dtype);
      if (verbose && refused.has(cell)) console.log(`${op.name}: ${cell}: ${refused.get(cell)}`);
    }
    if (missing.length === 0) continue;
    const reason = emptyCells[op.name]?.[kind];
    if (reason === undefined) complain(`${op.name}: ${kind}: ${missing.join(', ')}`);
    else count.reasons += missing.length;
  }
}
console.log(
  `op matrix: ${count.filled} cells filled, ${count.refused} refused by the op, ` +
    `${count.reasons} empty for a reason, ${count.empty} lines without one`,
);
process.exitCode = count.empty > 0 ? 1 : 0;
