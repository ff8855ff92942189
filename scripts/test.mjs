// Runs the jest suite on the best instruction set tier of the machine, then the op tests on each
// tier below it. Arguments go to jest, which then runs once, on the best tier.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { tiersOfThisMachine } from './tiers.mjs';

const require = createRequire(import.meta.url);
const jestBin = require.resolve('jest/bin/jest');
const ownArguments = process.argv.slice(2);

function jest(tier, args) {
  console.log(`\njest on ${tier}`);
  const { status } = spawnSync(process.execPath, [jestBin, ...args], {
    stdio: 'inherit',
    env: { ...process.env, TENSORWRIGHT_ISA: tier },
  });
  return status === 0;
}

// Programs that tests start load the package from dist/.
const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');
const compiled = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], {
  stdio: 'inherit',
});
if (compiled.status !== 0) process.exit(1);

// Tests that look at the clock run alone.
const timed = ['test/soak', 'test/onnx/large'];

const [best, ...lower] = tiersOfThisMachine();
let good = false;
if (ownArguments.length > 0) {
  good = jest(best, ownArguments);
} else {
  good = jest(best, ['--testPathIgnorePatterns', '/node_modules/', ...timed]);
  good = jest(best, ['--runInBand', ...timed]) && good;
  for (const tier of lower) good = jest(tier, ['test/ops']) && good;
}
process.exitCode = good ? 0 : 1;
