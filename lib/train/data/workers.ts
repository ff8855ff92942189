import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

import { EngineError } from '../../errors.js';
import type { Mapping } from './map.js';
import { type Parcel, pack, unpack } from './transfer.js';

/** What is asked of a worker. */
export interface Task {
  readonly id: number;
  readonly epoch: number;
  readonly index: number;
  readonly element: Parcel;
}

/** What a worker answers. */
export type Answer =
  | { readonly id: number; readonly result: Parcel }
  | { readonly id: number; readonly error: unknown };

/** What a worker is started with. */
export interface WorkerSetup {
  /** The module's URL, and the name under which it exports the function. */
  readonly module: string;
  readonly name: string;
  readonly seed: number;
}

interface Waiting {
  readonly worker: Worker;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** A function in a module, run by threads that live as long as one pass. */
export class WorkerMapping implements Mapping<unknown, unknown> {
  readonly #workers: Worker[] = [];
  readonly #waiting = new Map<number, Waiting>();
  #next = 0;
  #failure: unknown;

  constructor(setup: WorkerSetup, count: number) {
    for (let i = 0; i < count; i++) {
      const worker = new Worker(join(__dirname, 'mapWorker.js'), { workerData: setup });
      worker.on('message', (answer: Answer) => this.#settle(answer));
      worker.on('error', (error) => this.#fail(worker, error));
      worker.on('exit', (code) => this.#fail(worker, ended(setup, code)));
      this.#workers.push(worker);
    }
  }

  apply(element: unknown, epoch: number, index: number): Promise<unknown> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const id = this.#next++;
    const worker = this.#workers[id % this.#workers.length]!;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { worker, resolve, reject });
      const task: Task = { id, epoch, index, element: pack(element) };
      try {
        worker.postMessage(task);
      } catch (error) {
        this.#waiting.delete(id);
        reject(error);
      }
    });
  }

  async close(): Promise<void> {
    const error = new EngineError('CANCELLED', 'the pass over the data has ended');
    this.#failure ??= error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #settle(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ('error' in answer) waiting?.reject(answer.error);
    else waiting?.resolve(unpack(answer.result));
  }

  #fail(worker: Worker, error: unknown): void {
    this.#failure ??= error;
    for (const [id, waiting] of this.#waiting) {
      if (waiting.worker !== worker) continue;
      this.#waiting.delete(id);
      waiting.reject(this.#failure);
    }
  }
}

function ended({ module }: WorkerSetup, code: number): EngineError {
  return new EngineError(
    'ABORTED',
    `a worker of map('${module}') ended by itself with code ${code}`,
  );
}
