import { ndarray } from '../../../lib/ndArray.js';
import { type Case, table } from '../case.js';
import { ctcLoss } from '../reference/ctc.js';
import { smallIntegers } from '../reference/numbers.js';

interface Batch {
  readonly title: string;
  readonly steps: number;
  readonly classes: number;
  /** The labels of each sequence, as long as they are. */
  readonly labels: readonly (readonly number[])[];
  /** Default: all steps. */
  readonly lengths?: readonly number[];
  readonly blank?: number;
}

const batches: readonly Batch[] = [
  { title: 'some labels', steps: 4, classes: 3, labels: [[1], [1, 2], []] },
  {
    title: 'repeats need a blank',
    steps: 5,
    classes: 3,
    labels: [
      [2, 2],
      [1, 1, 1],
      [1, 2, 2],
    ],
  },
  {
    title: 'exactly as many steps',
    steps: 3,
    classes: 4,
    labels: [
      [1, 2, 3],
      [3, 3],
    ],
  },
  { title: 'lengths', steps: 5, classes: 3, labels: [[1, 2], [2], []], lengths: [3, 4, 1] },
  { title: 'the last class is the blank', steps: 4, classes: 3, labels: [[0, 1], [1]], blank: 2 },
  { title: 'one class', steps: 3, classes: 1, labels: [[]] },
  {
    title: 'more states than lanes',
    steps: 6,
    classes: 4,
    labels: [
      [1, 2, 1, 3, 1],
      [3, 1, 2],
    ],
  },
  { title: 'more classes than lanes', steps: 3, classes: 37, labels: [[5, 30], [36]] },
];

const int32 = (values: readonly (readonly number[])[] | readonly number[], shape: number[]) =>
  ndarray(Int32Array.from(values.flat()), { shape });

function rowsOf({ title, steps, classes, labels, lengths, blank = 0 }: Batch) {
  const numbers = smallIntegers(labels.length * steps * classes, 3).map((n) => n / 4);
  const logits = labels.map((_, n) =>
    Array.from({ length: steps }, (_, t) => {
      const at = (n * steps + t) * classes;
      return numbers.slice(at, at + classes);
    }),
  );
  const longest = Math.max(1, ...labels.map(({ length }) => length));
  // What stands behind a label does not count, even where it is none.
  const padded = labels.map((y) => [...y, ...new Array<number>(longest - y.length).fill(-7)]);
  const found = labels.map((y, n) =>
    ctcLoss({ logits: logits[n]!.slice(0, lengths?.[n]), labels: y, blank }),
  );
  const batch = labels.length;
  const inputs = [
    logits,
    int32(padded, [batch, longest]),
    int32(lengths ?? labels.map(() => steps), [batch]),
    int32(
      labels.map((y) => y.length),
      [batch],
    ),
  ];
  const scale = labels.map((_, n) => 1 - n / 2);
  const slopes = found.map(({ gradient }, n) =>
    logits[n]!.map((row, t) => row.map((_, k) => scale[n]! * (gradient[t]?.[k] ?? 0))),
  );
  const loss: Case = {
    title,
    inputs,
    attrs: { blank },
    outputs: [found.map((f) => f.loss)],
    gradient: true,
  };
  const grad: Case = { title, inputs: [...inputs, scale], attrs: { blank }, outputs: [slopes] };
  return { loss, grad };
}

const rows = batches.map(rowsOf);
const zero = { logits: [[[0, 0]]], lengths: int32([1], [1]), none: int32([0], [1]) };

/** Labels that no alignment reads as, and sequences without a step. */
const impossible = {
  logits: [
    [
      [0.5, 1],
      [0, 1],
    ],
    [
      [0.5, 1],
      [0, 1],
    ],
    [
      [0.5, 1],
      [0, 1],
    ],
  ],
  labels: int32([1, 1, 1, 1, 1, 1], [3, 2]),
  lengths: int32([2, 0, 0], [3]),
  counts: int32([2, 1, 0], [3]),
};

const error = {
  logits: [[[0, 0, 0]]],
  label: (k: number) => int32([k], [1, 1]),
  one: int32([1], [1]),
  two: int32([2], [1]),
};

export const ctc = table({
  DenseCtcLoss: [
    ...rows.map(({ loss }) => loss),
    {
      inputs: [impossible.logits, impossible.labels, impossible.lengths, impossible.counts],
      outputs: [[Infinity, Infinity, 0]],
    },
    {
      title: 'NaN',
      inputs: [[[[Number.NaN, 0]]], int32([1], [1, 1]), error.one, error.one],
      outputs: [[Number.NaN]],
    },
    {
      title: 'far from likely',
      inputs: [
        [[[0, -500]], [[0, -Infinity]]],
        int32([1, 1], [2, 1]),
        ...twice(int32([1, 1], [2])),
      ],
      outputs: [[500, Infinity]],
    },
    {
      title: 'an empty batch',
      inputs: [[], int32([], [0, 1]), int32([], [0]), int32([], [0])],
      outputs: [[]],
      shapes: { inputs: [[0, 2, 3], [0, 1], [0], [0]] },
    },
    {
      title: 'no labels at all',
      inputs: [zero.logits, int32([], [1, 0]), zero.lengths, zero.none],
      outputs: [[Math.LN2]],
    },
    {
      inputs: [error.logits, error.label(3), error.one, error.one],
      error: 'INVALID_ARGUMENT',
      message: 'labels must be in [0, 3) and not the blank 0, got 3 at [0, 0]',
    },
    {
      inputs: [error.logits, error.label(0), error.one, error.one],
      error: 'INVALID_ARGUMENT',
      message: 'not the blank',
    },
    {
      inputs: [error.logits, error.label(1), error.two, error.one],
      error: 'INVALID_ARGUMENT',
      message: 'logit_lengths must be in [0, 1], got 2',
    },
    {
      inputs: [error.logits, error.label(1), error.one, error.two],
      error: 'INVALID_ARGUMENT',
      message: 'label_lengths must be in [0, 1], got 2',
    },
    {
      inputs: [error.logits, error.label(1), error.one, error.one],
      attrs: { blank: 3 },
      error: 'INVALID_ARGUMENT',
      message: 'blank must be in [0, 3), got 3',
    },
    { inputShapes: [[null, 5, 6], [4, null], [null], [null]], outputShapes: [[4]] },
    { inputShapes: [null, [null, 3], [null], [null]], outputShapes: [[null]] },
  ],
  DenseCtcLossGrad: [
    ...rows.map(({ grad }) => grad),
    {
      inputs: [
        impossible.logits,
        impossible.labels,
        impossible.lengths,
        impossible.counts,
        [1, 1, 1],
      ],
      outputs: [impossible.logits.map((rows) => rows.map((row) => row.map(() => 0)))],
    },
    {
      title: 'NaN',
      inputs: [[[[Number.NaN, 0]]], int32([1], [1, 1]), error.one, error.one, [1]],
      outputs: [[[[Number.NaN, Number.NaN]]]],
    },
    {
      title: 'an empty batch',
      inputs: [[], int32([], [0, 1]), int32([], [0]), int32([], [0]), []],
      outputs: [[]],
      shapes: { inputs: [[0, 2, 3], [0, 1], [0], [0], [0]], outputs: [[0, 2, 3]] },
    },
    {
      inputs: [error.logits, error.label(1), error.one, error.one, [1, 2]],
      error: 'INVALID_ARGUMENT',
    },
    {
      inputShapes: [[null, 5, 6], [4, null], [null], [null], [null]],
      outputShapes: [[4, 5, 6]],
    },
  ],
});

function twice<T>(x: T): [T, T] {
  return [x, x];
}
