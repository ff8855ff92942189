import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { DataOf } from '../dtype.js';
import { EngineError } from '../errors.js';
import { loadNpy, saveNpy } from '../io/index.js';
import { NDArray } from '../ndArray.js';
import { UsageError } from './command.js';

/** npy files by the names of the values that they hold. */
export type FilesByName = ReadonlyMap<string, string>;

/** Reads "name=file.npy" arguments; a model with one input may leave out its name. */
export function parseInputs(args: readonly string[], names: readonly string[]): FilesByName {
  const files = new Map<string, string>();
  for (const arg of args) {
    const known = names.find((name) => arg.startsWith(`${name}=`));
    const isBare = known === undefined && names.length === 1 && !arg.includes('=');
    const name = isBare ? names[0]! : known;
    if (name === undefined) {
      const wanted = names.map((each) => `'${each}'`).join(', ');
      throw new UsageError(`--input ${arg}: expected NAME=FILE with a NAME out of ${wanted}`);
    }
    if (files.has(name)) throw new UsageError(`--input ${arg}: '${name}' is given twice`);
    files.set(name, isBare ? arg : arg.slice(name.length + 1));
  }
  return files;
}

export async function readAll(files: FilesByName): Promise<Map<string, NDArray>> {
  const arrays = new Map<string, NDArray>();
  for (const [name, path] of files) arrays.set(name, await loadNpy(path));
  return arrays;
}

/** The npy files of a folder: those that its io.json names, else NAME.npy. */
export async function filesIn(
  folder: string,
  kind: 'inputs' | 'outputs',
  names: readonly string[],
): Promise<FilesByName> {
  const listed = await listedFiles(folder, kind);
  const files = new Map<string, string>();
  for (const name of names) {
    const path = join(folder, listed.get(name) ?? fileName(name));
    if (existsSync(path)) files.set(name, path);
  }
  return files;
}

async function listedFiles(folder: string, kind: string): Promise<Map<string, string>> {
  const path = join(folder, 'io.json');
  if (!existsSync(path)) return new Map();
  const parsed: unknown = JSON.parse(await readFile(path, 'utf8'));
  const list: unknown =
    parsed && typeof parsed === 'object' ? Reflect.get(parsed, kind) : undefined;
  const files = new Map<string, string>();
  for (const entry of Array.isArray(list) ? list : []) {
    const { name, file }: { name?: unknown; file?: unknown } = entry ?? {};
    if (typeof name === 'string' && typeof file === 'string') files.set(name, file);
  }
  return files;
}

/**
 * Writes NAME.npy files and gives their paths. What npy cannot hold, sequences and maps, goes to
 * NAME.json: lists of values, a map as the list of its keys and the list of its values.
 */
export async function writeAll(
  folder: string,
  arrays: ReadonlyMap<string, NDArray>,
): Promise<Map<string, string>> {
  await mkdir(folder, { recursive: true }).catch((cause) => {
    throw new EngineError('UNAVAILABLE', `Cannot make the folder '${folder}': ${cause.message}`);
  });
  const files = new Map<string, string>();
  for (const [name, array] of arrays) {
    const isArray = array.dtype !== 'variant';
    const path = join(folder, isArray ? fileName(name) : fileName(name, 'json'));
    if (isArray) await saveNpy(path, array);
    else await writeFile(path, `${JSON.stringify(plainOf(array), withoutBigInts)}\n`);
    files.set(name, path);
  }
  return files;
}

function fileName(name: string, kind = 'npy'): string {
  return `${name.replace(/[^\w.-]/g, '_')}.${kind}`;
}

function plainOf(array: NDArray): unknown {
  if (array.dtype !== 'variant') return array.toArray();
  const lists = (array.data as DataOf<'variant'>).map(
    (list) =>
      list?.map(({ data, shape, dtype }) => plainOf(new NDArray(data, shape, dtype))) ?? null,
  );
  return array.shape.length === 0 ? lists[0] : lists;
}

/** 64-bit integers become texts where a number would lose digits. */
function withoutBigInts(_key: string, value: unknown): unknown {
  if (typeof value !== 'bigint') return value;
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
}
