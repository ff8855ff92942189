import type { Tensor } from '../../tensor.js';
import type { ImportNode } from '../importNode.js';
import type { Family } from '../mapping.js';

/** Inputs in the order of the standard, null where one is left out. */
function inputsOf(n: ImportNode, count: number): (Tensor | null)[] {
  return Array.from({ length: count }, (_, i) => n.optional(i) ?? null);
}

/** Activations of one direction, as the standard has them by default. */
const kDefaults: Readonly<Record<string, readonly string[]>> = {
  LSTM: ['sigmoid', 'tanh', 'tanh'],
  GRU: ['sigmoid', 'tanh'],
};

function attrsOf(n: ImportNode, type: 'LSTM' | 'GRU'): Record<string, unknown> {
  const { attrs } = n;
  const given = attrs.strings('activations', []).map((name) => name.toLowerCase());
  const usual = kDefaults[type] ?? [];
  if (given.some((name, i) => name !== usual[i % usual.length])) {
    n.unsupported(`the activations ${given.join(', ')}`);
  }
  if (attrs.has('clip')) n.unsupported('clip');
  if (attrs.int('layout', 0) !== 0) n.unsupported('layout = 1');
  return { direction: attrs.string('direction', 'forward'), hidden_size: attrs.int('hidden_size') };
}

function lstm(n: ImportNode): readonly Tensor[] {
  if (n.attrs.flag('input_forget')) n.unsupported('input_forget');
  return n.outs('LSTM', inputsOf(n, 8), attrsOf(n, 'LSTM'));
}

function gru(n: ImportNode): readonly Tensor[] {
  const linear_before_reset = n.attrs.flag('linear_before_reset');
  return n.outs('GRU', inputsOf(n, 6), { ...attrsOf(n, 'GRU'), linear_before_reset });
}

export const recurrent: Family = { GRU: gru, LSTM: lstm };
