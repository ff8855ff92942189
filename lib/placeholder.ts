import { checkOptions } from './attrs.js';
import { getDefaultGraph } from './defaults.js';
import { checkDType, type DType } from './dtype.js';
import { addNode, type OpOptions } from './node.js';
import { checkStaticShape, type StaticShape } from './shape.js';
import type { Tensor } from './tensor.js';

/** A tensor that is fed at each run that needs it. Without a shape, any shape may be fed. */
export function placeholder<D extends DType>(
  dtype: D,
  shape?: StaticShape,
  options?: OpOptions,
): Tensor<D>;
export function placeholder(
  dtype: DType,
  shape: StaticShape = null,
  options: OpOptions = {},
): Tensor {
  checkOptions('placeholder', options, []);
  const attrs = { dtype: checkDType(dtype, 'dtype'), shape: checkStaticShape(shape) };
  return addNode(options.graph ?? getDefaultGraph(), 'Placeholder', [], attrs, options).outputs[0]!;
}
