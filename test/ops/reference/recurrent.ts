import { upTo } from './numbers.js';

/** Operands in row-major order, as the ops take them with layout 0. */
export interface Recurrent {
  readonly cell: 'LSTM' | 'GRU' | 'RNN';
  readonly direction: 'forward' | 'reverse' | 'bidirectional';
  readonly sizes: {
    readonly steps: number;
    readonly batch: number;
    readonly inputs: number;
    readonly hidden: number;
  };
  readonly x: readonly number[];
  readonly w: readonly number[];
  readonly r: readonly number[];
  readonly b: readonly number[];
  readonly lengths?: readonly number[];
  readonly h0?: readonly number[];
  readonly c0?: readonly number[];
  readonly linearBeforeReset?: boolean;
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
export const gatesOf = { LSTM: 4, GRU: 3, RNN: 1 };

interface State {
  readonly h: readonly number[];
  readonly c: readonly number[];
}

/** y, y_h and y_c by the formulas of the ONNX operators, with their default activations. */
export function recurrent(q: Recurrent): { y: number[]; h: number[]; c: number[] } {
  const { steps, batch, hidden } = q.sizes;
  const directions = q.direction === 'bidirectional' ? 2 : 1;
  const y = new Array<number>(steps * directions * batch * hidden).fill(0);
  const [h, c]: [number[], number[]] = [[], []];
  for (const d of upTo(directions)) {
    for (const b of upTo(batch)) {
      const length = q.lengths?.[b] ?? steps;
      const at = (d * batch + b) * hidden;
      const zeros = upTo(hidden).map(() => 0);
      let state: State = {
        h: q.h0?.slice(at, at + hidden) ?? zeros,
        c: q.c0?.slice(at, at + hidden) ?? zeros,
      };
      for (const s of upTo(length)) {
        const t = d === 1 || q.direction === 'reverse' ? length - 1 - s : s;
        state = step(q, d, t * batch + b, state);
        for (const [j, value] of state.h.entries()) {
          y[((t * directions + d) * batch + b) * hidden + j] = value;
        }
      }
      h.push(...state.h);
      c.push(...state.c);
    }
  }
  return { y, h, c };
}

function step(q: Recurrent, d: number, row: number, before: State): State {
  const { inputs, hidden } = q.sizes;
  const width = gatesOf[q.cell] * hidden;
  const fromInput = (i: number) =>
    upTo(inputs).reduce(
      (sum, k) => sum + q.x[row * inputs + k]! * q.w[(d * width + i) * inputs + k]!,
      q.b[d * 2 * width + i]!,
    );
  const fromState = (i: number, h: readonly number[]) =>
    upTo(hidden).reduce(
      (sum, k) => sum + h[k]! * q.r[(d * width + i) * hidden + k]!,
      q.b[(d * 2 + 1) * width + i]!,
    );
  const both = (gate: number, j: number) =>
    fromInput(gate * hidden + j) + fromState(gate * hidden + j, before.h);
  const units = upTo(hidden);
  if (q.cell === 'RNN') return { h: units.map((j) => Math.tanh(both(0, j))), c: before.c };
  if (q.cell === 'LSTM') {
    const c = units.map(
      (j) => sigmoid(both(2, j)) * before.c[j]! + sigmoid(both(0, j)) * Math.tanh(both(3, j)),
    );
    return { h: units.map((j) => sigmoid(both(1, j)) * Math.tanh(c[j]!)), c };
  }
  const reset = units.map((j) => sigmoid(both(1, j)) * before.h[j]!);
  const h = units.map((j) => {
    const i = 2 * hidden + j;
    const inner = q.linearBeforeReset
      ? sigmoid(both(1, j)) * fromState(i, before.h)
      : fromState(i, reset);
    const z = sigmoid(both(0, j));
    return (1 - z) * Math.tanh(fromInput(i) + inner) + z * before.h[j]!;
  });
  return { h, c: before.c };
}
