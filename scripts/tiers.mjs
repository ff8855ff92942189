// The instruction set tiers that this machine has, best first, as the built addon reports them.
import { spawnSync } from 'node:child_process';

const probe =
  "const a = require('./build/Release/tensorwright.node'); process.stdout.write(a.isa?.() ?? '')";

export function tiersOfThisMachine() {
  const tiers = ['avx512', 'avx2', 'baseline'];
  return tiers.filter((tier) => {
    const { stdout } = spawnSync(process.execPath, ['-e', probe], {
      env: { ...process.env, TENSORWRIGHT_ISA: tier },
      encoding: 'utf8',
    });
    return stdout === '' ? tier !== 'avx512' : stdout === tier;
  });
}
