import { checkKeys } from '../attrs.js';
import type { FloatDType } from '../dtype.js';
import { gru as runGru, lstm as runLstm, rnn as runRnn } from '../generated/rnn.js';
import type { Operand } from '../op.js';
import type { Tensor } from '../tensor.js';
import type { LayerInput } from './checks.js';
import { constant } from './initializers/simple.js';
import {
  type RecurrentOptions,
  recurrence,
  recurrentKeys,
  sequence,
  stateFor,
  stateOf,
} from './recurrent.js';

/** A type and no interface, so that a session can fetch it. */
export type LstmState<T> = {
  readonly h: T;
  readonly c: T;
};

export interface LstmOptions<D extends FloatDType = FloatDType> extends RecurrentOptions {
  /** h and c, each [batch, n] as the result has them; default: zeros. */
  readonly initialState?: LstmState<Operand<D>> | undefined;
  /** Where the bias of the forget gate begins, unless biasInitializer is given; default: 1. */
  readonly forgetBias?: number | undefined;
}

/**
 * A long short-term memory over sequences: Hochreiter and Schmidhuber, 1997; gates i, o, f, g:
 * c' = sigmoid(f) c + sigmoid(i) tanh(g), h = sigmoid(o) tanh(c'). x [batch, steps, inputs] gives
 * outputs [batch, steps, n] and the last state, where n is units, or with both directions 2 units.
 * Variables kernel [directions, 4 units, inputs], recurrent_kernel [directions, 4 units, units]
 * and bias [directions, 4 units].
 */
export function lstm<D extends FloatDType>(
  x: LayerInput<D>,
  units: number,
  options: LstmOptions<NoInfer<D>> = {},
): { readonly outputs: Tensor<D>; readonly state: LstmState<Tensor<D>> } {
  checkKeys('lstm', options, [...recurrentKeys, 'initialState', 'forgetBias']);
  const { forgetBias = 1, initialState, lengths = null, direction } = options;
  const gates = [0, 0, forgetBias, 0].flatMap((b) => new Array<number>(units).fill(b));
  const cell = { kind: 'lstm', gates: 4, bothBiases: false, bias: constant(gates) };
  return recurrence(x, units, cell, options, (q) => {
    const [h, c] = [stateFor(initialState?.h, q), stateFor(initialState?.c, q)];
    const op = { hiddenSize: units, direction, layout: 1 };
    const { y, yH, yC } = runLstm<D>(q.x, q.w, q.r, q.b, lengths, h, c, null, op);
    return { outputs: sequence(y, q), state: { h: stateOf(yH, q), c: stateOf(yC, q) } };
  });
}

export interface GruOptions<D extends FloatDType = FloatDType> extends RecurrentOptions {
  /** [batch, n] as the result has it; default: zeros. */
  readonly initialState?: Operand<D> | undefined;
  /** Whether the reset gate follows the product with the state; default: true. */
  readonly resetAfter?: boolean | undefined;
}

/**
 * A gated recurrent unit over sequences: Cho et al., 2014; gates z, r, g: h' = (1 - z) g + z h. x
 * [batch, steps, inputs] gives outputs [batch, steps, n] and the last state [batch, n], where n is
 * units, or with both directions 2 units. Variables kernel [directions, 3 units, inputs],
 * recurrent_kernel [directions, 3 units, units] and bias [directions, 6 units], without resetAfter
 * [directions, 3 units].
 */
export function gru<D extends FloatDType>(
  x: LayerInput<D>,
  units: number,
  options: GruOptions<NoInfer<D>> = {},
): { readonly outputs: Tensor<D>; readonly state: Tensor<D> } {
  checkKeys('gru', options, [...recurrentKeys, 'initialState', 'resetAfter']);
  const { initialState, resetAfter = true, lengths = null, direction } = options;
  const cell = { kind: 'gru', gates: 3, bothBiases: resetAfter };
  return recurrence(x, units, cell, options, (q) => {
    const op = { hiddenSize: units, direction, layout: 1, linearBeforeReset: resetAfter };
    const { y, yH } = runGru<D>(q.x, q.w, q.r, q.b, lengths, stateFor(initialState, q), op);
    return { outputs: sequence(y, q), state: stateOf(yH, q) };
  });
}

export interface RnnOptions<D extends FloatDType = FloatDType> extends RecurrentOptions {
  /** [batch, n] as the result has it; default: zeros. */
  readonly initialState?: Operand<D> | undefined;
}

/**
 * A simple recurrent network over sequences: h' = tanh(x kernel + h recurrent_kernel + bias).
 * Shapes and variables as those of `lstm`, with units in place of 4 units and one state.
 */
export function rnn<D extends FloatDType>(
  x: LayerInput<D>,
  units: number,
  options: RnnOptions<NoInfer<D>> = {},
): { readonly outputs: Tensor<D>; readonly state: Tensor<D> } {
  checkKeys('rnn', options, [...recurrentKeys, 'initialState']);
  const { initialState, lengths = null, direction } = options;
  const cell = { kind: 'rnn', gates: 1, bothBiases: false };
  return recurrence(x, units, cell, options, (q) => {
    const op = { hiddenSize: units, direction, layout: 1 };
    const { y, yH } = runRnn<D>(q.x, q.w, q.r, q.b, lengths, stateFor(initialState, q), op);
    return { outputs: sequence(y, q), state: stateOf(yH, q) };
  });
}
