import type { Tensor } from '../../tensor.js';
import type { ImportNode } from '../importNode.js';
import type { Family } from '../mapping.js';
import { castTo } from './numbers.js';
import { over, type Size, shapeOf, shapeTensor, sizeOf, times, upTo } from './shapes.js';
import { channelsFirst, channelsLast } from './window.js';

/** A vector over channels in the shape that broadcasts over [N, C, ...]. */
function perChannel(n: ImportNode, vector: Tensor, rank: number): Tensor {
  return rank <= 2 ? vector : n.op('Reshape', [vector, [-1, ...upTo(rank - 2).map(() => 1)]]);
}

function batchNormalization(n: ImportNode): readonly Tensor[] {
  const { attrs } = n;
  if (n.opset < 9 && !attrs.flag('spatial', true)) return n.unsupported('spatial = 0');
  const [mean, variance] = [3, 4].map((i) => castTo(n, n.input(i), n.x.dtype));
  const isTraining =
    attrs.flag('training_mode') || n.wants(1) || (n.opset < 7 && !attrs.flag('is_test'));
  if (isTraining) return trainingBatch(n, mean!, variance!);
  return [scaledBatch(n, mean!, variance!)];
}

/** The statistics are those of the batch, and the running ones move towards them. */
function trainingBatch(n: ImportNode, mean: Tensor, variance: Tensor): readonly Tensor[] {
  const axes = upTo(n.rank()).filter((axis) => axis !== 1);
  const x = castTo(n, n.x, n.x.dtype === 'float64' ? 'float64' : 'float32');
  const centre = n.op('Mean', [x, axes], { keep_dims: true });
  const spread = n.op('Mean', [n.op('SquaredDifference', [x, centre]), axes]);
  const [own, power] = [n.op('Reshape', [centre, [-1]]), spread].map((s) =>
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
  const scaled = n.op('Mul', [n.x, perChannel(n, factor, rank)]);
  return n.out('AddV2', [scaled, perChannel(n, shift, rank)]);
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
  return [result, mean, inverse];
}

function groupNormalization(n: ImportNode): Tensor {
  const groups = n.attrs.int('num_groups');
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
  if (size % 2 === 0) return n.unsupported('an even size');
  const rank = n.rank();
  if (rank !== 4) return n.unsupported(`an input of rank ${rank}`);
  const attrs = {
    depth_radius: (size - 1) / 2,
    bias: n.attrs.float('bias', 1),
    alpha: n.attrs.float('alpha', 1e-4) / size,
    beta: n.attrs.float('beta', 0.75),
  };
  const y = n.op('LRN', [n.op('Transpose', [n.x, channelsLast(rank)])], attrs);
  return n.out('Transpose', [y, channelsFirst(rank)]);
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
  return n.out('Mul', [castTo(n, n.op('Mul', [x, inverse]), n.x.dtype), n.input(1)]);
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
