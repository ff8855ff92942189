import { addConstant } from '../../constant.js';
import { toValue } from '../../convert.js';
import { getDefaultGraph } from '../../defaults.js';
import { EngineError } from '../../errors.js';
import { ones as allOnes, zeros as allZeros } from '../../fills.js';
import { broadcastTo, oneHot, range } from '../../generated/array.js';
import { cast } from '../../generated/math.js';
import { formatShape } from '../../shape.js';
import { Tensor } from '../../tensor.js';
import type { Values } from '../../value.js';
import { floating, type VariableInitializer } from './initializer.js';

/** Zeros, or false. */
export function zeros(): VariableInitializer {
  return (shape, dtype) => allZeros(shape, { dtype });
}

/** Ones, or true. */
export function ones(): VariableInitializer {
  return (shape, dtype) => allOnes(shape, { dtype });
}

/** The value, a scalar or what broadcasts to the shape as in NumPy. */
export function constant(value: Tensor | Values): VariableInitializer {
  return (shape, dtype) => {
    const tensor =
      value instanceof Tensor
        ? value
        : addConstant(getDefaultGraph(), toValue(value, dtype, 'value'));
    return broadcastTo(tensor, [...shape]);
  };
}

/** gain on the diagonal of a matrix, 0 elsewhere; INVALID_ARGUMENT for other ranks than 2. */
export function identity(options: { readonly gain?: number } = {}): VariableInitializer {
  const { gain = 1 } = options;
  return (shape, dtype) => {
    const [rows, columns] = shape;
    if (shape.length !== 2 || rows === undefined || columns === undefined) {
      throw new EngineError(
        'INVALID_ARGUMENT',
        `Expected a matrix for the initializer identity but received shape ${formatShape(shape)}`,
      );
    }
    const type = floating(dtype, 'identity');
    const places = cast(range(0, rows, 1), 'int64');
    return oneHot(places, columns, cast(gain, type), cast(0, type));
  };
}
