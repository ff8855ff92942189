// Plants a wrong sign in kernels picked at random, one by one, in a clone of HEAD in
// build-faults/, and expects the C++ tests or the tests of the ops to fail each time, on one of
// the tiers. Run by hand; a fault takes a rebuild of its file and a test run.
// node scripts/plant-faults.mjs [--count 10] [--seed N] [--dry]
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { tiersOfThisMachine } from './tiers.mjs';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(Date.now() % 1e6) },
    dry: { type: 'boolean', default: false },
  },
});
const copy = 'build-faults';
const tiers = tiersOfThisMachine();
const jestBin = resolve('node_modules/jest/bin/jest.js');
let state = Number(values.seed) + 1;
// Uniform below n.
function pick(n) {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * n);
}

const run = (command, args, options = {}) =>
  spawnSync(command, args, { cwd: copy, encoding: 'utf8', maxBuffer: 1 << 28, ...options });

function prepareCopy() {
  if (!existsSync(copy)) run('git', ['clone', '-q', '.', copy], { cwd: '.' });
  run('git', ['fetch', '-q', resolve('.'), 'HEAD']);
  run('git', ['checkout', '-q', '--force', '--detach', 'FETCH_HEAD']);
  const packages = join(copy, 'node_modules');
  if (!existsSync(packages)) symlinkSync(resolve('node_modules'), packages);
  // Programs that tests start load the package from dist/.
  const compiled = run(process.execPath, [
    'node_modules/typescript/bin/tsc',
    '-p',
    'tsconfig.build.json',
  ]);
  if (compiled.status !== 0) throw new Error('HEAD does not compile');
}

// The arguments of the call that opens at `from` in text, as [start, end) pairs.
function argumentsAt(text, from) {
  const found = [];
  let depth = 0;
  let start = from + 1;
  for (let i = from; i < text.length; i++) {
    if ('([{'.includes(text[i])) depth++;
    if (')]}'.includes(text[i])) depth--;
    if (depth > 1 || (depth === 1 && text[i] !== ',')) continue;
    found.push([start, i]);
    start = i + 1;
    if (depth === 0) return found;
  }
  return [];
}

const negate = (text, start, end) =>
  `${text.slice(0, start)} -(${text.slice(start, end).trim()})${text.slice(end)}`;

// The line with the sign changed of a value that is stored, multiplied, assigned to an element of
// the output or given back; in each way that applies.
function wrongSigns(text) {
  const changed = [];
  for (const match of text.matchAll(/\b(store(?:_partial|_as)?(?:<[\w:]+>)?|fma)\(/g)) {
    const list = argumentsAt(text, match.index + match[0].length - 1);
    const position = match[1] === 'fma' ? 0 : 1;
    if (list.length > position) changed.push(negate(text, ...list[position]));
  }
  const whole =
    /^(\s*(?:static |inline |VEC_FN )*(?:V|T|Vec<\w+>|float|double)\b.*\{ return)( [^;]+)(; \}.*)$/.exec(
      text,
    ) ?? /^(\s*(?:y|out|dst|c|result)\[[^=]+\] =)( [^;]+)(;)$/.exec(text);
  if (whole !== null)
    changed.push(negate(text, whole[1].length, whole[1].length + whole[2].length));
  return changed;
}

function candidates() {
  const found = [];
  for (const name of readdirSync(join(copy, 'native/kernels'), { recursive: true })) {
    if (!/\.(cc|h)$/.test(name)) continue;
    const path = join('native/kernels', name);
    const lines = readFileSync(join(copy, path), 'utf8').split('\n');
    for (const [line, text] of lines.entries()) {
      for (const changed of wrongSigns(text)) found.push({ path, line, changed });
    }
  }
  return found;
}

function build() {
  const jobs = String(availableParallelism());
  return (
    run(process.execPath, ['scripts/build.mjs']).status === 0 &&
    run('cmake', ['-DTENSORWRIGHT_TESTS=ON', 'build']).status === 0 &&
    run('cmake', ['--build', 'build', '-j', jobs]).status === 0
  );
}

// The test files that tables name for ops which have no rows.
function elsewhere() {
  const folder = join(copy, 'test/ops/cases');
  const tables = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  const named = [...tables.join('').matchAll(/elsewhere:\s*'([\w/.]+\.test\.ts)/g)];
  return new Set(named.map(([, path]) => path));
}

const onTier = (tier) => ({ env: { ...process.env, TENSORWRIGHT_ISA: tier }, timeout: 900_000 });

function nativeFailure(tier) {
  const { status, stdout } = run('build/native_tests', [], onTier(tier));
  return status === 0 ? undefined : (/FAILED .*/.exec(stdout)?.[0] ?? 'C++ tests ended early');
}

function jestFailure(tier, paths) {
  const args = [jestBin, ...paths, '--bail'];
  const { status, stderr } = run(process.execPath, args, onTier(tier));
  return status === 0 ? undefined : (/\u25cf .*/.exec(stderr)?.[0].slice(2) ?? 'jest failed');
}

// The first line that tells what failed; undefined when every test passes.
function firstFailure() {
  for (const tier of tiers) {
    const failure = nativeFailure(tier);
    if (failure !== undefined) return `${tier}: ${failure}`;
  }
  for (const tier of tiers) {
    const failure = jestFailure(
      tier,
      tier === tiers[0] ? ['test/ops', ...elsewhere()] : ['test/ops'],
    );
    if (failure !== undefined) return `${tier}: ${failure}`;
  }
  return undefined;
}

prepareCopy();
const all = candidates();
console.log(`${all.length} places for a wrong sign, seed ${values.seed}`);
if (values.dry) {
  for (const { path, line, changed } of all) console.log(`${path}:${line + 1}: ${changed.trim()}`);
  process.exit(0);
}
if (!build()) throw new Error('HEAD does not build');
const before = firstFailure();
if (before !== undefined) throw new Error(`HEAD fails already: ${before}`);

let caught = 0;
let planted = 0;
while (planted < Number(values.count) && all.length > 0) {
  const files = [...new Set(all.map(({ path }) => path))];
  const file = files[pick(files.length)];
  const inFile = all.filter(({ path }) => path === file);
  const fault = inFile[pick(inFile.length)];
  all.splice(all.indexOf(fault), 1);
  const path = join(copy, fault.path);
  const sound = readFileSync(path, 'utf8');
  writeFileSync(path, sound.split('\n').with(fault.line, fault.changed).join('\n'));
  if (build()) {
    planted++;
    const failure = firstFailure();
    if (failure !== undefined) caught++;
    console.log(
      `${fault.path}:${fault.line + 1}: ${fault.changed.trim()}\n  ${failure ?? 'NOT NOTICED'}`,
    );
  }
  writeFileSync(path, sound);
}
console.log(`faults: ${caught} passed, ${planted - caught} failed`);
process.exitCode = caught === planted && planted > 0 ? 0 : 1;
