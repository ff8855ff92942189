// Builds the C++ tests beside the addon and runs them on each instruction set tier. An argument
// names the tests to run: those whose name contains it.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { tiersOfThisMachine } from './tiers.mjs';

const run = (command, args, env) =>
  spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, ...env } }).status === 0;

let good =
  run(process.execPath, ['scripts/build.mjs']) &&
  run('cmake', ['-DTENSORWRIGHT_TESTS=ON', 'build']) &&
  run('cmake', ['--build', 'build', '--config', 'Release', '-j', String(availableParallelism())]);
if (good) {
  const program = ['build/native_tests', 'build/Release/native_tests'].find(existsSync);
  for (const tier of tiersOfThisMachine()) {
    good = run(program, process.argv.slice(2), { TENSORWRIGHT_ISA: tier }) && good;
  }
}
process.exitCode = good ? 0 : 1;
