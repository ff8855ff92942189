import { table } from '../case.js';

export const hyperbolic = table({
  Sinh: [
    {
      inputs: [
        [
          [-1.5, 0.25, 2],
          [0.5, -0.75, 1.25],
        ],
      ],
      outputs: [
        [
          [-2.1292794550948173, 0.2526123168081683, 3.6268604078470186],
          [0.5210953054937474, -0.82231673193583, 1.6019190803008256],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [[NaN, Infinity, -Infinity, 0]],
      outputs: [[NaN, Infinity, -Infinity, 0]],
      title: 'NaN and infinity',
    },
    { inputs: [0.25], outputs: [0.2526123168081683], title: 'rank 0' },
    { inputShapes: [[null, 3]], outputShapes: [[null, 3]] },
    { inputShapes: [null], outputShapes: [null] },
  ],
  Cosh: [
    {
      inputs: [
        [
          [-1.5, 0.25, 2],
          [0.5, -0.75, 1.25],
        ],
      ],
      outputs: [
        [
          [2.352409615243247, 1.0314130998795732, 3.7621956910836314],
          [1.1276259652063807, 1.2946832846768448, 1.8884238771610158],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [[NaN, Infinity, -Infinity, 0]],
      outputs: [[NaN, Infinity, Infinity, 1]],
      title: 'NaN and infinity',
    },
    { inputs: [0.25], outputs: [1.0314130998795732], title: 'rank 0' },
    { inputShapes: [[null, 3]], outputShapes: [[null, 3]] },
    { inputShapes: [null], outputShapes: [null] },
  ],
  Tanh: [
    {
      inputs: [
        [
          [-1.5, 0.25, 2],
          [0.5, -0.75, 1.25],
        ],
      ],
      outputs: [
        [
          [-0.9051482536448665, 0.24491866240370913, 0.9640275800758169],
          [0.46211715726000974, -0.6351489523872873, 0.8482836399575129],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [[NaN, Infinity, -Infinity, 0]],
      outputs: [[NaN, 1, -1, 0]],
      title: 'NaN and infinity',
    },
    { inputs: [0.25], outputs: [0.24491866240370913], title: 'rank 0' },
    { inputShapes: [[null, 3]], outputShapes: [[null, 3]] },
    { inputShapes: [null], outputShapes: [null] },
  ],
  Asinh: [
    {
      inputs: [
        [
          [-1.5, 0.25, 2],
          [0.5, -0.75, 1.25],
        ],
      ],
      outputs: [
        [
          [-1.1947632172871092, 0.24746646154726346, 1.4436354751788103],
          [0.48121182505960347, -0.6931471805599453, 1.0475930126492587],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [[NaN, Infinity, -Infinity, 0]],
      outputs: [[NaN, Infinity, -Infinity, 0]],
      title: 'NaN and infinity',
    },
    { inputs: [0.25], outputs: [0.24746646154726346], title: 'rank 0' },
    { inputShapes: [[null, 3]], outputShapes: [[null, 3]] },
    { inputShapes: [null], outputShapes: [null] },
  ],
  Acosh: [
    {
      inputs: [
        [
          [2.5, 1.25, 3],
          [1.5, 5, 2.25],
        ],
      ],
      outputs: [
        [
          [1.566799236972411, 0.6931471805599453, 1.762747174039086],
          [0.9624236501192069, 2.2924316695611777, 1.4505745138225803],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [[NaN, Infinity, -Infinity, 0]],
      outputs: [[NaN, Infinity, NaN, NaN]],
      title: 'NaN and infinity',
    },
    { inputs: [1.25], outputs: [0.6931471805599453], title: 'rank 0' },
    { inputShapes: [[null, 3]], outputShapes: [[null, 3]] },
    { inputShapes: [null], outputShapes: [null] },
  ],
  Atanh: [
    {
      inputs: [
        [
          [-0.5, 0.25, 0.75],
          [0.5, -0.75, 0.125],
        ],
      ],
      outputs: [
        [
          [-0.5493061443340549, 0.25541281188299536, 0.9729550745276566],
          [0.5493061443340549, -0.9729550745276566, 0.12565721414045303],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [[NaN, Infinity, -Infinity, 0]],
      outputs: [[NaN, NaN, NaN, 0]],
      title: 'NaN and infinity',
    },
    { inputs: [0.25], outputs: [0.25541281188299536], title: 'rank 0' },
    { inputShapes: [[null, 3]], outputShapes: [[null, 3]] },
    { inputShapes: [null], outputShapes: [null] },
  ],
});
