// Generated from the op registry by scripts/generate.mjs. Do not edit.
import type { FloatDType } from '../dtype.js';
import type { OpOptions } from '../node.js';
import { addOp, type Operand } from '../op.js';
import { output } from '../operation.js';
import type { Tensor } from '../tensor.js';

export interface GruOptions extends OpOptions {
  readonly hiddenSize?: number | bigint | undefined;
  /** Default: "forward". */
  readonly direction?: 'forward' | 'reverse' | 'bidirectional' | undefined;
  /** Default: []. */
  readonly activations?: readonly string[] | undefined;
  /** Default: []. */
  readonly activationAlpha?: readonly number[] | undefined;
  /** Default: []. */
  readonly activationBeta?: readonly number[] | undefined;
  readonly clip?: number | undefined;
  /** Default: false. */
  readonly linearBeforeReset?: boolean | undefined;
  /** Default: 0. */
  readonly layout?: number | bigint | undefined;
}

/**
 * A gated recurrent unit over a whole sequence, as ONNX defines it. Gates are in the order z,
 * r, h. sequence_lens and initial_h may be left out. x is [steps, batch, inputs], with layout 1
 * [batch, steps, inputs].
 */
export function gru<T extends FloatDType>(
  x: Operand<T>,
  w: Operand<T>,
  r: Operand<T>,
  b?: Operand<T> | null,
  sequenceLens?: Operand<'int32'> | null,
  initialH?: Operand<T> | null,
  options: GruOptions = {},
): { readonly y: Tensor<T>; readonly yH: Tensor<T> } {
  const op = addOp('GRU', [x, w, r, b, sequenceLens, initialH], { hidden_size: options.hiddenSize, direction: options.direction, activations: options.activations, activation_alpha: options.activationAlpha, activation_beta: options.activationBeta, clip: options.clip, linear_before_reset: options.linearBeforeReset, layout: options.layout }, options, ['hiddenSize', 'direction', 'activations', 'activationAlpha', 'activationBeta', 'clip', 'linearBeforeReset', 'layout']);
  return {
    y: output(op, 0),
    yH: output(op, 1),
  };
}

export interface LstmOptions extends OpOptions {
  readonly hiddenSize?: number | bigint | undefined;
  /** Default: "forward". */
  readonly direction?: 'forward' | 'reverse' | 'bidirectional' | undefined;
  /** Default: []. */
  readonly activations?: readonly string[] | undefined;
  /** Default: []. */
  readonly activationAlpha?: readonly number[] | undefined;
  /** Default: []. */
  readonly activationBeta?: readonly number[] | undefined;
  readonly clip?: number | undefined;
  /** Default: false. */
  readonly inputForget?: boolean | undefined;
  /** Default: 0. */
  readonly layout?: number | bigint | undefined;
}

/**
 * A long short-term memory over a whole sequence, as ONNX defines it. Gates are in the order i,
 * o, f, c. sequence_lens, initial_h, initial_c and the peepholes p may be left out. x is
 * [steps, batch, inputs], with layout 1 [batch, steps, inputs].
 */
export function lstm<T extends FloatDType>(
  x: Operand<T>,
  w: Operand<T>,
  r: Operand<T>,
  b?: Operand<T> | null,
  sequenceLens?: Operand<'int32'> | null,
  initialH?: Operand<T> | null,
  initialC?: Operand<T> | null,
  p?: Operand<T> | null,
  options: LstmOptions = {},
): { readonly y: Tensor<T>; readonly yH: Tensor<T>; readonly yC: Tensor<T> } {
  const op = addOp('LSTM', [x, w, r, b, sequenceLens, initialH, initialC, p], { hidden_size: options.hiddenSize, direction: options.direction, activations: options.activations, activation_alpha: options.activationAlpha, activation_beta: options.activationBeta, clip: options.clip, input_forget: options.inputForget, layout: options.layout }, options, ['hiddenSize', 'direction', 'activations', 'activationAlpha', 'activationBeta', 'clip', 'inputForget', 'layout']);
  return {
    y: output(op, 0),
    yH: output(op, 1),
    yC: output(op, 2),
  };
}

export interface RnnOptions extends OpOptions {
  readonly hiddenSize?: number | bigint | undefined;
  /** Default: "forward". */
  readonly direction?: 'forward' | 'reverse' | 'bidirectional' | undefined;
  /** Default: []. */
  readonly activations?: readonly string[] | undefined;
  /** Default: []. */
  readonly activationAlpha?: readonly number[] | undefined;
  /** Default: []. */
  readonly activationBeta?: readonly number[] | undefined;
  readonly clip?: number | undefined;
  /** Default: 0. */
  readonly layout?: number | bigint | undefined;
}

/**
 * A simple recurrent network over a whole sequence, as ONNX defines it: h = activation(x w' + h
 * r' + b). sequence_lens and initial_h may be left out. x is [steps, batch, inputs], with
 * layout 1 [batch, steps, inputs].
 */
export function rnn<T extends FloatDType>(
  x: Operand<T>,
  w: Operand<T>,
  r: Operand<T>,
  b?: Operand<T> | null,
  sequenceLens?: Operand<'int32'> | null,
  initialH?: Operand<T> | null,
  options: RnnOptions = {},
): { readonly y: Tensor<T>; readonly yH: Tensor<T> } {
  const op = addOp('RNN', [x, w, r, b, sequenceLens, initialH], { hidden_size: options.hiddenSize, direction: options.direction, activations: options.activations, activation_alpha: options.activationAlpha, activation_beta: options.activationBeta, clip: options.clip, layout: options.layout }, options, ['hiddenSize', 'direction', 'activations', 'activationAlpha', 'activationBeta', 'clip', 'layout']);
  return {
    y: output(op, 0),
    yH: output(op, 1),
  };
}
