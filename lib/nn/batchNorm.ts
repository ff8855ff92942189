import { checkKeys } from '../attrs.js';
import { cond } from '../control/cond.js';
import { group } from '../control/group.js';
import type { FloatDType } from '../dtype.js';
import { concat, fill, identity, reshape, shape as shapeOf, slice } from '../generated/array.js';
import { cast, mul, sub } from '../generated/math.js';
import { addOp } from '../op.js';
import { output } from '../operation.js';
import { outermost } from '../subgraph.js';
import type { Tensor } from '../tensor.js';
import type { Values } from '../value.js';
import type { Variable } from '../variable.js';
import { failure, floatTensor, knownDim, type LayerInput, shapeOfRank } from './checks.js';
import { getVariable } from './getVariable.js';
import type { VariableInitializer } from './initializers/initializer.js';
import { ones, zeros } from './initializers/simple.js';
import { inLayer } from './layer.js';
import type { NormOptions } from './norm.js';
import { normKeys } from './norm.js';
import { checkTraining, type Training } from './training.js';

export interface BatchNormOptions extends NormOptions {
  /** Whether the statistics are those of the batch, and the averages move; a tensor decides at each run. */
  readonly training: Training;
  /** How much of a moving average stays at each step; default: 0.99. */
  readonly momentum?: number | undefined;
  /** Default: "channels_last". */
  readonly dataFormat?: 'channels_last' | 'channels_first' | undefined;
  /** Default: zeros. */
  readonly movingMeanInitializer?: VariableInitializer | Tensor | Values | undefined;
  /** Default: ones. */
  readonly movingVarianceInitializer?: VariableInitializer | Tensor | Values | undefined;
}

/** float32 where x is a half type. */
type Wide = 'float32' | 'float64';

/**
 * (x - mean) / sqrt(variance + epsilon) * gamma + beta for each channel: Ioffe and Szegedy, 2015.
 * In training the mean and variance are those of the batch, else moving averages of them.
 * Variables gamma, beta, and not trainable moving_mean and moving_variance, all [channels]; float32
 * for half types. epsilon is 1e-3 by default.
 *
 * The averages move whenever a result of training mode is computed; the op that moves them is in
 * `graph.updates` too. The moving variance is that of the population (divided by n - 1).
 */
export function batchNorm<D extends FloatDType>(
  x: LayerInput<D>,
  options: BatchNormOptions,
): Tensor<D> {
  const input = floatTensor(x, 'x');
  const training = checkTraining(options);
  checkKeys('batchNorm', options, [
    ...normKeys,
    'training',
    'momentum',
    'dataFormat',
    'movingMeanInitializer',
    'movingVarianceInitializer',
  ]);
  const { momentum = 0.99, dataFormat = 'channels_last' } = options;
  if (!(momentum >= 0 && momentum <= 1)) {
    throw failure(`Expected a number in [0, 1] for momentum but received ${momentum}`);
  }
  const { length } = shapeOfRank(input, 'x', 2, 5);
  const last = dataFormat === 'channels_last' || length === 2;
  const channels = knownDim(input, 'x', last ? -1 : 1);
  return inLayer('batch_normalization', input, options, () => {
    const statistics = statisticsOf(input, channels, options);
    const image = length === 4 ? input : asImages(input, channels, last);
    const run = (fresh: boolean) => normalized(image, statistics, fresh, options.epsilon, last);
    const y = training === false ? run(false)[0] : moving(training, run, statistics, momentum);
    return length === 4 ? y : reshape(y, shapeOf(input)).setShape(input.shape);
  });
}

interface Statistics {
  readonly gamma: Tensor<Wide>;
  readonly beta: Tensor<Wide>;
  readonly mean: Variable<Wide>;
  readonly variance: Variable<Wide>;
}

function statisticsOf(x: Tensor<FloatDType>, channels: number, options: BatchNormOptions) {
  const dtype: Wide = x.dtype === 'float64' ? 'float64' : 'float32';
  const graph = outermost(x.graph);
  const { center = true, scale = true } = options;
  const { gammaInitializer = ones(), movingVarianceInitializer = ones() } = options;
  const { betaInitializer = zeros(), movingMeanInitializer = zeros() } = options;
  const make = (
    name: string,
    initializer: NormOptions['betaInitializer'],
    trainable = options.trainable,
  ) => getVariable<Wide>(name, { shape: [channels], dtype, initializer, trainable, graph });
  return {
    gamma: scale ? make('gamma', gammaInitializer).read() : fill([channels], cast(1, dtype)),
    beta: center ? make('beta', betaInitializer).read() : fill([channels], cast(0, dtype)),
    mean: make('moving_mean', movingMeanInitializer, false),
    variance: make('moving_variance', movingVarianceInitializer, false),
  };
}

type Normalized<D extends FloatDType> = readonly [
  y: Tensor<D>,
  mean: Tensor<Wide>,
  variance: Tensor<Wide>,
];

/** By the statistics of the batch when `fresh`; with those that were used. */
function normalized<D extends FloatDType>(
  x: Tensor<D>,
  { gamma, beta, mean, variance }: Statistics,
  fresh: boolean,
  epsilon = 1e-3,
  last: boolean,
): Normalized<D> {
  const type = x.dtype === 'float64' ? 'FusedBatchNorm' : 'FusedBatchNormV3';
  const used = fresh ? [[], []] : [mean.read(), variance.read()];
  const op = addOp(type, [x, gamma, beta, ...used], {
    epsilon,
    data_format: last ? 'NHWC' : 'NCHW',
    is_training: fresh,
  });
  return [output(op, 0), output(op, 1), output(op, 2)];
}

/** The result of training mode, or of the mode that the run says, which moves the averages. */
function moving<D extends FloatDType>(
  training: true | Tensor<'bool'>,
  run: (fresh: boolean) => Normalized<D>,
  { mean, variance }: Statistics,
  momentum: number,
): Tensor<D> {
  const conditional = training !== true;
  const [y, batchMean, batchVariance] = conditional
    ? cond(
        training,
        () => run(true),
        () => run(false),
      )
    : run(true);
  const move = () => [
    mean.assignSub(mul(sub(mean.read(), batchMean), 1 - momentum)),
    variance.assignSub(mul(sub(variance.read(), batchVariance), 1 - momentum)),
  ];
  const moved = conditional ? cond(training, move, () => [mean.read(), variance.read()]) : move();
  const update = group(moved, { name: 'update' });
  update.graph.addUpdate(update);
  // Whoever computes the result moves the averages, also without an optimizer.
  return identity(y, { controlInputs: [update] });
}

/** As [..., 1, channels] or [batch, channels, ..., 1] of 4 dims. */
function asImages<D extends FloatDType>(x: Tensor<D>, channels: number, last: boolean): Tensor<D> {
  if (last) return reshape(x, [-1, 1, 1, channels]);
  const [batch, , ...area] = x.shape!;
  const known = area.every((dim) => dim !== null && dim > 0);
  if (!known) return reshape(x, concat([slice(shapeOf(x), [0], [2]), [-1, 1]], 0));
  return reshape(x, [batch ?? -1, channels, area.reduce<number>((a, dim) => a * dim!, 1), 1]);
}
