import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { checkKeys } from '../attrs.js';

import { EngineError, invalidArgument } from '../errors.js';
import { checkPath, type FilePath, fileError } from '../io/files.js';
import type { Session } from '../session.js';
import type { Restored, VariableChoice } from '../sessionState.js';
import {
  type Callback,
  type EpochRecord,
  isBetter,
  type TrainingRun,
  type Watched,
  watchedValue,
} from './fit/callback.js';
import { toJson } from './fit/means.js';

export interface CheckpointsOptions {
  /** So many of the last ones are kept; default 3. */
  readonly keep?: number | undefined;
  /** After each so many epochs; default 1. */
  readonly everyEpochs?: number | undefined;
  /** After each so many steps; default not. */
  readonly everySteps?: number | undefined;
  /** Keeps the state after the epoch in which this number was best, too. */
  readonly best?: string | Watched | undefined;
  /** Goes on from the last checkpoint, if there is one; default false. */
  readonly resume?: boolean | undefined;
  /** What is saved; default all variables, which an exact resume needs. */
  readonly variables?: VariableChoice | undefined;
}

const checkpointsKeys = [
  'keep',
  'everyEpochs',
  'everySteps',
  'best',
  'resume',
  'variables',
] as const;

const kNamed = /^checkpoint-(\d+)\.safetensors$/;
const kUnfinished = /^\.(checkpoint-\d+|best)\.safetensors\.[0-9a-f]+\.tmp$/;
const kBest = 'best.safetensors';
/** The entry of a file's metadata that says where the training was. */
const kTraining = 'training';

/**
 * Keeps a folder of checkpoints: of the last steps, and of the best epoch. As a callback of `fit`
 * it saves while training goes on, and with `resume: true` goes on from where the last one was
 * saved: shuffles, random ops and counters included, so that the weights come out the same bit for
 * bit. A folder belongs to one training.
 */
export class Checkpoints implements Callback {
  readonly folder: string;
  readonly name = 'checkpoints';
  readonly #keep: number;
  readonly #everyEpochs: number;
  readonly #everySteps: number;
  readonly #watched: Watched | undefined;
  readonly #resume: boolean;
  readonly #variables: VariableChoice | undefined;
  #best: number | undefined;
  #saved = -1;

  constructor(folder: FilePath, options: CheckpointsOptions = {}) {
    checkKeys('Checkpoints', options, checkpointsKeys);
    const { keep = 3, everyEpochs = 1, everySteps = Infinity, best, resume = false } = options;
    for (const [name, value] of Object.entries({ keep, everyEpochs, everySteps })) {
      if (Number.isInteger(value) ? value > 0 : value === Infinity) continue;
      throw invalidArgument(name, 'an integer of at least 1', value);
    }
    this.folder = checkPath(folder);
    this.#keep = keep;
    this.#everyEpochs = everyEpochs;
    this.#everySteps = everySteps;
    this.#watched = typeof best === 'string' ? { metric: best } : best;
    this.#resume = resume;
    this.#variables = options.variables;
  }

  /** The files of the last steps, the oldest first. */
  async list(): Promise<string[]> {
    const names = (await this.#names()).filter((name) => kNamed.test(name));
    return names.sort((a, b) => stepOf(a) - stepOf(b)).map((name) => join(this.folder, name));
  }

  async #names(): Promise<string[]> {
    try {
      return await readdir(this.folder);
    } catch (error) {
      if (Reflect.get(Object(error), 'code') === 'ENOENT') return [];
      throw fileError(error, 'read', this.folder);
    }
  }

  /** Saves the session as the checkpoint of that step, and deletes those that are too many. */
  async save(
    session: Session,
    step: number,
    metadata: Readonly<Record<string, unknown>> = {},
  ): Promise<string> {
    const name = `checkpoint-${String(step).padStart(10, '0')}.safetensors`;
    const path = join(this.folder, name);
    await makeFolder(this.folder);
    await session.save(path, { metadata, variables: this.#variables });
    const files = await this.list();
    for (const old of files.slice(0, Math.max(0, files.length - this.#keep))) {
      await rm(old, { force: true });
    }
    return path;
  }

  /**
   * Gives the session the state of the last checkpoint or of the best one; null when there is
   * none. Of the last ones, those that are damaged are passed over as long as there is another.
   */
  async restore(session: Session, which: 'last' | 'best' = 'last'): Promise<Restored | null> {
    const best = [join(this.folder, kBest)];
    const hasBest = which === 'best' && (await this.#names()).includes(kBest);
    const files = which === 'last' ? (await this.list()).reverse() : hasBest ? best : [];
    let failure: unknown;
    for (const path of files) {
      try {
        return await session.restore(path, { variables: this.#variables, random: true });
      } catch (error) {
        if (!(error instanceof EngineError && error.code === 'DATA_LOSS')) throw error;
        failure ??= error;
      }
    }
    if (failure !== undefined) throw failure;
    return null;
  }

  /** @internal */
  async begin(run: TrainingRun): Promise<void> {
    await this.#removeUnfinished();
    if (this.#resume) {
      const restored = await this.restore(run.session);
      const state = restored?.metadata[kTraining];
      if (typeof state === 'object' && state !== null) {
        run.restore(Object.fromEntries(Object.entries(state)));
        this.#saved = run.step;
      }
    } else if ((await this.list()).length > 0) {
      throw new EngineError(
        'FAILED_PRECONDITION',
        `'${this.folder}' has checkpoints of an earlier training: go on from them with ` +
          '{ resume: true }, or name another folder',
      );
    }
  }

  /** What a crash in the midst of a save has left. */
  async #removeUnfinished(): Promise<void> {
    for (const name of await this.#names()) {
      if (kUnfinished.test(name)) await rm(join(this.folder, name), { force: true });
    }
  }

  /** @internal */
  async settled(
    run: TrainingRun,
    after: 'step' | 'epoch' | 'end',
    record?: EpochRecord,
  ): Promise<void> {
    if (record && this.#isBest(record)) {
      await makeFolder(this.folder);
      await run.session.save(join(this.folder, kBest), this.#options(run));
    }
    const isDue = {
      step: run.step % this.#everySteps === 0,
      epoch: run.epoch % this.#everyEpochs === 0,
      end: this.#saved !== run.step,
    };
    if (!isDue[after]) return;
    this.#saved = run.step;
    await this.save(run.session, run.step, this.#options(run).metadata);
  }

  #options(run: TrainingRun) {
    return { metadata: { [kTraining]: run.state() }, variables: this.#variables };
  }

  #isBest(record: EpochRecord): boolean {
    if (!this.#watched) return false;
    const value = watchedValue(record, this.#watched.metric);
    if (!isBetter(value, this.#best, this.#watched.mode)) return false;
    this.#best = value;
    return true;
  }

  /** @internal */
  state(): unknown {
    return { best: this.#best === undefined ? null : toJson(this.#best) };
  }

  /** @internal */
  restoreState(state: unknown): void {
    const { best = null } = Object(state);
    this.#best = best === null ? undefined : Number(best);
  }
}

function stepOf(name: string): number {
  return Number(kNamed.exec(name)?.[1]);
}

async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((error) => {
    throw fileError(error, 'make', folder);
  });
}
