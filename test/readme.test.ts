import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

test('every example of the README prints what it says, by require and by import', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/readme-test.mjs'], {
    cwd: join(__dirname, '..'),
    encoding: 'utf8',
  });
  expect(stdout + stderr).toMatch(/readme: \d+ passed, 0 failed/);
  expect(status).toBe(0);
}, 120_000);
