// Runs the standard's test directories (model.onnx, test_data_set_*) against the built package:
//   node scripts/conformance.mjs --data DIR [--list FILE] [--filter TEXT] [--saved]
//     [--json FILE] [--docs FILE]
// A model file that lies in DIR itself is a test as well, with NAME_output_0.pb beside NAME.onnx.
// --saved tests what onnx.save makes of each model; those that have no ONNX form are skipped.
// --list names the tests to run, one per line, and one that is missing or skipped fails; --json
// writes the result of each, --docs the page of operators. Each test has a time limit and runs in a child process, so that a
// crash or a hang fails that test alone.
import { fork } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { pageOf } from './conformance-docs.mjs';

const limitMilliseconds = 20_000;

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    list: { type: 'string' },
    filter: { type: 'string' },
    saved: { type: 'boolean', default: false },
    json: { type: 'string' },
    docs: { type: 'string' },
    verbose: { type: 'boolean' },
  },
});
if (values.data === undefined) {
  console.error('conformance: --data DIR is missing');
  process.exit(2);
}

const wanted = values.list && readFileSync(values.list, 'utf8').split(/\s+/).filter(Boolean);
const found = readdirSync(values.data)
  .filter((name) => name.endsWith('.onnx') || existsSync(join(values.data, name, 'model.onnx')))
  .map((name) => name.replace(/\.onnx$/, ''));
const tests = [...(wanted ?? found)]
  .filter((name) => !values.filter || name.includes(values.filter))
  .sort();

let child;

function start() {
  const path = fileURLToPath(new URL('conformance-child.mjs', import.meta.url));
  child = fork(path, { stdio: ['ignore', 'inherit', 'ignore', 'ipc'] });
  return child;
}

/** The child's answer to one test, or what became of the child. */
function run(folder, name) {
  const current = child ?? start();
  return new Promise((resolve) => {
    const finish = (result, isOver) => {
      clearTimeout(timer);
      current.removeAllListeners();
      if (isOver) {
        current.kill('SIGKILL');
        child = undefined;
      }
      resolve(result);
    };
    const late = { status: 'failed', why: `no end after ${limitMilliseconds / 1000} s` };
    const timer = setTimeout(() => finish(late, true), limitMilliseconds);
    current.once('message', (result) => finish(result, false));
    current.once('exit', (code, signal) =>
      finish({ status: 'failed', why: `the process died (${signal ?? code})` }, true),
    );
    current.send({ folder, name, saved: values.saved });
  });
}

const results = {};
const counts = { passed: 0, failed: 0, skipped: 0 };
for (const name of tests) {
  const result = await run(values.data, name);
  if (wanted && result.status === 'skipped') result.status = 'failed';
  results[name] = result;
  counts[result.status] += 1;
  if (values.verbose || result.status === 'failed') {
    console.log(`${result.status} ${name}${result.why ? `: ${result.why}` : ''}`);
  }
}
child?.kill();
if (values.json) writeFileSync(values.json, `${JSON.stringify(results, null, 1)}\n`);
if (values.docs) writeFileSync(values.docs, pageOf(results));
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed > 0 ? 1 : 0;
