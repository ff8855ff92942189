// Builds the C++ tests and the addon with AddressSanitizer and UndefinedBehaviorSanitizer in
// build-asan/ and runs the C++ tests on each tier, then the jest suite on the instrumented addon.
// Arguments go to jest.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { tiersOfThisMachine } from './tiers.mjs';

const { resolve: find } = createRequire(import.meta.url);
const flags =
  '-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer -g1';
const env = {
  ...process.env,
  ASAN_OPTIONS: 'detect_leaks=0:abort_on_error=0:quarantine_size_mb=64:allocator_may_return_null=1',
  UBSAN_OPTIONS: 'print_stacktrace=1',
};

function run(title, command, args, extra = {}) {
  console.log(`\n${title}`);
  const { status } = spawnSync(command, args, { stdio: 'inherit', env: { ...env, ...extra } });
  if (status !== 0) console.error(`${title}: failed with status ${status}`);
  return status === 0;
}

const built = run('instrumented build', process.execPath, [
  find('cmake-js/bin/cmake-js'),
  ...['compile', '-O', 'build-asan', '-p', String(availableParallelism())],
  // Not in CMAKE_CXX_FLAGS, which cmake-js sets itself.
  `--CDCMAKE_CXX_FLAGS_RELEASE=-O1 ${flags}`,
  '--CDTENSORWRIGHT_TESTS=ON',
]);
let good = built;
if (built) {
  const program = ['build-asan/native_tests', 'build-asan/Release/native_tests'].find(existsSync);
  for (const tier of tiersOfThisMachine()) {
    good = run(`C++ tests on ${tier}`, program, [], { TENSORWRIGHT_ISA: tier }) && good;
  }
  const library = (name) =>
    execFileSync('g++', [`-print-file-name=${name}`], { encoding: 'utf8' }).trim();
  const jest = [find('jest/bin/jest'), '--passWithNoTests', '-w', '2', ...process.argv.slice(2)];
  const instrumented = {
    LD_PRELOAD: `${library('libasan.so')} ${library('libubsan.so')}`,
    TENSORWRIGHT_NATIVE_PATH: resolve('build-asan/Release/tensorwright.node'),
    TENSORWRIGHT_SANITIZED: '1',
  };
  good = run('jest on the instrumented addon', process.execPath, jest, instrumented) && good;
}
process.exitCode = good ? 0 : 1;
