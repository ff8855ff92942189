import { table, type ValueCase } from '../case.js';
import { type Reducer, type Reduction, reduceCase } from '../reference/reduce.js';

const { NaN: nan } = Number;
const floats = ['float32', 'float64', 'float16', 'bfloat16'] as const;

const total: Reducer = (elements) => elements.reduce((a, b) => a + b, 0);
const product: Reducer = (elements) => elements.reduce((a, b) => a * b, 1);
const least: Reducer = (elements) => Math.min(...elements);
const largest: Reducer = (elements) => Math.max(...elements);
const average: Reducer = (elements) => total(elements) / elements.length;
const logTotal: Reducer = (elements) => Math.log(total(elements.map(Math.exp)));

const cube = [2, 3, 4];
const reductions: readonly Reduction[] = [
  { shape: cube },
  { shape: cube, keep: true },
  { shape: cube, axes: [0] },
  { shape: cube, axes: [1], keep: true },
  { shape: cube, axes: [-1] },
  { shape: cube, axes: [0, 2] },
  { shape: cube, axes: [-1, -2] },
  { shape: cube, axes: [2, 1, 0], keep: true },
  { shape: cube, axes: [] },
  { shape: [] },
  { shape: [1, 5, 1], axes: [0, 2] },
  { shape: [2, 3, 2, 3], axes: [1, 3] },
];
/** Long rows and columns, which vectors and parts of the work divide. */
const long: readonly Reduction[] = [
  { shape: [3, 301], axes: [1] },
  { shape: [301, 3], axes: [0] },
  { shape: [2, 67, 131], axes: [1] },
  { shape: [5000] },
];
/** Distinct values, so that small steps change no extreme. */
const distinct = (index: number) => ((index * 7) % 23) / 4 - 2;

function cases(
  reducer: Reducer,
  at: (index: number) => number,
  more: Partial<ValueCase> = {},
): ValueCase[] {
  return [...reductions, ...long].map((reduction) => reduceCase(reduction, at, reducer, more));
}

function gradientCases(reducer: Reducer, of = distinct): ValueCase[] {
  const more = { gradient: true, dtypes: ['float64'] } as const;
  return [
    { shape: [2, 3] },
    { shape: [2, 3], axes: [0] },
    { shape: [2, 3, 2], axes: [-1, 0], keep: true },
  ].map((reduction) => reduceCase(reduction, of, reducer, more));
}

const shapes = [
  { inputShapes: [[null, 3], { value: [0] }], outputShapes: [[3]] },
  { inputShapes: [[null, 3], { value: [-1] }], outputShapes: [[null]] },
  {
    inputShapes: [[null, 3], { value: [1] }],
    attrs: { keep_dims: true },
    outputShapes: [[null, 1]],
  },
  { inputShapes: [[2, 3], [1]], outputShapes: [null] },
  { inputShapes: [[2, 3], [1]], attrs: { keep_dims: true }, outputShapes: [[null, null]] },
  { inputShapes: [null, { value: [0] }], outputShapes: [null] },
] as const;
const errors = [
  { inputs: [[[1]], [2]], error: 'INVALID_ARGUMENT' },
  { inputs: [[[1]], [-3]], error: 'INVALID_ARGUMENT' },
] as const;

/** What a reduction over no elements gives, and over a dim of size 0 that stays. */
function empty(over: number | boolean, more: Partial<ValueCase> = {}): ValueCase[] {
  const shape = { inputs: [[0, 2]] };
  return [
    { inputs: [[], [0]], outputs: [[over, over]], shapes: shape, ...more },
    { inputs: [[], [1]], outputs: [[]], shapes: { ...shape, outputs: [[0]] }, ...more },
  ];
}

const row = (values: number[], output: number): ValueCase => ({
  inputs: [values, null],
  outputs: [output],
  dtypes: floats,
});

const bits = (reducer: (elements: readonly boolean[]) => boolean): ValueCase[] =>
  reductions.map((reduction) => {
    const at = (index: number) => Number((index * 5) % 7 < 4);
    const asNumbers = (elements: readonly number[]) => Number(reducer(elements.map(Boolean)));
    return reduceCase(reduction, at, asNumbers);
  });

export const reduce = table({
  Sum: [
    ...cases(total, (i) => (i * 5) % 3),
    ...cases(total, (i) => ((i * 5) % 7) - 3),
    ...gradientCases(total),
    ...empty(0),
    ...shapes,
    ...errors,
    row([1, nan, 2], nan),
    row([Infinity, 1], Infinity),
    row([Infinity, -Infinity], nan),
  ],
  Mean: [
    ...cases(average, distinct, { dtypes: floats }),
    ...gradientCases(average),
    ...empty(nan, { dtypes: floats }),
    ...shapes,
    ...errors,
    {
      inputs: [
        [
          [1, 2],
          [3, 6],
        ],
        [0],
      ],
      outputs: [[2, 4]],
    },
    { inputs: [[-1, -2], null], outputs: [-1], dtypes: ['int8', 'int16', 'int32', 'int64'] },
    row([1, nan], nan),
  ],
  Prod: [
    ...[...reductions].map((r) => reduceCase(r, (i) => ((i * 5) % 12 === 0 ? 2 : 1), product)),
    ...long.map((r) => reduceCase(r, (i) => (i % 29 === 3 ? -1 : 1), product)),
    ...gradientCases(product),
    // No, one and two zeros in a row.
    reduceCase(
      { shape: [3, 4], axes: [1] },
      (i) => [2, 3, 1, 2, 0, 3, 2, 1, 3, 0, 2, 0][i]!,
      product,
      { gradient: true },
    ),
    ...empty(1),
    ...shapes,
    ...errors,
    row([2, nan], nan),
    row([0, Infinity], nan),
  ],
  Min: [
    ...cases(least, (i) => (i * 7) % 23),
    ...cases(least, distinct, { dtypes: floats }),
    ...gradientCases(least),
    ...empty(Infinity, { dtypes: floats }),
    ...empty(127, { dtypes: ['int8'] }),
    ...empty(255, { dtypes: ['uint8'] }),
    ...shapes,
    ...errors,
    row([1, nan, -1], nan),
    row([nan, 1], nan),
    row([Infinity, -Infinity], -Infinity),
  ],
  Max: [
    ...cases(largest, (i) => (i * 7) % 23),
    ...cases(largest, distinct, { dtypes: floats }),
    ...gradientCases(largest),
    ...empty(-Infinity, { dtypes: floats }),
    ...empty(-128, { dtypes: ['int8'] }),
    ...empty(0, { dtypes: ['uint8'] }),
    ...shapes,
    ...errors,
    row([1, nan, 2], nan),
    row([nan, 1], nan),
    row([Infinity, -Infinity], Infinity),
  ],
  Any: [...bits((e) => e.some(Boolean)), ...empty(false), ...shapes, ...errors],
  All: [...bits((e) => e.every(Boolean)), ...empty(true), ...shapes, ...errors],
  LogSumExp: [
    ...cases(logTotal, distinct),
    ...gradientCases(logTotal),
    ...empty(-Infinity),
    ...shapes,
    ...errors,
    row([1000, 1000], 1000 + Math.log(2)),
    row([-1000, -1000], Math.log(2) - 1000),
    row([-Infinity, -Infinity], -Infinity),
    row([Infinity, 1], Infinity),
    row([nan, 1], nan),
  ],
});
