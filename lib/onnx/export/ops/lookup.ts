import { type ExportFamily, none } from '../table.js';

const table = none('a lookup table belongs to a session; feed what is looked up');

export const lookups = {
  HashTableV2: table,
  InitializeTableFromTextFileV2: table,
  InitializeTableV2: table,
  LookupTableExportV2: table,
  LookupTableFindV2: table,
  LookupTableImportV2: table,
  LookupTableInsertV2: table,
  LookupTableRemoveV2: table,
  LookupTableSizeV2: table,
  MutableHashTableV2: table,
} satisfies ExportFamily;
