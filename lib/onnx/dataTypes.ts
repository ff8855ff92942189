import type { DType } from '../dtype.js';
import { EngineError } from '../errors.js';

/** TensorProto.DataType by number: its name in the standard and our dtype, when there is one. */
const kDataTypes: readonly (readonly [name: string, dtype: DType | undefined])[] = [
  ['UNDEFINED', undefined],
  ['FLOAT', 'float32'],
  ['UINT8', 'uint8'],
  ['INT8', 'int8'],
  ['UINT16', 'uint16'],
  ['INT16', 'int16'],
  ['INT32', 'int32'],
  ['INT64', 'int64'],
  ['STRING', 'string'],
  ['BOOL', 'bool'],
  ['FLOAT16', 'float16'],
  ['DOUBLE', 'float64'],
  ['UINT32', 'uint32'],
  ['UINT64', 'uint64'],
  ['COMPLEX64', 'complex64'],
  ['COMPLEX128', 'complex128'],
  ['BFLOAT16', 'bfloat16'],
  ['FLOAT8E4M3FN', 'float8_e4m3fn'],
  ['FLOAT8E4M3FNUZ', 'float8_e4m3fnuz'],
  ['FLOAT8E5M2', 'float8_e5m2'],
  ['FLOAT8E5M2FNUZ', 'float8_e5m2fnuz'],
  ['UINT4', 'uint4'],
  ['INT4', 'int4'],
  ['FLOAT4E2M1', 'float4_e2m1fn'],
  ['FLOAT8E8M0', 'float8_e8m0fnu'],
  ['UINT2', 'uint2'],
  ['INT2', 'int2'],
];

/** Our dtype for a TensorProto.DataType, undefined when the engine has none. */
export function dtypeOfDataType(dataType: number): DType | undefined {
  return kDataTypes[dataType]?.[1];
}

/** The standard's name of a TensorProto.DataType. */
export function dataTypeName(dataType: number): string {
  return kDataTypes[dataType]?.[0] ?? `data type ${dataType}`;
}

/** The TensorProto.DataType of a dtype. */
export function dataTypeNumber(dtype: DType): number {
  const number = kDataTypes.findIndex(([, known]) => known === dtype);
  if (number > 0) return number;
  throw new EngineError('UNIMPLEMENTED', `ONNX has no data type for ${dtype}`);
}
