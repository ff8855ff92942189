import { table } from '../case.js';

export const activation = table({
  Relu: [
    {
      inputs: [
        [
          [-1.5, 0.25, 2],
          [0.5, -0.75, 1.25],
        ],
      ],
      outputs: [
        [
          [0, 0.25, 2],
          [0.5, 0, 1.25],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [[NaN, Infinity, -Infinity, 0]],
      outputs: [[NaN, Infinity, 0, 0]],
      title: 'NaN and infinity',
    },
    { inputs: [[3, 0, 7, 1]], outputs: [[3, 0, 7, 1]], title: 'small integers' },
    { inputs: [[-3, 0, 5]], outputs: [[0, 0, 5]], title: 'signed integers' },
    { inputs: [0.25], outputs: [0.25], title: 'rank 0' },
    { inputShapes: [[null, 3]], outputShapes: [[null, 3]] },
    { inputShapes: [null], outputShapes: [null] },
  ],
  Relu6: [
    {
      inputs: [
        [
          [-6, 1, 8],
          [2, -3, 5],
        ],
      ],
      outputs: [
        [
          [0, 1, 6],
          [2, 0, 5],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [[NaN, Infinity, -Infinity, 0]],
      outputs: [[NaN, 6, 0, 0]],
      title: 'NaN and infinity',
    },
    { inputs: [[3, 0, 7, 1]], outputs: [[3, 0, 6, 1]], title: 'small integers' },
    { inputs: [[-3, 0, 5]], outputs: [[0, 0, 5]], title: 'signed integers' },
    { inputs: [1], outputs: [1], title: 'rank 0' },
    { inputShapes: [[null, 3]], outputShapes: [[null, 3]] },
    { inputShapes: [null], outputShapes: [null] },
  ],
  LeakyRelu: [
    {
      inputs: [
        [
          [-1.5, 0.25, 2],
          [0.5, -0.75, 1.25],
        ],
      ],
      outputs: [
        [
          [-0.30000000000000004, 0.25, 2],
          [0.5, -0.15000000000000002, 1.25],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [
        [
          [-1.5, 0.25, 2],
          [0.5, -0.75, 1.25],
        ],
      ],
      outputs: [
        [
          [-0.75, 0.25, 2],
          [0.5, -0.375, 1.25],
        ],
      ],
      attrs: { alpha: 0.5 },
      gradient: true,
    },
    {
      inputs: [[NaN, Infinity, -Infinity, 0]],
      outputs: [[NaN, Infinity, -Infinity, 0]],
      title: 'NaN and infinity',
    },
    { inputs: [0.25], outputs: [0.25], title: 'rank 0' },
    { inputShapes: [[null, 3]], outputShapes: [[null, 3]] },
    { inputShapes: [null], outputShapes: [null] },
  ],
  Elu: [
    {
      inputs: [
        [
          [-1.5, 0.25, 2],
          [0.5, -0.75, 1.25],
        ],
      ],
      outputs: [
        [
          [-0.7768698398515702, 0.25, 2],
          [0.5, -0.5276334472589853, 1.25],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [
        [
          [-1.5, 0.25, 2],
          [0.5, -0.75, 1.25],
        ],
      ],
      outputs: [
        [
          [-1.5537396797031404, 0.25, 2],
          [0.5, -1.0552668945179706, 1.25],
        ],
      ],
      attrs: { alpha: 2 },
      gradient: true,
    },
    {
      inputs: [[NaN, Infinity, -Infinity, 0]],
      outputs: [[NaN, Infinity, -1, 0]],
      title: 'NaN and infinity',
    },
    { inputs: [0.25], outputs: [0.25], title: 'rank 0' },
    { inputShapes: [[null, 3]], outputShapes: [[null, 3]] },
    { inputShapes: [null], outputShapes: [null] },
  ],
  Selu: [
    {
      inputs: [
        [
          [-1.5, 0.25, 2],
          [0.5, -0.75, 1.25],
        ],
      ],
      outputs: [
        [
          [-1.3658143533672527, 0.2626752468388701, 2.101401974710961],
          [0.5253504936777402, -0.9276320158350512, 1.3133762341943505],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [[NaN, Infinity, -Infinity, 0]],
      outputs: [[NaN, Infinity, -1.7580993408473766, 0]],
      title: 'NaN and infinity',
    },
    { inputs: [0.25], outputs: [0.2626752468388701], title: 'rank 0' },
    { inputShapes: [[null, 3]], outputShapes: [[null, 3]] },
    { inputShapes: [null], outputShapes: [null] },
  ],
  Sigmoid: [
    {
      inputs: [
        [
          [-1.5, 0.25, 2],
          [0.5, -0.75, 1.25],
        ],
      ],
      outputs: [
        [
          [0.18242552380635635, 0.5621765008857981, 0.8807970779778823],
          [0.6224593312018546, 0.320821300824607, 0.7772998611746911],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [[NaN, Infinity, -Infinity, 0]],
      outputs: [[NaN, 1, 0, 0.5]],
      title: 'NaN and infinity',
    },
    { inputs: [0.25], outputs: [0.5621765008857981], title: 'rank 0' },
    { inputShapes: [[null, 3]], outputShapes: [[null, 3]] },
    { inputShapes: [null], outputShapes: [null] },
  ],
  Softplus: [
    {
      inputs: [
        [
          [-1.5, 0.25, 2],
          [0.5, -0.75, 1.25],
        ],
      ],
      outputs: [
        [
          [0.2014132779827524, 0.8259394198788436, 2.1269280110429727],
          [0.9740769841801067, 0.38687100611489994, 1.501929081345373],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [[NaN, Infinity, -Infinity, 0]],
      outputs: [[NaN, Infinity, 0, 0.6931471805599453]],
      title: 'NaN and infinity',
    },
    { inputs: [0.25], outputs: [0.8259394198788436], title: 'rank 0' },
    { inputShapes: [[null, 3]], outputShapes: [[null, 3]] },
    { inputShapes: [null], outputShapes: [null] },
  ],
  Softsign: [
    {
      inputs: [
        [
          [-1.5, 0.25, 2],
          [0.5, -0.75, 1.25],
        ],
      ],
      outputs: [
        [
          [-0.6, 0.2, 0.6666666666666666],
          [0.3333333333333333, -0.42857142857142855, 0.5555555555555556],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [[NaN, Infinity, -Infinity, 0]],
      outputs: [[NaN, NaN, NaN, 0]],
      title: 'NaN and infinity',
    },
    { inputs: [0.25], outputs: [0.2], title: 'rank 0' },
    { inputShapes: [[null, 3]], outputShapes: [[null, 3]] },
    { inputShapes: [null], outputShapes: [null] },
  ],
  HardSigmoid: [
    {
      inputs: [
        [
          [-4.5, 0.75, 6],
          [1.5, -2.25, 3.75],
        ],
      ],
      outputs: [
        [
          [0, 0.65, 1],
          [0.8, 0.04999999999999999, 1],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [
        [
          [-1.5, 0.25, 2],
          [0.5, -0.75, 1.25],
        ],
      ],
      outputs: [
        [
          [0, 0.3125, 0.75],
          [0.375, 0.0625, 0.5625],
        ],
      ],
      attrs: { alpha: 0.25, beta: 0.25 },
      gradient: true,
    },
    {
      inputs: [[NaN, Infinity, -Infinity, 0]],
      outputs: [[NaN, 1, 0, 0.5]],
      title: 'NaN and infinity',
    },
    { inputs: [0.75], outputs: [0.65], title: 'rank 0' },
    { inputShapes: [[null, 3]], outputShapes: [[null, 3]] },
    { inputShapes: [null], outputShapes: [null] },
  ],
  HardSwish: [
    {
      inputs: [
        [
          [-3.75, 0.625, 5],
          [1.25, -1.875, 3.125],
        ],
      ],
      outputs: [
        [
          [-0, 0.3776041666666667, 5],
          [0.8854166666666666, -0.3515625, 3.125],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [[NaN, Infinity, -Infinity, 0]],
      outputs: [[NaN, Infinity, NaN, 0]],
      title: 'NaN and infinity',
    },
    { inputs: [0.625], outputs: [0.3776041666666667], title: 'rank 0' },
    { inputShapes: [[null, 3]], outputShapes: [[null, 3]] },
    { inputShapes: [null], outputShapes: [null] },
  ],
  Silu: [
    {
      inputs: [
        [
          [-1.5, 0.25, 2],
          [0.5, -0.75, 1.25],
        ],
      ],
      outputs: [
        [
          [-0.2736382857095345, 0.14054412522144952, 1.7615941559557646],
          [0.3112296656009273, -0.24061597561845527, 0.9716248264683638],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [[NaN, Infinity, -Infinity, 0]],
      outputs: [[NaN, Infinity, 0, 0]],
      title: 'NaN and infinity',
    },
    { inputs: [0.25], outputs: [0.14054412522144952], title: 'rank 0' },
    { inputShapes: [[null, 3]], outputShapes: [[null, 3]] },
    { inputShapes: [null], outputShapes: [null] },
  ],
  Mish: [
    {
      inputs: [
        [
          [-1.5, 0.25, 2],
          [0.5, -0.75, 1.25],
        ],
      ],
      outputs: [
        [
          [-0.29809974216680674, 0.1695724096638176, 1.9439589595339946],
          [0.3752452113048951, -0.2764947145054652, 1.1318703042410392],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [[NaN, Infinity, -Infinity, 0]],
      outputs: [[NaN, Infinity, 0, 0]],
      title: 'NaN and infinity',
    },
    { inputs: [0.25], outputs: [0.1695724096638176], title: 'rank 0' },
    { inputShapes: [[null, 3]], outputShapes: [[null, 3]] },
    { inputShapes: [null], outputShapes: [null] },
  ],
  Gelu: [
    {
      inputs: [
        [
          [-1.5, 0.25, 2],
          [0.5, -0.75, 1.25],
        ],
      ],
      outputs: [
        [
          [-0.10021080190328713, 0.14967658142073093, 1.9544997361036416],
          [0.3457312306370065, -0.1699705142826512, 1.1179377829164308],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [[NaN, Infinity, -Infinity, 0]],
      outputs: [[NaN, Infinity, 0, 0]],
      title: 'NaN and infinity',
    },
    { inputs: [0.25], outputs: [0.14967658142073093], title: 'rank 0' },
    { inputShapes: [[null, 3]], outputShapes: [[null, 3]] },
    { inputShapes: [null], outputShapes: [null] },
  ],
  GeluTanh: [
    {
      inputs: [
        [
          [-1.5, 0.25, 2],
          [0.5, -0.75, 1.25],
        ],
      ],
      outputs: [
        [
          [-0.10042842301976704, 0.149675350701685, 1.9545976940877752],
          [0.34571400982514394, -0.17003944483437966, 1.1177142029697147],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [[NaN, Infinity, -Infinity, 0]],
      outputs: [[NaN, Infinity, 0, 0]],
      title: 'NaN and infinity',
    },
    { inputs: [0.25], outputs: [0.149675350701685], title: 'rank 0' },
    { inputShapes: [[null, 3]], outputShapes: [[null, 3]] },
    { inputShapes: [null], outputShapes: [null] },
  ],
});
