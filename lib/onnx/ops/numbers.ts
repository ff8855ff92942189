import { type DType, isFloat } from '../../dtype.js';
import type { Tensor } from '../../tensor.js';
import { dataTypeName, dtypeOfDataType } from '../dataTypes.js';
import type { ImportNode } from '../importNode.js';

/** Our dtype for a TensorProto.DataType. */
export function dtypeOfNumber(n: ImportNode, dataType: number): DType {
  return dtypeOfDataType(dataType) ?? n.unsupported(`values of ${dataTypeName(dataType)}`);
}

/** A tensor as one of the given dtype. */
export function castTo(n: ImportNode, x: Tensor, dtype: DType): Tensor {
  return x.dtype === dtype ? x : n.op('Cast', [x], { DstT: dtype });
}

/** A tensor of any number type as one of floats. */
export function asFloat(n: ImportNode, x: Tensor): Tensor {
  return isFloat(x.dtype) ? x : castTo(n, x, 'float32');
}

/** Whether a dtype is one of those that the engine's integer products take. */
export function isByte(dtype: DType): boolean {
  return dtype === 'uint8' || dtype === 'int8';
}
