import { ndarray } from '../../../lib/ndArray.js';
import type { Values } from '../../../lib/value.js';
import { type Case, table } from '../case.js';
import { channelsFirst } from '../reference/window.js';
import { nested } from './nested.js';

const x = [
  0, 1.875, 1, -1.375, -1.75, 0.375, 2, 0.625, -1.625, -1.5, 0.875, 2, 0.25, -1.875, -1.25, 1.25,
  1.875, -0.25, -2, -0.875, 1.5, 1.625, -0.625, -2,
];
const channels = 3;
const scale = [1, 0.5, 2];
const offset = [0, 1, -1];
const mean = [0.25, -0.5, 0];
const variance = [1, 0.25, 2];
const epsilon = 0.0001;

const average = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/** The mean and variance of each channel of x. */
const moments = scale.map((_, c) => {
  const own = x.filter((_, i) => i % channels === c);
  const centre = average(own);
  return { centre, spread: average(own.map((v) => (v - centre) ** 2)), count: own.length };
});
const batchMean = moments.map(({ centre }) => centre);
const batchVariance = moments.map(({ spread }) => spread);
/** What is handed out estimates the variance of the population. */
const population = moments.map(({ spread, count }) => (spread * count) / (count - 1));

function normalised(centre: readonly number[], spread: readonly number[]): number[] {
  return x.map((v, i) => {
    const c = i % channels;
    return ((v - centre[c]!) / Math.sqrt(spread[c]! + epsilon)) * scale[c]! + offset[c]!;
  });
}

/** One of the three ops: how it takes the values of channels, and how many outputs it has. */
interface Kind {
  readonly vector: (values: readonly number[]) => Values;
  readonly outputs: 5 | 6;
}

function rows({ vector, outputs }: Kind): Case[] {
  const padded = (list: (Values | null)[]) => (outputs === 6 ? [...list, null] : list);
  const weights = [vector(scale), vector(offset)];
  const statistics = [vector(mean), vector(variance)];
  const formats = ['NHWC', 'NCHW'].flatMap((data_format): Case[] => {
    const arranged = (values: readonly number[]): Values =>
      data_format === 'NHWC'
        ? nested([2, 2, 2, channels], values)
        : nested([2, channels, 2, 2], channelsFirst([...values], 2, [2, 2], channels));
    return [
      {
        inputs: [arranged(x), ...weights, ...statistics],
        outputs: padded([arranged(normalised(mean, variance)), mean, variance, mean, variance]),
        attrs: { is_training: false, data_format },
        gradient: [0, 1, 2],
        tolerance: 10,
      },
      {
        inputs: [arranged(x), ...weights, vector([]), vector([])],
        outputs: padded([
          arranged(normalised(batchMean, batchVariance)),
          batchMean,
          population,
          batchMean,
          batchVariance,
        ]),
        attrs: { data_format },
        gradient: [0, 1, 2],
        tolerance: 10,
      },
    ];
  });
  const moved = (old: readonly number[], now: readonly number[]) =>
    old.map((v, c) => 0.75 * v + 0.25 * now[c]!);
  return [
    ...formats,
    {
      inputs: [nested([2, 2, 2, channels], x), ...weights, ...statistics],
      outputs: padded([null, moved(mean, batchMean), moved(variance, population), null, null]),
      attrs: { exponential_avg_factor: 0.25 },
      tolerance: 10,
    },
    {
      inputs: [[[[[NaN, Infinity, 1]]]], ...weights, ...statistics],
      outputs: padded([[[[[NaN, Infinity, 0.41417820835980557]]]], null, null, null, null]),
      attrs: { is_training: false },
      title: 'NaN and infinity',
    },
    {
      inputShapes: [[null, 4, 4, 3], [3], [3], [3], [null]],
      outputShapes: [[null, 4, 4, 3], [3], [3], [3], [3], ...(outputs === 6 ? [[null]] : [])],
    },
  ];
}

const single = (values: readonly number[]) => ndarray([...values], { dtype: 'float32' });

export const batchNorm = table({
  FusedBatchNormV3: rows({ vector: single, outputs: 6 }),
  FusedBatchNormV2: rows({ vector: single, outputs: 5 }),
  FusedBatchNorm: rows({ vector: (values) => values, outputs: 5 }),
});
