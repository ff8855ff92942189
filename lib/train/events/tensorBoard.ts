import { checkKeys } from '../../attrs.js';
import { EngineError, invalidArgument } from '../../errors.js';
import type { FilePath } from '../../io/files.js';
import type { Tensor } from '../../tensor.js';
import type { Variable } from '../../variable.js';
import type { Callback, TrainingRun } from '../fit/callback.js';
import { histogramOf } from './histogram.js';
import { EventWriter } from './writer.js';

export interface TensorBoardOptions {
  /** The numbers of each so many steps are written; default 1. */
  readonly everySteps?: number | undefined;
  /** Variables or tensors whose values are written as histograms after each epoch, by name. */
  readonly histograms?:
    | Readonly<Record<string, Tensor | Variable>>
    | readonly Variable[]
    | undefined;
}

/**
 * Writes the numbers of a training for TensorBoard: those of the steps under their own names, the
 * means of the epochs under `epoch/` and the validation's under `validation/`. A folder's writer is
 * closed with the training; one that is given stays open.
 */
export function tensorBoard(
  target: FilePath | EventWriter,
  options: TensorBoardOptions = {},
): Callback {
  checkKeys('tensorBoard', options, ['everySteps', 'histograms']);
  const { everySteps = 1, histograms = {} } = options;
  if (!Number.isInteger(everySteps) || everySteps < 1) {
    throw invalidArgument('everySteps', 'an integer of at least 1', everySteps);
  }
  let writer = target instanceof EventWriter ? target : undefined;
  const watched = Object.fromEntries(entriesOf(histograms));
  return {
    begin() {
      if (!(target instanceof EventWriter)) writer = new EventWriter(target);
    },
    step(run, metrics) {
      if (run.step % everySteps === 0) writer?.scalars(metrics, run.step);
    },
    async epoch(run, { metrics, validation = {}, step }) {
      writer?.scalars(prefixed('epoch', metrics), step);
      writer?.scalars(prefixed('validation', validation), step);
      if (writer) await writeHistograms(run, watched, writer);
    },
    async close() {
      if (writer === target) await writer?.flush();
      else await writer?.close();
    },
  };
}

function entriesOf(
  histograms: NonNullable<TensorBoardOptions['histograms']>,
): (readonly [string, Tensor | Variable])[] {
  if (!isList(histograms)) return Object.entries(histograms);
  return histograms.map((variable) => [variable.name, variable] as const);
}

function isList(value: unknown): value is readonly Variable[] {
  return Array.isArray(value);
}

function prefixed(prefix: string, metrics: Readonly<Record<string, number>>) {
  const entries = Object.entries(metrics).map(([name, x]) => [`${prefix}/${name}`, x] as const);
  return Object.fromEntries(entries);
}

/** Weights that have become NaN have no histogram, which must not end the training. */
async function writeHistograms(
  { session, step }: TrainingRun,
  watched: Readonly<Record<string, Tensor | Variable>>,
  writer: EventWriter,
): Promise<void> {
  for (const [name, source] of Object.entries(watched)) {
    const values = await session.run(source);
    const counted = await histogramOf(values, name).catch(ofNaN);
    if (counted) writer.addHistogram(name, Promise.resolve(counted), step);
  }
}

function ofNaN(error: unknown): undefined {
  if (error instanceof EngineError && error.message.startsWith('Nan')) return undefined;
  throw error;
}
