import type { DType } from './dtype.js';
import { invalidArgument } from './errors.js';
import { stack } from './generated/array.js';
import { addOp, toTensor } from './op.js';
import { output } from './operation.js';
import { Tensor } from './tensor.js';
import { Variable } from './variable.js';

/** A number, or one that only the run knows: a scalar tensor. */
export type Index = number | Tensor<'int32'> | Tensor<'int64'>;

/**
 * What `at` takes of one axis: an index (the axis goes away), `[start, stop, step]` as in NumPy
 * (negative ones count from the end, null or nothing for the default), null for all, or '...' for
 * all axes that are not named.
 */
export type TensorRange =
  | Index
  | null
  | '...'
  | readonly [
      start?: Index | null | undefined,
      stop?: Index | null | undefined,
      step?: number | null | undefined,
    ];

declare module './tensor.js' {
  interface Tensor<D extends DType = DType> {
    /**
     * Part of the tensor, by a range for each axis, as `slice` of an NDArray: `x.at(0)` is the first
     * row, `x.at(null, [1, -1])` leaves out the first and the last column, `x.at('...', 0)` takes 0
     * on the last axis. Indices may be scalar tensors.
     */
    at(...ranges: TensorRange[]): Tensor<D>;
  }
}

declare module './variable.js' {
  interface Variable<D extends DType = DType> {
    /** See Tensor.at. */
    at(...ranges: TensorRange[]): Tensor<D>;
  }
}

/** The operands of StridedSlice, entry by entry. */
class Cuts {
  readonly begin: unknown[] = [];
  readonly end: unknown[] = [];
  readonly strides: unknown[] = [];
  readonly masks = { begin_mask: 0, end_mask: 0, ellipsis_mask: 0, shrink_axis_mask: 0 };

  add(range: TensorRange): void {
    const bit = 1 << this.strides.length;
    if (typeof range === 'number' || range instanceof Tensor) {
      this.masks.shrink_axis_mask |= bit;
      this.#push(range, 0, 1);
    } else if (range === '...') {
      this.masks.ellipsis_mask |= bit;
      this.#push(0, 0, 1);
    } else {
      this.#addRange(range ?? [], bit);
    }
  }

  #addRange(range: readonly unknown[], bit: number): void {
    if (!Array.isArray(range) || range.length > 3) {
      throw invalidArgument('a range', 'an index, [start, stop, step], null or ...', range);
    }
    const [start, stop, step] = range;
    this.masks.begin_mask |= start === null || start === undefined ? bit : 0;
    this.masks.end_mask |= stop === null || stop === undefined ? bit : 0;
    this.#push(start ?? 0, stop ?? 0, step ?? 1);
  }

  #push(begin: unknown, end: unknown, stride: unknown): void {
    this.begin.push(begin);
    this.end.push(end);
    this.strides.push(stride);
  }
}

/** A list of numbers as it is, one with tensors as one tensor. */
function listed(entries: readonly unknown[], x: Tensor): unknown {
  if (!entries.some((entry) => entry instanceof Tensor)) return entries;
  return stack(
    entries.map((entry) => {
      const tensor = toTensor(entry, 'int32', 'an index', x.graph);
      return tensor.dtype === 'int64' ? output(addOp('Cast', [tensor], { DstT: 'int32' })) : tensor;
    }),
  );
}

function at(x: Tensor, ranges: readonly TensorRange[]): Tensor {
  const cuts = new Cuts();
  for (const range of ranges) cuts.add(range);
  const operands = [cuts.begin, cuts.end, cuts.strides].map((entries) => listed(entries, x));
  return output(addOp('StridedSlice', [x, ...operands], cuts.masks));
}

for (const { prototype } of [Tensor, Variable]) {
  Object.defineProperty(prototype, 'at', {
    configurable: true,
    writable: true,
    value(this: Tensor | Variable, ...ranges: TensorRange[]): Tensor {
      return at(this instanceof Variable ? this.asTensor() : this, ranges);
    },
  });
}
