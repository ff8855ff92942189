import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { EngineError } from '../errors.js';
import { type Command, UsageError } from './command.js';

const help = `Usage: tensorwright build [--debug]

Compiles the native addon from the sources of the package with cmake-js, for platforms without a
prebuilt one. Needs CMake, a C++20 compiler, and cmake-js and node-addon-api beside the package:

  npm install --no-save cmake-js node-addon-api

  --debug   builds without optimisation
  --help    shows this text
`;

export const buildCommand: Command = {
  help,
  async run(args, { out }, signal) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { debug: { type: 'boolean' } },
    });
    if (positionals.length > 0) throw new UsageError('build takes no further arguments');
    const root = packageRoot();
    const tool = toolPath(root);
    const options = ['compile', '-O', join(root, 'build'), ...(values.debug ? ['--debug'] : [])];
    const code = await execute(process.execPath, [tool, ...options], root, signal);
    if (code !== 0) throw new EngineError('FAILED_PRECONDITION', `cmake-js ended with code ${code}`);
    out.write(`built in ${join(root, 'build')}\n`);
    return 0;
  },
};

/** The folder of package.json, above the compiled or the source files of this command. */
function packageRoot(): string {
  const root = join(__dirname, '..', '..');
  if (existsSync(join(root, 'CMakeLists.txt'))) return root;
  throw new EngineError('NOT_FOUND', `There are no sources to build in '${root}'`);
}

function toolPath(root: string): string {
  for (const from of [join(root, 'package.json'), join(process.cwd(), 'package.json')]) {
    try {
      return createRequire(from).resolve('cmake-js/bin/cmake-js');
    } catch {
      // Not installed there.
    }
  }
  throw new EngineError(
    'NOT_FOUND',
    'cmake-js is not installed: npm install --no-save cmake-js node-addon-api',
  );
}

function execute(
  command: string,
  args: readonly string[],
  cwd: string,
  signal: AbortSignal,
): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: 'inherit', signal });
    child.on('error', reject);
    child.on('close', resolve);
  });
}
