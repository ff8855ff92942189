import type { DType } from '../dtype.js';
import { EngineError } from '../errors.js';

interface DataType {
  readonly name: string;
  readonly code: number;
}

/** TensorFlow's DataType of each dtype that it has. */
const table: Readonly<Partial<Record<DType, DataType>>> = {
  float32: { name: 'DT_FLOAT', code: 1 },
  float64: { name: 'DT_DOUBLE', code: 2 },
  int32: { name: 'DT_INT32', code: 3 },
  uint8: { name: 'DT_UINT8', code: 4 },
  int16: { name: 'DT_INT16', code: 5 },
  int8: { name: 'DT_INT8', code: 6 },
  string: { name: 'DT_STRING', code: 7 },
  complex64: { name: 'DT_COMPLEX64', code: 8 },
  int64: { name: 'DT_INT64', code: 9 },
  bool: { name: 'DT_BOOL', code: 10 },
  bfloat16: { name: 'DT_BFLOAT16', code: 14 },
  uint16: { name: 'DT_UINT16', code: 17 },
  complex128: { name: 'DT_COMPLEX128', code: 18 },
  float16: { name: 'DT_HALF', code: 19 },
  resource: { name: 'DT_RESOURCE', code: 20 },
  variant: { name: 'DT_VARIANT', code: 21 },
  uint32: { name: 'DT_UINT32', code: 22 },
  uint64: { name: 'DT_UINT64', code: 23 },
  float8_e5m2: { name: 'DT_FLOAT8_E5M2', code: 24 },
  float8_e4m3fn: { name: 'DT_FLOAT8_E4M3FN', code: 25 },
  float8_e4m3fnuz: { name: 'DT_FLOAT8_E4M3FNUZ', code: 26 },
  float8_e5m2fnuz: { name: 'DT_FLOAT8_E5M2FNUZ', code: 28 },
  int4: { name: 'DT_INT4', code: 29 },
  uint4: { name: 'DT_UINT4', code: 30 },
  int2: { name: 'DT_INT2', code: 31 },
  uint2: { name: 'DT_UINT2', code: 32 },
};

const byName = new Map<string, DType>();
const byCode = new Map<number, string>();
const codes = new Map<string, number>();
for (const [dtype, { name, code }] of Object.entries(table)) {
  byName.set(name, isOurs(dtype) ? dtype : 'float32');
  byCode.set(code, name);
  codes.set(name, code);
}

function isOurs(dtype: string): dtype is DType {
  return dtype in table;
}

/** "DT_FLOAT" for float32. */
export function dataTypeOf(dtype: DType): string {
  const type = table[dtype];
  if (type) return type.name;
  throw new EngineError('UNIMPLEMENTED', `a GraphDef has no data type for ${dtype}`);
}

/** The dtype of "DT_FLOAT" or "DT_FLOAT_REF"; undefined for those that there are not. */
export function dtypeNamed(name: string): DType | undefined {
  return byName.get(name.replace(/_REF$/, ''));
}

export function dataTypeName(code: number): string {
  const name = byCode.get(code > 100 ? code - 100 : code) ?? `DT_${code}`;
  return code > 100 ? `${name}_REF` : name;
}

export function dataTypeCode(name: string): number {
  const plain = name.replace(/_REF$/, '');
  const code = codes.get(plain) ?? Number(/^DT_(\d+)$/.exec(plain)?.[1] ?? 0);
  return plain === name ? code : code + 100;
}
