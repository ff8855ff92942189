import { checkOptions } from '../attrs.js';
import { getDefaultGraph } from '../defaults.js';
import { checkDType, type DType } from '../dtype.js';
import { addNode, type OpOptions } from '../node.js';
import { type Operand, typedTensor } from '../op.js';
import type { Operation } from '../operation.js';
import { placeholder } from '../placeholder.js';
import { outermost } from '../subgraph.js';
import { HashTable, type KeyDType } from './hashTable.js';
import { checkedKeys } from './initializers.js';
import { addTable } from './tables.js';

export interface MutableHashTableOptions<K extends KeyDType, V extends DType> extends OpOptions {
  readonly keyDtype: K;
  readonly valueDtype: V;
  /** What a key that is not there has; all values have its shape. */
  readonly defaultValue: Operand<V>;
}

/**
 * A table that is empty at first, needs no initializer, and can be changed. Each session has its own
 * content; within a run, lookups and changes keep the order in which they were added to the graph.
 * `session.save` and `session.restore` include it.
 */
export class MutableHashTable<K extends KeyDType, V extends DType> extends HashTable<K, V> {
  constructor(options: MutableHashTableOptions<K, V>) {
    checkOptions('MutableHashTable', options, ['keyDtype', 'valueDtype', 'defaultValue']);
    const { keyDtype, valueDtype, defaultValue, name = 'MutableHashTable', ...rest } = options;
    checkedKeys(keyDtype);
    checkDType(valueDtype, 'valueDtype');
    const graph = outermost(options.graph ?? getDefaultGraph());
    const [op, other] = graph.asDefault(() =>
      graph.controlDependencies(null, () => {
        const value = typedTensor(defaultValue, valueDtype, 'defaultValue', graph);
        const attrs = { key_dtype: keyDtype, value_dtype: valueDtype, value_shape: value.shape };
        return [addNode(graph, 'MutableHashTableV2', [], attrs, { ...rest, name }), value] as const;
      }),
    );
    super(op, keyDtype, other, true);
    this.#register();
  }

  /** Gives keys these values, also keys that are there; of a key that comes twice the last one. */
  insert(keys: Operand<K>, values: Operand<V>, options: OpOptions = {}): Operation {
    return this.#change('LookupTableInsertV2', keys, values, options);
  }

  /** Replaces the whole content. */
  import(keys: Operand<K>, values: Operand<V>, options: OpOptions = {}): Operation {
    return this.#change('LookupTableImportV2', keys, values, options);
  }

  /** Takes keys out; those that are not there do not matter. */
  remove(keys: Operand<K>, options: OpOptions = {}): Operation {
    const inputs = [this.handle, this.checked(keys, this.keyDtype, 'Keys')];
    return this.add('LookupTableRemoveV2', inputs, { Tin: this.keyDtype }, options);
  }

  #change(type: string, keys: unknown, values: unknown, options: OpOptions): Operation {
    const inputs = [
      this.handle,
      this.checked(keys, this.keyDtype, 'Keys'),
      this.checked(values, this.valueDtype, 'Values'),
    ];
    return this.add(type, inputs, { Tin: this.keyDtype, Tout: this.valueDtype }, options);
  }

  /** What checkpoints use. */
  #register(): void {
    const { graph, name } = this;
    graph.asDefault(() =>
      graph.controlDependencies(null, () => {
        const [keys, values] = this.export({ name: 'export' });
        const row = this.defaultValue.shape;
        const given = {
          keys: placeholder(this.keyDtype, [null], { name: `${name}/keys` }),
          values: placeholder(this.valueDtype, row && [null, ...row], { name: `${name}/values` }),
        };
        const op = this.import(given.keys, given.values, { name: 'import' });
        addTable(graph, { name, content: { keys, values, replace: { ...given, op } } });
      }),
    );
  }
}
