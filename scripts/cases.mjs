// Compares the behaviour cases of ../shared/tf/cases.jsonl with the tests, whose names begin with
// the ids of their cases ("grad-002: ...", "fetch-001, fetch-002: ..."), and with docs/semantics.md,
// whose table rows begin with the ids that are answered differently on purpose. Runs the test files
// that name cases and prints how many pass, differ by decision, fail and are missing.
//   node scripts/cases.mjs [--static] [--areas NAME,NAME]
// --static only looks for the names. Fails when a test fails, or when the page names an unknown id.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const root = resolve(import.meta.dirname, '..');
const source = join(root, '..', 'shared', 'tf', 'cases.jsonl');
const { values: options } = parseArgs({
  options: { static: { type: 'boolean' }, areas: { type: 'string' } },
});
if (!existsSync(source)) {
  console.log('There is no ../shared/tf/cases.jsonl to compare with.');
  process.exit(0);
}
const all = readFileSync(source, 'utf8').split('\n').filter(Boolean).map(JSON.parse);
const areas = options.areas?.split(',');
const wanted = all.filter(({ area }) => areas?.includes(area) ?? true);

const byLength = all.map(({ id }) => id).sort((a, b) => b.length - a.length);
const id = `(?:${byLength.join('|')})`;
const ids = `${id}(?:, ${id})*(?![\\w-])`;
const idsOf = (text) => text?.split(', ') ?? [];

const files = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.test.ts'))
  .map((path) => join('test', path));
const namesIn = (file) => {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(new RegExp(`['"\`](${ids})`, 'g'))].flatMap((m) => idsOf(m[1]));
};

function namedTests() {
  return new Map(files.flatMap(namesIn).map((name) => [name, true]));
}

// By id, whether all its tests pass.
function ranTests() {
  const folder = mkdtempSync(join(tmpdir(), 'tensorwright-cases-'));
  const output = join(folder, 'results.json');
  const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
  const naming = files.filter((file) => namesIn(file).length > 0);
  const args = [
    jest,
    '--silent',
    '--json',
    `--outputFile=${output}`,
    '--runTestsByPath',
    ...naming,
  ];
  spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 'ignore', 'ignore'] });
  const { testResults } = JSON.parse(readFileSync(output, 'utf8'));
  rmSync(folder, { recursive: true });
  const found = new Map();
  const begins = new RegExp(`^(${ids})`);
  for (const { title, status } of testResults.flatMap((file) => file.assertionResults)) {
    for (const name of idsOf(begins.exec(title)?.[1])) {
      found.set(name, (found.get(name) ?? true) && status === 'passed');
    }
  }
  for (const { status, name, message } of testResults) {
    if (status === 'failed')
      console.log(`${name.slice(root.length + 1)}: ${message.slice(0, 2000)}`);
  }
  return found;
}

const page = readFileSync(join(root, 'docs', 'semantics.md'), 'utf8');
const rows = [...page.matchAll(/^\| ([a-z]\w*-[\w-]+(?:, [a-z]\w*-[\w-]+)*) \|/gm)];
const decided = new Set(rows.flatMap((row) => idsOf(row[1])));
const unknown = [...decided].filter((name) => !byLength.includes(name));
const tests = options.static ? namedTests() : ranTests();

const groups = { pass: [], differ: [], fail: [], missing: [] };
for (const { id: name, priority } of wanted) {
  const passed = tests.get(name);
  if (passed === false) groups.fail.push(name);
  else if (decided.has(name)) groups.differ.push(name);
  else if (passed) groups.pass.push(name);
  else groups.missing.push(`${name} (${priority})`);
}
const print = (sentence, names) =>
  console.log(`${names.length} ${sentence}${names.length ? `: ${names.join(', ')}` : ''}`);
console.log(
  `${wanted.length} cases, ${groups.pass.length} ${options.static ? 'have tests' : 'pass'}`,
);
print('differ by decision (docs/semantics.md)', groups.differ);
print('fail', groups.fail);
print('are missing', groups.missing);
if (unknown.length > 0) print('are in docs/semantics.md but no case', unknown);
process.exitCode = groups.fail.length + unknown.length > 0 ? 1 : 0;
