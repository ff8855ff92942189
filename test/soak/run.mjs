// Runs the soak programs one after the other; --short makes them short.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const programs = [
  'shapes',
  'sessions',
  'results',
  'unseen',
  'workers',
  'concurrent',
  'midRun',
  'killedSaves',
  'lateness',
  'training',
];
let failed = 0;
for (const name of programs) {
  const program = join(dirname(fileURLToPath(import.meta.url)), `${name}.mjs`);
  const { status, signal } = spawnSync(process.execPath, [program, ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  if (status === 0) continue;
  failed++;
  console.log(`${name}: ended with ${signal ?? `status ${status}`}`);
}
console.log(`soak: ${programs.length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
