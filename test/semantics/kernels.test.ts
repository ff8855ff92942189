import {
  addOp,
  argMax,
  clipByValue,
  concat,
  constant,
  type DType,
  divNoNan,
  einsum,
  gather,
  gatherNd,
  invertPermutation,
  logSoftmax,
  mod,
  type NDArray,
  ndarray,
  rank,
  reshape,
  type Session,
  sequenceMask,
  shape,
  size,
  softmax,
  softmaxCrossEntropyWithLogits,
  sparseSoftmaxCrossEntropyWithLogits,
  split,
  stack,
  sum,
  type Tensor,
  topK,
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

const convolutions = {
  'k-conv-1': [
    [1, 2, 3, 3],
    [1, 1, 3, 3],
    [1, 1],
    'VALID',
    [30, 36, 42, 66, 81, 96, 102, 126, 150, 138, 171, 204, 174, 216, 258, 210, 261, 312],
  ],
  'k-conv-3': [
    [1, 2, 3, 3],
    [1, 2, 3, 3],
    [1, 1],
    'VALID',
    [231, 252, 273, 384, 423, 462, 690, 765, 840, 843, 936, 1029],
  ],
  'k-conv-4': [[1, 2, 3, 3], [2, 2, 3, 3], [2, 2], 'SAME', [2271, 2367, 2463, 1230, 1305, 1380]],
  'k-conv-5': [[1, 3, 6, 1], [2, 2, 1, 1], [1, 2], 'VALID', [58, 78, 98, 118, 138, 158]],
  'k-conv-6': [[1, 7, 7, 1], [2, 2, 1, 1], [3, 3], 'VALID', [65, 95, 275, 305]],
} as const;
for (const [id, [image, filter, strides, padding, expected]] of Object.entries(convolutions)) {
  inGraph(`${id}: conv2d`, ({ session }) => {
    const attrs = { strides: [1, ...strides, 1], padding };
    const y = addOp('Conv2D', [counted(image), counted(filter)], attrs).outputs[0]!;
    expect(list(session, y)).toEqual([...expected]);
  });
}

const backprops = {
  'k-convbp-1': [[1, 2, 3, 1], [2, 2, 1, 1], [1, 1, 2, 1], 1, 'VALID', [1, 4, 4, 3, 10, 8]],
  'k-convbp-2': [
    [1, 4, 4, 1],
    [1, 1, 1, 1],
    [1, 2, 2, 1],
    2,
    'SAME',
    [1, 0, 2, 0, 0, 0, 0, 0, 3, 0, 4, 0, 0, 0, 0, 0],
  ],
} as const;
for (const [id, [image, filter, grad, stride, padding, expected]] of Object.entries(backprops)) {
  inGraph(`${id}: the gradient of conv2d by its input`, ({ session }) => {
    const sizes = constant([...image], { dtype: 'int32' });
    const attrs = { strides: [1, stride, stride, 1], padding };
    const inputs = [sizes, counted(filter), counted(grad)];
    expect(list(session, addOp('Conv2DBackpropInput', inputs, attrs).outputs[0]!)).toEqual([
      ...expected,
    ]);
  });
}

const pools = {
  'k-avgpool-1': [[1, 3, 3, 3], [2, 2], 2, 'VALID', [7, 8, 9]],
  'k-avgpool-2': [[1, 2, 4, 3], [2, 2], 2, 'SAME', [8.5, 9.5, 10.5, 14.5, 15.5, 16.5]],
  'k-avgpool-3': [[1, 2, 2, 1], [1, 2], 1, 'SAME', [1.5, 2, 3.5, 4]],
} as const;
for (const [id, [image, window, stride, padding, expected]] of Object.entries(pools)) {
  inGraph(`${id}: avgPool`, ({ session }) => {
    const attrs = { ksize: [1, ...window, 1], strides: [1, stride, stride, 1], padding };
    expect(list(session, addOp('AvgPool', [counted(image)], attrs).outputs[0]!)).toEqual([
      ...expected,
    ]);
  });
}

const logits = [
  [1, 1, 1, 1],
  [1, 2, 3, 4],
];

inGraph('k-softmax: softmax', ({ session }) => {
  const expected = [0.25, 0.25, 0.25, 0.25, 0.0320586, 0.08714432, 0.23688282, 0.64391426];
  for (const [i, y] of list(session, softmax(logits)).entries()) {
    expect(y).toBeCloseTo(expected[i]!, 5);
  }
});

inGraph('k-logsoftmax: logSoftmax', ({ session }) => {
  const expected = [-3.4401897, -2.4401897, -1.4401897, -0.4401897];
  for (const [i, y] of list(session, logSoftmax([logits[1]!])).entries()) {
    expect(y).toBeCloseTo(expected[i]!, 5);
  }
});

inGraph('k-logsoftmax-of: logSoftmax of the greatest number', ({ session }) => {
  const max = 3.4028234663852886e38;
  expect(list(session, logSoftmax([[max, 1, 2, 3]]))).toEqual([0, -max, -max, -max]);
});

inGraph('k-xent: softmaxCrossEntropyWithLogits of one class', ({ session }) => {
  const both = softmaxCrossEntropyWithLogits([[1], [-1], [0]], [[-1], [0], [1]]);
  const [loss, backprop] = outputs(session, Object.values(both));
  expect(loss).toEqual([0, 0, 0].map((zero) => expect.closeTo(zero)));
  expect(backprop).toEqual([[2], [1], [0]]);
});

inGraph('k-sxent-bad: a label that is no class', ({ session }) => {
  const labels = constant([4, 3, 0, -1], { dtype: 'int32' });
  const rows = [1, 2, 3, 4].map(() => [1, 2, 3, 4]);
  const { loss } = sparseSoftmaxCrossEntropyWithLogits(rows, labels);
  expect(() => session.runSync(loss)).toThrow(
    engineError('INVALID_ARGUMENT', 'Received a label value of 4'),
  );
});

inGraph('k-topk-tie: of equal values that with the lower index is first', ({ session }) => {
  expect(list(session, topK([0.1, 0.3, 0.3, 0.2], 4).indices)).toEqual([1, 2, 3, 0]);
});

inGraph('k-topk-big: more than there are', () => {
  expect(() => topK([[1, 2]], 4)).toThrow(
    engineError('INVALID_ARGUMENT', 'must have last dimension >= k = 4'),
  );
});

const op = (type: string, inputs: readonly unknown[], attrs = {}) =>
  addOp(type, inputs, attrs).outputs;

inGraph('k-intopk, k-intopk-bad: inTopK', ({ session }) => {
  const row = [0.1, 0.3, 0.2, 0.2];
  expect(outputs(session, op('InTopKV2', [[row, row], [2, 3], 2]))).toEqual([[true, true]]);
  expect(outputs(session, op('InTopKV2', [[row, row], [2, 4], 2]))).toEqual([[true, false]]);
});

inGraph('k-uniqueaxis: distinct rows and columns', ({ session }) => {
  const x = constant(
    [
      [1, 0, 0],
      [1, 0, 0],
      [2, 0, 0],
    ],
    { dtype: 'int32' },
  );
  expect(outputs(session, op('UniqueV2', [x, [0]]))).toEqual([
    [
      [1, 0, 0],
      [2, 0, 0],
    ],
    [0, 0, 1],
  ]);
  expect(outputs(session, op('UniqueV2', [x, [1]]))).toEqual([
    [
      [1, 0],
      [1, 0],
      [2, 0],
    ],
    [0, 1, 1],
  ]);
});

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

/** The sum over all labels, one by one. */
function einsumOf(equation: string, inputs: readonly NDArray[]): number[] {
  const [from, to = ''] = equation.split('->');
  const terms = from!.split(',');
  const dims = new Map<string, number>();
  for (const [i, term] of terms.entries()) {
    for (const [axis, label] of [...term].entries()) dims.set(label, inputs[i]!.shape[axis]!);
  }
  const labels = [...to, ...[...dims.keys()].filter((label) => !to.includes(label))];
  const result: number[] = [];
  const walk = (at: Record<string, number>, depth: number, place: number) => {
    const label = labels[depth];
    if (label === undefined) {
      const product = terms.reduce((p, term, i) => {
        return p * Number(inputs[i]!.at(...[...term].map((l) => at[l]!)));
      }, 1);
      result[place] = (result[place] ?? 0) + product;
      return;
    }
    const dim = dims.get(label)!;
    for (let k = 0; k < dim; k++) {
      walk({ ...at, [label]: k }, depth + 1, depth < to.length ? place * dim + k : place);
    }
  };
  walk({}, 0, 0);
  return result;
}

inGraph('k-einsum: einsum', ({ session }) => {
  const equations = ['nij,jk->nik', 'ab,b->a', 'ijj,k->ik', 'abc,bad->abcd'];
  for (const equation of equations) {
    const inputs = equation
      .split('->')[0]!
      .split(',')
      .map((term) => counted([...term].map(() => 3)));
    const y = list(session, einsum(inputs, equation));
    expect(y).toEqual(einsumOf(equation, inputs));
  }
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
