import type { Tensor } from '../../../tensor.js';
import type { ImportNode } from '../../importNode.js';
import type { Family } from '../../mapping.js';
import { channelsFirst, channelsLast } from '../window.js';
import { activated, plus } from './activation.js';

/** What a mapping does to channels-first data, done to channels-last data. */
export function onLastChannels(n: ImportNode, x: Tensor, map: (x: Tensor) => Tensor): Tensor {
  const rank = n.rank(x);
  const y = map(n.op('Transpose', [x, channelsFirst(rank)]));
  return n.op('Transpose', [y, channelsLast(rank)]);
}

function convolved(n: ImportNode, x: Tensor): Tensor {
  return n.call('Conv', [x, n.input(1), n.optional(2)], n.attrs);
}

function fusedConv(n: ImportNode): Tensor {
  return activated(n, plus(n, convolved(n, n.x), n.optional(3)));
}

function nhwcFusedConv(n: ImportNode): Tensor {
  const y = onLastChannels(n, n.x, (x) => convolved(n, x));
  return activated(n, plus(n, y, n.optional(3)));
}

function nhwcConv(n: ImportNode): Tensor {
  return n.out('Identity', [onLastChannels(n, n.x, (x) => convolved(n, x))]);
}

function nhwcMaxPool(n: ImportNode): Tensor {
  const y = onLastChannels(n, n.x, (x) => n.call('MaxPool', [x], n.attrs));
  return n.out('Identity', [y]);
}

export const contribConvolutions: Family = {
  FusedConv: fusedConv,
  NhwcConv: nhwcConv,
  NhwcFusedConv: nhwcFusedConv,
  NhwcMaxPool: nhwcMaxPool,
};
