// Runs the jest suite on the best instruction set tier of the machine, then the op tests on each
// tier below it. Arguments go to jest, which then runs once, on the best tier.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tiersOfThisMachine } from './tiers.mjs';

const jestBin = createRequire(import.meta.url).resolve('jest/bin/jest');
const ownArguments = process.argv.slice(2);

function jest(tier, args) {
  console.log(`\njest on ${tier}`);
  const { status } = spawnSync(process.execPath, [jestBin, ...args], {
    stdio: 'inherit',
    env: { ...process.env, TENSORWRIGHT_ISA: tier },
  });
  return status === 0;
}

const [best, ...lower] = tiersOfThisMachine();
let good = jest(best, ownArguments.length > 0 ? ownArguments : ['--passWithNoTests']);
if (ownArguments.length === 0 && existsSync('test/ops')) {
  for (const tier of lower) good = jest(tier, ['--passWithNoTests', 'test/ops']) && good;
}
process.exitCode = good ? 0 : 1;
