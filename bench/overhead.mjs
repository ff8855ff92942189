// What calls cost in this checkout beside another one that is built (an earlier commit's, say):
//   node bench/overhead.mjs OTHER_CHECKOUT [--rounds N]
// Child processes of the two take turns, so that both meet the same machine; a row is the median of
// their medians. Fails when a call costs over 1.05 of what it costs in the other checkout.
import { execFileSync } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { median } from './lib/measure.mjs';

const kAtMost = 1.05;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '15' } },
});
const [other] = positionals;
if (other === undefined) {
  console.error('the folder of another checkout is needed: node bench/overhead.mjs FOLDER');
  process.exit(1);
}
const here = dirname(fileURLToPath(import.meta.url));
const child = join(here, 'lib', 'overheadChild.mjs');
const roots = { before: resolve(other), after: dirname(here) };

// Nanoseconds of each kind of call, by round.
const measured = { before: {}, after: {} };
for (let round = 0; round < Number(values.rounds); round++) {
  for (const side of round % 2 === 0 ? ['before', 'after'] : ['after', 'before']) {
    const output = execFileSync(process.execPath, [child, roots[side]], { encoding: 'utf8' });
    for (const [call, ns] of Object.entries(JSON.parse(output))) {
      measured[side][call] ??= [];
      measured[side][call].push(ns);
    }
  }
}

let held = true;
for (const call of Object.keys(measured.after)) {
  const [before, after] = [measured.before[call], measured.after[call]];
  const ratio = median(after) / median(before);
  held &&= ratio <= kAtMost;
  const figures = [before, after].map(
    (list) => `${Math.min(...list).toFixed(0)} / ${median(list).toFixed(0)} ns`,
  );
  const verdict = ratio <= kAtMost ? 'holds' : 'MISSED';
  console.log(`${call.padEnd(20)} ${figures.join('  ->  ')}  x${ratio.toFixed(3)}  ${verdict}`);
}
process.exitCode = held ? 0 : 1;
