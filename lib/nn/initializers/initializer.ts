import { type DType, type FloatDType, isFloat } from '../../dtype.js';
import { EngineError } from '../../errors.js';
import type { Shape } from '../../shape.js';
import type { Tensor } from '../../tensor.js';

/** Makes the initial value of a variable: a tensor of that shape and dtype. */
export type VariableInitializer = (shape: Shape, dtype: DType) => Tensor;

export interface SeedOption {
  /**
   * Makes the values those of this seed, in every variable alike; without it they follow from the
   * graph's seed and the variable's name.
   */
  readonly seed?: number | undefined;
}

/** The dtype, which has to be a floating one for this initializer. */
export function floating(dtype: DType, initializer: string): FloatDType {
  if (isFloat(dtype)) return dtype;
  throw new EngineError(
    'INVALID_ARGUMENT',
    `Expected a floating dtype for the initializer ${initializer} but received ${dtype}`,
  );
}
