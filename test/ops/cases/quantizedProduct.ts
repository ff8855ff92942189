import { ndarray } from '../../../lib/index.js';
import { type Case, table } from '../case.js';

const float = (values: number | number[]) => ndarray(values, { dtype: 'float32' });
const whole = (values: number | number[]) => ndarray(values, { dtype: 'int32' });
const bytes = (values: number | number[]) => ndarray(values, { dtype: 'uint8' });
const signed = (values: number | number[]) => ndarray(values, { dtype: 'int8' });

/** Both kinds of weights. */
const types = [
  { Tb: 'int8', T: 'float32' },
  { Tb: 'uint8', T: 'float32' },
] as const;
const a = [
  [1, 2, 3],
  [4, 5, 127],
];
const b = [
  [1, 0],
  [2, 1],
  [3, 100],
];

export const quantizedProduct = table({
  MatMulInteger: [
    ...types.map(
      ({ Tb }): Case => ({
        inputs: [a, b, 2, 1],
        outputs: [
          [
            [2, 100],
            [253, 12373],
          ],
        ],
        types: { Tb },
      }),
    ),
    ...types.map(
      ({ Tb }): Case => ({
        inputs: [a, b, 1, [1, 2]],
        outputs: [
          [
            [5, 195],
            [256, 12338],
          ],
        ],
        types: { Tb },
      }),
    ),
    {
      inputs: [a, b],
      outputs: [
        [
          [14, 302],
          [395, 12705],
        ],
      ],
      types: { Tb: 'int8' },
    },
    {
      inputs: [
        a,
        [
          [1, 2, 3],
          [0, 1, 100],
        ],
      ],
      outputs: [
        [
          [14, 302],
          [395, 12705],
        ],
      ],
      types: { Tb: 'int8' },
      attrs: { transpose_b: true },
    },
    {
      inputs: [[a, a], [b, b], 0, 0],
      outputs: [
        [
          [
            [14, 302],
            [395, 12705],
          ],
          [
            [14, 302],
            [395, 12705],
          ],
        ],
      ],
      types: { Tb: 'uint8' },
    },
    {
      inputs: [[[255, 255, 255, 255, 255]], [[-128], [-128], [-128], [-128], [-128]]],
      outputs: [[[-163200]]],
      dtypes: ['uint8'],
      types: { Tb: 'int8' },
    },
    {
      inputs: [a, a],
      error: 'INVALID_ARGUMENT',
      message: 'inner dimensions differ',
      types: { Tb: 'int8' },
    },
    {
      inputShapes: [
        [null, 5, 3],
        [3, 4],
      ],
      outputShapes: [[null, 5, 4]],
      types: { Tb: 'int8' },
    },
  ],
  MatMulIntegerToFloat: types.map(
    (kinds): Case => ({
      inputs: [a, b, float(0.5), float([1, 0.5]), 2, 1, float([0.25, -1])],
      outputs: [
        [
          [1.25, 24],
          [126.75, 3092.25],
        ],
      ],
      types: kinds,
    }),
  ),
  QLinearMatMul: [
    ...types.map(
      (kinds): Case => ({
        inputs: [a, float(0.5), 2, b, float([1, 0.5]), 1, float(10), bytes(3)],
        outputs: [
          [
            [3, 5],
            [16, 255],
          ],
        ],
        types: kinds,
      }),
    ),
    {
      inputs: [a, float(0.5), 2, b, float(1), 1, float(10), signed(3), whole([-1, 100])],
      outputs: [
        [
          [3, 13],
          [16, 127],
        ],
      ],
      types: { Tb: 'int8', T: 'float32' },
    },
    {
      inputShapes: [[null, 5, 3], [], [], [3, 4], [], [], [], []],
      outputShapes: [[null, 5, 4]],
      types: { Tb: 'int8', Ty: 'int8', T: 'float32' },
    },
  ],
});
