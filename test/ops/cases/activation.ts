import { type Case, table } from '../case.js';

type Matrix = readonly (readonly number[])[];

const points: Matrix = [
  [-1.5, 0.25, 2],
  [0.5, -0.75, 1.25],
];
/** Points times k, for functions that change further out. */
const spread = (k: number): Matrix => points.map((row) => row.map((x) => x * k));

function valueRow(y: Matrix, more: { readonly x?: Matrix; readonly attrs?: object } = {}): Case {
  const { x = points, attrs } = more;
  return { inputs: [x], outputs: [y], gradient: true, ...(attrs && { attrs: { ...attrs } }) };
}

/** The rows of a function: y at x, and what it gives for NaN, Infinity, -Infinity and 0. */
function rows(y: Matrix, special: readonly number[], x: Matrix = points): Case[] {
  return [
    valueRow(y, { x }),
    {
      inputs: [[NaN, Infinity, -Infinity, 0]],
      outputs: [special],
      title: 'NaN and infinity',
    },
    { inputs: [x[0]![1]!], outputs: [y[0]![1]!], title: 'rank 0' },
    { inputShapes: [[null, 3]], outputShapes: [[null, 3]] },
    { inputShapes: [null], outputShapes: [null] },
  ];
}

const signed: Case = { inputs: [[-3, 0, 5]], outputs: [[0, 0, 5]], title: 'signed integers' };

export const activation = table({
  Relu: [
    ...rows(
      [
        [0, 0.25, 2],
        [0.5, 0, 1.25],
      ],
      [NaN, Infinity, 0, 0],
    ),
    { inputs: [[3, 0, 7, 1]], outputs: [[3, 0, 7, 1]], title: 'small integers' },
    signed,
  ],
  Relu6: [
    ...rows(
      [
        [0, 1, 6],
        [2, 0, 5],
      ],
      [NaN, 6, 0, 0],
      spread(4),
    ),
    { inputs: [[3, 0, 7, 1]], outputs: [[3, 0, 6, 1]], title: 'small integers' },
    signed,
  ],
  LeakyRelu: [
    ...rows(
      [
        [-0.30000000000000004, 0.25, 2],
        [0.5, -0.15000000000000002, 1.25],
      ],
      [NaN, Infinity, -Infinity, 0],
    ),
    valueRow(
      [
        [-0.75, 0.25, 2],
        [0.5, -0.375, 1.25],
      ],
      { attrs: { alpha: 0.5 } },
    ),
  ],
  Elu: [
    ...rows(
      [
        [-0.7768698398515702, 0.25, 2],
        [0.5, -0.5276334472589853, 1.25],
      ],
      [NaN, Infinity, -1, 0],
    ),
    valueRow(
      [
        [-1.5537396797031404, 0.25, 2],
        [0.5, -1.0552668945179706, 1.25],
      ],
      { attrs: { alpha: 2 } },
    ),
  ],
  Selu: rows(
    [
      [-1.3658143533672527, 0.2626752468388701, 2.101401974710961],
      [0.5253504936777402, -0.9276320158350512, 1.3133762341943505],
    ],
    [NaN, Infinity, -1.7580993408473766, 0],
  ),
  Sigmoid: rows(
    [
      [0.18242552380635635, 0.5621765008857981, 0.8807970779778823],
      [0.6224593312018546, 0.320821300824607, 0.7772998611746911],
    ],
    [NaN, 1, 0, 0.5],
  ),
  Softplus: rows(
    [
      [0.2014132779827524, 0.8259394198788436, 2.1269280110429727],
      [0.9740769841801067, 0.38687100611489994, 1.501929081345373],
    ],
    [NaN, Infinity, 0, 0.6931471805599453],
  ),
  Softsign: rows(
    [
      [-0.6, 0.2, 0.6666666666666666],
      [0.3333333333333333, -0.42857142857142855, 0.5555555555555556],
    ],
    [NaN, NaN, NaN, 0],
  ),
  HardSigmoid: [
    ...rows(
      [
        [0, 0.65, 1],
        [0.8, 0.04999999999999999, 1],
      ],
      [NaN, 1, 0, 0.5],
      spread(3),
    ),
    valueRow(
      [
        [0, 0.3125, 0.75],
        [0.375, 0.0625, 0.5625],
      ],
      { attrs: { alpha: 0.25, beta: 0.25 } },
    ),
  ],
  HardSwish: rows(
    [
      [-0, 0.3776041666666667, 5],
      [0.8854166666666666, -0.3515625, 3.125],
    ],
    [NaN, Infinity, NaN, 0],
    spread(2.5),
  ),
  Silu: rows(
    [
      [-0.2736382857095345, 0.14054412522144952, 1.7615941559557646],
      [0.3112296656009273, -0.24061597561845527, 0.9716248264683638],
    ],
    [NaN, Infinity, 0, 0],
  ),
  Mish: rows(
    [
      [-0.29809974216680674, 0.1695724096638176, 1.9439589595339946],
      [0.3752452113048951, -0.2764947145054652, 1.1318703042410392],
    ],
    [NaN, Infinity, 0, 0],
  ),
  Gelu: rows(
    [
      [-0.10021080190328713, 0.14967658142073093, 1.9544997361036416],
      [0.3457312306370065, -0.1699705142826512, 1.1179377829164308],
    ],
    [NaN, Infinity, 0, 0],
  ),
  GeluTanh: [
    ...rows(
      [
        [-0.10042842301976704, 0.149675350701685, 1.9545976940877752],
        [0.34571400982514394, -0.17003944483437966, 1.1177142029697147],
      ],
      [NaN, Infinity, 0, 0],
    ),
    {
      title: 'to the last digits',
      inputs: [[-3, -2, 1]],
      outputs: [[-0.003637392081773019, -0.04540230591222498, 0.8411919906082767]],
      dtypes: ['float64'],
      tolerance: 0.02,
    },
  ],
});
