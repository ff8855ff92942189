import { broadcasting } from '../broadcasting.js';
import { table } from '../case.js';

export const safeDivision = table({
  MulNoNan: [
    {
      inputs: [
        [
          [-1.5, 0.25, 2],
          [0.5, -0.75, 1.25],
        ],
        [2, -0.5, 1.5],
      ],
      outputs: [
        [
          [-3, -0.125, 3],
          [1, 0.375, 1.875],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [
        [NaN, 1, Infinity, Infinity, -1, 0],
        [1, NaN, Infinity, 2, Infinity, 0],
      ],
      outputs: [[NaN, NaN, Infinity, Infinity, -Infinity, 0]],
      title: 'NaN and infinity',
    },
    ...broadcasting,
  ],
  DivNoNan: [
    {
      inputs: [
        [
          [-1.5, 0.25, 2],
          [0.5, -0.75, 1.25],
        ],
        [2, -0.5, 1.5],
      ],
      outputs: [
        [
          [-0.75, -0.5, 1.3333333333333333],
          [0.25, 1.5, 0.8333333333333334],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [
        [NaN, 1, Infinity, Infinity, -1, 0],
        [1, NaN, Infinity, 2, Infinity, 0],
      ],
      outputs: [[NaN, NaN, NaN, Infinity, -0, 0]],
      title: 'NaN and infinity',
    },
    ...broadcasting,
  ],
  Xdivy: [
    {
      inputs: [
        [
          [-1.5, 0.25, 2],
          [0.5, -0.75, 1.25],
        ],
        [2, -0.5, 1.5],
      ],
      outputs: [
        [
          [-0.75, -0.5, 1.3333333333333333],
          [0.25, 1.5, 0.8333333333333334],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [
        [NaN, 1, Infinity, Infinity, -1, 0],
        [1, NaN, Infinity, 2, Infinity, 0],
      ],
      outputs: [[NaN, NaN, NaN, Infinity, -0, 0]],
      title: 'NaN and infinity',
    },
    ...broadcasting,
  ],
  Xlogy: [
    {
      inputs: [
        [
          [-1.5, 0.25, 2],
          [0.5, -0.75, 1.25],
        ],
        [2, 0.5, 1.5],
      ],
      outputs: [
        [
          [-1.0397207708399179, -0.17328679513998632, 0.8109302162163288],
          [0.34657359027997264, 0.5198603854199589, 0.5068313851352055],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [
        [NaN, 1, Infinity, Infinity, -1, 0],
        [1, NaN, Infinity, 2, Infinity, 0],
      ],
      outputs: [[NaN, NaN, Infinity, Infinity, -Infinity, 0]],
      title: 'NaN and infinity',
    },
    ...broadcasting,
  ],
  Xlog1py: [
    {
      inputs: [
        [
          [-1.5, 0.25, 2],
          [0.5, -0.75, 1.25],
        ],
        [2, 0.5, 1.5],
      ],
      outputs: [
        [
          [-1.6479184330021646, 0.1013662770270411, 1.8325814637483102],
          [0.5493061443340549, -0.3040988310811233, 1.1453634148426939],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [
        [NaN, 1, Infinity, Infinity, -1, 0],
        [1, NaN, Infinity, 2, Infinity, 0],
      ],
      outputs: [[NaN, NaN, Infinity, Infinity, -Infinity, 0]],
      title: 'NaN and infinity',
    },
    ...broadcasting,
  ],
});
