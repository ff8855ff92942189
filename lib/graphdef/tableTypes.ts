import { parseInput } from './checkDef.js';
import type { AttrValue, NodeDef } from './types.js';

const makesTable = /^(Mutable)?HashTableV2$/;

/**
 * Ops on lookup tables with what they have to know of the table, and what TensorFlow's find out
 * when they run: the dtypes of its entries, and whether it grows.
 */
export function withTableTypes(nodes: readonly NodeDef[]): readonly NodeDef[] {
  const tables = new Map(
    nodes.flatMap((node) => (makesTable.test(node.op) ? [[node.name, node] as const] : [])),
  );
  if (tables.size === 0) return nodes;
  return nodes.map((node) => {
    const table = tables.get(parseInput(node.input?.[0] ?? '').node);
    const added = table && attrsFor(node.op, table);
    return added ? { ...node, attr: { ...added, ...node.attr } } : node;
  });
}

function attrsFor(op: string, table: NodeDef): Readonly<Record<string, AttrValue>> | undefined {
  const { key_dtype: Tkeys = {}, value_dtype: Tvalues = {} } = table.attr ?? {};
  if (op === 'InitializeTableFromTextFileV2') return { Tkeys, Tvalues };
  const growing = { b: table.op.startsWith('Mutable') };
  if (op === 'LookupTableFindV2' || op === 'LookupTableSizeV2') return { growing };
  return op === 'LookupTableExportV2' ? { Tkeys, Tvalues, growing } : undefined;
}
