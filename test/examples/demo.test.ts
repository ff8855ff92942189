import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');

test('the demo learns the digits that it draws', () => {
  const args = ['scripts/example.mjs', 'demo/main.mjs', '--train', '3200', '--test', '500'];
  const { status, stdout } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  expect(stdout).toMatch(/classified 500 digits .* images\/s, 9\d\.\d+ % right/);
  expect(stdout).toMatch(/confusion: .*(\n.*){11}/);
  expect(stdout).toMatch(/This is a \d \(\d+\.\d %\)\./);
  expect(status).toBe(0);
}, 120_000);
