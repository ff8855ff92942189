import { spawnSync } from 'node:child_process';

// The soak programs, shortened, on the built package. The full ones: node test/soak/run.mjs.
test.each([
  'shapes',
  'sessions',
  'results',
  'unseen',
  'workers',
  'concurrent',
  'midRun',
  'killedSaves',
  'lateness',
  'training',
])(
  '%s',
  (name) => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [`test/soak/${name}.mjs`, '--short'],
      { encoding: 'utf8' },
    );
    expect({ status, text: stdout + stderr }).toEqual({
      status: 0,
      text: expect.not.stringMatching(/BROKEN/),
    });
  },
  120_000,
);
