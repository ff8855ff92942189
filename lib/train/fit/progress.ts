import { bar, compact } from '../../bar.js';
import type { Callback, EpochRecord, TrainingRun } from './callback.js';
import type { Metrics } from './means.js';

/** Where progress is written: `process.stderr`, or anything like it. */
export interface ProgressStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

const kRedrawMilliseconds = 80;
const kBarColumns = 20;

/**
 * A line for each epoch and, on a terminal, a bar that shows where the epoch is, the means so far
 * and the throughput.
 */
export function progress(stream: ProgressStream = process.stderr): Callback {
  let drawn = 0;
  let isOpen = false;
  let start = { at: 0, examples: 0 };
  const draw = (text: string): void => {
    stream.write(`\r\x1b[K${text.slice(0, (stream.columns ?? 80) - 1)}`);
    isOpen = true;
  };
  return {
    step(run) {
      const now = performance.now();
      if (run.batch === 1 || start.at === 0) start = { at: now, examples: run.examples };
      if (!stream.isTTY || now - drawn < kRedrawMilliseconds) return;
      drawn = now;
      draw(barLine(run, (now - start.at) / 1000, run.examples - start.examples));
    },
    epoch(run, record) {
      stream.write(`${isOpen ? '\r\x1b[K' : ''}${epochLine(run, record)}\n`);
      isOpen = false;
      start = { at: 0, examples: 0 };
    },
    end(_, { stopped }) {
      if (stopped === 'finished') return;
      stream.write(`${isOpen ? '\r\x1b[K' : ''}stopped: ${stopped}\n`);
      isOpen = false;
    },
    close() {
      if (isOpen) stream.write('\r\x1b[K');
      isOpen = false;
    },
  };
}

/** "epoch 2/10 [=====>    ] 120/469  loss 0.1234  12.3k/s  8.1 s left" */
export function barLine(run: TrainingRun, seconds: number, examples: number): string {
  const { batch, batches } = run;
  const parts = [`epoch ${run.epoch + 1}/${run.epochs}`];
  if (batches === undefined) parts[0] += ` step ${batch}`;
  else parts[0] += ` [${bar(batch / batches, kBarColumns)}] ${batch}/${batches}`;
  parts.push(...texts(run.means()));
  const speed = seconds > 0 ? examples / seconds : 0;
  if (speed > 0) {
    parts.push(`${compact(speed)}/s`);
    const perBatch = run.examples / batch;
    if (batches !== undefined) {
      parts.push(`${(((batches - batch) * perBatch) / speed).toFixed(1)} s left`);
    }
  }
  return parts.join('  ');
}

/** "epoch 2/10  loss 0.1234  validation accuracy 0.981  12.3k/s  4.9 s" */
export function epochLine(run: TrainingRun, record: EpochRecord): string {
  const { seconds, examples, validation = {} } = record;
  const speed = seconds > 0 ? [`${compact(examples / seconds)}/s`] : [];
  return [
    `epoch ${record.epoch + 1}/${run.epochs}`,
    ...texts(record.metrics),
    ...texts(validation).map((text) => `validation ${text}`),
    ...speed,
    `${seconds.toFixed(1)} s`,
  ].join('  ');
}

function texts(metrics: Metrics): string[] {
  return Object.entries(metrics).map(([name, value]) => `${name} ${short(value)}`);
}

function short(value: number): string {
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e6) return String(value);
  return size >= 1e-3 && size < 1e6 ? value.toPrecision(4) : value.toExponential(2);
}
