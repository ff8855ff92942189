import { checkOptions } from './attrs.js';
import { inferDType, toValue } from './convert.js';
import { currentControls, currentDevice, getDefaultGraph } from './defaults.js';
import { checkDType, type DType } from './dtype.js';
import { EngineError } from './errors.js';
import type { Graph } from './graph.js';
import { addNode, type OpOptions } from './node.js';
import { checkShape, type Shape, sizeOf } from './shape.js';
import type { Tensor } from './tensor.js';
import type { DTypeOfValues, Value, Values } from './value.js';

export interface ConstantOptions<D extends DType = DType> extends OpOptions {
  readonly dtype?: D | undefined;
  /** Of as many elements as there are values. */
  readonly shape?: Shape | undefined;
}

/** A constant tensor. Numbers are float32 and bigints int64 unless a dtype is given. */
export function constant<D extends DType>(
  values: Values,
  options: ConstantOptions<D> & { readonly dtype: D },
): Tensor<D>;
export function constant<const V extends Values>(
  values: V,
  options?: ConstantOptions<DTypeOfValues<V>>,
): Tensor<DTypeOfValues<V>>;
export function constant(values: Values, options: ConstantOptions = {}): Tensor {
  checkOptions('constant', options, ['dtype', 'shape']);
  const dtype =
    options.dtype === undefined ? inferDType(values, 'values') : checkDType(options.dtype, 'dtype');
  const shape = options.shape === undefined ? null : checkShape(options.shape);
  const value = toValue(values, dtype, 'values', shape);
  return addConstant(options.graph ?? getDefaultGraph(), reshaped(value, shape), options);
}

function reshaped(value: Value, shape: Shape | null): Value {
  if (shape === null) return value;
  if (sizeOf(shape) === sizeOf(value.shape)) return { ...value, shape };
  throw new EngineError(
    'INVALID_ARGUMENT',
    `Too many or too few elements provided. Expected ${sizeOf(shape)} values for shape [${shape.join(', ')}] but received ` +
      `${sizeOf(value.shape)}`,
  );
}

/** Unnamed constants of at most so many bytes share one node. */
const kSharedBytes = 1024;

/** Adds a constant, or gives the one of the same value, dtype, shape, device and controls. */
export function addConstant(graph: Graph, value: Value, options: OpOptions = {}): Tensor {
  const key = options.name === undefined ? sharingKey(graph, value, options) : undefined;
  const known = key === undefined ? undefined : graph.constants.get(key);
  if (known) return known;
  const { dtype, shape, data } = value;
  const attrs = { value: { dtype, shape, data }, dtype };
  const tensor = addNode(graph, 'Const', [], attrs, options).outputs[0]!;
  if (key !== undefined) graph.constants.set(key, tensor);
  return tensor;
}

function sharingKey(graph: Graph, value: Value, options: OpOptions): string | undefined {
  const { data, dtype, shape } = value;
  if (!ArrayBuffer.isView(data) || data.byteLength > kSharedBytes) return undefined;
  if (options.controlInputs?.length) return undefined;
  const controls = currentControls(graph).flatMap((scope) => scope.operations.map((op) => op.id));
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('latin1');
  return `${dtype}|${shape}|${options.device ?? currentDevice(graph)}|${controls}|${bytes}`;
}
