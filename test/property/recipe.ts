import fc from 'fast-check';

/** What a step of a recipe may add; the first are what others shrink to. */
export const kinds = [
  'apply',
  'row',
  'feed',
  'idiom',
  'matMul',
  'image',
  'control',
  'random',
  'variable',
  'assign',
  'gradient',
  'minimize',
  'sequence',
  'host',
  'cond',
  'while',
  'fold',
  'call',
  'wide',
] as const;

export type Kind = (typeof kinds)[number];

/**
 * One or a few ops, by numbers that the builder takes modulo what there is to choose from: any
 * numbers make a graph, and smaller ones a simpler graph, so that a recipe shrinks well.
 */
export interface Step {
  readonly kind: Kind;
  readonly choices: readonly number[];
  /** What branches, loops and calls hold. */
  readonly inner: readonly Step[];
}

export interface Recipe {
  readonly steps: readonly Step[];
  /** Which tensors are fetched, besides the last one, and in which order. */
  readonly fetches: readonly number[];
  /** How the runs vary: which pass is left out alone, which tensor is fed, and so on. */
  readonly runs: readonly number[];
}

const weights: Partial<Record<Kind, number>> = {
  apply: 12,
  row: 7,
  feed: 2,
  idiom: 4,
  matMul: 2,
  image: 2,
  assign: 2,
};

const kChoices = 14;

/** Fixed in number; shrinks towards zeros. */
const numbers = (count: number) =>
  fc.tuple(...Array.from({ length: count }, () => fc.nat({ max: 9999 })));

const kind: fc.Arbitrary<Kind> = fc.oneof(
  ...kinds.map((name) => ({ weight: weights[name] ?? 1, arbitrary: fc.constant(name) })),
);

function step(inner: fc.Arbitrary<readonly Step[]>): fc.Arbitrary<Step> {
  return fc.record({ kind, choices: numbers(kChoices), inner });
}

const leaf = step(fc.constant([]));
const nested = step(fc.array(leaf, { maxLength: 3 }));
const whole = step(fc.array(nested, { maxLength: 4 }));

export function recipes(mostSteps: number): fc.Arbitrary<Recipe> {
  return fc.record({
    steps: fc.array(whole, { minLength: 1, maxLength: mostSteps, size: 'max' }),
    fetches: fc.array(fc.nat({ max: 9999 }), { maxLength: 5 }),
    runs: numbers(6),
  });
}

/** The numbers of a step, one after the other; zeros when they are used up. */
export class Choices {
  readonly #numbers: readonly number[];
  #at = 0;

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }

  /** In [0, count). */
  below(count: number): number {
    const number = this.#numbers[this.#at++] ?? 0;
    return number % count;
  }

  of<T>(list: readonly T[]): T | undefined {
    return list.length === 0 ? undefined : list[this.below(list.length)];
  }

  /** Whether something holds that does so in `percent` of 100 cases; not for zeros. */
  chance(percent: number): boolean {
    return this.below(100) >= 100 - percent;
  }
}
