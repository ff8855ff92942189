import type { Session } from '../../session.js';
import type { Callback, EpochRecord, FitResult, TrainingRun } from './callback.js';
import { Means, type Metrics, metricsFromJson, metricsToJson, type SavedMean } from './means.js';

/** Where a training is, and what a checkpoint keeps of that. */
export class Progress implements TrainingRun {
  readonly session: Session;
  readonly epochs: number;
  readonly batches: number | undefined;
  epoch = 0;
  step = 0;
  batch = 0;
  examples = 0;
  readonly #callbacks: readonly Callback[];
  readonly #means = new Means();
  #history: EpochRecord[] = [];
  #reason: string | undefined;
  #began = performance.now();

  constructor(
    session: Session,
    epochs: number,
    batches: number | undefined,
    callbacks: readonly Callback[],
  ) {
    this.session = session;
    this.epochs = epochs;
    this.batches = batches;
    this.#callbacks = callbacks;
  }

  get history(): readonly EpochRecord[] {
    return this.#history;
  }

  /** Why to stop, when a callback has said so. */
  get reason(): string | undefined {
    return this.#reason;
  }

  means(): Metrics {
    return this.#means.values();
  }

  stop(reason: string): void {
    this.#reason ??= reason;
  }

  beginEpoch(): void {
    this.#began = performance.now();
  }

  addStep(metrics: Metrics, examples: number): void {
    this.#means.add(metrics, examples);
    this.step += 1;
    this.batch += 1;
    this.examples += examples;
  }

  /** Records the pass that has ended and goes to the next one. */
  endEpoch(validation: Metrics | undefined): EpochRecord {
    const record: EpochRecord = {
      epoch: this.epoch,
      step: this.step,
      metrics: this.#means.values(),
      ...(validation && { validation }),
      examples: this.examples,
      seconds: (performance.now() - this.#began) / 1000,
    };
    this.#history.push(record);
    this.#means.restore([]);
    this.epoch += 1;
    this.batch = 0;
    this.examples = 0;
    return record;
  }

  result(stopped: string): FitResult {
    return { epochs: this.#history, step: this.step, stopped };
  }

  state(): Readonly<Record<string, unknown>> {
    const { epoch, step, batch, examples } = this;
    const callbacks = this.#callbacks.flatMap((callback) => {
      return callback.name && callback.state ? [[callback.name, callback.state()]] : [];
    });
    return {
      ...{ epoch, step, batch, examples, means: this.#means.save() },
      history: this.#history.map(recordToJson),
      callbacks: Object.fromEntries(callbacks),
    };
  }

  restore(state: Readonly<Record<string, unknown>>): void {
    const saved: SavedProgress = Object(state);
    this.epoch = saved.epoch;
    this.step = saved.step;
    this.batch = saved.batch;
    this.examples = saved.examples;
    this.#means.restore(saved.means);
    this.#history = saved.history.map(recordFromJson);
    for (const callback of this.#callbacks) {
      if (callback.name === undefined || !Object.hasOwn(saved.callbacks, callback.name)) continue;
      callback.restoreState?.(saved.callbacks[callback.name]);
    }
  }
}

interface SavedProgress {
  readonly epoch: number;
  readonly step: number;
  readonly batch: number;
  readonly examples: number;
  readonly means: readonly SavedMean[];
  readonly history: readonly SavedRecord[];
  readonly callbacks: Readonly<Record<string, unknown>>;
}

interface SavedRecord extends Omit<EpochRecord, 'metrics' | 'validation'> {
  readonly metrics: Readonly<Record<string, unknown>>;
  readonly validation?: Readonly<Record<string, unknown>> | undefined;
}

function recordToJson(record: EpochRecord): SavedRecord {
  const { metrics, validation } = record;
  return {
    ...record,
    metrics: metricsToJson(metrics),
    ...(validation && { validation: metricsToJson(validation) }),
  };
}

function recordFromJson(saved: SavedRecord): EpochRecord {
  const { metrics, validation } = saved;
  return {
    ...saved,
    metrics: metricsFromJson(metrics),
    validation: validation && metricsFromJson(validation),
  };
}
