import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { loadNpySync } from '../../lib/io/index.js';
import type { NDArray } from '../../lib/ndArray.js';

/** The folder of that name in "shared", looked for in all folders above; undefined: none. */
export function sharedFolder(name: string): string | undefined {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    const path = join(folder, 'shared', name);
    if (existsSync(path)) return path;
    if (folder === dirname(folder)) return undefined;
  }
}

interface Listed {
  readonly name: string;
  readonly file: string;
}

/** The arrays that a ref folder's io.json lists, by name. */
export function references(folder: string, kind: 'inputs' | 'outputs'): [string, NDArray][] {
  const listed: Record<string, readonly Listed[]> = JSON.parse(
    readFileSync(join(folder, 'io.json'), 'utf8'),
  );
  return listed[kind]!.map(({ name, file }) => [name, loadNpySync(join(folder, file))]);
}
