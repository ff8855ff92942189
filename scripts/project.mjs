// A project in a temporary folder that has this checkout installed: a fresh dist/ and the addon of
// the build, for what must run as it runs for a user.
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const require = createRequire(import.meta.url);

/** The project's folder, what its processes need in their environment, and how to remove it. */
export function makeProject() {
  const folder = mkdtempSync(join(tmpdir(), 'tensorwright-project-'));
  const home = join(folder, 'node_modules', 'tensorwright');
  mkdirSync(home, { recursive: true });
  copyFileSync(join(root, 'package.json'), join(home, 'package.json'));
  const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');
  const outDir = join(home, 'dist');
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', outDir], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const pbf = dirname(require.resolve('pbf'));
  symlinkSync(pbf, join(folder, 'node_modules', 'pbf'));
  const addon =
    process.env.TENSORWRIGHT_NATIVE_PATH ?? join(root, 'build/Release/tensorwright.node');
  const env = { ...process.env, TENSORWRIGHT_NATIVE_PATH: addon };
  return {
    folder,
    env,
    cli: join(outDir, 'cli', 'main.js'),
    /** Copies a folder of the checkout into the project. */
    add: (path, to = '.') => {
      const from = join(root, path);
      if (existsSync(from)) cpSync(from, join(folder, to), { recursive: true });
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
