import { ndarray } from '../../../lib/ndArray.js';
import type { Values } from '../../../lib/value.js';
import { type Case, table } from '../case.js';
import { smallIntegers } from '../reference/numbers.js';
import { gatesOf, type Recurrent, recurrent } from '../reference/recurrent.js';
import { nested } from './nested.js';

type Cell = Recurrent['cell'];
type Options = Partial<Pick<Recurrent, 'direction' | 'lengths' | 'linearBeforeReset'>> & {
  readonly sizes?: Recurrent['sizes'];
  readonly states?: boolean;
  readonly batchFirst?: boolean;
};

const product = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);
// Halves and quarters, exact in every dtype.
const numbers = (shape: readonly number[], seed: number) =>
  smallIntegers(product(shape), seed).map((n) => n / 4);

/** [a][b][rest] as [b][a][rest]. */
function swapped(values: readonly number[], a: number, b: number): number[] {
  const rest = values.length / (a * b);
  return Array.from({ length: values.length }, (_, i) => {
    const [outer, inner] = [Math.floor(i / rest / a), Math.floor(i / rest) % a];
    return values[(inner * b + outer) * rest + (i % rest)]!;
  });
}

function row(cell: Cell, title: string, options: Options = {}): Case {
  const sizes = options.sizes ?? { steps: 3, batch: 2, inputs: 3, hidden: 5 };
  const { steps, batch, inputs, hidden } = sizes;
  const direction = options.direction ?? 'forward';
  const directions = direction === 'bidirectional' ? 2 : 1;
  const width = gatesOf[cell] * hidden;
  const shapes = {
    x: [steps, batch, inputs],
    w: [directions, width, inputs],
    r: [directions, width, hidden],
    b: [directions, 2 * width],
    state: [directions, batch, hidden],
    y: [steps, directions, batch, hidden],
  };
  const q: Recurrent = {
    cell,
    direction,
    sizes,
    x: numbers(shapes.x, 1),
    w: numbers(shapes.w, 2),
    r: numbers(shapes.r, 3),
    b: numbers(shapes.b, 4),
    ...(options.lengths && { lengths: options.lengths }),
    ...(options.states && { h0: numbers(shapes.state, 5), c0: numbers(shapes.state, 6) }),
    ...(options.linearBeforeReset && { linearBeforeReset: true }),
  };
  const { y, h, c } = recurrent(q);
  const first = options.batchFirst ?? false;
  // Layout 1 exchanges the first dim with that of the batch.
  const state = (values: readonly number[]) =>
    first
      ? nested([batch, directions, hidden], swapped(values, directions, batch))
      : nested(shapes.state, values);
  const outputs = [
    first
      ? nested([batch, steps, directions, hidden], swapped(y, steps * directions, batch))
      : nested(shapes.y, y),
    state(h),
    ...(cell === 'LSTM' ? [state(c)] : []),
  ];
  const states: (Values | null)[] = [q.h0 ? state(q.h0) : null];
  if (cell === 'LSTM') states.push(q.c0 ? state(q.c0) : null, null);
  return {
    title,
    inputs: [
      first ? nested([batch, steps, inputs], swapped(q.x, steps, batch)) : nested(shapes.x, q.x),
      nested(shapes.w, q.w),
      nested(shapes.r, q.r),
      nested(shapes.b, q.b),
      q.lengths ? ndarray([...q.lengths], { dtype: 'int32' }) : null,
      ...states,
    ],
    attrs: {
      direction,
      layout: first ? 1 : 0,
      ...(options.linearBeforeReset && { linear_before_reset: true }),
    },
    outputs,
    tolerance: 4,
    gradient: true,
  };
}

/** A row by central differences alone: w, r, b and, where given, p are small and of no pattern. */
function slopes(
  cell: Cell,
  title: string,
  attrs: Readonly<Record<string, unknown>>,
  options: { readonly peepholes?: boolean; readonly lengths?: readonly number[] } = {},
): Case {
  const directions = attrs.direction === 'bidirectional' ? 2 : 1;
  const [steps, batch, inputs, hidden] = [3, 2, 2, 3];
  const width = gatesOf[cell] * hidden;
  const of = (shape: readonly number[], seed: number) =>
    nested(
      shape,
      Array.from({ length: product(shape) }, (_, i) => 0.8 * Math.sin(seed + 1.7 * i)),
    );
  const state = [directions, batch, hidden];
  return {
    title,
    inputs: [
      of([steps, batch, inputs], 1),
      of([directions, width, inputs], 2),
      of([directions, width, hidden], 3),
      of([directions, 2 * width], 4),
      options.lengths ? ndarray([...options.lengths], { dtype: 'int32' }) : null,
      of(state, 5),
      ...(cell === 'LSTM'
        ? [of(state, 6), options.peepholes ? of([directions, 3 * hidden], 7) : null]
        : []),
    ],
    attrs,
    outputs: [null, null, ...(cell === 'LSTM' ? [null] : [])],
    gradient: true,
  };
}

const activations = [
  'Sigmoid',
  'Tanh',
  'Relu',
  'Affine',
  'LeakyRelu',
  'ThresholdedRelu',
  'ScaledTanh',
  'HardSigmoid',
  'Elu',
  'Softsign',
  'Softplus',
];

const lstmSlopes = [
  slopes('LSTM', 'peepholes', { direction: 'bidirectional' }, { peepholes: true, lengths: [3, 2] }),
  slopes('LSTM', 'coupled gates', { input_forget: true, clip: 0.9 }, { peepholes: true }),
  slopes('LSTM', 'other activations', {
    direction: 'bidirectional',
    activations: ['HardSigmoid', 'Softsign', 'Elu', 'Sigmoid', 'Softplus', 'ScaledTanh'],
    activation_alpha: [0.3, 1.5, 0.7],
    activation_beta: [0.4, 1.2],
  }),
];
const gruSlopes = [
  slopes(
    'GRU',
    'other activations and a clip',
    {
      direction: 'bidirectional',
      activations: ['HardSigmoid', 'Softsign', 'Sigmoid', 'Softplus'],
      clip: 0.9,
    },
    { lengths: [1, 3] },
  ),
  slopes('GRU', 'linear before reset, reverse', {
    direction: 'reverse',
    linear_before_reset: true,
    activations: ['Softsign', 'LeakyRelu'],
    clip: 0.9,
  }),
];

function rows(cell: Cell): Case[] {
  const weights = [1, gatesOf[cell] * 2, 3];
  const wrong: Values = nested([1, gatesOf[cell] * 2, 3], numbers(weights, 1));
  return [
    row(cell, 'forward'),
    row(cell, 'reverse', { direction: 'reverse' }),
    row(cell, 'both directions and states', { direction: 'bidirectional', states: true }),
    row(cell, 'lengths', { direction: 'bidirectional', lengths: [1, 3], states: true }),
    row(cell, 'batch first', { direction: 'bidirectional', batchFirst: true, states: true }),
    row(cell, 'one of each', { sizes: { steps: 1, batch: 1, inputs: 1, hidden: 1 } }),
    row(cell, 'wide', { sizes: { steps: 2, batch: 9, inputs: 17, hidden: 20 } }),
    {
      title: 'no number stays none',
      inputs: [
        [[[Number.NaN]]],
        nested([1, gatesOf[cell], 1], numbers([gatesOf[cell]], 1)),
        nested([1, gatesOf[cell], 1], numbers([gatesOf[cell]], 2)),
      ],
      outputs: [[[[[Number.NaN]]]], [[[Number.NaN]]], ...(cell === 'LSTM' ? [null] : [])],
    },
    {
      title: 'weights of another width',
      inputs: [nested([1, 1, 2], [1, 2]), wrong, wrong],
      error: 'INVALID_ARGUMENT',
      message: 'input w must have shape',
    },
    {
      inputShapes: [
        [null, null, 4],
        [1, gatesOf[cell] * 5, 4],
        [1, gatesOf[cell] * 5, 5],
      ],
      outputShapes: [[null, 1, null, 5], [1, null, 5], ...(cell === 'LSTM' ? [[1, null, 5]] : [])],
    },
  ];
}

const parts = { elsewhere: 'test/ops/gradient.test.ts, by the gradients of LSTM, GRU and RNN' };

export const recurrentRows = table({
  LSTM: [...rows('LSTM'), ...lstmSlopes],
  GRU: [
    ...rows('GRU'),
    row('GRU', 'linear before reset', { linearBeforeReset: true }),
    ...gruSlopes,
  ],
  RNN: [...rows('RNN'), ...activations.map((name) => slopes('RNN', name, { activations: [name] }))],
  LSTMGrad: parts,
  GRUGrad: parts,
  RNNGrad: parts,
  RecurrentStates: parts,
});
