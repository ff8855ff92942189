// Builds the addon with cmake-js on all cores, with Ninja or make. Further arguments go to cmake-js.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';

const tool = createRequire(import.meta.url).resolve('cmake-js/bin/cmake-js');
const args = ['compile', '-O', 'build', '-p', String(availableParallelism())];
const { status } = spawnSync(process.execPath, [tool, ...args, ...process.argv.slice(2)], {
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
