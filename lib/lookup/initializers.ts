import { checkOptions } from '../attrs.js';
import { inferDType } from '../convert.js';
import type { DType } from '../dtype.js';
import { EngineError, invalidArgument } from '../errors.js';
import type { Graph } from '../graph.js';
import { addNode, isTensorLike } from '../node.js';
import { type Operand, toTensor } from '../op.js';
import type { Operation } from '../operation.js';
import { Tensor } from '../tensor.js';
import type { KeyDType } from './hashTable.js';

/** What fills a table: `new StaticHashTable(initializer, defaultValue)`. */
export interface TableInitializer<K extends KeyDType = KeyDType, V extends DType = DType> {
  readonly keyDtype: K;
  readonly valueDtype: V;
  /** Adds the op that fills the table of the handle. @internal */
  addTo(graph: Graph, handle: Tensor, name: string): Operation;
}

/** Fills a table from tensors or values: as many keys as values, none with two different ones. */
export class KeyValueTensorInitializer<K extends KeyDType = KeyDType, V extends DType = DType>
  implements TableInitializer<K, V>
{
  readonly keyDtype: K;
  readonly valueDtype: V;
  readonly #keys: unknown;
  readonly #values: unknown;

  constructor(
    keys: Operand<K>,
    values: Operand<V>,
    options: { readonly keyDtype?: K | undefined; readonly valueDtype?: V | undefined } = {},
  ) {
    checkOptions('KeyValueTensorInitializer', options, ['keyDtype', 'valueDtype']);
    this.keyDtype = checkedKeys(options.keyDtype ?? dtypeOf(keys, 'keys')) as K;
    this.valueDtype = (options.valueDtype ?? dtypeOf(values, 'values')) as V;
    this.#keys = keys;
    this.#values = values;
  }

  /** @internal */
  addTo(graph: Graph, handle: Tensor, name: string): Operation {
    const keys = toTensor(this.#keys, this.keyDtype, 'keys', graph);
    const values = toTensor(this.#values, this.valueDtype, 'values', graph);
    return addNode(graph, 'InitializeTableV2', [handle, keys, values], {}, { name });
  }
}

export interface TextFileOptions<K extends KeyDType = KeyDType, V extends DType = DType> {
  readonly keyDtype: K;
  /** A column, counted from 0, or `TextFileIndex.LINE_NUMBER` or `WHOLE_LINE`. */
  readonly keyIndex: number;
  readonly valueDtype: V;
  readonly valueIndex: number;
  /** So many lines; without it all of them. */
  readonly vocabSize?: number | undefined;
  /** Between columns; a tab by default. */
  readonly delimiter?: string | undefined;
}

export const TextFileIndex = { WHOLE_LINE: -2, LINE_NUMBER: -1 } as const;

/** Fills a table from the lines of a text file, which is read when the table is initialized. */
export class TextFileInitializer<K extends KeyDType = KeyDType, V extends DType = DType>
  implements TableInitializer<K, V>
{
  readonly keyDtype: K;
  readonly valueDtype: V;
  readonly #path: unknown;
  readonly #options: TextFileOptions<K, V>;

  constructor(path: string | Tensor<'string'>, options: TextFileOptions<K, V>) {
    checkOptions('TextFileInitializer', options, [
      'keyDtype',
      'keyIndex',
      'valueDtype',
      'valueIndex',
      'vocabSize',
      'delimiter',
    ]);
    const { keyIndex, valueIndex, vocabSize } = options;
    for (const [name, index] of Object.entries({ keyIndex, valueIndex })) {
      if (!Number.isSafeInteger(index) || index < TextFileIndex.WHOLE_LINE) {
        throw invalidArgument(name, 'a column from 0 on, -1 or -2', index);
      }
    }
    if (vocabSize !== undefined && !(Number.isSafeInteger(vocabSize) && vocabSize > 0)) {
      throw invalidArgument('vocabSize', 'a positive integer', vocabSize);
    }
    this.keyDtype = checkedKeys(options.keyDtype) as K;
    this.valueDtype = options.valueDtype;
    this.#path = path;
    this.#options = options;
  }

  /** @internal */
  addTo(graph: Graph, handle: Tensor, name: string): Operation {
    const path = toTensor(this.#path, 'string', 'path', graph);
    const { keyIndex, valueIndex, vocabSize = -1, delimiter = '\t' } = this.#options;
    const attrs = {
      Tkeys: this.keyDtype,
      Tvalues: this.valueDtype,
      key_index: keyIndex,
      value_index: valueIndex,
      vocab_size: vocabSize,
      delimiter,
    };
    return addNode(graph, 'InitializeTableFromTextFileV2', [handle, path], attrs, { name });
  }
}

function dtypeOf(value: unknown, place: string): DType {
  const given = isTensorLike(value) ? value.asTensor() : value;
  return given instanceof Tensor ? given.dtype : inferDType(given, place);
}

/** What a table can have as keys. */
export function checkedKeys(dtype: DType): KeyDType {
  if (dtype === 'string' || dtype === 'int32' || dtype === 'int64') return dtype;
  throw new EngineError(
    'INVALID_ARGUMENT',
    `Expected string, int32 or int64 keys for a table but received ${dtype}`,
  );
}
