// Packs the package, installs the tarball into an empty project with scripts off and no network,
// runs what the README shows there (run-readme.mjs), and compiles and runs a user's TypeScript
// (test/package/usage.mts). Needs a built dist/ and an addon in prebuilds/.
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runReadme } from './run-readme.mjs';

const project = mkdtempSync(join(tmpdir(), 'tensorwright-pack-'));
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

// Compiles what a TypeScript user writes against the declarations, all of them checked, and runs it.
const strict = [
  ...['--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess'],
  ...['--target', 'es2022', '--lib', 'es2023,esnext.disposable', '--module', 'nodenext'],
  ...['--types', 'node', '--typeRoots', resolve('node_modules/@types')],
];

function usageWorks(env) {
  copyFileSync('test/package/usage.mts', join(project, 'usage.mts'));
  const commands = [
    [resolve('node_modules/typescript/bin/tsc'), ...strict, 'usage.mts'],
    ['usage.mjs'],
  ];
  return commands.every((args) => {
    const { status, output } = spawnSync(process.execPath, args, { cwd: project, env });
    if (status !== 0) console.log(`${args.at(-1)}: status ${status}\n${output.join('')}`);
    return status === 0;
  });
}

try {
  writeFileSync(join(project, 'package.json'), '{ "name": "empty", "private": true }\n');
  npm(['install', '--ignore-scripts', '--offline', '--no-audit', '--no-fund', pack()], project);
  const env = { ...process.env };
  delete env.TENSORWRIGHT_NATIVE_PATH;
  const cli = join(project, 'node_modules', 'tensorwright', 'dist', 'cli', 'main.js');
  const { passed, failed: wrong } = runReadme(project, env, cli);
  const works = usageWorks(env);
  const failed = wrong + Number(!works);
  console.log(`pack: ${passed + Number(works)} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
} finally {
  rmSync(project, { recursive: true, force: true });
}
