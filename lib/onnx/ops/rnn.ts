import type { Tensor } from '../../tensor.js';
import type { ImportNode } from '../importNode.js';
import type { Family } from '../mapping.js';

/** The engine's ops follow the standard: inputs in its order, null for those left out. */
function recurrentOp(
  n: ImportNode,
  type: string,
  inputs: number,
  flags: Readonly<Record<string, boolean>> = {},
): readonly Tensor[] {
  const { attrs } = n;
  const given = Array.from({ length: inputs }, (_, i) => n.optional(i) ?? null);
  return n.outs(type, given, {
    ...flags,
    direction: attrs.string('direction', 'forward').toLowerCase(),
    activations: attrs.strings('activations', []),
    activation_alpha: attrs.floats('activation_alpha', []),
    activation_beta: attrs.floats('activation_beta', []),
    layout: attrs.int('layout', 0),
    ...(attrs.has('hidden_size') ? { hidden_size: attrs.int('hidden_size') } : {}),
    ...(attrs.has('clip') ? { clip: attrs.float('clip') } : {}),
  });
}

function lstm(n: ImportNode): readonly Tensor[] {
  return recurrentOp(n, 'LSTM', 8, { input_forget: n.attrs.flag('input_forget') });
}

function gru(n: ImportNode): readonly Tensor[] {
  const linear_before_reset = n.attrs.flag('linear_before_reset');
  return recurrentOp(n, 'GRU', 6, { linear_before_reset });
}

export const recurrent: Family = {
  GRU: gru,
  LSTM: lstm,
  RNN: (n) => recurrentOp(n, 'RNN', 6),
};
