import { broadcasting } from '../broadcasting.js';
import { table } from '../case.js';

export const trigonometric = table({
  Sin: [
    {
      inputs: [
        [
          [-1.5, 0.25, 2],
          [0.5, -0.75, 1.25],
        ],
      ],
      outputs: [
        [
          [-0.9974949866040544, 0.24740395925452294, 0.9092974268256817],
          [0.479425538604203, -0.6816387600233341, 0.9489846193555862],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [[NaN, Infinity, -Infinity, 0]],
      outputs: [[NaN, NaN, NaN, 0]],
      title: 'NaN and infinity',
    },
    { inputs: [0.25], outputs: [0.24740395925452294], title: 'rank 0' },
    { inputShapes: [[null, 3]], outputShapes: [[null, 3]] },
    { inputShapes: [null], outputShapes: [null] },
  ],
  Cos: [
    {
      inputs: [
        [
          [-1.5, 0.25, 2],
          [0.5, -0.75, 1.25],
        ],
      ],
      outputs: [
        [
          [0.0707372016677029, 0.9689124217106447, -0.4161468365471424],
          [0.8775825618903728, 0.7316888688738209, 0.3153223623952687],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [[NaN, Infinity, -Infinity, 0]],
      outputs: [[NaN, NaN, NaN, 1]],
      title: 'NaN and infinity',
    },
    { inputs: [0.25], outputs: [0.9689124217106447], title: 'rank 0' },
    { inputShapes: [[null, 3]], outputShapes: [[null, 3]] },
    { inputShapes: [null], outputShapes: [null] },
  ],
  Tan: [
    {
      inputs: [
        [
          [-0.5, 0.25, 0.75],
          [0.5, -0.75, 0.125],
        ],
      ],
      outputs: [
        [
          [-0.5463024898437905, 0.25534192122103627, 0.9315964599440725],
          [0.5463024898437905, -0.9315964599440725, 0.12565513657513097],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [[NaN, Infinity, -Infinity, 0]],
      outputs: [[NaN, NaN, NaN, 0]],
      title: 'NaN and infinity',
    },
    { inputs: [0.25], outputs: [0.25534192122103627], title: 'rank 0' },
    { inputShapes: [[null, 3]], outputShapes: [[null, 3]] },
    { inputShapes: [null], outputShapes: [null] },
  ],
  Asin: [
    {
      inputs: [
        [
          [-0.5, 0.25, 0.75],
          [0.5, -0.75, 0.125],
        ],
      ],
      outputs: [
        [
          [-0.5235987755982989, 0.25268025514207865, 0.848062078981481],
          [0.5235987755982989, -0.848062078981481, 0.1253278311680654],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [[NaN, Infinity, -Infinity, 0]],
      outputs: [[NaN, NaN, NaN, 0]],
      title: 'NaN and infinity',
    },
    { inputs: [0.25], outputs: [0.25268025514207865], title: 'rank 0' },
    { inputShapes: [[null, 3]], outputShapes: [[null, 3]] },
    { inputShapes: [null], outputShapes: [null] },
  ],
  Acos: [
    {
      inputs: [
        [
          [-0.5, 0.25, 0.75],
          [0.5, -0.75, 0.125],
        ],
      ],
      outputs: [
        [
          [2.0943951023931957, 1.318116071652818, 0.7227342478134156],
          [1.0471975511965976, 2.4188584057763776, 1.445468495626831],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [[NaN, Infinity, -Infinity, 0]],
      outputs: [[NaN, NaN, NaN, 1.5707963267948966]],
      title: 'NaN and infinity',
    },
    { inputs: [0.25], outputs: [1.318116071652818], title: 'rank 0' },
    { inputShapes: [[null, 3]], outputShapes: [[null, 3]] },
    { inputShapes: [null], outputShapes: [null] },
  ],
  Atan: [
    {
      inputs: [
        [
          [-1.5, 0.25, 2],
          [0.5, -0.75, 1.25],
        ],
      ],
      outputs: [
        [
          [-0.982793723247329, 0.24497866312686414, 1.1071487177940904],
          [0.4636476090008061, -0.6435011087932844, 0.8960553845713439],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [[NaN, Infinity, -Infinity, 0]],
      outputs: [[NaN, 1.5707963267948966, -1.5707963267948966, 0]],
      title: 'NaN and infinity',
    },
    { inputs: [0.25], outputs: [0.24497866312686414], title: 'rank 0' },
    { inputShapes: [[null, 3]], outputShapes: [[null, 3]] },
    { inputShapes: [null], outputShapes: [null] },
  ],
  Atan2: [
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
          [-0.6435011087932844, 2.677945044588987, 0.9272952180016122],
          [0.24497866312686414, -2.1587989303424644, 0.6947382761967031],
        ],
      ],
      gradient: true,
    },
    {
      inputs: [
        [NaN, 1, Infinity, Infinity, -1, 0],
        [1, NaN, Infinity, 2, Infinity, 0],
      ],
      outputs: [[NaN, NaN, 0.7853981633974483, 1.5707963267948966, -0, 0]],
      title: 'NaN and infinity',
    },
    ...broadcasting,
  ],
});
