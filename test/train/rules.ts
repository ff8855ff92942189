// The update rules as their papers write them, in plain float64.
export interface Reference {
  readonly slots: Readonly<Record<string, number>>;
  /** Moves p, element by element; t is the number of the step from 1 on. */
  step(p: number, g: number, slots: Record<string, number>, rate: number, t: number): number;
}

const root = Math.sqrt;

export const references = {
  sgd: { slots: {}, step: (p, g, _, rate) => p - rate * g },
  momentum: {
    slots: { accum: 0 },
    step(p, g, s, rate) {
      s.accum = 0.9 * s.accum! + g;
      return p - rate * s.accum;
    },
  },
  nesterov: {
    slots: { accum: 0 },
    step(p, g, s, rate) {
      s.accum = 0.9 * s.accum! + g;
      return p - rate * (g + 0.9 * s.accum);
    },
  },
  adagrad: {
    slots: { accum: 0.1 },
    step(p, g, s, rate) {
      s.accum = s.accum! + g * g;
      return p - (rate * g) / root(s.accum);
    },
  },
  adadelta: {
    slots: { accum: 0, accum_update: 0 },
    step(p, g, s, rate) {
      s.accum = 0.95 * s.accum! + 0.05 * g * g;
      const move = (g * root(s.accum_update! + 1e-8)) / root(s.accum + 1e-8);
      s.accum_update = 0.95 * s.accum_update! + 0.05 * move * move;
      return p - rate * move;
    },
  },
  rmsProp: {
    slots: { ms: 1, mom: 0 },
    step(p, g, s, rate) {
      s.ms = 0.9 * s.ms! + 0.1 * g * g;
      s.mom = 0.5 * s.mom! + (rate * g) / root(s.ms + 1e-10);
      return p - s.mom;
    },
  },
  centered: {
    slots: { ms: 0, mom: 0, mg: 0 },
    step(p, g, s, rate) {
      s.ms = 0.9 * s.ms! + 0.1 * g * g;
      s.mg = 0.9 * s.mg! + 0.1 * g;
      s.mom = 0.5 * s.mom! + (rate * g) / root(s.ms - s.mg * s.mg + 1e-3);
      return p - s.mom;
    },
  },
  adam: {
    slots: { m: 0, v: 0 },
    step(p, g, s, rate, t) {
      s.m = 0.9 * s.m! + 0.1 * g;
      s.v = 0.999 * s.v! + 0.001 * g * g;
      const corrected = (rate * root(1 - 0.999 ** t)) / (1 - 0.9 ** t);
      return p - (corrected * s.m) / (root(s.v) + 1e-8);
    },
  },
  nadam: {
    slots: { m: 0, v: 0 },
    step(p, g, s, rate, t) {
      s.m = 0.9 * s.m! + 0.1 * g;
      s.v = 0.999 * s.v! + 0.001 * g * g;
      const corrected = (rate * root(1 - 0.999 ** t)) / (1 - 0.9 ** t);
      return p - (corrected * (0.9 * s.m + 0.1 * g)) / (root(s.v) + 1e-8);
    },
  },
  ftrl: {
    slots: { accum: 0.1, linear: 0 },
    step(p, g, s, rate) {
      const squares = s.accum! + g * g;
      s.linear = s.linear! + g - ((root(squares) - root(s.accum!)) / rate) * p;
      s.accum = squares;
      if (Math.abs(s.linear) <= 0.05) return 0;
      return (Math.sign(s.linear) * 0.05 - s.linear) / (root(squares) / rate + 2 * 0.01);
    },
  },
} satisfies Record<string, Reference>;

/** Lamb for one variable: the only rule that looks at all elements together. */
export function lambStep(
  p: readonly number[],
  g: readonly number[],
  slots: { m: number[]; v: number[] },
  rate: number,
  decay: number,
  t: number,
): number[] {
  const direction = p.map((value, i) => {
    slots.m[i] = 0.9 * slots.m[i]! + 0.1 * g[i]!;
    slots.v[i] = 0.999 * slots.v[i]! + 0.001 * g[i]! * g[i]!;
    const mean = slots.m[i]! / (1 - 0.9 ** t);
    return mean / (root(slots.v[i]! / (1 - 0.999 ** t)) + 1e-6) + decay * value;
  });
  const norm = (x: readonly number[]) => root(x.reduce((sum, v) => sum + v * v, 0));
  const ratio = norm(p) === 0 || norm(direction) === 0 ? 1 : norm(p) / norm(direction);
  return p.map((value, i) => value - rate * ratio * direction[i]!);
}
