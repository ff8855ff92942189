import { describe, EngineError, invalidArgument } from '../errors.js';
import type { NDArray } from '../ndArray.js';
import { crc32Of, crc32OfSync } from './crc32.js';
import { readBytes, readBytesSync, writeBytes, writeBytesSync } from './files.js';
import { parseSafetensors, type SafeTensors, safetensorsParts } from './safetensors.js';

/** What a checkpoint file holds. */
export interface Checkpoint {
  readonly tensors: Readonly<Record<string, NDArray>>;
  /** Name and position, in turn, of the random ops that have drawn numbers. */
  readonly random: readonly string[];
  /** What the caller had to say, as JSON can. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

const kFormat = 'tensorwright.checkpoint 1';

/** Everything but the elements, to be covered by the checksum too. */
function outline(tensors: Checkpoint['tensors'], random: string, metadata: string): Buffer {
  const entries = Object.entries(tensors).map(([name, { dtype, shape }]) => [name, dtype, shape]);
  entries.sort(([a = ''], [b = '']) => (a < b ? -1 : 1));
  return Buffer.from(JSON.stringify([entries, random, metadata]));
}

function textOfSum(sum: number): string {
  return sum.toString(16).padStart(8, '0');
}

interface Prepared {
  /** What the checksum is over. */
  readonly summed: readonly Uint8Array[];
  parts(sum: string): readonly Uint8Array[];
}

function prepare({ tensors, random, metadata }: Checkpoint): Prepared {
  const texts = { random: JSON.stringify(random), user: textOf(metadata) };
  const [, ...data] = safetensorsParts(tensors, {});
  return {
    summed: [...data, outline(tensors, texts.random, texts.user)],
    parts: (crc32) => safetensorsParts(tensors, { metadata: { format: kFormat, crc32, ...texts } }),
  };
}

function textOf(metadata: unknown): string {
  if (typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata)) {
    return JSON.stringify(metadata);
  }
  throw invalidArgument('metadata', 'an object', metadata);
}

/** Writes a checkpoint: whoever reads the file meets the old or the new one, and never a part. */
export async function writeCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  const { summed, parts } = prepare(checkpoint);
  await writeBytes(path, parts(textOfSum(await crc32Of(summed))));
}

export function writeCheckpointSync(path: string, checkpoint: Checkpoint): void {
  const { summed, parts } = prepare(checkpoint);
  writeBytesSync(path, parts(textOfSum(crc32OfSync(summed))));
}

/** What is in the bytes if they are not damaged, and the sum that says whether they are. */
interface Opened {
  readonly checkpoint: Checkpoint;
  readonly summed: readonly Uint8Array[];
  readonly sum: string;
}

function open(path: string, bytes: Buffer): Opened {
  let file: SafeTensors;
  try {
    file = parseSafetensors(bytes);
  } catch (error) {
    throw invalid(path, error);
  }
  const { tensors, metadata } = file;
  const { format, crc32: sum = '', random = '', user = '' } = metadata;
  if (format !== kFormat) {
    const why = 'Expected a file of session.save() but received another safetensors file';
    throw invalid(path, new EngineError('INVALID_ARGUMENT', why));
  }
  const data = bytes.subarray(8 + Number(bytes.readBigUInt64LE(0)));
  const checkpoint = { tensors, random: listOf(path, random), metadata: recordOf(path, user) };
  return { checkpoint, sum, summed: [data, outline(tensors, random, user)] };
}

function parsed(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw damaged(path, describe(error instanceof Error ? error.message : error));
  }
}

function listOf(path: string, text: string): readonly string[] {
  const list = parsed(path, text);
  if (Array.isArray(list) && list.every((entry) => typeof entry === 'string')) return list;
  throw damaged(path, 'the positions of the random ops are no list of texts');
}

function recordOf(path: string, text: string): Record<string, unknown> {
  const record = parsed(path, text);
  if (typeof record === 'object' && record !== null)
    return Object.fromEntries(Object.entries(record));
  throw damaged(path, 'the metadata are no object');
}

/** Reads a checkpoint; an error when the file is missing, damaged or something else. */
export async function readCheckpoint(path: string): Promise<Checkpoint> {
  const bytes = await readBytes(path).catch((error: unknown) => {
    throw invalid(path, error);
  });
  const { checkpoint, summed, sum } = open(path, bytes);
  checkSum(path, sum, textOfSum(await crc32Of(summed)));
  return checkpoint;
}

export function readCheckpointSync(path: string): Checkpoint {
  const { checkpoint, summed, sum } = open(path, bytesOf(path));
  checkSum(path, sum, textOfSum(crc32OfSync(summed)));
  return checkpoint;
}

function bytesOf(path: string): Buffer {
  try {
    return readBytesSync(path);
  } catch (error) {
    throw invalid(path, error);
  }
}

function checkSum(path: string, expected: string, actual: string): void {
  if (expected === actual) return;
  throw damaged(path, `Expected the checksum ${expected} but received ${actual}`);
}

function damaged(path: string, why: string): EngineError {
  return invalid(path, new EngineError('DATA_LOSS', `the file is damaged: ${why}`));
}

/** As TensorFlow says it; a missing file is an argument that names no checkpoint. */
function invalid(path: string, cause: unknown): EngineError {
  const why = cause instanceof Error ? cause.message : String(cause);
  const code = cause instanceof EngineError && cause.code !== 'NOT_FOUND' ? cause.code : undefined;
  return new EngineError(
    code ?? 'INVALID_ARGUMENT',
    `The passed save_path is not a valid checkpoint: '${path}': ${why}`,
    { cause },
  );
}
