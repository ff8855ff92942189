import type { ExportNode } from '../exportNode.js';
import type { ExportFamily, Exporting } from '../table.js';
import type { Attributes, Value } from '../value.js';

function attributesOf(n: ExportNode): Attributes {
  const floats = (name: string) => {
    const list = n.ints(name);
    return list.length > 0 ? { floats: list } : undefined;
  };
  const activations = n.texts('activations');
  const clip = n.attr('clip');
  return {
    hidden_size: n.dims(2).at(-1) ?? n.unsupported('an unknown hidden size'),
    direction: n.text('direction'),
    activations: activations.length > 0 ? activations : undefined,
    activation_alpha: floats('activation_alpha'),
    activation_beta: floats('activation_beta'),
    clip: typeof clip === 'number' ? { f: clip } : undefined,
  };
}

/** [batch, ...] to [sequence or direction, batch, ...] and back. */
function swapped(n: ExportNode, x: Value | undefined): Value | undefined {
  return x && n.op('Transpose', [x], { perm: [1, 0, 2] });
}

/** Runtimes take the layout with the sequence first only. */
const recurrent =
  (type: string, states: readonly number[], attributes: (n: ExportNode) => Attributes): Exporting =>
  (n) => {
    const isBatchFirst = n.int('layout') === 1;
    const turned = (i: number) => i === 0 || states.includes(i);
    const inputs = n.inputs.map((x, i) => (isBatchFirst && turned(i) ? swapped(n, x) : x));
    const made = n.outputs.map((dtype) => ({ dtype }));
    const outputs = n.ops(type, inputs, { ...attributesOf(n), ...attributes(n) }, made);
    if (!isBatchFirst) return outputs;
    return outputs.map((y, i) =>
      i === 0 ? n.op('Transpose', [y], { perm: [2, 0, 1, 3] }) : swapped(n, y),
    );
  };

export const recurrents = {
  GRU: recurrent('GRU', [5], (n) => ({ linear_before_reset: n.flag('linear_before_reset') })),
  LSTM: recurrent('LSTM', [5, 6], (n) => ({ input_forget: n.flag('input_forget') })),
  RNN: recurrent('RNN', [5], () => ({})),
} satisfies ExportFamily;
