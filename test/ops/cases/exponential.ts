import { table } from '../case.js';

export const exponential = table({
  Exp: [
    {
      inputs: [
        [
          [-1.5, 0.25, 2],
          [0.5, -0.75, 1.25],
        ],
      ],
      outputs: [
        [
          [0.22313016014842982, 1.2840254166877414, 7.38905609893065],
          [1.6487212707001282, 0.4723665527410147, 3.4903429574618414],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [[NaN, Infinity, -Infinity, 0]],
      outputs: [[NaN, Infinity, 0, 1]],
      title: 'NaN and infinity',
    },
    { inputs: [0.25], outputs: [1.2840254166877414], title: 'rank 0' },
    { inputShapes: [[null, 3]], outputShapes: [[null, 3]] },
    { inputShapes: [null], outputShapes: [null] },
  ],
  Expm1: [
    {
      inputs: [
        [
          [-1.5, 0.25, 2],
          [0.5, -0.75, 1.25],
        ],
      ],
      outputs: [
        [
          [-0.7768698398515702, 0.2840254166877415, 6.38905609893065],
          [0.6487212707001282, -0.5276334472589853, 2.4903429574618414],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [[NaN, Infinity, -Infinity, 0]],
      outputs: [[NaN, Infinity, -1, 0]],
      title: 'NaN and infinity',
    },
    { inputs: [0.25], outputs: [0.2840254166877415], title: 'rank 0' },
    { inputShapes: [[null, 3]], outputShapes: [[null, 3]] },
    { inputShapes: [null], outputShapes: [null] },
  ],
  Log: [
    {
      inputs: [
        [
          [1.5, 0.25, 2],
          [0.5, 4, 1.25],
        ],
      ],
      outputs: [
        [
          [0.4054651081081644, -1.3862943611198906, 0.6931471805599453],
          [-0.6931471805599453, 1.3862943611198906, 0.22314355131420976],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [[NaN, Infinity, -Infinity, 0]],
      outputs: [[NaN, Infinity, NaN, -Infinity]],
      title: 'NaN and infinity',
    },
    { inputs: [0.25], outputs: [-1.3862943611198906], title: 'rank 0' },
    { inputShapes: [[null, 3]], outputShapes: [[null, 3]] },
    { inputShapes: [null], outputShapes: [null] },
  ],
  Log1p: [
    {
      inputs: [
        [
          [1.5, 0.25, 2],
          [0.5, 4, 1.25],
        ],
      ],
      outputs: [
        [
          [0.9162907318741551, 0.22314355131420976, 1.0986122886681098],
          [0.4054651081081644, 1.6094379124341003, 0.8109302162163288],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [[NaN, Infinity, -Infinity, 0]],
      outputs: [[NaN, Infinity, NaN, 0]],
      title: 'NaN and infinity',
    },
    { inputs: [0.25], outputs: [0.22314355131420976], title: 'rank 0' },
    { inputShapes: [[null, 3]], outputShapes: [[null, 3]] },
    { inputShapes: [null], outputShapes: [null] },
  ],
  Sqrt: [
    {
      inputs: [
        [
          [1.5, 0.25, 2],
          [0.5, 4, 1.25],
        ],
      ],
      outputs: [
        [
          [1.224744871391589, 0.5, 1.4142135623730951],
          [0.7071067811865476, 2, 1.118033988749895],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [[NaN, Infinity, -Infinity, 0]],
      outputs: [[NaN, Infinity, NaN, 0]],
      title: 'NaN and infinity',
    },
    { inputs: [0.25], outputs: [0.5], title: 'rank 0' },
    { inputShapes: [[null, 3]], outputShapes: [[null, 3]] },
    { inputShapes: [null], outputShapes: [null] },
  ],
  Rsqrt: [
    {
      inputs: [
        [
          [1.5, 0.25, 2],
          [0.5, 4, 1.25],
        ],
      ],
      outputs: [
        [
          [0.8164965809277261, 2, 0.7071067811865475],
          [1.414213562373095, 0.5, 0.8944271909999159],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [[NaN, Infinity, -Infinity, 0]],
      outputs: [[NaN, 0, NaN, Infinity]],
      title: 'NaN and infinity',
    },
    { inputs: [0.25], outputs: [2], title: 'rank 0' },
    { inputShapes: [[null, 3]], outputShapes: [[null, 3]] },
    { inputShapes: [null], outputShapes: [null] },
  ],
  Erf: [
    {
      inputs: [
        [
          [-1.5, 0.25, 2],
          [0.5, -0.75, 1.25],
        ],
      ],
      outputs: [
        [
          [-0.9661051464753108, 0.2763263901682369, 0.9953222650189527],
          [0.5204998778130465, -0.7111556336535151, 0.9229001282564582],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [[NaN, Infinity, -Infinity, 0]],
      outputs: [[NaN, 1, -1, 0]],
      title: 'NaN and infinity',
    },
    { inputs: [0.25], outputs: [0.2763263901682369], title: 'rank 0' },
    { inputShapes: [[null, 3]], outputShapes: [[null, 3]] },
    { inputShapes: [null], outputShapes: [null] },
  ],
  Erfc: [
    {
      inputs: [
        [
          [-1.5, 0.25, 2],
          [0.5, -0.75, 1.25],
        ],
      ],
      outputs: [
        [
          [1.9661051464753108, 0.7236736098317631, 0.004677734981047266],
          [0.4795001221869535, 1.7111556336535152, 0.07709987174354177],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [[NaN, Infinity, -Infinity, 0]],
      outputs: [[NaN, 0, 2, 1]],
      title: 'NaN and infinity',
    },
    { inputs: [0.25], outputs: [0.7236736098317631], title: 'rank 0' },
    { inputShapes: [[null, 3]], outputShapes: [[null, 3]] },
    { inputShapes: [null], outputShapes: [null] },
  ],
});
