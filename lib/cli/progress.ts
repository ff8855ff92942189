import { bar, compact } from '../bar.js';
import type { Output } from './command.js';

export { compact };

const kRedrawMilliseconds = 80;
const kBarColumns = 24;

/** A bar on one line of a terminal; writes nothing elsewhere. */
export class Progress {
  readonly #out: Output;
  readonly #label: string;
  readonly #unit: string;
  #start = performance.now();
  #drawn = 0;
  #isOpen = false;

  constructor(out: Output, label: string, unit: string) {
    this.#out = out;
    this.#label = label;
    this.#unit = unit;
  }

  update(done: number, total: number): void {
    const now = performance.now();
    const isDue = now - this.#drawn >= kRedrawMilliseconds || done === total;
    if (!this.#out.isTTY || !isDue) return;
    this.#drawn = now;
    this.#isOpen = true;
    const text = line(this.#label, this.#unit, done, total, (now - this.#start) / 1000);
    this.#out.write(`\r\x1b[K${text.slice(0, (this.#out.columns ?? 80) - 1)}`);
  }

  /** Takes the bar away. */
  end(): void {
    if (this.#isOpen) this.#out.write('\r\x1b[K');
    this.#isOpen = false;
  }
}

/** "run  [=======>     ]  54%  5400/10000 images  3100/s  1.5 s left" */
export function line(
  label: string,
  unit: string,
  done: number,
  total: number,
  seconds: number,
): string {
  const part = total > 0 ? Math.min(1, done / total) : 1;
  const speed = seconds > 0 ? done / seconds : 0;
  const left = speed > 0 ? `  ${((total - done) / speed).toFixed(1)} s left` : '';
  const percent = `${Math.floor(part * 100)}%`.padStart(4);
  return `${label} [${bar(part, kBarColumns)}] ${percent}  ${done}/${total} ${unit}  ${compact(speed)}/s${left}`;
}
