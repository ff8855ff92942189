// Fails when code compiled for a wider instruction set escapes its own namespace: such a symbol
// could be merged by the linker into code that runs on every CPU. Arguments are object files or
// folders of them; without any, the objects of the cmake-js build are looked at.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const wideInstruction =
  /%[yz]mm|%k[1-7]|\t(v[a-z0-9]+|k[a-z]+[bwdq]|mulx|pdep|pext|rorx|sarx|shlx|shrx|bzhi)\s/;
const ownNamespace = /\b(avx2|avx512)\w*::/;

const objectsOf = (path) =>
  statSync(path).isDirectory()
    ? readdirSync(path, { recursive: true })
        .filter(
          (name) => /\.(o|obj)$/.test(name) && !/(^|\/)(native_tests|bench)\.dir\//.test(name),
        )
        .map((name) => join(path, name))
    : [path];

async function escapes(object) {
  const child = spawn('objdump', ['-d', '--no-show-raw-insn', '-C', object]);
  const found = new Map();
  let symbol = '';
  for await (const line of createInterface({ input: child.stdout })) {
    if (/^[0-9a-f]+ </.test(line)) symbol = line.slice(line.indexOf('<') + 1, -2);
    else if (wideInstruction.test(line) && !ownNamespace.test(symbol) && !found.has(symbol)) {
      found.set(symbol, line.trim());
    }
  }
  return found;
}

if (process.arch !== 'x64' || spawnSync('objdump', ['--version']).error !== undefined) {
  console.log('kernel check: needs objdump on x86-64, nothing was looked at');
  process.exit(0);
}
const paths = process.argv.slice(2);
const looked = paths.length > 0 ? paths : ['build/CMakeFiles'].filter(existsSync);
const objects = looked.flatMap(objectsOf);
let broken = objects.length === 0 ? 1 : 0;
if (broken > 0) console.error('kernel check: no object files; run npm run build first');
for (const object of objects) {
  for (const [symbol, line] of await escapes(object)) {
    console.error(`${object}: ${symbol} holds a wide instruction: ${line}`);
    broken++;
  }
}
if (broken === 0) console.log(`kernel check: ${objects.length} objects`);
process.exitCode = broken > 0 ? 1 : 0;
