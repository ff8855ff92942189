import type { Tensor } from '../../../tensor.js';
import type { ImportNode } from '../../importNode.js';
import type { Family } from '../../mapping.js';

/** A sum with an input that may be left out. */
export function plus(n: ImportNode, x: Tensor, term: Tensor | undefined): Tensor {
  return term ? n.op('AddV2', [x, term]) : x;
}

/** x * sigmoid(alpha x). */
function quickGelu(n: ImportNode): Tensor {
  const alpha = n.attrs.float('alpha', 1.702);
  return n.out('Mul', [n.x, n.op('Sigmoid', [n.op('Mul', [n.x, alpha])])]);
}

/** The first half of the last axis times the gelu of the second. */
function biasSplitGelu(n: ImportNode): Tensor {
  const [left, right] = n.ops('Split', [n.rank() - 1, plus(n, n.x, n.input(1))], { num_split: 2 });
  return n.out('Mul', [left, n.op('Gelu', [right])]);
}

/** The activation that a fused operator names, with its parameters. */
export function activated(n: ImportNode, x: Tensor): Tensor {
  const name = n.attrs.string('activation', '');
  const given = n.attrs.floats('activation_params', []);
  const params = (usual: readonly number[]) => usual.map((value, i) => given[i] ?? value);
  switch (name) {
    case '':
      return n.out('Identity', [x]);
    case 'Relu':
    case 'Tanh':
    case 'Sigmoid':
    case 'HardSwish':
    case 'Gelu':
      return n.out(name, [x]);
    case 'LeakyRelu':
    case 'Elu':
      return n.out(name, [x], { alpha: params([name === 'Elu' ? 1 : 0.01])[0] });
    case 'HardSigmoid': {
      const [alpha, beta] = params([0.2, 0.5]);
      return n.out('HardSigmoid', [x], { alpha, beta });
    }
    case 'Clip':
      return n.out('ClipByValue', [x, ...params([-Infinity, Infinity])]);
    default:
      return n.unsupported(`the activation '${name}'`);
  }
}

export const contribActivations: Family = {
  BiasAdd: (n) => n.out('AddV2', [plus(n, n.x, n.input(1)), n.input(2)]),
  BiasGelu: (n) => n.out('Gelu', [plus(n, n.x, n.input(1))]),
  BiasSplitGelu: biasSplitGelu,
  FastGelu: (n) => n.out('GeluTanh', [plus(n, n.x, n.optional(1))]),
  Gelu: (n) => n.out('Gelu', [n.x]),
  QuickGelu: quickGelu,
};
