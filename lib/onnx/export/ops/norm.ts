import type { ExportNode } from '../exportNode.js';
import type { ExportFamily } from '../table.js';
import type { Value } from '../value.js';
import {
  channelsFirst,
  channelsLast,
  dim,
  isKnown,
  reshaped,
  scalar,
  shapeOf,
  transposed,
  upTo,
  withAxes,
} from './common.js';

const epsilonOf = (n: ExportNode) => ({ f: Number(n.attr('epsilon')) });

/** Whether channels come last, in either way of saying so. */
function isLast(n: ExportNode): boolean {
  const format = n.text('data_format');
  return format === 'channels_last' || format === 'NHWC';
}

/** Statistics that are given. */
function batchNorm(n: ExportNode): readonly (Value | undefined)[] {
  if (n.flag('is_training')) return n.unsupported('statistics of the batch (is_training)');
  const rank = n.rank();
  const last = isLast(n);
  const x = last ? transposed(n, n.x, channelsFirst(rank)) : n.x;
  const [scale, offset, mean, variance] = [1, 2, 3, 4].map((i) => n.input(i));
  const inputs = [x, scale, offset, mean, variance];
  const y = n.op('BatchNormalization', inputs, { epsilon: epsilonOf(n) });
  const placed = last ? transposed(n, y, channelsLast(rank)) : y;
  const rest = n.outputs.length === 6 ? [n.constant([], 'float32', [0])] : [];
  return [placed, mean, variance, mean, variance, ...rest];
}

/** (x - mean) / sqrt(variance + epsilon) over axes. */
function standardized(n: ExportNode, x: Value, axes: readonly number[]): Value {
  const mean = (y: Value) => withAxes(n, 'ReduceMean', y, axes, 18, { keepdims: 1 });
  const centred = n.op('Sub', [x, mean(x)]);
  const variance = mean(n.op('Mul', [centred, centred]));
  return n.op('Div', [centred, root(n, variance)]);
}

/** sqrt(x + epsilon). */
function root(n: ExportNode, x: Value): Value {
  const epsilon = scalar(n, Number(n.attr('epsilon')), x.dtype);
  return n.op('Sqrt', [n.op('Add', [x, epsilon])]);
}

function scaled(
  n: ExportNode,
  y: Value,
  scale: Value | undefined,
  offset: Value | undefined,
): Value {
  const product = scale ? n.op('Mul', [y, scale]) : y;
  return offset ? n.op('Add', [product, offset]) : product;
}

function layerNorm(n: ExportNode): Value {
  const axis = n.axis(n.int('axis'));
  const [scale, offset] = [n.inputs[1], n.inputs[2]];
  const axes = upTo(n.rank()).slice(axis);
  const dims = n.dims().slice(axis);
  const weights = scale ?? (isKnown(dims) && n.constant(ones(dims), n.x.dtype, dims));
  if (!weights || n.opset < 17) return scaled(n, standardized(n, n.x, axes), scale, offset);
  return n.op('LayerNormalization', [n.x, weights, offset], { axis, epsilon: epsilonOf(n) });
}

function ones(dims: readonly number[]): number[] {
  return new Array(dims.reduce((a, b) => a * b, 1)).fill(1);
}

function rmsNorm(n: ExportNode): Value {
  const axis = n.axis(n.int('axis'));
  const scale = n.inputs[1];
  if (n.opset >= 23 && scale) {
    return n.op('RMSNormalization', [n.x, scale], { axis, epsilon: epsilonOf(n) });
  }
  const axes = upTo(n.rank()).slice(axis);
  const power = withAxes(n, 'ReduceMean', n.op('Mul', [n.x, n.x]), axes, 18, { keepdims: 1 });
  return scaled(n, n.op('Div', [n.x, root(n, power)]), scale, undefined);
}

/** Per group of channels: each group is an instance of its own. */
function groupNorm(n: ExportNode, groups: number): Value {
  const rank = n.rank();
  const last = isLast(n);
  const x = last ? transposed(n, n.x, channelsFirst(rank)) : n.x;
  const grouped = reshaped(n, x, [dim(n, n.x, 0), groups, -1]);
  const flat = grouped.node?.type === 'Reshape' ? grouped : x;
  const [one, zero] = [1, 0].map((v) => n.constant(new Array(groups).fill(v), n.x.dtype, [groups]));
  const y = n.op('InstanceNormalization', [flat, one, zero], { epsilon: epsilonOf(n) });
  const back = n.op('Reshape', [y, shapeOf(n, x)]);
  const placed = last ? transposed(n, back, channelsLast(rank)) : back;
  return scaled(n, placed, ...vectors(n, last, rank));
}

/** Scale and offset so that they broadcast over channels. */
function vectors(
  n: ExportNode,
  last: boolean,
  rank: number,
): [Value | undefined, Value | undefined] {
  const spread = (x: Value | undefined) =>
    x && !last ? reshaped(n, x, [-1, ...upTo(rank - 2).map(() => 1)]) : x;
  return [spread(n.inputs[1]), spread(n.inputs[2])];
}

function instanceNorm(n: ExportNode): Value {
  const dims = n.dims();
  const channels = isLast(n) ? dims.at(-1) : dims[1];
  return groupNorm(n, channels ?? n.unsupported('an unknown number of channels'));
}

function lrn(n: ExportNode): Value {
  const size = 2 * n.int('depth_radius') + 1;
  const y = n.op('LRN', [transposed(n, n.x, channelsFirst(4))], {
    size,
    alpha: { f: Number(n.attr('alpha')) * size },
    beta: { f: Number(n.attr('beta')) },
    bias: { f: Number(n.attr('bias')) },
  });
  return transposed(n, y, channelsLast(4));
}

/** A convolution that nothing else reads takes the bias itself, which runtimes look for. */
function biasedConv(n: ExportNode, x: Value, bias: Value): Value | undefined {
  const node = x.node;
  const isConv = node?.type === 'Conv' || node?.type === 'ConvTranspose';
  if (!isConv || node.inputs.length !== 2 || !n.exporter.isOnlyUse(n.id, 0)) return undefined;
  return n.op(node.type, [...node.inputs, bias], node.attributes);
}

/** What was transposed to have its channels last. */
function channelsFirstSource({ node }: Value): Value | undefined {
  const perm = node?.type === 'Transpose' ? node.attributes.perm : undefined;
  if (!Array.isArray(perm) || String(perm) !== String(channelsLast(perm.length))) return undefined;
  return node?.inputs[0];
}

function biasAdd(n: ExportNode): Value {
  const format = n.text('data_format');
  const [x, bias] = [n.x, n.input(1)];
  const isLastAxis = format.endsWith('C');
  const source = isLastAxis ? channelsFirstSource(x) : x;
  const conv = source && biasedConv(n, source, bias);
  if (conv) return isLastAxis ? transposed(n, conv, channelsLast(n.rank())) : conv;
  if (format.endsWith('C')) return n.op('Add', [x, bias]);
  const spread = reshaped(n, bias, [-1, ...upTo(n.rank() - 2).map(() => 1)]);
  return n.op('Add', [x, spread]);
}

export const norms = {
  BiasAdd: biasAdd,
  FusedBatchNorm: batchNorm,
  FusedBatchNormV2: batchNorm,
  FusedBatchNormV3: batchNorm,
  GroupNorm: (n) => groupNorm(n, n.int('groups')),
  InstanceNorm: instanceNorm,
  LRN: lrn,
  LayerNorm: layerNorm,
  RmsNorm: rmsNorm,
} satisfies ExportFamily;
