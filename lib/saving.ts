import { checkKeys } from './attrs.js';
import type { SessionHandle } from './binding.js';
import { EngineError, invalidArgument } from './errors.js';
import type { Fetches } from './fetchTypes.js';
import type { Graph } from './graph.js';
import {
  type Checkpoint,
  readCheckpoint,
  readCheckpointSync,
  writeCheckpoint,
  writeCheckpointSync,
} from './io/checkpoint.js';
import { checkPath, type FilePath } from './io/files.js';
import {
  type FoundTable,
  findTables,
  hasTables,
  replacing,
  tableTensors,
} from './lookup/tableState.js';
import type { NDArray } from './ndArray.js';
import type { RunOptions } from './runOptions.js';
import {
  CheckpointError,
  matchState,
  namedVariables,
  type Restored,
  type RestoreOptions,
  readState,
  type SaveOptions,
  writeState,
} from './sessionState.js';
import type { Tensor } from './tensor.js';
import type { Variable } from './variable.js';

/** What saving and restoring need of a session. */
export interface SessionAccess {
  readonly graph: Graph;
  /** Throws when the session is closed. */
  handle(): SessionHandle;
  /** Closing the session waits until everything that has started has ended. */
  started(): void;
  ended(): void;
  readonly run: (fetches: Fetches, options: RunOptions) => Promise<unknown>;
  readonly runSync: (fetches: Fetches, options: RunOptions) => unknown;
  readonly values: (tensors: readonly Tensor[]) => readonly NDArray[];
}

/** See Session.save. */
export async function save(
  access: SessionAccess,
  path: FilePath,
  options: SaveOptions,
): Promise<void> {
  const { file, named, metadata } = savePlan(access, path, options);
  const tables = tensorsOfTables(access, options);
  const state = readState(access.handle(), named, metadata, true);
  await during(access, async () => {
    const checkpoint = withTensors(await state, tables);
    await writeCheckpoint(file, checkpoint).catch((error: unknown) => unsaved(error, file));
  });
}

export function saveSync(access: SessionAccess, path: FilePath, options: SaveOptions): void {
  const { file, named, metadata } = savePlan(access, path, options);
  const tables = tensorsOfTables(access, options);
  const state = readState(access.handle(), named, metadata, false);
  try {
    writeCheckpointSync(file, withTensors(state, tables));
  } catch (error) {
    unsaved(error, file);
  }
}

/** TensorFlow's words for a folder that is not there. */
function unsaved(error: unknown, file: string): never {
  if (!(error instanceof EngineError) || error.code !== 'NOT_FOUND') throw error;
  const text = `Parent directory of ${file} doesn't exist, can't save. ${error.message}`;
  throw new EngineError('NOT_FOUND', text, { cause: error });
}

/** Gives a variable a copy of the value, without an op of the graph. */
export function write(
  access: SessionAccess,
  variable: Variable,
  value: NDArray,
  async: boolean,
): Promise<void> | undefined {
  const handle = access.handle();
  const { name } = variable;
  const done = writeState(
    handle,
    [{ name, variable, value, shape: value.shape }],
    undefined,
    async,
  );
  return done && during(access, () => done);
}

/** See Session.restore. */
export async function restore(
  access: SessionAccess,
  path: FilePath,
  options: RestoreOptions,
): Promise<Restored> {
  const { file, named } = restorePlan(access, path, options);
  return during(access, async () => {
    const state = await readCheckpoint(file);
    const { report, tables } = matchAll(access, named, state, options);
    await writeState(access.handle(), report.fitting, randomOf(state, options), true);
    if (tables.length > 0) await access.run(...replacing(tables));
    return restored(report, tables, state);
  });
}

export function restoreSync(
  access: SessionAccess,
  path: FilePath,
  options: RestoreOptions,
): Restored {
  const { file, named } = restorePlan(access, path, options);
  const state = readCheckpointSync(file);
  const { report, tables } = matchAll(access, named, state, options);
  writeState(access.handle(), report.fitting, randomOf(state, options), false);
  if (tables.length > 0) access.runSync(...replacing(tables));
  return restored(report, tables, state);
}

/** Tables are saved and restored with all variables, and not with some. */
function tensorsOfTables({ graph, values }: SessionAccess, { variables }: SaveOptions) {
  return variables === undefined ? tableTensors(graph, values) : {};
}

function withTensors(state: Checkpoint, tensors: Checkpoint['tensors']): Checkpoint {
  return { ...state, tensors: { ...state.tensors, ...tensors } };
}

/** What goes into which variables and tables, after looking at all of them. */
function matchAll(
  { graph }: SessionAccess,
  named: ReturnType<typeof namedVariables>,
  state: Checkpoint,
  options: RestoreOptions,
) {
  if (options.variables !== undefined)
    return { report: matchState(named, state, options), tables: [] };
  const { found, missing, mismatched, others } = findTables(graph, state.tensors);
  const report = matchState(named, { ...state, tensors: others }, options);
  const { unexpected } = report;
  if (missing.length > 0 && options.partial !== true) {
    const text = `Table ${missing.join(', ')} not found in checkpoint. Nothing was restored.`;
    throw new CheckpointError('NOT_FOUND', text, { missing, mismatched, unexpected });
  }
  if (mismatched.length > 0) {
    const text = `${mismatched.join('; ')}. Nothing was restored.`;
    throw new CheckpointError('INVALID_ARGUMENT', text, { missing, mismatched, unexpected });
  }
  return { report: { ...report, missing: [...report.missing, ...missing] }, tables: found };
}

async function during<R>(access: SessionAccess, work: () => Promise<R>): Promise<R> {
  access.started();
  try {
    return await work();
  } finally {
    access.ended();
  }
}

function savePlan({ graph, handle }: SessionAccess, path: FilePath, options: SaveOptions) {
  handle();
  checkKeys('save', options, ['variables', 'metadata', 'allowEmpty']);
  const { variables, metadata = {}, allowEmpty = false } = options;
  const empty = allowEmpty || (variables === undefined && hasTables(graph));
  return { file: checkPath(path), named: namedVariables(graph, variables, empty), metadata };
}

function restorePlan({ graph, handle }: SessionAccess, path: FilePath, options: RestoreOptions) {
  handle();
  checkKeys('restore', options, ['variables', 'partial', 'reshape', 'random']);
  if (path === null) {
    const error = invalidArgument('path', 'a path or a file: URL', path);
    throw Object.assign(error, {
      message: `Can't load save_path when it is null. ${error.message}`,
    });
  }
  return { file: checkPath(path), named: namedVariables(graph, options.variables, true) };
}

function randomOf(state: Checkpoint, options: RestoreOptions): readonly string[] | undefined {
  return (options.random ?? options.variables === undefined) ? state.random : undefined;
}

function restored(
  { fitting, missing, unexpected }: ReturnType<typeof matchState>,
  tables: readonly FoundTable[],
  { metadata }: Checkpoint,
): Restored {
  const names = [...fitting, ...tables].map(({ name }) => name);
  return { metadata, restored: names, missing, unexpected };
}
