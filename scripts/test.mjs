// Runs the jest suite on the best instruction set tier of the machine, then the op tests on each
// tier below it. Arguments go to jest, which then runs once, on the best tier.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
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

const [best, ...lower] = tiersOfThisMachine();
let good = jest(best, ownArguments.length > 0 ? ownArguments : ['--passWithNoTests']);
if (ownArguments.length === 0 && existsSync('test/ops')) {
  for (const tier of lower) good = jest(tier, ['--passWithNoTests', 'test/ops']) && good;
}
process.exitCode = good ? 0 : 1;
