import { type Case, table } from '../case.js';
import { nested } from './nested.js';

const matrix = [
  [1, -2, 0.5],
  [3, 0.25, -1],
];
/** Logits and labels of one class each, with what they give. */
const sparse = {
  inputs: [matrix, [2, 0]],
  outputs: [
    [1.0045969023422834, 0.0790362014040996],
    [
      [0.6037488961486258, 0.030058887569574023, -0.6338077837181998],
      [-0.07599352649213309, 0.05906975759251023, 0.016923768899622816],
    ],
  ],
};

type Line = (x: readonly number[]) => number[];

const logSums: Line = (x) => {
  const top = Math.max(...x);
  const total = Math.log(x.reduce((sum, v) => sum + Math.exp(v - top), 0));
  return x.map((v) => v - top - total);
};
const shares: Line = (x) => logSums(x).map(Math.exp);

/** A row of a function of the lines along an axis of x. */
function along(line: Line, shape: readonly number[], x: readonly number[], axis: number): Case {
  const size = shape[axis]!;
  const inner = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
  const y: number[] = new Array(x.length);
  for (let start = 0; start < x.length; start++) {
    if (Math.floor(start / inner) % size !== 0) continue;
    const places = Array.from({ length: size }, (_, k) => start + k * inner);
    for (const [k, v] of line(places.map((i) => x[i]!)).entries()) y[places[k]!] = v;
  }
  const last = axis === shape.length - 1;
  return {
    inputs: [nested(shape, x)],
    outputs: [nested(shape, y)],
    ...(last ? {} : { attrs: { axis } }),
    gradient: true,
  };
}

/** The rows of Softmax or of its logarithm. */
function rows(line: Line): Case[] {
  const cube = Array.from({ length: 24 }, (_, i) => ((i + Math.floor(i / 4) * 3) % 5) - 2);
  const long = Array.from({ length: 70 }, (_, i) => Math.round((i / 69) * 64 - 32) / 8);
  const [zero, one] = line([0, -Infinity]);
  return [
    along(line, [2, 3], matrix.flat(), 1),
    along(line, [2, 3, 4], cube, 1),
    along(line, [2, 3, 4], cube, 0),
    { ...along(line, [2, 35], long, 1), title: 'rows longer than a vector' },
    { ...along(line, [2, 2], [1000, 0, -1000, 0], 1), title: 'nothing overflows', gradient: false },
    {
      inputs: [
        [
          [NaN, 1],
          [1, -Infinity],
        ],
      ],
      outputs: [
        [
          [NaN, NaN],
          [zero!, one!],
        ],
      ],
      title: 'NaN and infinity',
    },
    { inputs: [[]], outputs: [[]], shapes: { inputs: [[0, 3]], outputs: [[0, 3]] } },
    { inputs: [1], error: 'INVALID_ARGUMENT', message: 'rank' },
    { inputShapes: [[null, 3]], outputShapes: [[null, 3]] },
    { inputShapes: [null], outputShapes: [null] },
  ];
}

export const softmax = table({
  Softmax: rows(shares),
  LogSoftmax: rows(logSums),
  SoftmaxCrossEntropyWithLogits: [
    {
      inputs: [
        matrix,
        [
          [0.25, 0.5, 0.25],
          [1, 0, 0],
        ],
      ],
      outputs: [
        [2.1295969023422834, 0.0790362014040996],
        [
          [0.3537488961486258, -0.46994111243042597, 0.11619221628180021],
          [-0.07599352649213309, 0.05906975759251023, 0.016923768899622816],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [[[1, -Infinity]], [[1, 0]]],
      outputs: [[0], [[0, 0]]],
      title: 'a label of 0 beside -Infinity',
    },
    { inputs: [[[NaN, 1]], [[1, 0]]], outputs: [[NaN], [[NaN, NaN]]] },
    {
      inputs: [[], []],
      outputs: [[], []],
      shapes: {
        inputs: [
          [0, 3],
          [0, 3],
        ],
        outputs: [[0], [0, 3]],
      },
    },
    { inputs: [[[1, 2]], [[1, 0, 0]]], error: 'INVALID_ARGUMENT' },
    {
      inputShapes: [
        [null, 3],
        [4, null],
      ],
      outputShapes: [[4], [4, 3]],
    },
  ],
  SparseSoftmaxCrossEntropyWithLogits: [
    { ...sparse, gradient: [0] },
    { ...sparse, types: { Tlabels: 'int32' } },
    { inputs: [[[1, 2]], [2]], error: 'INVALID_ARGUMENT', message: 'outside the valid range' },
    { inputs: [[[1, 2]], [-1]], error: 'INVALID_ARGUMENT', message: 'outside the valid range' },
    { inputs: [[[NaN, 1]], [1]], outputs: [[NaN], [[NaN, NaN]]] },
    { inputShapes: [[null, 3], [4]], outputShapes: [[4], [4, 3]] },
  ],
});
