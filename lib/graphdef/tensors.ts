import { alignedView } from '../convert.js';
import { allocate, type DType, entriesPerElement, isNumeric } from '../dtype.js';
import { EngineError } from '../errors.js';
import { type StaticShape, sizeOf } from '../shape.js';
import type { Value } from '../value.js';
import { dataTypeOf, dtypeNamed } from './dataTypes.js';
import type { TensorProto, TensorShapeProto } from './types.js';
import { bytesOf } from './write.js';

/** A constant as the core gives it: the memory of its elements, or strings. */
export interface RawTensor {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: ArrayBuffer | readonly string[];
}

export function tensorProto({ dtype, shape, data }: RawTensor): TensorProto {
  const head = { dtype: dataTypeOf(dtype), tensorShape: shapeProto(shape) };
  if (data instanceof ArrayBuffer) return { ...head, tensorContent: new Uint8Array(data) };
  return { ...head, stringVal: data.map((text) => Buffer.from(text)) };
}

export function shapeProto(shape: StaticShape): TensorShapeProto {
  if (shape === null) return { unknownRank: true };
  return { dim: shape.map((dim) => ({ size: dim ?? -1 })) };
}

export function shapeOf({ dim = [], unknownRank }: TensorShapeProto): StaticShape {
  if (unknownRank) return null;
  const sizes = dim.map(({ size = 0 }) => Number(size));
  return sizes.map((size) => (size < 0 ? null : size));
}

/** The values of a TensorProto; where fewer are given than the shape has, the last one repeats. */
export function valueOfProto(proto: TensorProto): Value {
  const dtype = dtypeNamed(proto.dtype);
  if (dtype === undefined || dtype === 'resource') {
    throw new EngineError('UNIMPLEMENTED', `constants of ${proto.dtype} are not supported`);
  }
  const shape = shapeOf(proto.tensorShape ?? {});
  if (!shape?.every((dim): dim is number => dim !== null)) {
    throw new EngineError('INVALID_ARGUMENT', 'the shape of a constant has unknown dims');
  }
  const content = proto.tensorContent === undefined ? undefined : bytesOf(proto.tensorContent);
  const size = sizeOf(shape);
  if (content?.length && isNumeric(dtype)) {
    const data = alignedView(dtype, content.buffer, content.byteOffset, size);
    if (data.byteLength === content.length) return { dtype, shape, data };
    throw new EngineError('INVALID_ARGUMENT', `a constant of ${size} elements has other content`);
  }
  return { dtype, shape, data: filled(dtype, size, proto) };
}

function filled(dtype: DType, size: number, proto: TensorProto): Value['data'] {
  const given = listed(dtype, proto);
  const entries = entriesPerElement(dtype);
  if (given.length > size * entries) {
    throw new EngineError('INVALID_ARGUMENT', 'Too many elements provided for a constant');
  }
  const last = given.length - entries;
  const at = (i: number): Entry => given[i < last ? i : last + (i % entries)] ?? 0;
  const length = size * entries;
  if (dtype === 'string') {
    return Array.from({ length }, (_, i) => (given.length > 0 ? String(at(i)) : ''));
  }
  if (dtype === 'int64') return BigInt64Array.from({ length }, (_, i) => BigInt(at(i)));
  if (dtype === 'uint64') return BigUint64Array.from({ length }, (_, i) => BigInt(at(i)));
  const numbers = Array.from({ length }, (_, i) => Number(at(i)));
  if (dtype === 'float16' || dtype === 'bfloat16') {
    return alignedView(dtype, Uint16Array.from(numbers).buffer, 0, size);
  }
  const data = allocate(dtype, size);
  for (const [i, number] of numbers.entries()) Reflect.set(data, i, number);
  return data;
}

type Entry = number | bigint | string | boolean;

function listed(dtype: DType, proto: TensorProto): readonly Entry[] {
  switch (dtype) {
    case 'float32':
      return proto.floatVal ?? [];
    case 'float64':
      return proto.doubleVal ?? [];
    case 'float16':
    case 'bfloat16':
      return proto.halfVal ?? [];
    case 'string':
      return (proto.stringVal ?? []).map((bytes) => Buffer.from(bytesOf(bytes)).toString());
    case 'complex64':
      return proto.scomplexVal ?? [];
    case 'complex128':
      return proto.dcomplexVal ?? [];
    case 'int64':
      return proto.int64Val ?? [];
    case 'uint64':
      return proto.uint64Val ?? [];
    case 'uint32':
      return proto.uint32Val ?? [];
    case 'bool':
      return proto.boolVal ?? [];
    default:
      return proto.intVal ?? [];
  }
}
