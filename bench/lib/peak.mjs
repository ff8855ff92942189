// The fused multiply-add peak of the machine, measured by build/fma_peak.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
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

// GFLOP/s in registers; a candidate for interleave().
export const peak = (threads) =>
  asRate(
    () => JSON.parse(execFileSync(program(), [String(threads), '60'], { encoding: 'utf8' })).gflops,
  );
