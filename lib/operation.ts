import { inspect } from 'node:util';

import { native } from './binding.js';
import { type DType, dtypeFromCode } from './dtype.js';
import { type EvalOptions, evaluate, evaluateSync } from './evaluate.js';
import type { Graph } from './graph.js';
import { Tensor } from './tensor.js';

const colocations = new WeakMap<Operation, readonly Operation[]>();

/** A node of a graph: an op with its inputs, attributes and outputs. */
export class Operation {
  readonly graph: Graph;
  /** The index in the graph. */
  readonly id: number;
  /** Such as `MatMul`. */
  readonly type: string;
  readonly name: string;
  readonly #outputs: Tensor[];

  /** @internal */
  constructor(graph: Graph, id: number, type: string, name: string, dtypes: readonly DType[]) {
    this.graph = graph;
    this.id = id;
    this.type = type;
    this.name = name;
    this.#outputs = dtypes.map((dtype, index) => new Tensor(this, index, dtype));
  }

  get outputs(): readonly Tensor[] {
    return this.#outputs;
  }

  /**
   * Loops have further outputs, of values that their gradients need, from the time on when
   * gradients go through them.
   *
   * @internal
   */
  outputAt(index: number): Tensor {
    if (index >= this.#outputs.length) {
      const [, , ...codes] = native.describeNode(this.graph.handle, this.id);
      for (let i = this.#outputs.length; i < codes.length; i++) {
        this.#outputs.push(new Tensor(this, i, dtypeFromCode(codes[i]!)));
      }
    }
    return this.#outputs[index]!;
  }

  /** The tensors that it reads, in order. */
  get inputs(): readonly Tensor[] {
    const pairs = native.nodeInputs(this.graph.handle, this.id);
    const inputs: Tensor[] = [];
    for (let i = 0; i < pairs.length; i += 2) {
      if (pairs[i]! < 0) continue;
      inputs.push(this.graph.operationAt(pairs[i]!).outputAt(pairs[i + 1]!));
    }
    return inputs;
  }

  /** The operations that run before it without giving it a value. */
  get controlInputs(): readonly Operation[] {
    const ids = native.nodeControls(this.graph.handle, this.id);
    return ids.map((id) => this.graph.operationAt(id));
  }

  /** The line that added it, as "file:line:column", in a graph made with `callSites: true`; else "". */
  get definedAt(): string {
    return this.graph.sites?.of(this.id) ?? '';
  }

  /** The device asked for, "" for none. */
  get device(): string {
    return native.nodeDevice(this.graph.handle, this.id);
  }

  /** The operations that it is to share a device with. */
  get colocatedWith(): readonly Operation[] {
    return colocations.get(this) ?? [];
  }

  /** @internal */
  colocate(others: readonly Operation[]): void {
    colocations.set(this, [...this.colocatedWith, ...others]);
  }

  /** Runs it in the session given, the innermost default session or the graph's own. */
  async run(options: EvalOptions = {}): Promise<null> {
    await evaluate(this, options);
    return null;
  }

  runSync(options: EvalOptions = {}): null {
    evaluateSync(this, options);
    return null;
  }

  /** The name: what a log keeps of an operation. */
  toJSON(): string {
    return this.name;
  }

  [inspect.custom](): string {
    return `Operation(${this.type} '${this.name}')`;
  }
}

/** One output, with the dtype that the caller knows it to have. */
export function output<D extends DType>(op: Operation, index?: number): Tensor<D>;
export function output(op: Operation, index = 0): Tensor {
  return op.outputs[index]!;
}

/** The outputs from `first` on, as many as the op has more than `others`. */
export function outputList<D extends DType>(
  op: Operation,
  first: number,
  others: number,
): Tensor<D>[];
export function outputList(op: Operation, first: number, others: number): Tensor[] {
  return op.outputs.slice(first, op.outputs.length - others);
}
