import { inspect } from 'node:util';

import { type KeptHandle, native } from './binding.js';
import { type DType, isNumeric, viewOf } from './dtype.js';
import { NDArray } from './ndArray.js';
import { formatShape, type Shape, sizeOf } from './shape.js';

/**
 * A result that stayed with the engine: `run(fetches, { keep: true })`. It may be fed to runs of
 * any session, which then copy nothing, and outlives its session.
 */
export class KeptValue<D extends DType = DType> {
  readonly dtype: D;
  readonly shape: Shape;
  /** @internal */
  readonly handle: KeptHandle;
  #disposed = false;

  /** @internal */
  constructor(handle: KeptHandle, shape: Shape, dtype: D) {
    this.handle = handle;
    this.shape = shape;
    this.dtype = dtype;
  }

  get disposed(): boolean {
    return this.#disposed;
  }

  get size(): number {
    return sizeOf(this.shape);
  }

  /** A copy of the value. */
  read(): NDArray<D>;
  read(): NDArray {
    const { dtype, shape } = this;
    const data = native.readKept(this.handle);
    if (!(data instanceof ArrayBuffer)) return new NDArray<DType>([...data], shape, dtype);
    return new NDArray<DType>(
      viewOf(isNumeric(dtype) ? dtype : 'uint8', data, 0, this.size),
      shape,
      dtype,
    );
  }

  /** Gives the memory back; runs under way that were fed the value go on with it. */
  dispose(): void {
    this.#disposed = true;
    native.releaseKept(this.handle);
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  [inspect.custom](): string {
    return `KeptValue(${this.dtype}, ${formatShape(this.shape)}${this.#disposed ? ', disposed' : ''})`;
  }
}
