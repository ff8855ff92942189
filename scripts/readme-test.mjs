// Runs the README's examples and commands against this checkout, by require and by import, with
// the files of test/readme/ beside them, and compares what they print with what the README says.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeProject } from './project.mjs';
import { asImport, asRequire, commandsOf, examplesWithOutput } from './readme-examples.mjs';

const markdown = readFileSync(join(import.meta.dirname, '..', 'README.md'), 'utf8');
const project = makeProject();
let passed = 0;
let failed = 0;

function run(title, args, output) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: project.folder,
    encoding: 'utf8',
    env: project.env,
  });
  const good = status === 0 && (output === undefined || stdout.trim() === output.trim());
  if (good) passed++;
  else failed++;
  if (!good) console.log(`${title}: status ${status}\n${stdout}${stderr}`);
  if (!good && output !== undefined) console.log(`The README says:\n${output}`);
}

try {
  project.add('test/readme');
  for (const [i, { code, output }] of examplesWithOutput(markdown).entries()) {
    for (const [name, source] of [
      [`example${i + 1}.cjs`, asRequire(code)],
      [`example${i + 1}.mjs`, asImport(code)],
    ]) {
      writeFileSync(join(project.folder, name), source);
      run(`${name}\n${source}`, [name], output);
    }
  }
  for (const args of commandsOf(markdown)) {
    run(`tensorwright ${args.join(' ')}`, [project.cli, ...args]);
  }
} finally {
  project.remove();
}
console.log(`readme: ${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
