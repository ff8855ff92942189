import { table } from '../case.js';

export const activationGrad = table({
  SigmoidGrad: [
    {
      inputs: [
        [
          [0.25, 0.5, 0.75],
          [0.5, 0.125, 0.25],
        ],
        [
          [1, -2, 0.5],
          [3, 1.5, -1],
        ],
      ],
      outputs: [
        [
          [0.1875, -0.5, 0.09375],
          [0.75, 0.1640625, -0.1875],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [
        [NaN, 0.5],
        [1, NaN],
      ],
      outputs: [[NaN, NaN]],
    },
    {
      inputShapes: [
        [null, 3],
        [null, 3],
      ],
      outputShapes: [[null, 3]],
    },
  ],
  TanhGrad: [
    {
      inputs: [
        [
          [0.25, 0.5, 0.75],
          [0.5, 0.125, 0.25],
        ],
        [
          [1, -2, 0.5],
          [3, 1.5, -1],
        ],
      ],
      outputs: [
        [
          [0.9375, -1.5, 0.21875],
          [2.25, 1.4765625, -0.9375],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [
        [NaN, 0.5],
        [1, NaN],
      ],
      outputs: [[NaN, NaN]],
    },
    {
      inputShapes: [
        [null, 3],
        [null, 3],
      ],
      outputShapes: [[null, 3]],
    },
  ],
  SqrtGrad: [
    {
      inputs: [
        [
          [0.25, 0.5, 0.75],
          [0.5, 0.125, 0.25],
        ],
        [
          [1, -2, 0.5],
          [3, 1.5, -1],
        ],
      ],
      outputs: [
        [
          [2, -2, 0.3333333333333333],
          [3, 6, -2],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [
        [NaN, 0.5],
        [1, NaN],
      ],
      outputs: [[NaN, NaN]],
    },
    {
      inputShapes: [
        [null, 3],
        [null, 3],
      ],
      outputShapes: [[null, 3]],
    },
  ],
  RsqrtGrad: [
    {
      inputs: [
        [
          [0.25, 0.5, 0.75],
          [0.5, 0.125, 0.25],
        ],
        [
          [1, -2, 0.5],
          [3, 1.5, -1],
        ],
      ],
      outputs: [
        [
          [-0.0078125, 0.125, -0.10546875],
          [-0.1875, -0.00146484375, 0.0078125],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [
        [NaN, 0.5],
        [1, NaN],
      ],
      outputs: [[NaN, NaN]],
    },
    {
      inputShapes: [
        [null, 3],
        [null, 3],
      ],
      outputShapes: [[null, 3]],
    },
  ],
  ReciprocalGrad: [
    {
      inputs: [
        [
          [0.25, 0.5, 0.75],
          [0.5, 0.125, 0.25],
        ],
        [
          [1, -2, 0.5],
          [3, 1.5, -1],
        ],
      ],
      outputs: [
        [
          [-0.0625, 0.5, -0.28125],
          [-0.75, -0.0234375, 0.0625],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [
        [NaN, 0.5],
        [1, NaN],
      ],
      outputs: [[NaN, NaN]],
    },
    {
      inputShapes: [
        [null, 3],
        [null, 3],
      ],
      outputShapes: [[null, 3]],
    },
  ],
  ReluGrad: [
    {
      inputs: [
        [
          [1, -2, 0.5],
          [3, 1.5, -1],
        ],
        [
          [-1.5, 0.25, 2],
          [0.5, -0.75, 1.25],
        ],
      ],
      outputs: [
        [
          [0, -2, 0.5],
          [3, 0, -1],
        ],
      ],
      gradient: [0],
    },
    {
      inputs: [
        [1, 2, 3],
        [0, 4, 7],
      ],
      outputs: [[0, 2, 3]],
    },
    {
      inputs: [
        [NaN, 1],
        [1, 2],
      ],
      outputs: [[NaN, 1]],
      title: 'NaN',
    },
    {
      inputShapes: [
        [null, 3],
        [null, 3],
      ],
      outputShapes: [[null, 3]],
    },
  ],
  Relu6Grad: [
    {
      inputs: [
        [
          [1, -2, 0.5],
          [3, 1.5, -1],
        ],
        [
          [-1.5, 0.25, 2],
          [0.5, -0.75, 1.25],
        ],
      ],
      outputs: [
        [
          [0, -2, 0.5],
          [3, 0, -1],
        ],
      ],
      gradient: [0],
    },
    {
      inputs: [
        [1, 2, 3],
        [0, 4, 7],
      ],
      outputs: [[0, 2, 0]],
    },
    {
      inputs: [
        [NaN, 1],
        [1, 2],
      ],
      outputs: [[NaN, 1]],
      title: 'NaN',
    },
    {
      inputShapes: [
        [null, 3],
        [null, 3],
      ],
      outputShapes: [[null, 3]],
    },
  ],
  LeakyReluGrad: [
    {
      inputs: [
        [
          [1, -2, 0.5],
          [3, 1.5, -1],
        ],
        [
          [-1.5, 0.25, 2],
          [0.5, -0.75, 1.25],
        ],
      ],
      outputs: [
        [
          [0.2, -2, 0.5],
          [3, 0.30000000000000004, -1],
        ],
      ],
      gradient: [0],
    },
    {
      inputs: [
        [NaN, 1],
        [1, 2],
      ],
      outputs: [[NaN, 1]],
      title: 'NaN',
    },
    {
      inputShapes: [
        [null, 3],
        [null, 3],
      ],
      outputShapes: [[null, 3]],
    },
  ],
  EluGrad: [
    {
      inputs: [
        [
          [1, -2, 0.5],
          [3, 1.5, -1],
        ],
        [
          [-1.5, 0.25, 2],
          [0.5, -0.75, 1.25],
        ],
      ],
      outputs: [
        [
          [-0.5, -2, 0.5],
          [3, 0.375, -1],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [
        [NaN, 1],
        [1, 2],
      ],
      outputs: [[NaN, 1]],
      title: 'NaN',
    },
    {
      inputShapes: [
        [null, 3],
        [null, 3],
      ],
      outputShapes: [[null, 3]],
    },
  ],
  SeluGrad: [
    {
      inputs: [
        [
          [1, -2, 0.5],
          [3, 1.5, -1],
        ],
        [
          [-1.5, 0.25, 2],
          [0.5, -0.75, 1.25],
        ],
      ],
      outputs: [
        [
          [0.2580993408473766, -2.101401974710961, 0.5253504936777402],
          [3.1521029620664414, 1.512149011271065, -1.0507009873554805],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [
        [NaN, 1],
        [1, 2],
      ],
      outputs: [[NaN, 1.0507009873554805]],
      title: 'NaN',
    },
    {
      inputShapes: [
        [null, 3],
        [null, 3],
      ],
      outputShapes: [[null, 3]],
    },
  ],
  SoftplusGrad: [
    {
      inputs: [
        [
          [1, -2, 0.5],
          [3, 1.5, -1],
        ],
        [
          [-1.5, 0.25, 2],
          [0.5, -0.75, 1.25],
        ],
      ],
      outputs: [
        [
          [0.18242552380635635, -1.1243530017715961, 0.44039853898894116],
          [1.867377993605564, 0.48123195123691054, -0.7772998611746911],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [
        [NaN, 1],
        [1, 2],
      ],
      outputs: [[NaN, 0.8807970779778823]],
      title: 'NaN',
    },
    {
      inputShapes: [
        [null, 3],
        [null, 3],
      ],
      outputShapes: [[null, 3]],
    },
  ],
  SoftsignGrad: [
    {
      inputs: [
        [
          [1, -2, 0.5],
          [3, 1.5, -1],
        ],
        [
          [-1.5, 0.25, 2],
          [0.5, -0.75, 1.25],
        ],
      ],
      outputs: [
        [
          [0.16, -1.28, 0.05555555555555555],
          [1.3333333333333333, 0.4897959183673469, -0.19753086419753085],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [
        [NaN, 1],
        [1, 2],
      ],
      outputs: [[NaN, 0.1111111111111111]],
      title: 'NaN',
    },
    {
      inputShapes: [
        [null, 3],
        [null, 3],
      ],
      outputShapes: [[null, 3]],
    },
  ],
});
