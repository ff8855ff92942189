import { existsSync } from 'node:fs';
import { join } from 'node:path';

import type { Native } from './native.js';

export type * from './native.js';

interface Candidate {
  readonly path: string;
  readonly why: string;
}

function libc(): string {
  if (process.platform !== 'linux') return '';
  const report: unknown = process.report?.getReport();
  const header: unknown = report && typeof report === 'object' && Reflect.get(report, 'header');
  const glibc =
    header &&
    typeof header === 'object' &&
    Reflect.get(header, 'glibcVersionRuntime') !== undefined;
  return glibc ? '.glibc' : '.musl';
}

function candidates(): Candidate[] {
  const given = process.env.TENSORWRIGHT_NATIVE_PATH;
  if (given) return [{ path: given, why: 'TENSORWRIGHT_NATIVE_PATH' }];
  const root = join(__dirname, '..');
  const folder = join(root, 'prebuilds', `${process.platform}-${process.arch}`);
  return [
    { path: join(root, 'build', 'Release', 'tensorwright.node'), why: 'a local build' },
    { path: join(folder, `tensorwright${libc()}.node`), why: 'the prebuilt addon' },
    { path: join(folder, 'tensorwright.node'), why: 'the prebuilt addon' },
  ];
}

function load(): Native {
  const looked: string[] = [];
  for (const { path, why } of candidates()) {
    if (!existsSync(path)) {
      looked.push(`  ${path} (${why}): no such file`);
      continue;
    }
    try {
      // Not by require: each copy of this module gets an instance of the addon of its own.
      const addon = { exports: {} };
      process.dlopen(addon, path);
      // A copy, because an object that an addon has filled is slow to look things up in.
      return { ...(addon.exports as Native) };
    } catch (error) {
      looked.push(`  ${path} (${why}): ${error instanceof Error ? error.message : error}`);
    }
  }
  throw new Error(
    `Cannot load the native addon of tensorwright for ${process.platform}-${process.arch}. ` +
      `Looked for:\n${looked.join('\n')}\nBuild it with \`npx tensorwright build\` (in a checkout: ` +
      '`npm run build:native`), or set TENSORWRIGHT_NATIVE_PATH to a built addon.',
  );
}

export const native: Native = load();
