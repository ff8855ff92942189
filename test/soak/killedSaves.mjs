// A program is killed with SIGKILL at a random moment of each of 200 saves: the file is then the
// old checkpoint or the new one, whole, never anything else.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, figure, short, tw } from './lib/soak.mjs';

const kSize = 1 << 18;

// Two variables that are always saved with the same number in all their elements.
function model() {
  const graph = new tw.Graph();
  const variables = graph.asDefault(() =>
    ['a', 'b'].map((name) => tw.variable(new Float32Array(kSize), { name })),
  );
  return { graph, variables, session: new tw.Session(graph) };
}

if (process.argv[2] === 'save') {
  const [path, from] = process.argv.slice(3);
  const { variables, session } = model();
  process.send('ready');
  for (let step = Number(from); ; step++) {
    for (const v of variables) v.loadSync(new Float32Array(kSize).fill(step), { session });
    process.send(step);
    await session.save(path);
    process.send(-step);
  }
}

const folder = mkdtempSync(join(tmpdir(), 'tensorwright-killed-'));
const path = join(folder, 'model.safetensors');
const { variables, session } = model();

// Kills a program in its second save or later; gives the steps whose save began and ended last.
function killed(from, delay) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [process.argv[1], 'save', path, String(from)], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    let [begun, ended] = [0, 0];
    child.on('message', (step) => {
      if (step > 0) begun = step;
      if (step < 0) ended = -step;
      if (ended === from && begun === from) setTimeout(() => child.kill('SIGKILL'), delay);
    });
    child.on('error', reject);
    child.on('exit', (code, signal) =>
      signal === 'SIGKILL' ? resolve({ begun, ended }) : reject(new Error(`exit ${code}`)),
    );
  });
}

const count = short ? 12 : 200;
let whole = 0;
let torn = 0;
let next = 1;
for (let i = 0; i < count; i++) {
  const { begun, ended } = await killed(next, Math.random() * 12);
  session.restoreSync(path);
  const values = variables.map((v) => v.evalSync({ session }).data);
  const [step] = values[0];
  const same = values.every((data) => data.every((value) => value === step));
  if (same && step >= ended && step <= begun) whole++;
  if (begun > ended) torn++;
  next = begun + 1;
}
await session.close();
const left = readdirSync(folder).length - 1;
rmSync(folder, { recursive: true });
expect(whole === count, `checkpoints that were the old or the new one: ${whole} of ${count}`);
console.log(`killed in the middle of a save: ${torn}, files left behind: ${left}`);
figure('kills that hit no save, %', (100 * (count - torn)) / count, 60);
