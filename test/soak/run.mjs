// Runs the soak programs, the other files of this folder, one after the other; --short makes them
// short.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const folder = import.meta.dirname;
const programs = readdirSync(folder).filter((name) => /\.mjs$/.test(name) && name !== 'run.mjs');
let failed = 0;
for (const name of programs) {
  const args = [join(folder, name), ...process.argv.slice(2)];
  const { status, signal } = spawnSync(process.execPath, args, { stdio: 'inherit' });
  if (status === 0) continue;
  failed++;
  console.log(`${name}: ended with ${signal ?? `status ${status}`}`);
}
console.log(`soak: ${programs.length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
