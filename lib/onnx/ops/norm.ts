import type { Tensor } from '../../tensor.js';
import type { ImportNode } from '../importNode.js';
import type { Family } from '../mapping.js';
import { wide } from './attention.js';
import { castTo, dtypeOfNumber } from './numbers.js';
import { dimTensor, over, type Size, shapeOf, shapeTensor, sizeOf, times, upTo } from './shapes.js';
import { channelsFirst, channelsLast } from './window.js';

/** Before opset 9 there could be statistics for each element of [C, ...] instead of each channel. */
function isSpatial(n: ImportNode): boolean {
  return n.opset >= 9 || n.attrs.flag('spatial', true);
}

/** A vector over channels in the shape that broadcasts over [N, C, ...]. */
function perChannel(n: ImportNode, vector: Tensor, rank: number): Tensor {
  return rank <= 2 ? vector : n.op('Reshape', [vector, [-1, ...upTo(rank - 2).map(() => 1)]]);
}

function batchNormalization(n: ImportNode): readonly Tensor[] {
  const { attrs } = n;
  const [mean, variance] = [3, 4].map((i) => castTo(n, n.input(i), n.x.dtype));
  const isTraining =
    attrs.flag('training_mode') || n.wants(1) || (n.opset < 7 && !attrs.flag('is_test'));
  if (isTraining) return trainingBatch(n, mean!, variance!);
  return [scaledBatch(n, mean!, variance!)];
}

/** The statistics are those of the batch, and the running ones move towards them. */
function trainingBatch(n: ImportNode, mean: Tensor, variance: Tensor): readonly Tensor[] {
  const axes = isSpatial(n) ? upTo(n.rank()).filter((axis) => axis !== 1) : [0];
  const x = castTo(n, n.x, n.x.dtype === 'float64' ? 'float64' : 'float32');
  const centre = n.op('Mean', [x, axes], { keep_dims: true });
  const spread = n.op('Mean', [n.op('SquaredDifference', [x, centre]), axes]);
  const [own, power] = [n.op('Squeeze', [centre], { squeeze_dims: axes }), spread].map((s) =>
    castTo(n, s, n.x.dtype),
  );
  const keep = n.attrs.float('momentum', 0.9);
  const moved = (old: Tensor, next: Tensor, index: number) =>
    castTo(
      n,
      n.op('AddV2', [n.op('Mul', [old, keep]), n.op('Mul', [next, 1 - keep])]),
      n.input(index).dtype,
    );
  const running = [moved(mean, own!, 3), moved(variance, power!, 4)];
  return [scaledBatch(n, own!, power!), ...running, own!, power!];
}

function scaledBatch(n: ImportNode, mean: Tensor, variance: Tensor): Tensor {
  const epsilon = n.attrs.float('epsilon', 1e-5);
  const rank = n.rank();
  const [scale, offset] = [1, 2].map((i) => castTo(n, n.input(i), n.x.dtype));
  // A scale and a shift per channel, which fold into constants when the statistics are.
  const factor = n.op('Mul', [scale, n.op('Rsqrt', [n.op('AddV2', [variance, epsilon])])]);
  const shift = n.op('Sub', [offset, n.op('Mul', [mean, factor])]);
  const shaped = (part: Tensor) => (isSpatial(n) ? perChannel(n, part, rank) : part);
  return n.out('AddV2', [n.op('Mul', [n.x, shaped(factor)]), shaped(shift)]);
}

/** (x - mean) / sqrt(variance + epsilon) over axes. */
function standardize(n: ImportNode, x: Tensor, axes: readonly number[], epsilon: number) {
  const mean = n.op('Mean', [x, axes], { keep_dims: true });
  const variance = n.op('Mean', [n.op('SquaredDifference', [x, mean]), axes], { keep_dims: true });
  const inverse = n.op('Rsqrt', [n.op('AddV2', [variance, epsilon])]);
  return { mean, inverse, y: n.op('Mul', [n.op('Sub', [x, mean]), inverse]) };
}

function instanceNormalization(n: ImportNode): Tensor {
  const rank = n.rank();
  const { y } = standardize(n, n.x, upTo(rank).slice(2), n.attrs.float('epsilon', 1e-5));
  const [scale, bias] = [1, 2].map((i) => perChannel(n, n.input(i), rank));
  return n.out('AddV2', [n.op('Mul', [y, scale]), bias]);
}

function layerNormalization(n: ImportNode): readonly Tensor[] {
  const rank = n.rank();
  const axes = upTo(rank).slice(n.axis(n.attrs.int('axis', -1)));
  const stash = n.x.dtype === 'float64' ? 'float64' : 'float32';
  const x = castTo(n, n.x, stash);
  const { y, mean, inverse } = standardize(n, x, axes, n.attrs.float('epsilon', 1e-5));
  const scaled = [castTo(n, y, n.x.dtype), n.input(1)];
  const bias = n.optional(2);
  const result = bias ? n.out('AddV2', [n.op('Mul', scaled), bias]) : n.out('Mul', scaled);
  const given = dtypeOfNumber(n, n.attrs.int('stash_type', 1));
  return [result, castTo(n, mean, given), castTo(n, inverse, given)];
}

function groupNormalization(n: ImportNode): Tensor {
  const groups = n.attrs.int('num_groups');
  if (n.rank() < 2) n.fail(`X has rank ${n.rank()}, expected at least 2`);
  const sizes = upTo(n.rank()).map((axis) => sizeOf(n, n.x, axis));
  const size = sizes.slice(1).reduce((a, b) => times(n, a, b));
  const parts = shapeOf(n, [sizes[0]!, groups, over(n, size, groups)]);
  const grouped = n.op('Reshape', [n.x, parts]);
  const { y } = standardize(n, grouped, [2], n.attrs.float('epsilon', 1e-5));
  const [scale, bias] = [1, 2].map((i) => perChannel(n, groupVector(n, i, sizes[1]!), n.rank()));
  const whole = n.op('Reshape', [y, shapeTensor(n, n.x)]);
  return n.out('AddV2', [n.op('Mul', [whole, scale]), bias]);
}

/** Opset 18 has a scale per group, opset 21 one per channel. */
function groupVector(n: ImportNode, index: number, channels: Size): Tensor {
  const vector = n.input(index);
  if (n.opset >= 21) return vector;
  const groups = n.attrs.int('num_groups');
  const column = n.op('Reshape', [vector, [groups, 1]]);
  const repeats = shapeOf(n, [1, over(n, channels, groups)]);
  return n.op('Reshape', [n.op('Tile', [column, repeats]), [-1]]);
}

function lrn(n: ImportNode): Tensor {
  const size = n.attrs.int('size');
  if (size < 1) return n.fail(`size is ${size}, expected 1 or more`);
  const rank = n.rank();
  const [alpha, beta] = [n.attrs.float('alpha', 1e-4) / size, n.attrs.float('beta', 0.75)];
  const bias = n.attrs.float('bias', 1);
  if (size % 2 === 0 || rank !== 4) {
    const sum = n.op('AddV2', [n.op('Mul', [channelSums(n, size), alpha]), bias]);
    const power = n.op('Pow', [sum, beta]);
    return n.out('Cast', [n.op('RealDiv', [wide(n, n.x), power])], { DstT: n.x.dtype });
  }
  const attrs = { depth_radius: (size - 1) / 2, bias, alpha, beta };
  const y = n.op('LRN', [n.op('Transpose', [n.x, channelsLast(rank)])], attrs);
  return n.out('Transpose', [y, channelsFirst(rank)]);
}

/** The squares of `size` channels around each one, of even sizes one more after it, summed up. */
function channelSums(n: ImportNode, size: number): Tensor {
  const squares = n.op('Square', [wide(n, n.x)]);
  const dims = [0, 1].map((axis) => dimTensor(n, n.x, axis));
  const ones = [1, -1].map((dim) => n.constant(dim, 'int64', []));
  const shape = n.op('Pack', [[dims[0], ones[0], dims[1], ones[1]]], { axis: 0 });
  const before = Math.floor((size - 1) / 2);
  const amounts = [0, 0, 0, 0, before, size - 1 - before, 0, 0];
  const pads = n.constant(amounts, 'int64', [4, 2]);
  const plane = n.op('PadV2', [
    n.op('Reshape', [squares, shape]),
    pads,
    n.constant(0, squares.dtype, []),
  ]);
  const window = { ksize: [1, 1, size, 1], strides: [1, 1, 1, 1], padding: 'VALID' };
  const means = n.op('AvgPool', [plane], { ...window, data_format: 'NCHW' });
  return n.op('Mul', [n.op('Reshape', [means, shapeTensor(n, n.x)]), size]);
}

function lpNormalization(n: ImportNode): Tensor {
  const axis = n.axis(n.attrs.int('axis', -1));
  const sum = (x: Tensor) => n.op('Sum', [x, [axis]], { keep_dims: true });
  const length =
    n.attrs.int('p', 2) === 1
      ? sum(n.op('Abs', [n.x]))
      : n.op('Sqrt', [sum(n.op('Square', [n.x]))]);
  return n.out('DivNoNan', [n.x, length]);
}

function meanVariance(n: ImportNode): Tensor {
  const axes = n.attrs.ints('axes', [0, 2, 3]) ?? [];
  const mean = n.op('Mean', [n.x, axes], { keep_dims: true });
  const centred = n.op('Sub', [n.x, mean]);
  const variance = n.op('Mean', [n.op('Square', [centred]), axes], { keep_dims: true });
  return n.out('RealDiv', [centred, n.op('AddV2', [n.op('Sqrt', [variance]), 1e-9])]);
}

function rmsNormalization(n: ImportNode): Tensor {
  const axes = upTo(n.rank()).slice(n.axis(n.attrs.int('axis', -1)));
  const x = castTo(n, n.x, n.x.dtype === 'float64' ? 'float64' : 'float32');
  const power = n.op('Mean', [n.op('Square', [x]), axes], { keep_dims: true });
  const inverse = n.op('Rsqrt', [n.op('AddV2', [power, n.attrs.float('epsilon', 1e-5)])]);
  const scale = n.input(1);
  const normal = castTo(n, n.op('Mul', [x, inverse]), n.x.dtype);
  return n.out('Mul', [castTo(n, normal, scale.dtype), scale]);
}

/** Of models before the first opset: a scale for all and a bias per channel. */
function imageScaler(n: ImportNode): Tensor {
  const bias = n.attrs.floats('bias', []);
  const scaled = n.op('Mul', [n.x, n.attrs.float('scale', 1)]);
  if (bias.length === 0) return n.out('Identity', [scaled]);
  return n.out('AddV2', [scaled, n.constant([...bias], n.x.dtype, [bias.length, 1, 1])]);
}

export const norms: Family = {
  BatchNormalization: batchNormalization,
  GroupNormalization: groupNormalization,
  ImageScaler: imageScaler,
  InstanceNormalization: instanceNormalization,
  LRN: lrn,
  LayerNormalization: layerNormalization,
  LpNormalization: lpNormalization,
  MeanVarianceNormalization: meanVariance,
  RMSNormalization: rmsNormalization,
};
