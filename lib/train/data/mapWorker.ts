// Runs in a worker thread: applies the function of a module to the elements that arrive.
import { parentPort, workerData } from 'node:worker_threads';

import { invalidArgument } from '../../errors.js';
import { mapContext } from './map.js';
import { pack, unpack } from './transfer.js';
import type { Answer, Task, WorkerSetup } from './workers.js';

const setup: WorkerSetup = workerData;

async function functionOf({ module, name }: WorkerSetup) {
  const exported: unknown = await import(module);
  const found = memberOf(exported, name) ?? memberOf(memberOf(exported, 'default'), name);
  // A CommonJS module that another compiler made has its default export one level deeper.
  const inner = typeof found === 'function' ? found : memberOf(found, name);
  if (typeof inner === 'function') return inner;
  throw invalidArgument(`the export '${name}' of ${module}`, 'a function', found);
}

function memberOf(value: unknown, name: string): unknown {
  const usable = (typeof value === 'object' || typeof value === 'function') && value !== null;
  return usable ? Reflect.get(value, name) : undefined;
}

const loaded = functionOf(setup);
// Each task that waits for it reports the failure.
loaded.catch(() => undefined);

async function answerTo({ id, epoch, index, element }: Task): Promise<void> {
  let answer: Answer;
  try {
    const apply = await loaded;
    const context = mapContext(setup.seed, epoch, index);
    answer = { id, result: pack(await apply(unpack(element), context)) };
  } catch (error) {
    answer = { id, error: error instanceof Error ? error : new Error(String(error)) };
  }
  // Copied, not transferred: the function may keep what it gives.
  parentPort?.postMessage(answer);
}

parentPort?.on('message', (task: Task) => {
  void answerTo(task);
});
