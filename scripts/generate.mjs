// Writes lib/generated/ and docs/ops/ from the op registry of the built addon: one file of typed
// wrappers and one page per op family, the methods of Tensor, and the names of all ops.
// With --check it writes nothing and fails when a file is not what it would write.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { familyPage, indexPage } from './generate/docs.mjs';
import { methodsFile } from './generate/methods.mjs';
import { familyFile } from './generate/wrappers.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
process.chdir(root);
const addon = createRequire(import.meta.url)(join(root, 'build', 'Release', 'tensorwright.node'));

/** The family of each op: the folder under native/ops in which it is defined. */
function families() {
  const found = new Map();
  for (const path of readdirSync('native/ops', { recursive: true })) {
    if (!path.endsWith('.cc')) continue;
    const text = readFileSync(join('native/ops', path), 'utf8');
    for (const [, name] of text.matchAll(/^\s*(?:\w+_)?OP\((\w+)/gm))
      found.set(name, path.split('/')[0]);
  }
  return found;
}

const familyOf = families();
const ops = addon.listOps().map((op) => ({ ...op, family: familyOf.get(op.name) ?? 'other' }));
const byFamily = new Map();
for (const op of ops) byFamily.set(op.family, [...(byFamily.get(op.family) ?? []), op]);

const header = '// Generated from the op registry by scripts/generate.mjs. Do not edit.\n';
const files = new Map();
const exported = [];
for (const family of [...byFamily.keys()].sort()) {
  const list = byFamily.get(family);
  if (list.some((op) => op.api)) {
    files.set(`lib/generated/${family}.ts`, header + familyFile(list.filter((op) => op.api)));
    exported.push(family);
  }
  files.set(`docs/ops/${family}.md`, familyPage(family, list));
}
files.set('docs/ops/README.md', indexPage(byFamily));
files.set('lib/generated/methods.ts', header + methodsFile(ops.filter((op) => op.api)));
files.set(
  'lib/generated/index.ts',
  `${header}${exported.map((family) => `export * from './${family}.js';\n`).join('')}`,
);
files.set(
  'lib/generated/opName.ts',
  `${header}\n/** The types of all ops. */\nexport type OpName =\n${ops.map((op) => `  | '${op.name}'`).join('\n')};\n`,
);

const check = process.argv.includes('--check');
let stale = 0;
for (const [path, text] of files) {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
  stale += 1;
  if (check) console.error(`${path} is not up to date: run npm run generate`);
  else {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}
for (const folder of ['lib/generated', 'docs/ops']) {
  if (!existsSync(folder)) continue;
  for (const name of readdirSync(folder)) {
    const path = `${folder}/${name}`;
    if (files.has(path)) continue;
    stale += 1;
    if (check) console.error(`${path} is left over: run npm run generate`);
    else rmSync(path);
  }
}
process.exitCode = check && stale > 0 ? 1 : 0;
