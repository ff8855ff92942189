import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import { transformSync } from '@swc/core';

const root = resolve(__dirname, '..', '..');

/** For programs that load the compiled library: the addon that the tests run on. */
export const addonEnvironment = {
  ...process.env,
  TENSORWRIGHT_NATIVE_PATH:
    process.env.TENSORWRIGHT_NATIVE_PATH ?? join(root, 'build', 'Release', 'tensorwright.node'),
};

/** lib/ compiled to CommonJS in a folder of its own, for programs that tests start. */
export class CompiledLibrary {
  readonly folder: string;

  constructor() {
    mkdirSync(join(root, 'build'), { recursive: true });
    this.folder = mkdtempSync(join(root, 'build', 'compiled-'));
    for (const path of readdirSync(join(root, 'lib'), { recursive: true, encoding: 'utf8' })) {
      if (path.endsWith('.ts')) this.#compile(path);
    }
  }

  #compile(path: string): void {
    const to = join(this.folder, path.replace(/\.ts$/, '.js'));
    const { code } = transformSync(readFileSync(join(root, 'lib', path), 'utf8'), {
      filename: path,
      jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
      module: { type: 'commonjs', ignoreDynamic: true },
    });
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(to, code);
  }

  /** Runs a program in which `tw` is the package; gives its exit status, signal and output. */
  run(program: string, args: readonly string[] = []) {
    const file = join(this.folder, 'program.js');
    writeFileSync(file, `const tw = require(${JSON.stringify(this.folder)});\n${program}`);
    const { status, signal, stdout, stderr } = spawnSync(process.execPath, [...args, file], {
      encoding: 'utf8',
      timeout: 120_000,
      env: addonEnvironment,
    });
    return { status, signal, stdout, stderr };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
