import { type Case, table } from '../case.js';
import { nested } from './nested.js';

const matrix = [
  [1, -2, 0.5],
  [3, 0.25, -1],
];
/** Values of no pattern in steps of 1/8, which every dtype holds. */
const wave = (count: number) =>
  Array.from({ length: count }, (_, i) => Math.round(16 * Math.sin(1.1 * i)) / 8);

const average = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/** Lines of x by their mean and deviation, or by their root mean square alone. */
function normalLines(x: readonly number[], depth: number, centred: boolean): number[] {
  const lines = Array.from({ length: x.length / depth }, (_, i) =>
    x.slice(i * depth, (i + 1) * depth),
  );
  return lines.flatMap((line) => {
    const centre = centred ? average(line) : 0;
    const spread = average(line.map((v) => (v - centre) ** 2));
    return line.map((v) => (v - centre) / Math.sqrt(spread + 0.00001));
  });
}

/** Rows of LayerNorm or RmsNorm: with and without weights, and on long lines. */
function rows(centred: boolean): Case[] {
  const normal = normalLines(matrix.flat(), 3, centred);
  const scale = [1, 0.5, -2];
  const offset = centred ? [0.5, -1, 0.25] : [0, 0, 0];
  const weighted = normal.map((v, i) => v * scale[i % 3]! + offset[i % 3]!);
  const long = wave(140);
  const weights = wave(70).map((v) => v + 0.5);
  const shifts = centred ? [weights] : [];
  const far = normalLines(long, 70, centred).map(
    (v, i) => v * weights[i % 70]! + (centred ? weights[i % 70]! : 0),
  );
  return [
    {
      inputs: [matrix, scale, ...(centred ? [offset] : [])],
      outputs: [nested([2, 3], weighted)],
      gradient: true,
      tolerance: 10,
    },
    {
      inputs: [matrix, null, ...(centred ? [null] : [])],
      outputs: [nested([2, 3], normal)],
      gradient: [0],
      tolerance: 10,
    },
    {
      inputs: [nested([2, 70], long), weights, ...shifts],
      outputs: [nested([2, 70], far)],
      title: 'rows longer than a vector',
      tolerance: 10,
    },
  ];
}

/** Gradients of the rows: of the input, the weights and the offsets. */
function rowGradients(flow: number[][], x: number[][], weights: number[] | null, centred: boolean) {
  const depth = x[0]!.length;
  const normal = x.map((line) => normalLines(line, depth, centred));
  const columns = (of: (row: number, i: number) => number) =>
    Array.from({ length: depth }, (_, i) => x.reduce((sum, _line, row) => sum + of(row, i), 0));
  const dx = flow.map((line, row) => {
    const [g, v] = [line.map((d, i) => d * (weights?.[i] ?? 1)), normal[row]!];
    const [all, along] = [centred ? average(g) : 0, average(g.map((d, i) => d * v[i]!))];
    const mean = centred ? average(x[row]!) : 0;
    const spread = average(x[row]!.map((value) => (value - mean) ** 2));
    return g.map((d, i) => (d - all - v[i]! * along) / Math.sqrt(spread + 0.00001));
  });
  return {
    inputs: [flow, x, weights],
    attrs: { centred },
    outputs: [
      dx,
      columns((row, i) => flow[row]![i]! * normal[row]![i]!),
      columns((row, i) => flow[row]![i]!),
    ],
    tolerance: 20,
  };
}
const flow = [
  [0.5, -1, 2],
  [1, 0.25, -0.5],
];
const longLines = (shift: number) =>
  Array.from({ length: 5 }, (_, row) => wave(75 + row + shift).slice(row + shift));

interface Response {
  readonly depth_radius?: number;
  readonly bias?: number;
  readonly alpha?: number;
  readonly beta?: number;
}

/** A row of LRN, for [1, 1, rows, depth]. */
function response(x: readonly number[], depth: number, attrs: Response = {}): Case {
  const { depth_radius: radius = 5, bias = 1, alpha = 1, beta = 0.5 } = attrs;
  const y = x.map((v, i) => {
    const from = i - (i % depth);
    const low = Math.max(from, i - radius);
    const near = x.slice(low, Math.min(from + depth, i + radius + 1));
    return v / (bias + alpha * near.reduce((sum, u) => sum + u * u, 0)) ** beta;
  });
  const shape = [1, 1, x.length / depth, depth];
  return {
    inputs: [nested(shape, x)],
    outputs: [nested(shape, y)],
    attrs: { ...attrs },
    gradient: true,
    tolerance: 2,
  };
}

const responses = [0, 1.75, 1.75, 0.25, -1.5, -2];

export const normalize = table({
  LayerNormGrad: [
    { ...rowGradients(flow, matrix, [1, 0.5, -2], true), gradient: true },
    { ...rowGradients(flow, matrix, null, true), gradient: [0, 1] },
    { ...rowGradients(flow, matrix, [1, 0.5, -2], false), gradient: true },
    { ...rowGradients(longLines(0), longLines(3), wave(75), true), title: 'rows of vectors' },
    {
      inputs: [nested([0, 2], []), nested([0, 2], []), null],
      outputs: [nested([0, 2], []), [0, 0], [0, 0]],
      shapes: { inputs: [[0, 2], [0, 2], null], outputs: [[0, 2], [2], [2]] },
    },
    {
      inputShapes: [[null, 3], [2, null], [3]],
      outputShapes: [[2, 3], [3], [3]],
    },
  ],
  LayerNorm: [
    ...rows(true),
    {
      inputs: [
        matrix,
        [
          [1, 1, 1],
          [1, 1, 1],
        ],
        [
          [0, 0, 0],
          [0, 0, 0],
        ],
      ],
      outputs: [nested([2, 3], normalLines(matrix.flat(), 6, true))],
      attrs: { axis: 0, epsilon: 0.00001 },
      gradient: true,
      tolerance: 10,
    },
    {
      inputs: [
        [
          [NaN, 1, 2],
          [1, Infinity, 2],
        ],
        [1, 0.5, -2],
        [0.5, -1, 0.25],
      ],
      outputs: [
        [
          [NaN, NaN, NaN],
          [NaN, NaN, NaN],
        ],
      ],
      title: 'NaN and infinity',
    },
    {
      inputs: [[], [1, 1, 1], [0, 0, 0]],
      outputs: [[]],
      shapes: { inputs: [[0, 3], [3], [3]], outputs: [[0, 3]] },
    },
    {
      inputs: [[[1, 2]], [1, 2, 3], [1, 2, 3]],
      error: 'INVALID_ARGUMENT',
    },
    { inputShapes: [[null, 3], [3], [3]], outputShapes: [[null, 3]] },
  ],
  RmsNorm: [
    ...rows(false),
    { inputs: [[[NaN, 1, 2]], [1, 0.5, -2]], outputs: [[[NaN, NaN, NaN]]], title: 'NaN' },
    { inputShapes: [[null, 3], [3]], outputShapes: [[null, 3]] },
  ],
  LRN: [
    response(responses, 3),
    response(wave(80), 40, { depth_radius: 2, bias: 2, alpha: 0.25, beta: 0.75 }),
    response(responses, 3, { depth_radius: 1, alpha: 0.5, beta: 0.6 }),
    response(responses, 3, { depth_radius: 1, alpha: 0.5, beta: 1 }),
    { inputs: [[[[[NaN, 1]]]]], outputs: [[[[[NaN, NaN]]]]] },
    { inputs: [[[1]]], error: 'INVALID_ARGUMENT' },
    { inputShapes: [[null, 4, 4, 8]], outputShapes: [[null, 4, 4, 8]] },
  ],
});
