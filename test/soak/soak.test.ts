import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';

// The soak programs, shortened, on the built package. The full ones: node test/soak/run.mjs.
const programs = readdirSync('test/soak').filter(
  (name) => name.endsWith('.mjs') && name !== 'run.mjs',
);

test.each(programs)(
  '%s',
  (name) => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [`test/soak/${name}`, '--short'],
      { encoding: 'utf8' },
    );
    expect({ status, text: stdout + stderr }).toEqual({
      status: 0,
      text: expect.not.stringMatching(/BROKEN/),
    });
  },
  120_000,
);
