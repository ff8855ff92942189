import type { DType } from '../../dtype.js';
import type { Tensor } from '../../tensor.js';
import type { ImportNode } from '../importNode.js';
import { castTo } from './numbers.js';

/** The dtype in which elements of another are moved without loss, where an op lacks theirs. */
const carriers: Readonly<Partial<Record<DType, DType>>> = {
  float8_e4m3fn: 'uint8',
  float8_e4m3fnuz: 'uint8',
  float8_e5m2: 'uint8',
  float8_e5m2fnuz: 'uint8',
  float8_e8m0fnu: 'uint8',
  float4_e2m1fn: 'float32',
  int4: 'int8',
  int2: 'int8',
  uint4: 'uint8',
  uint2: 'uint8',
};

function converted(n: ImportNode, x: Tensor, to: DType): Tensor {
  const isBits = x.dtype.startsWith('float8') || to.startsWith('float8');
  return isBits ? n.op('Bitcast', [x], { type: to }) : castTo(n, x, to);
}

/** What `move` makes of tensors of one dtype, for a move that does not have the formats of 8 bits and less. */
export function carried(
  n: ImportNode,
  inputs: readonly Tensor[],
  move: (inputs: readonly Tensor[]) => Tensor,
): Tensor {
  const [first] = inputs;
  const carrier = first && carriers[first.dtype];
  if (!carrier) return move(inputs);
  const moved = move(inputs.map((x) => converted(n, x, carrier)));
  return converted(n, moved, first.dtype);
}

/** As `sortable`: the dtypes that sort as another, each with it. */
const sorted: Readonly<Partial<Record<DType, DType>>> = {
  bool: 'uint8',
  float16: 'float32',
  bfloat16: 'float32',
  int16: 'int32',
  uint16: 'int32',
  uint32: 'int64',
};

/** x in a dtype whose elements are in the same order, and the way back. */
export function sortable(n: ImportNode, x: Tensor): [y: Tensor, back: (y: Tensor) => Tensor] {
  const { dtype } = x;
  if (dtype === 'uint64') {
    // The highest bit turned around makes the order that of signed numbers.
    const high = n.constant([-(2n ** 63n)], 'int64', []);
    const turned = (y: Tensor) => n.op('BitwiseXor', [y, high]);
    const bits = n.op('Bitcast', [x], { type: 'int64' });
    return [turned(bits), (y) => n.op('Bitcast', [turned(y)], { type: dtype })];
  }
  return [castTo(n, x, sorted[dtype] ?? dtype), (y) => castTo(n, y, dtype)];
}
