// Saves graphs as ONNX and runs them in ONNX Runtime: its results must be the engine's own.
// node bench/export.mjs [graphs] [models] [--shared DIR] [--op NAME]... [--opset N] [--verbose]
//   graphs: of each op that has an ONNX form, a row of its test table (all rows with --verbose)
//   models: every model of DIR/models, at its reference inputs
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const here = dirname(fileURLToPath(import.meta.url));
if (!existsSync(join(here, 'node_modules', 'onnxruntime-node'))) {
  console.error('bench/ has its own packages: run  npm ci --ignore-scripts --prefix bench  first');
  process.exit(1);
}
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    shared: { type: 'string', default: join(here, '..', '..', 'shared') },
    op: { type: 'string', multiple: true },
    opset: { type: 'string' },
    verbose: { type: 'boolean', default: false },
  },
});
const require = createRequire(import.meta.url);
require('../scripts/typescript.cjs');
const { exportCases, savedCase } = require('../test/onnx/exportCases.ts');
const { loadSync, saveSync } = require('../lib/onnx/index.ts');
const { loadNpySync } = require('../lib/io/index.ts');
const { Session } = require('../lib/session.ts');
const { checkTypes, difference, run } = await import('./lib/runExported.mjs');

const counts = { passed: 0, failed: 0, skipped: 0 };

function report(kind, name, why = '') {
  counts[kind] += 1;
  if (kind !== 'passed' || options.verbose) console.log(`${kind}  ${name}  ${why}`);
}

// What no model file can mend: types that the peer has no kernel for, locales that are not installed.
const lacking =
  /Failed to construct locale|is not currently registered|Could not find an implementation|is not supported|NOT_IMPLEMENTED|not implemented/;

async function check(name, expected, tolerance, bytes, feeds) {
  try {
    checkTypes([...Object.values(feeds), ...Object.values(expected)]);
    const got = await run(bytes, feeds, Object.keys(expected));
    const wrong = Object.keys(expected)
      .map((key) => difference(expected[key], got[key], tolerance))
      .find((text) => text !== undefined);
    report(wrong ? 'failed' : 'passed', name, wrong);
  } catch (error) {
    report(lacking.test(error.message) ? 'skipped' : 'failed', name, error.message.slice(0, 200));
  }
}

// One row of each op, of a dtype that the peer is most likely to have.
function* chosen() {
  const liked = ['float32', 'int32', 'int64', 'bool', 'string', null];
  const rank = ({ row, dtype }) => (liked.includes(dtype) ? liked.indexOf(dtype) : 9) * 1000 + row;
  const best = new Map();
  for (const one of exportCases((op) => options.op?.includes(op) ?? true)) {
    if (options.verbose) yield one;
    else if (!best.has(one.op) || rank(one) < rank(best.get(one.op))) best.set(one.op, one);
  }
  yield* best.values();
}

const random = /^(Random|Multinomial)/;

async function graphs() {
  const opset = options.opset === undefined ? undefined : Number(options.opset);
  for (const one of chosen()) {
    const name = `${one.op}, row ${one.row}, ${one.dtype}`;
    let saved;
    try {
      saved = savedCase(one, opset);
    } catch (error) {
      const kind = error.code === 'UNIMPLEMENTED' ? 'skipped' : 'failed';
      report(kind, name, error.message.split('\n').at(-1));
      continue;
    }
    const { bytes, values, results } = saved;
    if (values.some(({ shape }) => shape.includes(0))) {
      report('skipped', name, 'values of size 0 end the peer in some operators');
      continue;
    }
    const feeds = Object.fromEntries(values.map((value, i) => [`input_${i}`, value]));
    const tolerance = random.test(one.op) ? Number.POSITIVE_INFINITY : one.tolerance;
    await check(name, results, tolerance, bytes, feeds);
  }
}

async function models() {
  const folder = join(options.shared, 'models');
  if (!existsSync(folder)) return report('skipped', 'models', `there is no folder ${folder}`);
  for (const name of readdirSync(folder)) {
    const path = join(folder, name, 'model.onnx');
    if (!existsSync(path)) continue;
    const model = loadSync(path);
    const bytes = saveSync(model.graph, model.outputs, null, { inputs: model.inputs });
    const { inputs } = JSON.parse(readFileSync(join(folder, name, 'ref', 'io.json'), 'utf8'));
    const feeds = Object.fromEntries(
      inputs.map((input) => [input.name, loadNpySync(join(folder, name, 'ref', input.file))]),
    );
    const session = new Session(model.graph);
    const given = new Map(Object.entries(feeds).map(([key, x]) => [model.inputs[key], x]));
    const results = session.runSync(model.outputs, { feeds: given });
    await session.close();
    await check(name, results, 100, bytes, feeds);
  }
}

const parts = positionals.length > 0 ? positionals : ['graphs', 'models'];
if (parts.includes('graphs')) await graphs();
if (parts.includes('models')) await models();
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed > 0 ? 1 : 0;
