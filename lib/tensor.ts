import { inspect } from 'node:util';

import { native } from './binding.js';
import type { DType } from './dtype.js';
import { type EvalOptions, evaluate, evaluateSync } from './evaluate.js';
import type { Graph } from './graph.js';
import type { NDArray } from './ndArray.js';
import type { Operation } from './operation.js';
import { checkStaticShape, formatShape, type StaticShape } from './shape.js';

/** One output of an operation: a dtype and a static shape, no value. */
export class Tensor<D extends DType = DType> {
  readonly op: Operation;
  /** Which output of the operation. */
  readonly index: number;
  readonly dtype: D;
  #shape: StaticShape | undefined;

  /** @internal */
  constructor(op: Operation, index: number, dtype: D) {
    this.op = op;
    this.index = index;
    this.dtype = dtype;
  }

  get graph(): Graph {
    return this.op.graph;
  }

  /** "op:index". */
  get name(): string {
    return `${this.op.name}:${this.index}`;
  }

  /** What is known of the shape: null for an unknown dim, or for an unknown rank. */
  get shape(): StaticShape {
    if (this.#shape === undefined) {
      this.#shape = native.outputShape(this.graph.handle, this.op.id, this.index);
    }
    return this.#shape;
  }

  /** The number of dims, null when unknown. */
  get rank(): number | null {
    return this.shape?.length ?? null;
  }

  /** Adds knowledge to the static shape; nothing checks it at run time. */
  setShape(shape: StaticShape): this {
    const known = checkStaticShape(shape);
    native.mergeShape(this.graph.handle, this.op.id, this.index, known);
    this.#shape = undefined;
    return this;
  }

  /** The value, from the session given, the innermost default session or the graph's own. */
  async eval(options: EvalOptions = {}): Promise<NDArray<D>> {
    return evaluate(this, options);
  }

  evalSync(options: EvalOptions = {}): NDArray<D> {
    return evaluateSync(this, options);
  }

  [Symbol.iterator](): never {
    throw misuse(
      `Tensor '${this.name}' is not iterable: iterating over a symbolic Tensor is not allowed, it ` +
        'has no value until it is run. Use unstack() for its slices, or eval() for its value.',
    );
  }

  [Symbol.toPrimitive](hint: string): string {
    if (hint === 'string') return this.toString();
    throw misuse(
      `Cannot convert a symbolic Tensor to a number: '${this.name}' is not a number and using it ` +
        'as one is not allowed in Graph execution. Use ops such as add(), greater(), cond() and ' +
        'where(), or eval() for its value.',
    );
  }

  toString(): string {
    return `Tensor('${this.name}', ${this.dtype}, ${formatShape(this.shape)})`;
  }

  /** The name: what a log keeps of a tensor. */
  toJSON(): string {
    return this.name;
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

function misuse(message: string): TypeError {
  return Object.assign(new TypeError(message), { code: 'ERR_INVALID_ARG_TYPE' });
}
