import {
  bool,
  double,
  float,
  float16,
  int32,
  int64,
  text,
  uint8,
  uint16,
  uint32,
  uint64,
  type VersionCase,
} from './case.js';

const rows = [
  [3, 4],
  [5, 6],
];

const reduced = (op: string, outputs: readonly number[]): VersionCase[] =>
  [int32, int64, uint32, uint64].map((type) => {
    return {
      op,
      versions: [18],
      inputs: [type(rows), int64([1])],
      outputs: [outputs.map((y) => [y])],
    };
  });

const unique = [bool([1, 0, 1]), uint8([1, 0, 1]), uint16([9, 3, 9]), uint32([9, 3, 9])]
  .concat(float16([2, 1, 2]), double([2, 1, 2]), uint64([9, 3, 9]), text(['b', 'a', 'b']))
  .map((x): VersionCase => {
    const outputs = [
      [x.data[1], x.data[0]],
      [1, 0],
      [1, 0, 1],
      [1, 2],
    ];
    return { op: 'Unique', versions: [11], inputs: [x], outputs };
  });

const resized = [text, bool, int64, uint32, uint64, double].map((type): VersionCase => {
  const [a, b] = type === text ? ['a', 'b'] : [1, 0];
  return {
    op: 'Resize',
    versions: [13, 19],
    inputs: [type([[a, b]]), undefined, float([1, 2])],
    outputs: [[[a, a, b, b]]],
  };
});

/** Dtypes that few models use, and none of the standard's tests at hand. */
export const types: readonly VersionCase[] = [
  ...reduced('ReduceL2', [5, 7]),
  ...reduced('ReduceLogSum', [1, 2]),
  ...reduced('ReduceLogSumExp', [4, 6]),
  ...unique,
  ...resized,
  {
    op: 'Resize',
    versions: [19],
    inputs: [text([['a', 'b']]), float16([0, 0, 1, 3]), undefined, int64([1, 4])],
    attributes: { coordinate_transformation_mode: { s: 'tf_crop_and_resize' } },
    outputs: [[['a', 'b', '', '']]],
  },
  {
    op: 'Where',
    versions: [16],
    inputs: [bool([[1], [0]]), text(['a', 'b']), text(['c'])],
    outputs: [
      [
        ['a', 'b'],
        ['c', 'c'],
      ],
    ],
  },
  {
    op: 'Trilu',
    versions: [14],
    inputs: [
      text([
        ['a', 'b'],
        ['c', 'd'],
      ]),
    ],
    outputs: [
      [
        ['a', 'b'],
        ['', 'd'],
      ],
    ],
  },
  { op: 'Pad', versions: [18], inputs: [text(['a', 'b']), int64([1, -1])], outputs: [['', 'a']] },
  {
    op: 'CenterCropPad',
    versions: [18],
    inputs: [text(['a']), int64([3])],
    outputs: [['', 'a', '']],
  },
  { op: 'NonZero', versions: [13], inputs: [text(['', 'a'])], outputs: [[[1]]] },
  ...[float16, double].map((type): VersionCase => {
    const attributes = { detect_negative: { i: 0 } };
    const inputs = [type([1, Infinity, -Infinity])];
    return { op: 'IsInf', versions: [20], inputs, attributes, outputs: [[0, 1, 0]] };
  }),
  {
    op: 'GatherND',
    versions: [12, 13],
    inputs: [float(rows), int64([[1], [-2]])],
    attributes: { batch_dims: { i: 1 } },
    outputs: [[4, 5]],
  },
  {
    op: 'Shrink',
    versions: [9],
    inputs: [int32([-3, -1, 0, 1, 2])],
    attributes: { lambd: { f: 1.5 }, bias: { f: 0.5 } },
    outputs: [[-2, 0, 0, 0, 1]],
  },
  {
    op: 'Gemm',
    versions: [13],
    inputs: [int32(rows), int32(rows), int32([5, 6])],
    attributes: { alpha: { f: 0.5 }, beta: { f: 0.5 } },
    outputs: [
      [
        [17, 21],
        [25, 31],
      ],
    ],
  },
  {
    op: 'MaxPool',
    versions: [12],
    inputs: [float16([[[1, 3, 2]]])],
    attributes: { kernel_shape: { ints: [2] } },
    outputs: [[[[3, 3]]], [[[1, 1]]]],
  },
  {
    op: 'LayerNormalization',
    versions: [17],
    inputs: [double([[1, 3]]), double([1, 1])],
    attributes: { epsilon: { f: 0 } },
    outputs: [[[-1, 1]], [[2]], [[1]]],
  },
  {
    op: 'BatchNormalization',
    versions: [7],
    inputs: [
      float([[[5, 3]]]),
      ...[[[2, 1]], [[1, 0]], [[3, 4]], [[4, 1]]].map((value) => float(value)),
    ],
    attributes: { spatial: { i: 0 }, epsilon: { f: 0 } },
    outputs: [[[[3, -1]]]],
  },
  {
    op: 'LRN',
    versions: [13],
    inputs: [float([[[1], [2], [3]]])],
    attributes: { size: { i: 2 }, alpha: { f: 2 }, beta: { f: 1 } },
    outputs: [[[[1 / 6], [2 / 14], [3 / 10]]]],
  },
];
