// Runs the README's examples, by require and by import, and its commands in a folder in which the
// package is installed, with the files of test/readme/ beside them, and compares what they print
// with what the README says.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { asImport, asRequire, commandsOf, examplesWithOutput } from './readme-examples.mjs';

const root = resolve(import.meta.dirname, '..');

// Gives how many passed and failed, and prints why.
export function runReadme(folder, env, cli) {
  const markdown = readFileSync(join(root, 'README.md'), 'utf8');
  const files = join(root, 'test/readme');
  if (existsSync(files)) cpSync(files, folder, { recursive: true });
  const counts = { passed: 0, failed: 0 };
  const run = (title, args, output) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: folder,
      encoding: 'utf8',
      env,
    });
    const good = status === 0 && (output === undefined || stdout.trim() === output.trim());
    counts[good ? 'passed' : 'failed']++;
    if (!good) console.log(`${title}: status ${status}\n${stdout}${stderr}`);
    if (!good && output !== undefined) console.log(`The README says:\n${output}`);
  };
  for (const [i, { code, output }] of examplesWithOutput(markdown).entries()) {
    for (const [name, source] of [
      [`example${i + 1}.cjs`, asRequire(code)],
      [`example${i + 1}.mjs`, asImport(code)],
    ]) {
      writeFileSync(join(folder, name), source);
      run(`${name}\n${source}`, [name], output);
    }
  }
  for (const args of commandsOf(markdown)) run(`tensorwright ${args.join(' ')}`, [cli, ...args]);
  return counts;
}
