import { table } from '../case.js';
import { convCases } from '../reference/conv.js';

const nan = Number.NaN;

export const conv = table({
  Conv1D: [
    ...convCases(
      { batch: 2, size: [7], kernel: [3], channels: 2, outputs: 3, padding: 'SAME' },
      { gradient: true },
    ),
    ...convCases(
      { batch: 1, size: [9], kernel: [2], channels: 4, outputs: 2, strides: [3], groups: 2 },
      { gradient: true },
    ),
    ...convCases(
      {
        batch: 2,
        size: [6],
        kernel: [3],
        channels: 2,
        outputs: 1,
        dilations: [2],
        padding: [[1, 2]],
      },
      { gradient: true },
    ),
    ...convCases({ batch: 0, size: [9], kernel: [2], channels: 4, outputs: 2 }),
    {
      inputShapes: [
        [null, 8, 3],
        [3, 3, 5],
      ],
      outputShapes: [[null, 6, 5]],
    },
  ],
  Conv2D: [
    ...convCases(
      { batch: 2, size: [4, 5], kernel: [3, 3], channels: 2, outputs: 3, padding: 'SAME' },
      { gradient: true },
    ),
    ...convCases(
      {
        batch: 1,
        size: [6, 5],
        kernel: [3, 2],
        channels: 4,
        outputs: 6,
        strides: [2, 1],
        groups: 2,
      },
      { gradient: true },
    ),
    ...convCases(
      {
        batch: 1,
        size: [7, 6],
        kernel: [2, 3],
        channels: 3,
        outputs: 2,
        strides: [1, 2],
        dilations: [2, 1],
        padding: [
          [1, 0],
          [2, 1],
        ],
      },
      { gradient: true },
    ),
    ...convCases({ batch: 1, size: [3, 3], kernel: [1, 1], channels: 70, outputs: 5 }),
    ...convCases({ batch: 2, size: [5, 5], kernel: [3, 3], channels: 6, outputs: 6, groups: 6 }),
    ...convCases({ batch: 1, size: [5, 5], kernel: [3, 3], channels: 3, outputs: 6, groups: 3 }),
    ...convCases({ batch: 0, size: [4, 4], kernel: [3, 3], channels: 2, outputs: 3 }),
    ...convCases({
      batch: 1,
      size: [0, 4],
      kernel: [1, 3],
      channels: 2,
      outputs: 3,
      padding: 'SAME',
    }),
    ...convCases({ batch: 1, size: [2, 2], kernel: [1, 1], channels: 2, outputs: 0 }),
    {
      inputs: [[[[[nan], [1], [2], [3]]]], [[[[1]], [[1]]]]],
      outputs: [[[[[nan], [3], [5]]]]],
    },
    {
      inputShapes: [
        [null, null, 8, 3],
        [3, 3, 3, 16],
      ],
      outputShapes: [[null, null, 6, 16]],
    },
    { inputShapes: [null, [3, 3, 3, 16]], outputShapes: [[null, null, null, 16]] },
    {
      inputShapes: [[null, 8, 7, 3], null],
      attrs: { padding: 'SAME', strides: [2, 2] },
      outputShapes: [[null, 4, 4, null]],
    },
    {
      inputs: [[[[[1, 2, 3]]]], [[[[1], [2]]]]],
      error: 'INVALID_ARGUMENT',
      message: 'do not divide',
    },
    {
      inputs: [[[[[1]]]], [[[[1]]], [[[1]]], [[[2]]]]],
      error: 'INVALID_ARGUMENT',
      message: 'larger than its input',
    },
    { inputs: [[[[1]]], [[[[1]]]]], error: 'INVALID_ARGUMENT' },
    {
      inputs: [[[[[1]]]], [[[[1]]]]],
      attrs: { strides: [0, 1] },
      error: 'INVALID_ARGUMENT',
      message: 'strides has to be positive',
    },
  ],
  Conv3D: [
    ...convCases(
      {
        batch: 2,
        size: [3, 4, 3],
        kernel: [2, 3, 2],
        channels: 2,
        outputs: 3,
        padding: 'SAME',
        strides: [1, 2, 1],
      },
      { gradient: true },
    ),
    ...convCases(
      { batch: 1, size: [3, 3, 3], kernel: [1, 2, 3], channels: 4, outputs: 4, groups: 2 },
      { gradient: true },
    ),
    {
      inputShapes: [
        [null, 8, 8, 8, 3],
        [3, 3, 3, 3, 5],
      ],
      outputShapes: [[null, 6, 6, 6, 5]],
    },
  ],
});
