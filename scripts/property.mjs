// Runs the property test over random graphs at length: node scripts/property.mjs [COUNT [SEED]], by
// default 5,000 graphs and a seed of the moment, which is printed: the same two numbers make the
// same graphs.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';

const jestBin = createRequire(import.meta.url).resolve('jest/bin/jest');
const [count = '5000', seed = String(Date.now() % 2 ** 31)] = process.argv.slice(2);
if (![count, seed].every((text) => /^\d+$/.test(text))) {
  console.error('usage: node scripts/property.mjs [COUNT [SEED]], both whole numbers');
  process.exit(1);
}
console.log(`${count} graphs, seed ${seed}`);
const { status } = spawnSync(process.execPath, [jestBin, '--runInBand', 'test/property'], {
  stdio: 'inherit',
  env: {
    ...process.env,
    TENSORWRIGHT_GRAPHS: count,
    TENSORWRIGHT_SEED: seed,
    // In milliseconds: a graph takes some 70.
    TENSORWRIGHT_TIMEOUT: String(120_000 + 500 * Number(count)),
  },
});
process.exitCode = status ?? 1;
