// Packs the package, installs the tarball into an empty project with scripts off and no network,
// and runs the README's examples there, by require and by import, with the files of test/readme/
// beside them. Needs a built dist/ and an addon in prebuilds/.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { asImport, asRequire, examplesOf } from './readme-examples.mjs';

const project = mkdtempSync(join(tmpdir(), 'tensorwright-pack-'));
const loadsAtLeast =
  "import * as tensorwright from 'tensorwright';\nif (!tensorwright) throw new Error('empty');\n";
const npm = (args, cwd) =>
  execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

function pack() {
  const [{ filename, files, size }] = JSON.parse(
    npm(['pack', '--json', '--ignore-scripts', '--pack-destination', project], resolve('.')),
  );
  const paths = files.map(({ path }) => path);
  for (const needed of [/^dist\/index\.js$/, /^dist\/index\.d\.ts$/, /^prebuilds\/.*\.node$/]) {
    if (!paths.some((path) => needed.test(path))) throw new Error(`the tarball lacks ${needed}`);
  }
  if (paths.includes('binding.gyp')) throw new Error('the tarball holds a binding.gyp');
  const { scripts = {} } = JSON.parse(readFileSync('package.json', 'utf8'));
  for (const name of ['preinstall', 'install', 'postinstall']) {
    if (name in scripts) throw new Error(`package.json has a script named ${name}`);
  }
  console.log(`${filename}: ${paths.length} files, ${(size / 1e6).toFixed(2)} MB`);
  return join(project, filename);
}

function runExample(name, source) {
  writeFileSync(join(project, name), source);
  const env = { ...process.env };
  delete env.TENSORWRIGHT_NATIVE_PATH;
  const { status, stdout, stderr } = spawnSync(process.execPath, [name], {
    cwd: project,
    encoding: 'utf8',
    env,
  });
  console.log(`${name}: ${status === 0 ? 'runs' : `status ${status}\n${stdout}${stderr}`}`);
  return status === 0;
}

let passed = 0;
let failed = 0;
try {
  writeFileSync(join(project, 'package.json'), '{ "name": "empty", "private": true }\n');
  npm(['install', '--ignore-scripts', '--offline', '--no-audit', '--no-fund', pack()], project);
  const readme = existsSync('README.md') ? readFileSync('README.md', 'utf8') : '';
  const examples = examplesOf(readme);
  if (examples.length === 0) examples.push(loadsAtLeast);
  if (existsSync('test/readme')) cpSync('test/readme', project, { recursive: true });
  for (const [i, code] of examples.entries()) {
    for (const [name, source] of [
      [`example${i + 1}.cjs`, asRequire(code)],
      [`example${i + 1}.mjs`, asImport(code)],
    ]) {
      if (runExample(name, source)) passed++;
      else failed++;
    }
  }
} finally {
  rmSync(project, { recursive: true, force: true });
}
console.log(`pack: ${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
