// Fails when native/sources.gypi, the one list of files and flags, and the tree disagree, or when
// a tracked file breaks a rule of form: length, ASCII, no path of a machine. The folder to look at
// may be given as an argument.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = process.argv[2] ?? '.';
const wrong = [];
const warnings = [];
const read = (path) => readFileSync(join(root, path), 'utf8');
const sourcesIn = (folder) =>
  existsSync(join(root, folder))
    ? readdirSync(join(root, folder), { recursive: true })
        .filter((name) => name.endsWith('.cc'))
        .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    : [];

const { variables } = JSON.parse(read('native/sources.gypi'));
const lists = {
  core_sources: sourcesIn('native').filter((path) => !path.startsWith('native/binding/')),
  binding_sources: sourcesIn('native/binding'),
  native_tests: sourcesIn('test/native'),
  bench_sources: sourcesIn('bench/native'),
};
for (const [name, present] of Object.entries(lists)) {
  const listed = variables[name] ?? [];
  for (const path of present) {
    if (!listed.includes(path)) wrong.push(`${path} is missing in ${name} of native/sources.gypi`);
  }
  for (const path of listed) {
    if (!present.includes(path)) wrong.push(`${name} lists ${path}, which does not exist`);
  }
  for (const path of new Set(listed.filter((path, i) => listed.indexOf(path) !== i))) {
    wrong.push(`${name} lists ${path} twice`);
  }
}

const machineFlag = /^-m(?!acosx-version-min)/;
for (const flag of [...variables.native_flags, ...variables.native_link_flags]) {
  if (machineFlag.test(flag))
    wrong.push(`native/sources.gypi has ${flag}: wide code is chosen per region`);
}
for (const path of ['CMakeLists.txt', 'binding.gyp']) {
  const flag = /["'\s;(](-m(?:avx|sse|fma|bmi|arch|tune|cpu|f16c)[\w.=-]*)/.exec(read(path));
  if (flag !== null)
    wrong.push(`${path} sets ${flag[1]}: flags belong to native/sources.gypi, -m ones nowhere`);
}

const generated = /^(lib\/generated|docs\/ops)\/|(^|\/)package-lock\.json$/;
const code = /\.(cc|h|ts|mts|mjs|cjs|js|py|gypi?|sh)$|CMakeLists\.txt$|^\.ci\/run$/;
const prose = /\.(md|json|ya?ml)$/;
const machinePath = /(^|[^\w.])\/(work|tmp|root|home|farm|Users)\/[\w.-]/;
for (const path of execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split(
  '\0',
)) {
  if (!(code.test(path) || prose.test(path)) || !existsSync(join(root, path))) continue;
  const text = read(path);
  const lines = text.split('\n');
  if (code.test(path) && !generated.test(path)) {
    if (lines.length > 501) wrong.push(`${path}: ${lines.length - 1} lines, at most 500`);
    else if (lines.length > 301)
      warnings.push(`${path}: ${lines.length - 1} lines, look for the seam`);
  }
  if (path.endsWith('package-lock.json') && /"resolved": "http/.test(text)) {
    wrong.push(`${path} holds download addresses`);
  }
  for (const [i, line] of lines.entries()) {
    if (machinePath.test(line)) wrong.push(`${path}:${i + 1}: absolute path of a machine`);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the class is all of ASCII
    if (code.test(path) && /[^\x00-\x7f]/.test(line)) wrong.push(`${path}:${i + 1}: not ASCII`);
  }
}

for (const line of warnings) console.warn(line);
for (const line of wrong) console.error(line);
process.exitCode = wrong.length > 0 ? 1 : 0;
