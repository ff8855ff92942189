import { basename, dirname, join } from 'node:path';

import { EngineError } from '../errors.js';
import { sessionFor } from '../evaluate.js';
import type { Fetches } from '../fetchTypes.js';
import type { Graph } from '../graph.js';
import { checkPath, type FilePath, writeBytes, writeBytesSync } from '../io/files.js';
import { runAtOnce, runSliced } from '../sliced.js';
import { modelOf, type Plan, planOf } from './export/model.js';
import type { SaveOptions, SaveSyncOptions } from './export/options.js';
import { type External, type ModelSpec, writeModel } from './export/write.js';

/** A file that is to be written. */
interface File {
  readonly path: string;
  readonly parts: readonly Uint8Array[];
}

/**
 * Writes what the fetches need of a graph as an ONNX model; variables become constants with the
 * values that they have in the session. Without a path the result is the file's bytes.
 */
export async function save(
  graph: Graph,
  fetches: Fetches,
  path: FilePath,
  options?: SaveOptions,
): Promise<void>;
export async function save(
  graph: Graph,
  fetches: Fetches,
  path?: null,
  options?: SaveOptions,
): Promise<Buffer>;
export async function save(
  graph: Graph,
  fetches: Fetches,
  path: FilePath | null = null,
  options: SaveOptions = {},
): Promise<unknown> {
  const plan = planOf(graph, fetches, options);
  const target = targetOf(path, options);
  const { signal } = options;
  signal?.throwIfAborted();
  const { variables } = plan;
  const run = signal ? { signal } : {};
  const values = variables.length > 0 ? await sessionOf(plan).run(valuesOf(plan), run) : [];
  const model = await runSliced(modelOf(plan, values), signal);
  const files = filesOf(model, target, options);
  if (target === undefined) return Buffer.concat(files.flatMap(({ parts }) => parts));
  for (const file of files) await writeBytes(file.path, file.parts);
  return undefined;
}

/** As save, in one go. */
export function saveSync(
  graph: Graph,
  fetches: Fetches,
  path: FilePath,
  options?: SaveSyncOptions,
): void;
export function saveSync(
  graph: Graph,
  fetches: Fetches,
  path?: null,
  options?: SaveSyncOptions,
): Buffer;
export function saveSync(
  graph: Graph,
  fetches: Fetches,
  path: FilePath | null = null,
  options: SaveSyncOptions = {},
): unknown {
  const plan = planOf(graph, fetches, options);
  const target = targetOf(path, options);
  const values = plan.variables.length > 0 ? sessionOf(plan).runSync(valuesOf(plan)) : [];
  const files = filesOf(runAtOnce(modelOf(plan, values)), target, options);
  if (target === undefined) return Buffer.concat(files.flatMap(({ parts }) => parts));
  for (const file of files) writeBytesSync(file.path, file.parts);
  return undefined;
}

function valuesOf({ variables }: Plan) {
  return variables.map(({ value }) => value);
}

function sessionOf({ variables, options }: Plan) {
  return sessionFor(variables[0]!.value, options.session);
}

function targetOf(path: FilePath | null, { externalData }: SaveOptions): string | undefined {
  if (path !== null) return checkPath(path);
  if (externalData === undefined) return undefined;
  throw new EngineError(
    'INVALID_ARGUMENT',
    'externalData puts constants into a file beside the model: it needs a path',
  );
}

/** The file with the large constants comes first, so that the model never speaks of a missing one. */
function filesOf(
  model: ModelSpec,
  target: string | undefined,
  { externalData }: SaveOptions,
): readonly File[] {
  if (target === undefined || externalData === undefined) {
    return [{ path: target ?? '', parts: writeModel(model, undefined) }];
  }
  const file = `${basename(target)}.data`;
  const external: External = { file, above: externalData, parts: [] };
  const parts = writeModel(model, external);
  if (external.parts.length === 0) return [{ path: target, parts }];
  return [
    { path: join(dirname(target), file), parts: external.parts },
    { path: target, parts },
  ];
}
