import type { Tensor } from '../../tensor.js';
import type { ImportNode } from '../importNode.js';
import type { Family } from '../mapping.js';
import { kernelOf, laid } from './latePads.js';
import { upTo } from './shapes.js';
import { channelsFirstFormat, spatialRank, windowAttrs } from './window.js';

/** [a, b, ...spatial] to [...spatial, b, a], TensorFlow's filter layout. */
export function filterLast(n: ImportNode, w: Tensor, rank: number): Tensor {
  return n.op('Transpose', [w, [...upTo(rank).slice(2), 1, 0]]);
}

const kConvOps = ['Conv1D', 'Conv2D', 'Conv3D'];

function conv(n: ImportNode): Tensor {
  const w = n.input(1);
  const spatial = spatialRank(n, w);
  const { x, window } = laid(n, kernelOf(n, w), 0);
  const make = (out: boolean) => {
    const add = out ? n.out.bind(n) : n.op.bind(n);
    const [type, filter] = convolution(n, w, spatial);
    return add(type, [x, filter], windowAttrs(window));
  };
  return biased(n, spatial, make);
}

/** The op that does a convolution, with the filter as it wants it. */
function convolution(n: ImportNode, w: Tensor, spatial: number): [type: string, filter: Tensor] {
  const [outputs = null, perGroup, ...kernel] = w.shape ?? [];
  const group = n.attrs.int('group', 1);
  const isKnown = outputs !== null && kernel.every((size) => size !== null);
  if (spatial !== 2 || group === 1 || perGroup !== 1 || !isKnown) {
    return [kConvOps[spatial - 1] ?? '', filterLast(n, w, spatial + 2)];
  }
  const multiplied = n.op('Reshape', [w, [group, outputs / group, ...kernel]]);
  return ['DepthwiseConv2dNative', n.op('Transpose', [multiplied, [2, 3, 0, 1]])];
}

/** A convolution with its bias, input 2; the last of the two ops gets the node's name. */
export function biased(n: ImportNode, spatial: number, make: (out: boolean) => Tensor): Tensor {
  const bias = n.optional(2);
  if (!bias) return make(true);
  return n.out('BiasAdd', [make(false), bias], { data_format: channelsFirstFormat(spatial) });
}

export const convolutions: Family = { Conv: conv };
