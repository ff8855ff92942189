import type { DType } from '../dtype.js';
import { EngineError } from '../errors.js';
import type { Graph } from '../graph.js';
import type { OpOptions } from '../node.js';
import { addOp, type Operand } from '../op.js';
import { type Operation, output } from '../operation.js';
import { captured, targetGraph } from '../subgraph.js';
import { Tensor } from '../tensor.js';

export type KeyDType = 'string' | 'int32' | 'int64';

/** What the tables have in common: a handle in the graph, content in each session. */
export abstract class HashTable<K extends KeyDType, V extends DType> {
  /** Whose output is the handle. */
  readonly op: Operation;
  readonly keyDtype: K;
  readonly valueDtype: V;
  readonly defaultValue: Tensor<V>;
  readonly #grows: boolean;

  /** @internal */
  constructor(op: Operation, keyDtype: K, defaultValue: Tensor<V>, grows: boolean) {
    this.op = op;
    this.keyDtype = keyDtype;
    this.valueDtype = defaultValue.dtype;
    this.defaultValue = defaultValue;
    this.#grows = grows;
  }

  get graph(): Graph {
    return this.op.graph;
  }

  get name(): string {
    return this.op.name;
  }

  /** The value of each key, the default value where the table has none. */
  lookup(keys: Operand<K>, options: OpOptions = {}): Tensor<V> {
    const inputs = [this.handle, this.checked(keys, this.keyDtype, 'Keys'), this.defaultValue];
    return output(
      this.add('LookupTableFindV2', inputs, { ...this.growing, Tin: this.keyDtype }, options),
    );
  }

  /** How many entries it has. */
  size(options: OpOptions = {}): Tensor<'int64'> {
    return output(this.add('LookupTableSizeV2', [this.handle], this.growing, options));
  }

  /** All keys and their values, in the order in which the keys came. */
  export(options: OpOptions = {}): [keys: Tensor<K>, values: Tensor<V>] {
    const attrs = {
      ...this.growing,
      Tkeys: this.keyDtype,
      Tvalues: this.valueDtype,
      value_shape: this.defaultValue.shape,
    };
    const op = this.add('LookupTableExportV2', [this.handle], attrs, options);
    return [output(op), output(op, 1)];
  }

  /** The resource that the ops of the table take. */
  get handle(): Tensor {
    return this.op.outputs[0]!;
  }

  /** @internal */
  protected get growing() {
    return { growing: this.#grows };
  }

  /** A tensor of the dtype; anything but a tensor is left to the op. @internal */
  protected checked(value: unknown, dtype: DType, what: string): unknown {
    if (!(value instanceof Tensor) || value.dtype === dtype) return value;
    throw new EngineError(
      'INVALID_ARGUMENT',
      `Signature mismatch. ${what} must be dtype ${dtype}, got ${value.dtype}.`,
    );
  }

  /** Adds an op of the table where ops are being added: reads and writes keep their order. @internal */
  protected add(
    type: string,
    inputs: readonly unknown[],
    attrs: Readonly<Record<string, unknown>>,
    options: OpOptions,
  ): Operation {
    const graph = targetGraph(this.graph);
    const own = inputs.map((x) => (x instanceof Tensor ? captured(x, `'${this.name}'`) : x));
    return graph.asDefault(() =>
      graph.nameScope(graph === this.graph ? `${this.name}/` : this.name, () =>
        addOp(type, own, attrs, { name: type, ...options }),
      ),
    );
  }
}
