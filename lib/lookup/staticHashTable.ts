import { checkOptions } from '../attrs.js';
import { getDefaultGraph } from '../defaults.js';
import type { DType } from '../dtype.js';
import { addNode, type OpOptions } from '../node.js';
import { type Operand, typedTensor } from '../op.js';
import type { Operation } from '../operation.js';
import { outermost } from '../subgraph.js';
import { HashTable, type KeyDType } from './hashTable.js';
import type { TableInitializer } from './initializers.js';
import { addTable } from './tables.js';

/**
 * A table that is filled once, by its initializer, which `graph.initializer` and
 * `session.initialize()` run. Each session has its own content.
 */
export class StaticHashTable<K extends KeyDType, V extends DType> extends HashTable<K, V> {
  /** Fills the table. */
  readonly initializer: Operation;

  constructor(
    initializer: TableInitializer<K, V>,
    defaultValue: Operand<V>,
    options: OpOptions = {},
  ) {
    checkOptions('StaticHashTable', options, []);
    const { name = 'hash_table', ...rest } = options;
    const graph = outermost(options.graph ?? getDefaultGraph());
    const { keyDtype, valueDtype } = initializer;
    const attrs = { key_dtype: keyDtype, value_dtype: valueDtype };
    const [op, filled, other] = graph.asDefault(() =>
      graph.controlDependencies(null, () => {
        const handle = addNode(graph, 'HashTableV2', [], attrs, { ...rest, name });
        const at = `${handle.name}/table_init/`;
        return [
          handle,
          initializer.addTo(graph, handle.outputs[0]!, at),
          typedTensor(defaultValue, valueDtype, 'defaultValue', graph),
        ] as const;
      }),
    );
    super(op, keyDtype, other, false);
    this.initializer = filled;
    addTable(graph, { name: op.name, initializer: filled });
  }
}
