import { resolve } from 'node:path';

import { native } from '../binding.js';
import { EngineError, toEngineError } from '../errors.js';
import type { ModelProto, Stored, TensorProto } from './proto.js';
import { storedMatrices } from './storedMatrix.js';
import { place } from './tensorValue.js';

/** So many reads at once keep the disk and a second core busy. */
const kMostReads = 3;

export interface StoredOptions {
  /** Weights become variables, which are not packed. */
  readonly variables?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Reads the values that were left in files into memory of the core, off the JavaScript thread. */
export async function readStored(
  model: ModelProto,
  modelPath: string | undefined,
  file: string,
  { variables, signal }: StoredOptions,
  onRead: (bytes: number) => void,
): Promise<void> {
  const waiting = storedIn(model);
  const matrices = variables ? undefined : storedMatrices(model);
  const readOn = async () => {
    for (let next = waiting.next(); !next.done; next = waiting.next()) {
      signal?.throwIfAborted();
      const [tensor, stored] = next.value;
      const { length, offset } = stored;
      try {
        const path = pathOf(stored, modelPath);
        const matrix = matrices?.get(tensor);
        stored.block = await native.readBlockAsync(path, offset, length, undefined, matrix);
      } catch (error) {
        unread(tensor, file, error);
      }
      onRead(length);
    }
  };
  const readers = await Promise.allSettled(Array.from({ length: kMostReads }, readOn));
  for (const reader of readers) if (reader.status === 'rejected') throw reader.reason;
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
