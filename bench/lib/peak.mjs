// The fused multiply-add peak of the machine, measured by build/fma_peak.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { asRate } from './measure.mjs';

const build = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'build');
const program = () =>
  [join(build, 'fma_peak'), join(build, 'Release', 'fma_peak')].find((path) => existsSync(path));

export function buildPeak() {
  const quiet = { stdio: ['ignore', 'ignore', 'inherit'] };
  execFileSync('cmake', ['-DTENSORWRIGHT_BENCH=ON', build], quiet);
  execFileSync('cmake', ['--build', build, '--config', 'Release', '--target', 'fma_peak'], quiet);
}

// One process for each number of threads, which answers a line of milliseconds by a line of JSON.
const processes = new Map();

function answers(threads) {
  if (!processes.has(threads)) {
    const child = spawn(program(), [String(threads)], { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    processes.set(threads, { child, lines });
  }
  return processes.get(threads);
}

// GFLOP/s in registers; a candidate for interleave().
export const peak = (threads, milliseconds = 4) =>
  asRate(async () => {
    const { child, lines } = answers(threads);
    child.stdin.write(`${milliseconds}\n`);
    return JSON.parse((await lines.next()).value).gflops;
  });

export function endPeaks() {
  for (const { child } of processes.values()) child.stdin.end();
  processes.clear();
}
