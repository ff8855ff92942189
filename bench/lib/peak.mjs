// The fused multiply-add peak of the machine, measured by the addon build/Release/fma_peak.node in
// the process of the call that it is compared with: two cores of a virtual machine may be two
// threads of one core of its host, which is settled anew whenever one of them goes idle. Between a
// peak and a call in one process no core does.
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { asRate } from './measure.mjs';

const build = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'build');
const require = createRequire(import.meta.url);

export function buildPeak() {
  const quiet = { stdio: ['ignore', 'ignore', 'inherit'] };
  execFileSync('cmake', ['-DTENSORWRIGHT_BENCH=ON', build], quiet);
  execFileSync('cmake', ['--build', build, '--config', 'Release', '--target', 'fma_peak'], quiet);
}

// GFLOP/s in registers; a candidate for interleave().
export const peak = (threads, milliseconds = 4) =>
  asRate(() => require(join(build, 'Release', 'fma_peak.node')).peak(threads, milliseconds));
