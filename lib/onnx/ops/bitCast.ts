import type { DType } from '../../dtype.js';
import type { Tensor } from '../../tensor.js';
import type { ImportNode } from '../importNode.js';
import { castTo, dtypeOfNumber } from './numbers.js';

/** The values of float4e2m1 by their bits. */
const kQuarters = [0, 0.5, 1, 1.5, 2, 3, 4, 6];

const kBits: Readonly<Partial<Record<DType, number>>> = {
  int4: 4,
  uint4: 4,
  float4_e2m1fn: 4,
  int2: 2,
  uint2: 2,
};

/** The bits of elements of 4 bits and less, as int32 from 0 on. */
function bitsOf(n: ImportNode, x: Tensor, size: number): Tensor {
  if (x.dtype !== 'float4_e2m1fn') return n.op('FloorMod', [castTo(n, x, 'int32'), 2 ** size]);
  const value = castTo(n, x, 'float32');
  const steps = n.constant(kQuarters.slice(1), 'float32', [7]);
  const reached = n.op('GreaterEqual', [n.op('ExpandDims', [n.op('Abs', [value]), -1]), steps]);
  const place = n.op('Sum', [castTo(n, reached, 'int32'), [-1]]);
  const isNegative = n.op('Less', [n.op('Bitcast', [value], { type: 'int32' }), 0]);
  return n.op('AddV2', [place, n.op('Mul', [castTo(n, isNegative, 'int32'), 8])]);
}

function fromBits(n: ImportNode, bits: Tensor, to: DType, size: number): Tensor {
  if (to === 'float4_e2m1fn') {
    const values = n.constant([...kQuarters, ...kQuarters.map((v) => -v)], 'float32', [16]);
    return n.op('GatherV2', [values, bits, 0]);
  }
  if (!to.startsWith('int')) return bits;
  const half = 2 ** (size - 1);
  const isHigh = castTo(n, n.op('GreaterEqual', [bits, half]), 'int32');
  return n.op('Sub', [bits, n.op('Mul', [isHigh, 2 * half])]);
}

/** The bits of x as another dtype of the same size; a bool is a byte of 0 or 1. */
export function bitCast(n: ImportNode): Tensor {
  const to = dtypeOfNumber(n, n.attrs.int('to'));
  const { dtype } = n.x;
  if (dtype === to) return n.out('Identity', [n.x]);
  const size = kBits[dtype] ?? 0;
  if (size !== (kBits[to] ?? 0)) return n.fail(`${dtype} and ${to} differ in size`);
  if (size > 0) {
    return n.out('Cast', [fromBits(n, bitsOf(n, n.x, size), to, size)], { DstT: to });
  }
  const bits = dtype === 'bool' ? castTo(n, n.x, 'uint8') : n.x;
  if (to === 'bool')
    return n.out('Cast', [n.op('Bitcast', [bits], { type: 'uint8' })], { DstT: to });
  return bits.dtype === to ? n.out('Identity', [bits]) : n.out('Bitcast', [bits], { type: to });
}
