import type { OpName } from '../../../lib/index.js';
import { type NDArray, ndarray } from '../../../lib/ndArray.js';
import type { ValueCase } from '../case.js';
import {
  by,
  ints,
  lists,
  long,
  type Numbers,
  none,
  type Options,
  of,
  row,
  vector,
} from './gradientRow.js';

const reflect = { attrs: { mode: 'REFLECT' } };
/** The gradient by operand `index`: it goes by the other one and by what flows in. */
const equation = (text: string, index: number): Options => ({
  attrs: { equation: text, index },
  gradient: [1 - index, 2],
  dtypes: ['float64'],
});

const scattering = [
  row(1, [of(0, 2), ints([0, 1]), of(0, 2)], { gradient: [0, 2] }),
  row(1, [of(3, 2), ints([0, 1]), of(0, 2)], { gradient: [0, 2] }),
  row(1, [of(1), ints([1, 1], 0), [3]], { gradient: [0, 2] }),
  row(1, [of(3, 1), ints([2, 1], 2, 0), of(2, 1)], { gradient: [0, 2] }),
];
const recurrent = (gates: number) => [
  row(gates === 4 ? 3 : 2, [of(1, 1, 1), of(1, gates, 1), of(1, gates, 1)], {
    dtypes: ['float32', 'float64'],
  }),
  row(gates === 4 ? 3 : 2, [of(0, 2, 1), of(1, gates, 1), of(1, gates, 1)], {
    dtypes: ['float32', 'float64'],
  }),
];
const statistics = (outputs: number) => [
  row(outputs, [of(2, 1, 1, 1), of(1), of(1), of(1), of(1)].map(single), {
    ...{ attrs: { is_training: true, epsilon: 0.5 }, gradient: [0, 1, 2] },
  }),
];
/** Scale and statistics stay float32 whatever x is. */
function single(x: Numbers, i: number): Numbers | NDArray {
  return i === 0 ? x : ndarray(Float32Array.from([0.75]), { shape: x.shape });
}

/**
 * Rows that only check gradients, on inputs with dims of size 0 and 1 and broadcast ones, of ops
 * whose other rows do not lead there.
 */
export const gradientShapes: Readonly<Partial<Record<OpName, readonly ValueCase[]>>> = {
  BatchMatMulV2: [
    row(1, [of(1, 1, 1), of(1, 1, 1)]),
    row(1, [of(2, 1, 1, 3), of(3, 3, 2)]),
    row(1, [of(0, 2, 3), of(3, 2)]),
    row(1, [of(2, 3, 0), of(1, 0, 2)]),
  ],
  BatchToSpaceND: [row(1, [of(2, 1, 1), vector(2), ints([1, 2], 0, 1)], by(0))],
  BroadcastTo: [
    row(1, [of(0, 1), vector(0, 3)], by(0)),
    row(1, [of(1, 2), vector(0, 2)], by(0)),
    row(1, [of(1, 1), vector(2, 3, 1)], by(0)),
  ],
  ClipByValue: [
    row(1, [of(0, 3), -1, 1]),
    row(1, [of(2, 1, 3), [[0.125], [-3.125]], [[5.125]]]),
    row(1, [of(1, 1), [-30, 2.125, -40], [30, 40, -30.125]]),
  ],
  DepthToSpace: [row(1, [of(1, 1, 1, 4)], { attrs: { block_size: 2 } })],
  DenseCtcLoss: [
    row(1, [of(0, 2, 3), ints([0, 1]), none, none], by(0)),
    row(1, [of(2, 0, 3), ints([2, 0]), vector(0, 0), vector(0, 0)], by(0)),
    row(1, [of(1, 1, 2), ints([1, 1], 1), vector(1), vector(1)], by(0)),
  ],
  DFT: [
    row(1, [of(0, 3, 1), null, null], by(0)),
    row(1, [of(1, 1, 1), null, null], by(0)),
    row(1, [of(2, 4, 2), long(ints([], 3)), null], by(0)),
    row(1, [of(2, 3, 2), null, null], by(0, { inverse: true })),
    row(1, [of(2, 3, 2), null, null], by(0, { inverse: true, onesided: true })),
    row(1, [of(2, 3, 2), long(ints([], 5)), null], by(0, { inverse: true, onesided: true })),
    row(1, [of(3, 2, 1), long(ints([], 5)), long(ints([], 0))], by(0, { onesided: true })),
  ],
  DFTGrad: [
    row(1, [long(vector(0, 3, 1)), of(0, 3, 2), null, null], by(1)),
    row(1, [long(vector(2, 3, 2)), of(2, 4, 1), null, null], {
      ...by(1, { inverse: true, onesided: true }),
    }),
  ],
  DynamicPartition: [
    row(2, [of(0, 2), none], by(0, { num_partitions: 2 })),
    row(2, [of(2, 0), vector(1, 0)], by(0, { num_partitions: 2 })),
    row(2, [of(1, 1), vector(1)], by(0, { num_partitions: 2 })),
  ],
  EinsumGrad: [
    row(1, [lists([2, 0], [0, 3], [2, 3])], equation('ij,jk->ik', 0)),
    row(1, [lists([0, 2], [2, 3], [0, 3])], equation('ij,jk->ik', 1)),
    row(1, [lists([1, 2], [2, 1], [1, 1])], equation('ij,jk->ik', 1)),
  ],
  EnsureShape: [row(1, [of(1, 2)], { attrs: { shape: [null, 2] } })],
  Fill: [row(1, [vector(0, 2), of()], by(1)), row(1, [vector(1, 1), of()], by(1))],
  FusedBatchNormV2: statistics(5),
  FusedBatchNormV3: statistics(6),
  GatherElements: [
    row(1, [of(0, 2), ints([0, 2])], by(0)),
    row(1, [of(2, 3), ints([0, 3])], by(0)),
    row(1, [of(1, 1), ints([1, 1], 0)], by(0)),
    row(1, [of(3, 1), ints([2, 1], 2, 2)], by(0)),
  ],
  GatherNd: [
    row(1, [of(0, 2), ints([0, 1])], by(0)),
    row(1, [of(2, 0), ints([3, 1], 1, 0, 1)], by(0)),
    row(1, [of(0, 2, 2), ints([0, 1])], by(0, { batch_dims: 1 })),
    row(1, [of(1, 2), ints([1, 1], 1)], by(0, { batch_dims: 1 })),
    row(1, [of(2, 2), ints([0, 2])], by(0)),
    row(1, [of(1, 1), ints([1, 2], 0, 0)], by(0)),
    row(1, [of(1, 3), ints([2, 1], 0, 0)], by(0)),
  ],
  GatherV2: [
    row(1, [of(1, 1), vector(0), 0], by(0)),
    row(1, [of(3, 1), ints([1, 2], 2, 2), 0], by(0)),
    row(1, [of(3, 2), none, 0], by(0)),
  ],
  GatherV2Grad: [
    row(1, [vector(0, 2), none, 0, of(0, 2)], by(3)),
    row(1, [vector(3, 2), none, 0, of(0, 2)], by(3)),
    row(1, [vector(1, 1), vector(0, 0), 0, of(2, 1)], by(3)),
  ],
  GRU: recurrent(3),
  IdentityN: [row(2, [lists([0, 2], [1, 1])])],
  ListDiff: [
    row(2, [of(0), of(2)], by(0)),
    row(2, [of(1), [9]], by(0)),
    row(2, [of(4), [9, 5]], by(0)),
  ],
  LSTM: recurrent(4),
  RNN: recurrent(1),
  MatMul: [
    row(1, [of(1, 1), of(1, 1)]),
    row(1, [of(2, 0), of(0, 3)]),
    row(1, [of(0, 2), of(2, 1)]),
  ],
  MatrixDeterminant: [row(1, [of(0, 2, 2)]), row(1, [of(2, 1, 1)])],
  MatrixInverse: [row(1, [of(0, 2, 2)]), row(1, [of(2, 1, 1)])],
  MirrorPad: [
    row(1, [of(0, 3), ints([2, 2], 0, 0, 1, 2)], { ...reflect, gradient: [0] }),
    row(1, [of(1, 2), ints([2, 2], 0, 0, 1, 1)], { ...reflect, gradient: [0] }),
    row(1, [of(1, 1), ints([2, 2], 1, 1, 0, 1)], by(0, { mode: 'SYMMETRIC' })),
  ],
  MirrorPadGrad: [
    row(1, [of(0, 6), ints([2, 2], 0, 0, 1, 2)], { ...reflect, gradient: [0] }),
    row(1, [of(1, 4), ints([2, 2], 0, 0, 1, 1)], { ...reflect, gradient: [0] }),
    row(1, [of(3, 2), ints([2, 2], 1, 1, 0, 1)], by(0, { mode: 'SYMMETRIC' })),
  ],
  PadV2: [
    row(1, [of(0, 2), ints([2, 2], 1, 0, 0, 2), 1], by(0)),
    row(1, [of(1, 1), ints([2, 2], 1, 0, 0, 2), 1], by(0)),
  ],
  Reshape: [
    row(1, [of(0, 2), vector(3, 0)], by(0)),
    row(1, [of(1, 1), vector(1)], by(0)),
    row(1, [of(1, 3), vector(3, 1, 1)], by(0)),
  ],
  ResizeBilinearGrad: [row(1, [of(0, 4, 4, 1), of(0, 2, 2, 1)], by(0))],
  ReverseSequence: [
    row(1, [of(0, 3), none], { ...by(0, { seq_dim: 1 }), types: { Tlen: 'int32' } }),
    row(1, [of(1, 3), vector(2)], { ...by(0, { seq_dim: 1 }), types: { Tlen: 'int32' } }),
  ],
  ScatterElements: [
    row(1, [of(0, 2), ints([0, 2]), of(0, 2)], { gradient: [0, 2] }),
    row(1, [of(1, 1), ints([1, 1], 0), of(1, 1)], { gradient: [0, 2] }),
  ],
  ScatterNd: [
    row(1, [ints([0, 1]), of(0, 2), vector(3, 2)], by(1)),
    row(1, [ints([1, 1], 0), of(1, 1), vector(1, 1)], by(1)),
  ],
  SegmentSum: [row(1, [of(0, 2), none], by(0)), row(1, [of(1, 1), vector(1)], by(0))],
  SelectV2: [
    row(1, [[true, false, true], of(0, 3), of(1, 3)]),
    row(1, [[[true], [false]], of(1, 3), of(2, 1)]),
    row(1, [true, of(1, 1), of(3)]),
  ],
  Slice: [
    row(1, [of(0, 3), vector(0, 1), vector(0, 2)], by(0)),
    row(1, [of(1, 3), vector(0, 1), vector(1, 1)], by(0)),
  ],
  SoftmaxCrossEntropyWithLogits: [
    row(2, [of(1, 3), [[0.25, 0.5, 0.25]]], by(0)),
    row(2, [of(1, 1), [[1]]], by(0)),
    row(2, [of(0, 3), of(0, 3)]),
  ],
  SparseSoftmaxCrossEntropyWithLogits: [
    row(2, [of(0, 3), none], by(0)),
    row(2, [of(1, 3), vector(1)], by(0)),
    row(2, [of(1, 1), vector(0)], by(0)),
  ],
  SpaceToDepth: [row(1, [of(1, 2, 2, 1)], { attrs: { block_size: 2 } })],
  Split: [
    row(2, [1, of(1, 4)], by(1, { num_split: 2 })),
    row(2, [1, of(0, 4)], by(1, { num_split: 2 })),
  ],
  StridedSliceGrad: [
    row(1, [vector(0, 3), vector(0, 0), vector(0, 3), vector(1, 2), of(0, 2)], by(4)),
    row(1, [vector(1, 3), vector(0, 0), vector(1, 3), vector(1, 2), of(1, 2)], by(4)),
  ],
  SumTo: [
    row(1, [of(1, 3), vector(1, 1)], by(0)),
    row(1, [of(2, 1, 3), vector(3)], by(0)),
    row(1, [of(0, 3), vector(3)], by(0)),
  ],
  SumIndexedSlices: [
    row(2, [of(0, 2), none, vector(3, 2)], by(0)),
    row(2, [of(3, 1), vector(1, 1, 0), vector(3, 1)], by(0)),
  ],
  TensorScatterAdd: scattering,
  TensorScatterMax: scattering,
  TensorScatterMin: scattering,
  TensorScatterMul: scattering,
  TensorScatterSub: scattering,
  TensorScatterUpdate: scattering,
  TileGrad: [
    row(1, [of(0, 4), vector(3, 2), vector(0, 2)], by(0)),
    row(1, [of(3, 2), vector(3, 2), vector(1, 1)], by(0)),
    row(1, [of(1, 2), vector(1, 2), vector(1, 1)], by(0)),
  ],
  TopKV2: [
    row(2, [of(1, 3), 2], by(0)),
    row(2, [of(1, 1), 1], by(0)),
    row(2, [of(0, 3), 2], by(0)),
  ],
  Unpack: [
    row(2, [of(1, 2)], { attrs: { num: 2, axis: 1 } }),
    row(1, [of(1)], { attrs: { num: 1 } }),
  ],
  UniqueSlices: [row(4, [of(0, 2)]), row(4, [of(2, 1)])],
  UnsortedSegmentSum: [row(1, [of(0, 2), none, 3], by(0)), row(1, [of(1, 1), vector(2), 3], by(0))],
};
