import type { GraphSpec } from '../write.js';
import { bool, fixed, float, int64, type VersionCase } from './case.js';

const branch = (value: number): { g: GraphSpec } => {
  const nodes = [{ op: 'Identity', inputs: ['v'], outputs: ['r'] }];
  return {
    g: {
      nodes,
      initializers: [{ name: 'v', dims: [1], floats: [value] }],
      outputs: [{ name: 'r' }],
    },
  };
};

const loopBody: GraphSpec = {
  nodes: [
    { op: 'Add', inputs: ['s', 's'], outputs: ['t'] },
    { op: 'Identity', inputs: ['go'], outputs: ['still'] },
    { op: 'Identity', inputs: ['t'], outputs: ['each'] },
  ],
  inputs: [
    { name: 'i', dtype: 7, shape: [] },
    { name: 'go', dtype: 9, shape: [] },
    { name: 's', dtype: 1, shape: [1] },
  ],
  outputs: [{ name: 'still' }, { name: 't' }, { name: 'each' }],
};

const scanBody: GraphSpec = {
  nodes: [
    { op: 'Add', inputs: ['sum', 'next'], outputs: ['after'] },
    { op: 'Identity', inputs: ['after'], outputs: ['each'] },
  ],
  inputs: [
    { name: 'sum', dtype: 1, shape: [1] },
    { name: 'next', dtype: 1, shape: [1] },
  ],
  outputs: [{ name: 'after' }, { name: 'each' }],
};
const scan = { body: { g: scanBody }, num_scan_inputs: { i: 1 } };

export const control: readonly VersionCase[] = [
  ...[true, false].map((flag): VersionCase => {
    const attributes = { then_branch: branch(1), else_branch: branch(2) };
    const versions = [1, 11, 21, 23, 24, 25];
    return { op: 'If', versions, inputs: [bool(flag)], attributes, outputs: [[flag ? 1 : 2]] };
  }),
  {
    op: 'Loop',
    versions: [1, 19, 21, 23, 24],
    inputs: [fixed(int64(3)), fixed(bool(true)), float([1])],
    attributes: { body: { g: loopBody } },
    outputs: [[8], [[2], [4], [8]]],
  },
  {
    op: 'Scan',
    versions: [8],
    inputs: [undefined, float([[1]]), float([[[1], [2], [3]]])],
    attributes: scan,
    outputs: [[[7]], [[[2], [4], [7]]]],
  },
  {
    op: 'Scan',
    versions: [8],
    inputs: [
      int64([1, 3]),
      float([[1], [1]]),
      float([
        [[1], [2], [3]],
        [[1], [2], [3]],
      ]),
    ],
    attributes: scan,
    outputs: [
      [[2], [7]],
      [
        [[2], [0], [0]],
        [[2], [4], [7]],
      ],
    ],
  },
  {
    op: 'Scan',
    versions: [11, 16, 19, 21, 23, 24],
    inputs: [float([1]), float([[1], [2], [3]])],
    attributes: scan,
    outputs: [[7], [[2], [4], [7]]],
  },
];
