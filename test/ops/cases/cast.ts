import { NDArray, ndarray } from '../../../lib/ndArray.js';
import { table } from '../case.js';

export const cast = table({
  Cast: [
    { inputs: [[0, 1, 2, 100]], outputs: [[0, 1, 2, 100]], attrs: { DstT: 'float32' } },
    { inputs: [[0, 1, 2, 100]], outputs: [[0, 1, 2, 100]], attrs: { DstT: 'float64' } },
    { inputs: [[0, 1, 2, 100]], outputs: [[0, 1, 2, 100]], attrs: { DstT: 'float16' } },
    { inputs: [[0, 1, 2, 100]], outputs: [[0, 1, 2, 100]], attrs: { DstT: 'bfloat16' } },
    { inputs: [[0, 1, 2, 100]], outputs: [[0, 1, 2, 100]], attrs: { DstT: 'int8' } },
    { inputs: [[0, 1, 2, 100]], outputs: [[0, 1, 2, 100]], attrs: { DstT: 'int16' } },
    { inputs: [[0, 1, 2, 100]], outputs: [[0, 1, 2, 100]], attrs: { DstT: 'int32' } },
    { inputs: [[0, 1, 2, 100]], outputs: [[0, 1, 2, 100]], attrs: { DstT: 'int64' } },
    { inputs: [[0, 1, 2, 100]], outputs: [[0, 1, 2, 100]], attrs: { DstT: 'uint8' } },
    { inputs: [[0, 1, 2, 100]], outputs: [[0, 1, 2, 100]], attrs: { DstT: 'uint16' } },
    { inputs: [[0, 1, 2, 100]], outputs: [[0, 1, 2, 100]], attrs: { DstT: 'uint32' } },
    { inputs: [[0, 1, 2, 100]], outputs: [[0, 1, 2, 100]], attrs: { DstT: 'uint64' } },
    { inputs: [[0, 1, 2]], outputs: [[false, true, true]], attrs: { DstT: 'bool' } },
    { inputs: [[true, false]], outputs: [[1, 0]], attrs: { DstT: 'float32' }, dtypes: ['bool'] },
    {
      inputs: [[-1.75, 2.5, 0]],
      outputs: [[-1, 2, 0]],
      attrs: { DstT: 'int32' },
      dtypes: ['float16', 'bfloat16', 'float32', 'float64'],
    },
    { inputs: [[0.5, NaN, 0]], outputs: [[true, true, false]], attrs: { DstT: 'bool' } },
    {
      inputs: [[300, -129]],
      outputs: [[44, 127]],
      attrs: { DstT: 'int8' },
      dtypes: ['int16', 'int32', 'int64'],
    },
    {
      inputs: [[NaN, Infinity, -Infinity]],
      outputs: [[NaN, Infinity, -Infinity]],
      attrs: { DstT: 'float16' },
    },
    { inputs: [[1.5, -2.25]], outputs: [[1.5, -2.25]], attrs: { DstT: 'float64' }, gradient: true },
    { inputShapes: [[null, 3]], outputShapes: [[null, 3]], attrs: { DstT: 'int32' } },
    // Bits are compared: NaN has none that numbers could stand for.
    ...(
      [
        ['float8_e4m3fn', [0x38, 0xc4, 0x7e, 0x7f, 0x80], [0x38, 0xc4, 0x7f, 0x7f, 0x80]],
        ['float8_e4m3fnuz', [0x40, 0xcc, 0x7f, 0x80, 0], [0x40, 0xcc, 0x80, 0x80, 0]],
        ['float8_e5m2', [0x3c, 0xc2, 0x7b, 0x7e, 0x80], [0x3c, 0xc2, 0x7c, 0x7e, 0x80]],
        ['float8_e5m2fnuz', [0x40, 0xc6, 0x7f, 0x80, 0], [0x40, 0xc6, 0x80, 0x80, 0]],
        ['float4_e2m1fn', [2, 0xd, 7, 8, 8], [2, 0xd, 7, 8, 8]],
      ] as const
    ).flatMap(([dtype, saturated, other]) =>
      [true, false].map((saturate) => ({
        title: `${dtype}, ${saturate ? 'saturated' : 'not saturated'}`,
        inputs: [[1, -3, 1e9, Number.NaN, -0]],
        outputs: [new NDArray(Uint8Array.from(saturate ? saturated : other), [5], dtype)],
        attrs: { DstT: dtype, saturate },
        dtypes: ['float32', 'float64'] as const,
      })),
    ),
    ...(['up', 'down', 'nearest'] as const).map((scale_round, i) => ({
      title: `powers of two, ${scale_round}`,
      inputs: [[1, 3, 2.5, 1e-45, Number.NaN]],
      outputs: [
        new NDArray(
          Uint8Array.from([127, [129, 128, 129][i]!, [129, 128, 128][i]!, 0, 255]),
          [5],
          'float8_e8m0fnu',
        ),
      ],
      attrs: { DstT: 'float8_e8m0fnu', scale_round, saturate: true },
      dtypes: ['float32'] as const,
    })),
    ...(['int4', 'uint4', 'int2', 'uint2'] as const).map((dtype, i) => ({
      inputs: [[1, 0, -1, 17]],
      outputs: [ndarray([1, 0, [-1, 15, -1, 3][i]!, 1], { dtype })],
      attrs: { DstT: dtype },
      dtypes: ['int8', 'int64', 'float32'] as const,
    })),
    {
      title: 'back from float8',
      inputs: [ndarray([1, 0, 96], { dtype: 'float8_e4m3fn' })],
      outputs: [[1, 0, 96]],
      attrs: { DstT: 'float16' },
      dtypes: ['float8_e4m3fn'],
    },
    {
      title: 'from one narrow dtype to another',
      inputs: [ndarray([0, 7], { dtype: 'int4' })],
      outputs: [ndarray([0, 7], { dtype: 'float8_e5m2' })],
      attrs: { DstT: 'float8_e5m2', saturate: true },
      dtypes: ['int4'],
    },
  ],
});
