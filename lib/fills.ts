import { addConstant } from './constant.js';
import { toValue } from './convert.js';
import { getDefaultGraph } from './defaults.js';
import { checkDType, type DType } from './dtype.js';
import { NDArray, ndarray } from './ndArray.js';
import type { OpOptions } from './node.js';
import { addOp } from './op.js';
import { checkShape, type Shape, sizeOf } from './shape.js';
import type { Tensor } from './tensor.js';

export interface FillOptions<D extends DType = DType> extends OpOptions {
  readonly dtype?: D | undefined;
}

/** Larger ones are made at run time. */
const kConstantElements = 4096;

function filled(shape: Shape, value: number, options: FillOptions): Tensor {
  const dtype = options.dtype === undefined ? 'float32' : checkDType(options.dtype, 'dtype');
  const dims = checkShape(shape);
  const graph = options.graph ?? getDefaultGraph();
  if (sizeOf(dims) <= kConstantElements) {
    return addConstant(graph, ndarray(value, { dtype, shape: dims }), options);
  }
  const scalar = toValue(value, dtype, 'value');
  const list = BigInt64Array.from(dims, BigInt);
  const inputs = [
    new NDArray(list, [dims.length], 'int64'),
    new NDArray<DType>(scalar.data, [], dtype),
  ];
  return addOp('Fill', inputs, {}, options, ['dtype']).outputs[0]!;
}

/** A tensor of zeros, float32 unless a dtype is given. */
export function zeros<D extends DType = 'float32'>(
  shape: Shape,
  options?: FillOptions<D>,
): Tensor<D>;
export function zeros(shape: Shape, options: FillOptions = {}): Tensor {
  return filled(shape, 0, options);
}

/** A tensor of ones, float32 unless a dtype is given. */
export function ones<D extends DType = 'float32'>(
  shape: Shape,
  options?: FillOptions<D>,
): Tensor<D>;
export function ones(shape: Shape, options: FillOptions = {}): Tensor {
  return filled(shape, 1, options);
}
