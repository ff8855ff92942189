import { resolve } from 'node:path';

import { native } from '../binding.js';
import { EngineError, toEngineError } from '../errors.js';
import type { ModelProto, Stored, TensorProto } from './proto.js';
import { storedMatrices } from './storedMatrix.js';
import { place } from './tensorValue.js';

/** So many reads at once keep the disk and all cores busy. */
const kMostReads = 3;

/** Beside work on the JavaScript thread, which would wait for a core among more. */
const kReadsBeside = 1;

export interface StoredOptions {
  /** Weights become variables, which are not packed. */
  readonly variables?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads the values that were left in files into memory of the core, off the JavaScript thread and
 * beside its work, in the order of the file but for those that somebody waits for.
 */
export class StoredReader {
  readonly #read: (tensor: TensorProto, stored: Stored) => Promise<void>;
  readonly #waiting = new Map<Stored, TensorProto>();
  readonly #running = new Map<Stored, Promise<void>>();
  #most = kReadsBeside;
  /** What went wrong first. */
  #failed: { readonly error: unknown } | undefined;

  constructor(
    model: ModelProto,
    modelPath: string | undefined,
    file: string,
    { variables, signal }: StoredOptions,
    onRead: (bytes: number) => void,
  ) {
    for (const [tensor, stored] of storedIn(model)) this.#waiting.set(stored, tensor);
    const matrices = variables ? undefined : storedMatrices(model);
    this.#read = async (tensor, stored) => {
      signal?.throwIfAborted();
      const { length, offset } = stored;
      try {
        const path = pathOf(stored, modelPath);
        const matrix = matrices?.get(tensor);
        stored.block = await native.readBlockAsync(path, offset, length, undefined, matrix);
      } catch (error) {
        unread(tensor, file, error);
      }
      onRead(length);
    };
    this.#fill();
  }

  get isDone(): boolean {
    return this.#waiting.size === 0 && this.#running.size === 0;
  }

  /** Resolves when the values are there. Nothing else keeps the JavaScript thread busy meanwhile. */
  async arrived(stored: Stored): Promise<void> {
    this.#begin(stored);
    this.#most = kMostReads;
    this.#fill();
    await this.#running.get(stored);
    this.#most = kReadsBeside;
    if (this.#failed) throw this.#failed.error;
  }

  /** Reads what is left. */
  async finish(): Promise<void> {
    this.#most = kMostReads;
    this.#fill();
    while (!this.isDone) await Promise.race(this.#running.values());
    if (this.#failed) throw this.#failed.error;
  }

  /** Reads no more; resolves when nothing is being read. */
  async stop(): Promise<void> {
    this.#waiting.clear();
    await Promise.all(this.#running.values());
  }

  #fill(): void {
    for (const stored of this.#waiting.keys()) {
      if (this.#running.size >= this.#most) return;
      this.#begin(stored);
    }
  }

  #begin(stored: Stored): void {
    const tensor = this.#waiting.get(stored);
    if (!tensor) return;
    this.#waiting.delete(stored);
    const reading = this.#read(tensor, stored).catch((error: unknown) => {
      this.#failed ??= { error };
      this.#waiting.clear();
    });
    const ended = reading.then(() => {
      this.#running.delete(stored);
      this.#fill();
    });
    this.#running.set(stored, ended);
  }
}

export function readStoredSync(
  model: ModelProto,
  modelPath: string | undefined,
  file: string,
  { variables }: StoredOptions,
): void {
  const matrices = variables ? undefined : storedMatrices(model);
  for (const [tensor, stored] of storedIn(model)) {
    const { length, offset } = stored;
    try {
      const path = pathOf(stored, modelPath);
      const matrix = matrices?.get(tensor);
      stored.block = native.readBlock(path, offset, length, undefined, matrix);
    } catch (error) {
      unread(tensor, file, error);
    }
  }
}

/** Only initializers of the main graph are left in files. */
function* storedIn(model: ModelProto): Generator<[TensorProto, Stored]> {
  for (const tensor of model.graph?.initializers ?? []) {
    if (tensor.stored) yield [tensor, tensor.stored];
  }
}

function pathOf({ path }: Stored, modelPath: string | undefined): string {
  return resolve(path ?? modelPath ?? '');
}

function unread(tensor: TensorProto, file: string, cause: unknown): never {
  const error = toEngineError(cause);
  if (!(error instanceof EngineError)) throw error;
  throw new EngineError(error.code, `${place(tensor, file)}: ${error.message}`, { cause });
}

/** How many bytes readStored reads. */
export function bytesLeft(model: ModelProto): number {
  let sum = 0;
  for (const [, { length }] of storedIn(model)) sum += length;
  return sum;
}
