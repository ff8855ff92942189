import { EngineError } from '../../errors.js';
import type { Session } from '../../session.js';
import type { Metrics } from './means.js';

/** One pass over the data. */
export interface EpochRecord {
  /** From 0. */
  readonly epoch: number;
  /** Steps since the beginning of the training. */
  readonly step: number;
  /** Means over the batches of the pass, weighted by their examples. */
  readonly metrics: Metrics;
  readonly validation?: Metrics | undefined;
  readonly examples: number;
  /** What the pass took, validation included; of the part since a resume, if there was one. */
  readonly seconds: number;
}

export interface FitResult {
  readonly epochs: readonly EpochRecord[];
  /** Steps since the beginning of the training, those before a resume included. */
  readonly step: number;
  /** Why it ended: all epochs done, the signal, or the reason that a callback gave. */
  readonly stopped: 'finished' | 'aborted' | string;
}

/** The training in progress, as callbacks see it. */
export interface TrainingRun {
  readonly session: Session;
  /** The pass, from 0. */
  readonly epoch: number;
  readonly epochs: number;
  /** Steps since the beginning of the training. */
  readonly step: number;
  /** Batches of this pass so far. */
  readonly batch: number;
  /** Batches of a pass, where that is known. */
  readonly batches: number | undefined;
  /** Examples of this pass so far. */
  readonly examples: number;
  /** The means of this pass so far. */
  means(): Metrics;
  readonly history: readonly EpochRecord[];
  /** Ends the training after the current step or epoch. */
  stop(reason: string): void;
  /** What a checkpoint has to keep besides the session, to go on from here; JSON. */
  state(): Readonly<Record<string, unknown>>;
  /** Goes on from such a state; only in `begin`. */
  restore(state: Readonly<Record<string, unknown>>): void;
}

type Done = void | Promise<void>;

/** What happens beside the training. All parts are optional, and are waited for. */
export interface Callback {
  /** Under this name a checkpoint keeps what `state` gives. */
  readonly name?: string | undefined;
  begin?(run: TrainingRun): Done;
  /** After a step, with its numbers. */
  step?(run: TrainingRun, metrics: Metrics): Done;
  /** After a pass and its validation. */
  epoch?(run: TrainingRun, record: EpochRecord): Done;
  /** After all callbacks have seen a step, an epoch or the end. */
  settled?(run: TrainingRun, after: 'step' | 'epoch' | 'end', record?: EpochRecord): Done;
  end?(run: TrainingRun, result: FitResult): Done;
  /** At the very end, also when the training failed. */
  close?(): Done;
  /** What it has to remember to go on after a resume; JSON. */
  state?(): unknown;
  restoreState?(state: unknown): void;
}

/** Which number of an epoch is watched, and whether small or large is good. */
export interface Watched {
  /** A name of the step's numbers, or 'validation.' and a name of the validation's. */
  readonly metric: string;
  /** Default 'min'. */
  readonly mode?: 'min' | 'max' | undefined;
}

/** The watched number of an epoch; an error that says which ones there are when it is missing. */
export function watchedValue(record: EpochRecord, metric: string): number {
  const all: Record<string, number> = { ...record.metrics };
  for (const [name, value] of Object.entries(record.validation ?? {})) {
    all[`validation.${name}`] = value;
  }
  const value = all[metric];
  if (value !== undefined) return value;
  const names = Object.keys(all).join(', ') || 'none';
  const text = `Expected one of the numbers of an epoch (${names}) for metric but received '${metric}'`;
  throw new EngineError('INVALID_ARGUMENT', text);
}

/** Whether a number is better; NaN never is. */
export function isBetter(
  value: number,
  best: number | undefined,
  mode: 'min' | 'max' | undefined,
  least = 0,
): boolean {
  if (Number.isNaN(value)) return false;
  if (best === undefined) return true;
  return mode === 'max' ? value > best + least : value < best - least;
}
