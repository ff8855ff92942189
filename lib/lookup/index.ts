export { HashTable, type KeyDType } from './hashTable.js';
export {
  KeyValueTensorInitializer,
  type TableInitializer,
  TextFileIndex,
  TextFileInitializer,
  type TextFileOptions,
} from './initializers.js';
export { MutableHashTable, type MutableHashTableOptions } from './mutableHashTable.js';
export { StaticHashTable } from './staticHashTable.js';
