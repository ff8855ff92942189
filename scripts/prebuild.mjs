// Builds the addon by the node-gyp route (binding.gyp) in build-gyp/, strips it and leaves it in
// prebuilds/<platform>-<arch>/, named by libc. build/ of the cmake-js route is not touched.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stage = join(root, 'build-gyp');
const env = { JOBS: String(availableParallelism()), ...process.env };

// Headers that were installed with node save a download and work without a network.
const prefix = dirname(dirname(process.execPath));
if (env.npm_config_nodedir === undefined && existsSync(join(prefix, 'include/node/common.gypi'))) {
  env.npm_config_nodedir = prefix;
}

mkdirSync(stage, { recursive: true });
for (const file of ['binding.gyp', 'package.json']) {
  copyFileSync(join(root, file), join(stage, file));
}
if (!existsSync(join(stage, 'native'))) symlinkSync('../native', join(stage, 'native'), 'junction');

const tool = createRequire(import.meta.url).resolve('prebuildify/bin.js');
const { status } = spawnSync(
  process.execPath,
  [tool, '--napi', '--strip', '--tag-libc', '--cwd', stage, '--out', root],
  { stdio: 'inherit', env },
);
process.exitCode = status ?? 1;
