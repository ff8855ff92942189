// Loads and runs damaged and hostile model files, made from small models by changes that depend on
// the seed alone:
//   node scripts/fuzz-onnx.mjs --count N --seed S [--first I] [--data DIR]... [--asan] [--write I FILE]
// Each file either loads, and runs within its limits, or gives an EngineError: another error, a
// crash, more than 2 s or more than 1 GB fails. The models lie in the folders given, or are those of
// the tests of operator versions. Children do the work; one that is stuck or dies is
// followed by another. --first begins at a later file, --asan runs on the addon of build-asan/.
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    first: { type: 'string', default: '0' },
    data: { type: 'string', multiple: true, default: [] },
    asan: { type: 'boolean' },
    write: { type: 'string' },
  },
});
const seed = Number(values.seed);
const first = Number(values.first);
const end = first + Number(values.count);
const limitMs = values.asan ? 10_000 : 2000;
// The sanitizer keeps shadows and freed memory besides.
const limitMb = values.asan ? 3072 : 1024;
const filesPerChild = 2000;

const counts = {};
const failures = [];
let next = first;

function note(index, outcome) {
  const kind = outcome.split(' ', 1)[0];
  counts[kind] = (counts[kind] ?? 0) + 1;
  if (kind !== kind.toUpperCase()) return;
  failures.push({ index, outcome });
  console.log(`file ${index}: ${outcome}`);
}

function environment() {
  if (!values.asan) return process.env;
  const library = (name) =>
    execFileSync('g++', [`-print-file-name=${name}`], { encoding: 'utf8' }).trim();
  return {
    ...process.env,
    LD_PRELOAD: `${library('libasan.so')} ${library('libubsan.so')}`,
    TENSORWRIGHT_NATIVE_PATH: resolve('build-asan/Release/tensorwright.node'),
    ASAN_OPTIONS:
      'detect_leaks=0:abort_on_error=0:quarantine_size_mb=16:allocator_may_return_null=1',
  };
}

/** CPU time of a process in milliseconds, undefined where there is no /proc. */
function cpuTime(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return undefined;
  }
}

function residentMb(pid) {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) / 256;
  } catch {
    return 0;
  }
}

/** Runs one child until it is through, dies or is stopped; `next` is moved past what it did. */
function runChild() {
  const stop = Math.min(end, next + filesPerChild);
  const path = fileURLToPath(new URL('fuzz/child.mjs', import.meta.url));
  const folders = values.data.map((folder) => resolve(folder));
  const child = spawn(process.execPath, ['--expose-gc', path, seed, next, stop, ...folders], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environment(),
  });
  let isReady = false;
  let began = 0;
  let cpu = 0;
  let why;
  let errors = '';
  child.stderr.on('data', (text) => {
    errors = (errors + text).slice(0, 4000);
  });
  const fresh = () => {
    began = performance.now();
    cpu = cpuTime(child.pid) ?? 0;
  };
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line === 'ready') isReady = true;
    else {
      const [index, ms, mb, ...outcome] = line.split(' ');
      const isSlow = Number(ms) > limitMs && (cpuTime(child.pid) ?? Infinity) - cpu > limitMs;
      if (isSlow) note(Number(index), `SLOW ${ms} ms, ${outcome.join(' ')}`);
      else if (Number(mb) > limitMb) why = `MEMORY ${mb} MB`;
      else note(Number(index), outcome.join(' '));
      if (why === undefined) next = Number(index) + 1;
      else child.kill('SIGKILL');
    }
    fresh();
  });
  const watch = setInterval(() => {
    if (!isReady) return;
    const waited = performance.now() - began;
    const spent = (cpuTime(child.pid) ?? Infinity) - cpu;
    if (residentMb(child.pid) > limitMb) why = `MEMORY above ${limitMb} MB`;
    else if ((waited > limitMs && spent > limitMs) || waited > 15 * limitMs) why = 'HANG';
    else return;
    child.kill('SIGKILL');
  }, 50);
  return new Promise((done) => {
    child.once('close', (code, signal) => {
      clearInterval(watch);
      if (next < stop) {
        const dead = `CRASH ${signal ?? code} ${errors.replaceAll('\n', ' | ').slice(0, 3000)}`;
        note(next, why ?? dead);
        next += 1;
      }
      done();
    });
  });
}

async function writeOne(index) {
  const { corpusOf } = await import('./fuzz/corpus.mjs');
  const { mutant } = await import('./fuzz/mutate.mjs');
  const { Random } = await import('./fuzz/random.mjs');
  const corpus = corpusOf(values.data);
  writeFileSync(`${index}.onnx`, mutant(new Random(seed, index), corpus));
}

if (values.write !== undefined) {
  await writeOne(Number(values.write));
} else {
  while (next < end) await runChild();
  console.log(`seed ${seed}, files ${first} to ${end - 1}: ${JSON.stringify(counts)}`);
  const total = end - first;
  console.log(`${total - failures.length} passed, ${failures.length} failed`);
  process.exitCode = failures.length > 0 ? 1 : 0;
}
