import { ndarray } from '../../../lib/index.js';
import { type Case, table } from '../case.js';

const float = (values: number | number[]) => ndarray(values, { dtype: 'float32' });
const whole = (values: number | number[]) => ndarray(values, { dtype: 'int32' });
const bytes = (values: number | number[]) => ndarray(values, { dtype: 'uint8' });
const signed = (values: number | number[]) => ndarray(values, { dtype: 'int8' });

const convTypes = [
  { Tx: 'uint8', Tw: 'int8', T: 'float32' },
  { Tx: 'int8', Tw: 'uint8', T: 'float32' },
] as const;
const image = [
  [
    [[1], [2], [3]],
    [[4], [5], [6]],
    [[7], [8], [9]],
  ],
];
const corner = [
  [[[1]], [[2]]],
  [[[3]], [[4]]],
];
const pixels = [
  [
    [
      [1, 10],
      [2, 20],
    ],
    [
      [3, 30],
      [6, 50],
    ],
  ],
];

export const quantizedConv = table({
  ConvInteger: [
    ...convTypes.map(
      ({ Tw }): Case => ({
        inputs: [image, corner, 1, 2],
        outputs: [
          [
            [
              [[11], [13]],
              [[17], [19]],
            ],
          ],
        ],
        types: { Tw },
      }),
    ),
    {
      inputs: [image, corner, 1],
      outputs: [
        [
          [
            [[0], [11]],
            [[30], [67]],
          ],
        ],
      ],
      types: { Tw: 'int8' },
      attrs: { strides: [2, 2], padding: 'EXPLICIT', explicit_paddings: [0, 0, 1, 0, 1, 0, 0, 0] },
    },
    {
      inputShapes: [
        [null, 5, 5, 4],
        [3, 3, 2, 6],
      ],
      outputShapes: [[null, 3, 3, 6]],
      types: { Tw: 'int8' },
    },
  ],
  QLinearConv: [
    ...convTypes.map(
      ({ Tw }): Case => ({
        inputs: [image, float(0.5), 1, corner, float(1), 2, float(0.5), bytes(10)],
        outputs: [
          [
            [
              [[21], [23]],
              [[27], [29]],
            ],
          ],
        ],
        types: { Tw, T: 'float32' },
      }),
    ),
    {
      title: 'depthwise',
      inputs: [
        pixels,
        float(1),
        1,
        [[[[1, 2]]]],
        float([1, 0.5]),
        [0, 1],
        float(2),
        signed(-1),
        whole([0, 2]),
      ],
      outputs: [
        [
          [
            [
              [-1, 2],
              [-1, 4],
            ],
            [
              [0, 7],
              [1, 12],
            ],
          ],
        ],
      ],
      types: { Tw: 'int8', T: 'float32' },
    },
    {
      inputShapes: [[null, 5, 5, 4], [], [], [3, 3, 4, 6], [6], [6], [], [], [6]],
      outputShapes: [[null, 3, 3, 6]],
      types: { Tw: 'int8', Ty: 'uint8', T: 'float32' },
    },
  ],
});
