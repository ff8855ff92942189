import { type NDArray, ndarray } from '../../../lib/ndArray.js';
import { sizeOf } from '../../../lib/shape.js';
import type { Input, ValueCase } from '../case.js';
import { differentIntegers, upTo } from '../reference/numbers.js';

/** Numbers of the row's dtype, all different, by their shape. */
export class Numbers {
  readonly shape: readonly number[];

  constructor(shape: readonly number[]) {
    this.shape = shape;
  }
}

export const of = (...shape: number[]) => new Numbers(shape);
export const ints = (shape: readonly number[], ...values: number[]): NDArray =>
  ndarray(Int32Array.from(values), { shape });
export const vector = (...values: number[]) => ints([values.length], ...values);
export const none = vector();
/** Where only int64 will do. */
export const long = (x: Numbers | NDArray): Numbers | NDArray =>
  x instanceof Numbers
    ? x
    : ndarray(BigInt64Array.from([...x].map((v) => BigInt(Number(v)))), { shape: x.shape });

const doubles = (shape: readonly number[]): NDArray =>
  ndarray(Float64Array.from(upTo(sizeOf(shape))), { shape });
export const lists = (...shapes: readonly (readonly number[])[]) => ({ list: shapes.map(doubles) });

export type Options = Pick<ValueCase, 'attrs' | 'gradient' | 'types' | 'dtypes' | 'tolerance'>;

/** Central differences alone tell: the values of the op's outputs are told by other rows. */
export function row(outputs: number, inputs: readonly (Numbers | Input)[], options: Options = {}) {
  const values = inputs.map((input) =>
    input instanceof Numbers ? differentIntegers(sizeOf(input.shape)).map((n) => n / 4) : input,
  );
  const shapes = inputs.map((input) => (input instanceof Numbers ? input.shape : null));
  return {
    title: `gradient of ${shapes.map((shape) => `[${shape ?? '?'}]`).join(', ')}`,
    inputs: values,
    outputs: new Array<null>(outputs).fill(null),
    shapes: { inputs: shapes },
    gradient: true,
    ...options,
  };
}

export const by = (i: number, attrs: Options['attrs'] = {}): Options => ({ gradient: [i], attrs });
