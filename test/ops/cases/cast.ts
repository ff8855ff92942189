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
  ],
});
