// Runs a file of examples/ in a project that has this checkout installed: example.mjs FILE [args]
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { makeProject } from './project.mjs';

const [file, ...args] = process.argv.slice(2);
const project = makeProject();
try {
  project.add('examples', 'examples');
  const { status } = spawnSync(process.execPath, [join('examples', file), ...args], {
    cwd: project.folder,
    env: project.env,
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
} finally {
  project.remove();
}
