import { checkKeys } from '../../attrs.js';
import { EngineError, invalidArgument } from '../../errors.js';
import { Session } from '../../session.js';
import { Data, data as dataOf } from '../data/index.js';
import type { Elements, MakeElements } from '../data/sources.js';
import type { Callback, EpochRecord, FitResult, TrainingRun } from './callback.js';
import { haveEffects } from './effects.js';
import { examplesIn } from './means.js';
import {
  type FeedsOf,
  type RunStep,
  runStep,
  type StepFetches,
  type StepFunction,
} from './step.js';
import { Progress } from './trainingRun.js';
import { Validation, type ValidationMetrics } from './validate.js';

/** Batches: `train.data(...)`, any iterable, or a function that makes one for each epoch. */
export type Batches<B> = Data<B> | Elements<B> | MakeElements<B>;

export interface ValidateOptions<B> {
  readonly data: Batches<B>;
  readonly metrics: ValidationMetrics | StepFunction<B>;
  /** Default: the `feeds` of the training. */
  readonly feeds?: FeedsOf<B> | undefined;
  /** After each so many epochs, and after the last; default 1. */
  readonly every?: number | undefined;
}

export interface FitOptions<B, V = B> {
  /** Its variables are trained; they must be initialised, or restored by a callback. */
  readonly session: Session;
  /** What is computed for each batch, by name: the numbers among them are the metrics. */
  readonly step: StepFetches | StepFunction<B>;
  readonly data: Batches<B>;
  /** How a batch becomes feeds. Default: a batch is feeds, such as an object by placeholder name. */
  readonly feeds?: FeedsOf<B> | undefined;
  /** Passes over the data, those before a resume included; default 1. */
  readonly epochs?: number | undefined;
  readonly validate?: ValidateOptions<V> | undefined;
  readonly callbacks?: readonly (Callback | ((record: EpochRecord, run: TrainingRun) => unknown))[];
  /** Ends the training after the step, or the validation, in progress. */
  readonly signal?: AbortSignal | undefined;
}

const fitKeys = [
  'session',
  'step',
  'data',
  'feeds',
  'epochs',
  'validate',
  'callbacks',
  'signal',
] as const;

/**
 * Trains: runs the step for each batch of each epoch, validates, and calls the callbacks. Resolves
 * with the history also when it was stopped early; the session can be used on, or trained on.
 */
export async function fit<B, V = B>(options: FitOptions<B, V>): Promise<FitResult> {
  return new Fit(options).run();
}

class Fit<B, V> {
  readonly #data: Data<B>;
  readonly #runStep: RunStep<B>;
  readonly #validation: Validation<V> | undefined;
  readonly #every: number;
  readonly #callbacks: readonly Callback[];
  readonly #signal: AbortSignal | undefined;
  readonly #progress: Progress;

  constructor(options: FitOptions<B, V>) {
    checkKeys('fit', options, fitKeys);
    const { session, step, data, feeds, epochs = 1, validate, callbacks = [], signal } = options;
    if (!(session instanceof Session)) throw invalidArgument('session', 'a Session', session);
    checkCount(epochs, 'epochs');
    this.#every = checkCount(validate?.every ?? 1, 'validate.every');
    this.#data = asData(data, 'data');
    this.#runStep = runStep(session, step, feeds, 'step');
    if (typeof step !== 'function') checkTrains(step);
    if (!Array.isArray(callbacks)) throw invalidArgument('callbacks', 'a list', callbacks);
    this.#callbacks = callbacks.map(asCallback);
    this.#signal = signal;
    this.#progress = new Progress(session, epochs, this.#data.length, this.#callbacks);
    if (!validate) return;
    checkKeys('validate', validate, ['data', 'feeds', 'metrics', 'every']);
    const ownFeeds = validate.feeds ?? sameFeeds<B, V>(feeds);
    const batches = asData(validate.data, 'validate.data');
    this.#validation = new Validation(session, batches, validate.metrics, ownFeeds);
  }

  async run(): Promise<FitResult> {
    const run = this.#progress;
    try {
      for (const callback of this.#callbacks) await callback.begin?.(run);
      while (run.epoch < run.epochs && !this.#stopped) await this.#epoch();
      const result = run.result(this.#stopped ?? 'finished');
      await this.#settled('end');
      for (const callback of this.#callbacks) await callback.end?.(run, result);
      return result;
    } finally {
      await this.#close();
    }
  }

  /** Every callback is closed, even if closing another one fails. */
  async #close(): Promise<void> {
    const closed = this.#callbacks.map(async (callback) => callback.close?.());
    const failed = (await Promise.allSettled(closed)).find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
  }

  get #stopped(): string | undefined {
    return this.#signal?.aborted ? 'aborted' : this.#progress.reason;
  }

  async #epoch(): Promise<void> {
    const run = this.#progress;
    run.beginEpoch();
    for await (const batch of this.#interruptible(run.epoch, run.batch)) {
      const metrics = await this.#runStep(batch);
      run.addStep(metrics, examplesIn(batch));
      for (const callback of this.#callbacks) {
        const done = callback.step?.(run, metrics);
        if (done) await done;
      }
      await this.#settled('step');
      if (this.#stopped) return;
    }
    if (this.#stopped) return;
    if (run.batch === 0) {
      throw new EngineError('INVALID_ARGUMENT', `the data gave no batch in epoch ${run.epoch}`);
    }
    const isDue = (run.epoch + 1) % this.#every === 0 || run.epoch + 1 === run.epochs;
    const record = run.endEpoch(isDue ? await this.#validation?.run() : undefined);
    for (const callback of this.#callbacks) await callback.epoch?.(run, record);
    await this.#settled('epoch', record);
  }

  /** The batches of an epoch; they end when the signal aborts while the next one is waited for. */
  async *#interruptible(epoch: number, skip: number): AsyncGenerator<B, void, undefined> {
    const batches = this.#data.epoch(epoch, { skip });
    let interrupt: (() => void) | undefined;
    const abort = () => interrupt?.();
    this.#signal?.addEventListener('abort', abort);
    try {
      while (!this.#signal?.aborted) {
        const next = await new Promise<IteratorResult<B, void>>((resolve, reject) => {
          interrupt = () => resolve({ done: true, value: undefined });
          batches.next().then(resolve, reject);
        });
        if (next.done) return;
        interrupt = undefined;
        yield next.value;
      }
    } finally {
      this.#signal?.removeEventListener('abort', abort);
      const closed = batches.return();
      // A source that gives nothing cannot close before it does.
      if (interrupt && this.#signal?.aborted) closed.catch(() => undefined);
      else await closed;
    }
  }

  async #settled(after: 'step' | 'epoch' | 'end', record?: EpochRecord): Promise<void> {
    for (const callback of this.#callbacks) {
      const done = callback.settled?.(this.#progress, after, record);
      if (done) await done;
    }
  }
}

function asData<B>(batches: Batches<B>, name: string): Data<B> {
  if (batches instanceof Data) return batches;
  if (batches === undefined || batches === null) throw invalidArgument(name, 'batches', batches);
  return dataOf(batches);
}

function asCallback(
  callback: Callback | ((record: EpochRecord, run: TrainingRun) => unknown),
): Callback {
  if (typeof callback === 'object' && callback !== null) return checkCallback(callback);
  if (typeof callback !== 'function') throw invalidArgument('callbacks', 'callbacks', callback);
  return {
    async epoch(run, record) {
      await callback(record, run);
    },
  };
}

const moments = ['begin', 'step', 'epoch', 'settled', 'end', 'close'] as const;

/** An object that hears of nothing has its functions under other names. */
function checkCallback(callback: Callback): Callback {
  if (moments.some((moment) => typeof callback[moment] === 'function')) return callback;
  const expected = `a function, or an object with one of ${moments.join(', ')},`;
  throw invalidArgument('callbacks', expected, callback);
}

/** Without a write a training would go on to its end and have changed nothing. */
function checkTrains(step: StepFetches): void {
  if (haveEffects(Object.values(step))) return;
  throw new EngineError(
    'INVALID_ARGUMENT',
    `Nothing would be trained: step (${Object.keys(step).join(', ')}) changes no variable. Give it ` +
      'an operation such as train.adam(0.001).minimize(loss) besides',
  );
}

/** The training's feeds for the validation's batches, which then are of the same kind. */
function sameFeeds<B, V>(feeds: FeedsOf<B> | undefined): FeedsOf<V> | undefined;
function sameFeeds(feeds: FeedsOf<never> | undefined): FeedsOf<never> | undefined {
  return feeds;
}

function checkCount(value: unknown, name: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value;
  throw invalidArgument(name, 'an integer of at least 1', value);
}
