import {
  addOp,
  argMax,
  clipByValue,
  concat,
  constant,
  type DType,
  divNoNan,
  gather,
  gatherNd,
  invertPermutation,
  mod,
  ndarray,
  rank,
  reshape,
  type Session,
  sequenceMask,
  shape,
  size,
  split,
  stack,
  sum,
  type Tensor,
  truncateMod,
  where,
} from '../../lib/index.js';
import { engineError, inGraph } from './inGraph.js';

const counted = (dims: readonly number[]) => {
  const length = dims.reduce((all, dim) => all * dim, 1);
  return ndarray(Float32Array.from({ length }, (_, i) => i + 1)).reshape(dims);
};
const list = (session: Session, fetch: Tensor) => [...session.runSync(fetch)];
const outputs = (session: Session, fetch: readonly Tensor[]) =>
  session.runSync(fetch).map((value) => value.toArray());

const op = (type: string, inputs: readonly unknown[], attrs = {}) =>
  addOp(type, inputs, attrs).outputs;

inGraph('k-where, k-where-mat: where', ({ session }) => {
  const found = where([false, false, true, false, true]);
  expect(found.dtype).toBe('int64');
  expect(session.runSync(found).toArray()).toEqual([[2n], [4n]]);
  expect(
    session
      .runSync(
        where([
          [true, false],
          [true, false],
        ]),
      )
      .toArray(),
  ).toEqual([
    [0n, 0n],
    [1n, 0n],
  ]);
});

inGraph('k-segsum, k-segsum-bad: segmentSum', ({ session }) => {
  expect(outputs(session, op('SegmentSum', [counted([4, 4]), [0, 0, 0, 1]]))).toEqual([
    [
      [15, 18, 21, 24],
      [13, 14, 15, 16],
    ],
  ]);
  expect(() => outputs(session, op('SegmentSum', [counted([4, 4]), [0, 1, 0, 1]]))).toThrow(
    engineError('INVALID_ARGUMENT', 'segment ids are not increasing'),
  );
});

inGraph('k-unsegsum-neg: rows with negative ids are dropped', ({ session }) => {
  expect(outputs(session, op('UnsortedSegmentSum', [[1, 2, 4], [1, -1, 1], 2]))).toEqual([[0, 5]]);
});

inGraph('k-gather-bad: an index out of range', ({ session }) => {
  expect(() => session.runSync(gather(counted([2, 3]), [[7]], 0))).toThrow(
    engineError('INVALID_ARGUMENT', 'indices[0,0] = 7 is not in [0, 2)'),
  );
});

inGraph('k-gathernd: gatherNd', ({ session }) => {
  const params = [
    [-8, 8],
    [-1, 1],
    [-2, 2],
    [-3, 3],
    [-7, 7],
    [-5, 5],
  ];
  expect(session.runSync(gatherNd(params, [4, 1])).item()).toBe(7);
});

inGraph('k-partition: dynamicPartition', ({ session }) => {
  const attrs = { num_partitions: 4 };
  const parts = op(
    'DynamicPartition',
    [
      [0, 13, 2, 39, 4, 17],
      [0, 0, 2, 3, 2, 1],
    ],
    attrs,
  );
  expect(outputs(session, parts)).toEqual([[0, 13], [17], [2, 4], [39]]);
});

inGraph('k-seqmask: sequenceMask', ({ session }) => {
  const [t, f] = [true, false];
  expect(
    outputs(session, [sequenceMask([1, 3, 2], { maxLength: 5 }), sequenceMask([1, 2])]),
  ).toEqual([
    [
      [t, f, f, f, f],
      [t, t, t, f, f],
      [t, t, f, f, f],
    ],
    [
      [t, f],
      [t, t],
    ],
  ]);
});

inGraph('k-invperm: invertPermutation', ({ session }) => {
  const x = constant([3, 4, 0, 2, 1], { dtype: 'int32' });
  expect(list(session, invertPermutation(x))).toEqual([2, 4, 3, 0, 1]);
});

inGraph('k-shape: shape, size and rank', ({ session }) => {
  const x = [
    [0, 42],
    [24, 0],
  ];
  expect(outputs(session, [shape(x), size(x), rank(x)])).toEqual([[2, 2], 4, 2]);
});

inGraph('k-reducesum: sums by axes', ({ session }) => {
  const x = [
    [1, 2, 3],
    [4, 5, 6],
  ];
  const axes = [0, -2, 1, -1, null];
  const sums = axes.map((axis) => sum(x, axis));
  expect(outputs(session, sums)).toEqual([[5, 7, 9], [5, 7, 9], [6, 15], [6, 15], 21]);
  expect(outputs(session, [sum(x, [0, 0])])).toEqual([[5, 7, 9]]);
});

inGraph('k-reduce-empty-argmax: argMax of nothing', ({ session }) => {
  const nothing = constant(new Float32Array(0));
  expect(() => session.runSync(argMax(nothing, 0))).toThrow(
    engineError('INVALID_ARGUMENT', 'Reduction axis 0 is empty in shape [0]'),
  );
});

inGraph('k-floormod, k-truncmod: signs of remainders', ({ session }) => {
  const xs = Array.from({ length: 20 }, (_, i) => i - 10);
  for (const dtype of ['int32', 'float32'] satisfies DType[]) {
    for (const d of [-3, -1, 1, 3]) {
      const x = constant(xs, { dtype });
      const y = constant(d, { dtype });
      const floored = list(session, mod(x, y));
      expect(floored.map((v) => Number(v) + 0)).toEqual(
        xs.map((v) => v - d * Math.floor(v / d) + 0),
      );
      expect(list(session, truncateMod(x, y)).map((v) => Number(v) + 0)).toEqual(
        xs.map((v) => (v % d) + 0),
      );
    }
  }
});

inGraph('k-divnonan: divNoNan', ({ session }) => {
  expect(session.runSync(divNoNan(5, 0)).item()).toBe(0);
});

inGraph('k-clip: clipByValue', ({ session }) => {
  const y = session.runSync(
    clipByValue(
      [
        [-5, 2, 3],
        [4, 5, 6],
      ],
      -4.4,
      4.4,
    ),
  );
  const edge = Math.fround(4.4);
  expect(y.toArray()).toEqual([
    [-edge, 2, 3],
    [4, edge, edge],
  ]);
});

inGraph('k-bucketize: bucketize', ({ session }) => {
  const y = op('Bucketize', [[-5, 0, 2, 3, 5, 8, 10, 11, 12]], { boundaries: [0, 3, 8, 11] });
  expect(outputs(session, y)).toEqual([[0, 1, 1, 2, 2, 3, 3, 4, 4]]);
});

inGraph(
  'k-concat-scalar, k-split-uneven, k-reshape-bad, k-stack-axis: shapes that do not fit',
  () => {
    const refused = (fn: () => unknown, text: string) =>
      expect(fn).toThrow(engineError('INVALID_ARGUMENT', text));
    refused(() => concat([1, 2, 3], 0), "Can't concatenate scalars");
    refused(() => split(0, [0, 1, 2, 3], 3), 'should evenly divide');
    refused(
      () => reshape(constant(new Float32Array(4096)).reshape([32, 128]), [4095]),
      'Cannot reshape a tensor with 4096 elements',
    );
    refused(() => stack([[1], [2]], { axis: 2 }), 'axis = 2 not in [-2, 2)');
  },
);

inGraph('k-pad-neg: negative padding', () => {
  expect(() =>
    addOp('Pad', [
      [[1]],
      [
        [-1, 0],
        [0, 0],
      ],
    ]),
  ).toThrow(engineError('INVALID_ARGUMENT', 'must be non-negative'));
});

inGraph('k-chol, k-chol-bad: cholesky', ({ session }) => {
  const a = [
    [4, -1, 2],
    [-1, 6, 0],
    [2, 0, 5],
  ];
  const l = outputs(session, op('Cholesky', [a]))[0] as number[][];
  for (const [i, row] of l.entries()) {
    expect(row[i]).toBeGreaterThan(0);
    for (const [j, value] of row.entries()) {
      if (j > i) expect(value).toBe(0);
      const product = row.reduce((total, x, k) => total + x * l[j]![k]!, 0);
      expect(product).toBeCloseTo(a[i]![j]!, 5);
    }
  }
  expect(() =>
    outputs(
      session,
      op('Cholesky', [
        [
          [1, 1],
          [1, 1],
        ],
      ]),
    ),
  ).toThrow(
    engineError(
      'INVALID_ARGUMENT',
      'Cholesky decomposition was not successful. The input might not be valid.',
    ),
  );
});

inGraph('k-setdiff: setdiff1d', ({ session }) => {
  const [x, y] = [
    [1, 2, 3, 4],
    [1, 2],
  ];
  expect(outputs(session, op('ListDiff', [x, y]))).toEqual([
    [3, 4],
    [2, 3],
  ]);
});

inGraph('k-strjoin: stringJoin', ({ session }) => {
  const y = op('StringJoin', [[['a', 'b'], 'a']], { separator: '--' });
  expect(outputs(session, y)).toEqual([['a--a', 'b--a']]);
});
