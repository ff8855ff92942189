import type { DType } from '../../dtype.js';
import { isNarrow } from '../../dtype.js';
import type { Tensor } from '../../tensor.js';
import type { ImportNode } from '../importNode.js';

/** The scalar 0 of a dtype; the empty string. */
export function nothingOf(n: ImportNode, dtype: DType): Tensor {
  if (dtype === 'string') return n.constant('', dtype, []);
  if (dtype === 'complex64') return n.constant(new Float32Array(2), dtype, []);
  if (dtype === 'complex128') return n.constant(new Float64Array(2), dtype, []);
  return n.constant(0, dtype, []);
}

/** Whether the engine's arithmetic has the dtype. */
function isComputed(dtype: DType): boolean {
  return dtype !== 'string' && !dtype.startsWith('complex') && !isNarrow(dtype);
}

/** Where the condition is true a, else b, with broadcasting; of any dtype. */
export function choose(n: ImportNode, condition: Tensor, a: Tensor, b: Tensor): Tensor {
  if (isComputed(a.dtype)) return n.out('SelectV2', [condition, a, b]);
  const dims = (x: Tensor) => n.op('Shape', [x], { out_type: 'int64' });
  const both = n.op('BroadcastArgs', [dims(a), dims(b)]);
  const shape = n.op('BroadcastArgs', [both, dims(condition)]);
  const flat = (x: Tensor) => n.op('Reshape', [n.op('BroadcastTo', [x, shape]), [-1]]);
  const values = n.op('ConcatV2', [[flat(a), flat(b)], 0]);
  const picks = flat(condition);
  const int64 = (value: number) => n.constant(value, 'int64', []);
  const size = n.op('Size', [picks], { out_type: 'int64' });
  const places = n.op('Range', [int64(0), size, int64(1)]);
  const from = n.op('SelectV2', [picks, places, n.op('AddV2', [places, size])]);
  return n.out('Reshape', [n.op('GatherV2', [values, from, 0]), shape]);
}
