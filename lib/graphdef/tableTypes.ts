import type { AttrValue, NodeDef } from './types.js';
import type { WorkGraph } from './workGraph.js';

const makesTable = /^(Mutable)?HashTableV2$/;

/**
 * Adds to ops on lookup tables what they have to know of the table, and what TensorFlow's find out
 * when they run: the dtypes of its entries, and whether it grows.
 */
export function addTableTypes({ nodes }: WorkGraph): void {
  for (const table of nodes) {
    if (!makesTable.test(table.op)) continue;
    for (const user of nodes.usersOf(table.name)) {
      const [first = ''] = user.input ?? [];
      const added = nodes.source(first) === table && attrsFor(user.op, table);
      if (added) nodes.set({ ...user, attr: { ...added, ...user.attr } });
    }
  }
}

function attrsFor(op: string, table: NodeDef): Readonly<Record<string, AttrValue>> | undefined {
  const { key_dtype: Tkeys = {}, value_dtype: Tvalues = {} } = table.attr ?? {};
  if (op === 'InitializeTableFromTextFileV2') return { Tkeys, Tvalues };
  const growing = { b: table.op.startsWith('Mutable') };
  if (op === 'LookupTableFindV2' || op === 'LookupTableSizeV2') return { growing };
  return op === 'LookupTableExportV2' ? { Tkeys, Tvalues, growing } : undefined;
}
