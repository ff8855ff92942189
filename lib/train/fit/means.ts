import { EngineError, invalidArgument } from '../../errors.js';
import { NDArray } from '../../ndArray.js';
import { Tensor } from '../../tensor.js';
import { Variable } from '../../variable.js';

/** Numbers by name. */
export type Metrics = Readonly<Record<string, number>>;

/** What one step gave: numbers, arrays of one number, and nulls of operations. */
export type StepResult = Readonly<Record<string, unknown>>;

/** The numbers among the results of a step. */
export function numbersOf(result: unknown, what: string): Metrics {
  if (typeof result !== 'object' || result === null) {
    throw invalidArgument(`the result of ${what}`, 'an object of numbers', result);
  }
  const numbers: Record<string, number> = {};
  for (const [name, value] of Object.entries(result)) {
    if (value === null || value === undefined) continue;
    numbers[name] = numberOf(value, `${what}.${name}`);
  }
  return numbers;
}

function numberOf(value: unknown, name: string): number {
  const single: unknown = value instanceof NDArray && value.size === 1 ? value.item() : value;
  if (typeof single === 'number') return single;
  if (typeof single === 'bigint' || typeof single === 'boolean') return Number(single);
  const shape = value instanceof NDArray ? ` of shape [${value.shape.join(', ')}]` : '';
  throw new EngineError(
    'INVALID_ARGUMENT',
    `Expected a single number for ${name} but received ${shape ? `an array${shape}` : typeof value}: ` +
      'fetch its mean, or leave it out',
  );
}

/** The number of examples in a batch, 1 where the batch does not tell. */
export function examplesIn(batch: unknown): number {
  if (batch instanceof NDArray) return batch.rank > 0 ? batch.shape[0]! : 1;
  if (typeof batch !== 'object' || batch === null || ArrayBuffer.isView(batch)) return 1;
  const pairs = Array.isArray(batch) && batch.length > 0 && batch.every(isPair);
  const values: unknown[] = pairs
    ? batch.map(([, value]) => value)
    : [...(batch instanceof Map ? batch.values() : Object.values(batch))];
  for (const value of values) {
    if (value instanceof NDArray && value.rank > 0) return value.shape[0]!;
  }
  // The entries of a list that is no list of feeds may be anything.
  if (Array.isArray(batch) && !pairs) return 1;
  return values.find((value) => Array.isArray(value))?.length ?? 1;
}

/** A key of feeds and its value. */
function isPair(entry: unknown): entry is readonly [unknown, unknown] {
  if (!Array.isArray(entry) || entry.length !== 2) return false;
  const key: unknown = entry[0];
  return typeof key === 'string' || key instanceof Tensor || key instanceof Variable;
}

/** A mean as JSON keeps it: name, sum, weight; numbers that JSON lacks are texts. */
export type SavedMean = readonly [name: string, sum: number | string, weight: number | string];

/** Means of numbers by name, weighted. */
export class Means {
  readonly #sums = new Map<string, { sum: number; weight: number }>();

  add(metrics: Metrics, weight: number): void {
    for (const [name, value] of Object.entries(metrics)) {
      const entry = this.#sums.get(name) ?? { sum: 0, weight: 0 };
      entry.sum += value * weight;
      entry.weight += weight;
      this.#sums.set(name, entry);
    }
  }

  values(): Record<string, number> {
    const entries = [...this.#sums].map(([name, { sum, weight }]) => [name, sum / weight] as const);
    return Object.fromEntries(entries);
  }

  save(): SavedMean[] {
    return [...this.#sums].map(([name, { sum, weight }]) => [name, toJson(sum), toJson(weight)]);
  }

  restore(saved: readonly SavedMean[]): void {
    this.#sums.clear();
    for (const [name, sum, weight] of saved) {
      this.#sums.set(name, { sum: Number(sum), weight: Number(weight) });
    }
  }
}

/** A number, or a text where JSON has no number for it. */
export function toJson(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

export function metricsToJson(metrics: Metrics): Record<string, number | string> {
  return Object.fromEntries(Object.entries(metrics).map(([name, x]) => [name, toJson(x)]));
}

export function metricsFromJson(saved: Readonly<Record<string, unknown>>): Record<string, number> {
  return Object.fromEntries(Object.entries(saved).map(([name, x]) => [name, Number(x)]));
}
