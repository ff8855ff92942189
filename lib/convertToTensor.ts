import { checkKeys } from './attrs.js';
import { addConstant } from './constant.js';
import { inferDType, toValue } from './convert.js';
import { getDefaultGraph } from './defaults.js';
import { checkDType, type DType } from './dtype.js';
import { EngineError, invalidArgument } from './errors.js';
import type { Graph } from './graph.js';
import { isTensorLike, type TensorLike } from './node.js';
import { Operation } from './operation.js';
import { Tensor } from './tensor.js';
import type { Value, Values } from './value.js';

export interface ConvertOptions<D extends DType = DType> {
  /** The dtype that the tensor has to have. */
  readonly dtype?: D | undefined;
  /** The dtype to take if the value allows it. */
  readonly preferredDtype?: DType | undefined;
  readonly name?: string | undefined;
  readonly graph?: Graph | undefined;
}

/** A tensor as it is, a variable's value, anything else as a constant. Tensors are never cast. */
export function convertToTensor<D extends DType = DType>(
  value: Tensor | TensorLike | Values,
  options?: ConvertOptions<D>,
): Tensor<D>;
export function convertToTensor(value: unknown, options: ConvertOptions = {}): Tensor {
  checkKeys('convertToTensor', options, ['dtype', 'preferredDtype', 'name', 'graph']);
  const { dtype, name, graph = getDefaultGraph() } = options;
  if (dtype !== undefined) checkDType(dtype, 'dtype');
  if (value === null || value === undefined) {
    throw invalidArgument('value', 'a tensor or a value', value);
  }
  if (value instanceof Operation) {
    const text = `Can't convert Operation '${value.name}' to Tensor`;
    throw Object.assign(new TypeError(text), { code: 'ERR_INVALID_ARG_TYPE' });
  }
  const tensor = isTensorLike(value) ? value.asTensor() : value;
  if (!(tensor instanceof Tensor)) return addConstant(graph, converted(tensor, options), { name });
  if (dtype === undefined || dtype === tensor.dtype) return tensor;
  throw new EngineError(
    'INVALID_ARGUMENT',
    `Tensor conversion requested dtype ${dtype} for Tensor with dtype ${tensor.dtype}: ` +
      `'${tensor.name}'`,
  );
}

function converted(value: unknown, { dtype, preferredDtype }: ConvertOptions): Value {
  if (dtype !== undefined) return toValue(value, dtype, 'value');
  if (preferredDtype !== undefined) {
    try {
      return toValue(value, checkDType(preferredDtype, 'preferredDtype'), 'value');
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
  }
  return toValue(value, inferDType(value, 'value'), 'value');
}
