import type { SessionHandle } from './binding.js';
import { invalidArgument } from './errors.js';
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
  matchState,
  namedVariables,
  type Restored,
  type RestoreOptions,
  readState,
  type SaveOptions,
  writeState,
} from './sessionState.js';

/** What saving and restoring need of a session. */
export interface SessionAccess {
  readonly graph: Graph;
  /** Throws when the session is closed. */
  handle(): SessionHandle;
  /** Closing the session waits until everything that has started has ended. */
  started(): void;
  ended(): void;
}

/** See Session.save. */
export async function save(
  access: SessionAccess,
  path: FilePath,
  options: SaveOptions,
): Promise<void> {
  const { file, named, metadata } = savePlan(access, path, options);
  const state = readState(access.handle(), named, metadata, true);
  await during(access, async () => writeCheckpoint(file, await state));
}

export function saveSync(access: SessionAccess, path: FilePath, options: SaveOptions): void {
  const { file, named, metadata } = savePlan(access, path, options);
  writeCheckpointSync(file, readState(access.handle(), named, metadata, false));
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
    const report = matchState(named, state, options);
    await writeState(access.handle(), report.fitting, randomOf(state, options), true);
    return restored(report, state);
  });
}

export function restoreSync(
  access: SessionAccess,
  path: FilePath,
  options: RestoreOptions,
): Restored {
  const { file, named } = restorePlan(access, path, options);
  const state = readCheckpointSync(file);
  const report = matchState(named, state, options);
  writeState(access.handle(), report.fitting, randomOf(state, options), false);
  return restored(report, state);
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
  const { variables, metadata = {}, allowEmpty = false } = options;
  return { file: checkPath(path), named: namedVariables(graph, variables, allowEmpty), metadata };
}

function restorePlan({ graph, handle }: SessionAccess, path: FilePath, options: RestoreOptions) {
  handle();
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
  { metadata }: Checkpoint,
): Restored {
  return { metadata, restored: fitting.map(({ name }) => name), missing, unexpected };
}
