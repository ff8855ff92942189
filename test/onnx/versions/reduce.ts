import { fixed, float, floats, int64, type VersionCase } from './case.js';

const x = float([
  [
    [1, 2],
    [3, 4],
  ],
  [
    [5, 6],
    [7, 8],
  ],
]);

const reductions: Readonly<Record<string, readonly [readonly number[], number[][]]>> = {
  ReduceL1: [
    [1, 11, 13],
    [
      [4, 6],
      [12, 14],
    ],
  ],
  ReduceL2: [
    [1, 11, 13],
    [
      [Math.sqrt(10), Math.sqrt(20)],
      [Math.sqrt(74), 10],
    ],
  ],
  ReduceLogSum: [
    [1, 11, 13],
    [
      [Math.log(4), Math.log(6)],
      [Math.log(12), Math.log(14)],
    ],
  ],
  ReduceLogSumExp: [
    [1, 11, 13],
    [
      [3.126928, 4.126928],
      [7.126928, 8.126928],
    ],
  ],
  ReduceMax: [
    [1, 12],
    [
      [3, 4],
      [7, 8],
    ],
  ],
  ReduceMean: [
    [11],
    [
      [2, 3],
      [6, 7],
    ],
  ],
  ReduceMin: [
    [1, 12, 13],
    [
      [1, 2],
      [5, 6],
    ],
  ],
  ReduceProd: [
    [1, 11, 13],
    [
      [3, 8],
      [35, 48],
    ],
  ],
  ReduceSum: [
    [11],
    [
      [4, 6],
      [12, 14],
    ],
  ],
  ReduceSumSquare: [
    [1, 11, 13],
    [
      [10, 20],
      [74, 100],
    ],
  ],
};

const all = Object.entries(reductions).map(([op, [versions, output]]): VersionCase => {
  const attributes = { axes: { ints: [1] }, keepdims: { i: 0 } };
  return { op, versions, inputs: [x], attributes, outputs: [output] };
});

const rows = float([
  [1, 3, 3],
  [2, 0, 1],
]);

/** From opset 13 on along one axis; before, over all axes from it on. */
const flattened = (op: string, one: number[]): VersionCase => {
  const inputs = [float([[[0, Math.log(3)]], [[0, 0]]].map((row) => [row.flat(), row.flat()]))];
  const outputs = [
    [
      [one, one],
      [one.map(() => 0), one.map(() => 0)],
    ],
  ];
  return { op, versions: [11], inputs, outputs };
};

const quarter = [1 / 8, 3 / 8];
const log = quarter.map(Math.log);

const softs: readonly VersionCase[] = [
  {
    ...flattened('Softmax', quarter),
    outputs: [
      [
        [quarter, quarter],
        [
          [0.25, 0.25],
          [0.25, 0.25],
        ],
      ],
    ],
  },
  {
    ...flattened('LogSoftmax', log),
    outputs: [
      [
        [log, log],
        [
          [-1.386294, -1.386294],
          [-1.386294, -1.386294],
        ],
      ],
    ],
  },
  {
    ...flattened('Hardmax', []),
    outputs: [
      [
        [
          [0, 1],
          [0, 0],
        ],
        [
          [1, 0],
          [0, 0],
        ],
      ],
    ],
    versions: [1, 11],
  },
];

export const reductionsAndSofts: readonly VersionCase[] = [
  ...all,
  ...softs,
  {
    op: 'ArgMax',
    versions: [1, 11, 12],
    inputs: [rows],
    attributes: { axis: { i: 1 }, keepdims: { i: 0 } },
    outputs: [[1, 0]],
  },
  {
    op: 'ArgMin',
    versions: [1, 11, 12],
    inputs: [rows],
    attributes: { axis: { i: 1 } },
    outputs: [[[0], [1]]],
  },
  { op: 'CumSum', versions: [11], inputs: [rows, fixed(int64(1))], outputs: 14 },
  { op: 'LpNormalization', versions: [1], inputs: [rows], outputs: 22 },
  { op: 'MeanVarianceNormalization', versions: [9], inputs: [floats(1, 2, 2, 2)], outputs: 13 },
  {
    op: 'TopK',
    versions: [1],
    inputs: [rows],
    attributes: { k: { i: 2 } },
    outputs: [
      [
        [3, 3],
        [2, 1],
      ],
      [
        [1, 2],
        [0, 2],
      ],
    ],
  },
  {
    op: 'TopK',
    versions: [10, 11],
    inputs: [rows, fixed(int64([2]))],
    outputs: [
      [
        [3, 3],
        [2, 1],
      ],
      [
        [1, 2],
        [0, 2],
      ],
    ],
  },
];
