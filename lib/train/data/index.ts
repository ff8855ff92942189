import { checkKeys } from '../../attrs.js';
import { invalidArgument } from '../../errors.js';
import type { FilePath } from '../../io/files.js';
import { checkPath } from '../../io/files.js';
import { NDArray } from '../../ndArray.js';
import { type DTypeOfValues, isValue, type Values } from '../../value.js';
import { Data } from './data.js';
import { linesOf, pathsIn } from './files.js';
import {
  ArrayStage,
  ColumnsStage,
  type Elements,
  isElements,
  ListStage,
  type MakeElements,
  StreamStage,
} from './sources.js';

export {
  type BatchOptions,
  Data,
  type EpochOptions,
  type MapOptions,
  type ShuffleOptions,
  type WorkerMapOptions,
} from './data.js';
export type { MapContext } from './map.js';
export type { Stacked } from './stack.js';

/** Arrays with the same number of rows, by name. */
export type Columns = Readonly<Record<string, NDArray | ArrayBufferView | readonly Values[]>>;

type RowsOf<C extends Columns> = { -readonly [K in keyof C]: NDArray<DTypeOfValues<C[K]>> };

/**
 * Elements to train with: the rows of an array or of several arrays by name, the entries of a
 * list, what an iterable gives, or what a function makes for each pass.
 */
export function data<V extends NDArray | ArrayBufferView>(
  array: V,
): Data<NDArray<DTypeOfValues<V>>>;
export function data<T>(source: Elements<T> | MakeElements<T>): Data<T>;
export function data<const C extends Columns>(columns: C): Data<RowsOf<C>>;
export function data(source: unknown): Data<unknown> {
  if (source instanceof NDArray || ArrayBuffer.isView(source)) {
    return new Data(new ArrayStage(source));
  }
  if (Array.isArray(source)) return new Data(new ListStage(source));
  if (source instanceof Data) return source;
  if (isMake(source) || isElements(source)) return new Data(new StreamStage(source));
  if (isColumns(source)) return new Data(new ColumnsStage(source));
  throw invalidArgument('source', 'arrays by name, a list, an iterable or a function', source);
}

function isMake(source: unknown): source is MakeElements<unknown> {
  return typeof source === 'function';
}

function isColumns(source: unknown): source is Readonly<Record<string, Values>> {
  return typeof source === 'object' && source !== null && !isValue(source);
}

/** The lines of one or more text files. */
export function lines(paths: FilePath | readonly FilePath[]): Data<string> {
  const all = typeof paths === 'string' || paths instanceof URL ? [paths] : paths;
  for (const path of all) checkPath(path);
  return new Data(new StreamStage(() => linesOf(all)));
}

export interface FilesOptions {
  /** Only files whose names end so, such as ['.png', '.jpg']. */
  readonly extensions?: readonly string[] | undefined;
  /** Whether to look into the folders inside; default false. */
  readonly recursive?: boolean | undefined;
}

/** The paths of the files in a folder, sorted; the folder is read at the beginning of each pass. */
export function files(folder: FilePath, options: FilesOptions = {}): Data<string> {
  checkKeys('files', options, ['extensions', 'recursive']);
  const path = checkPath(folder);
  const { extensions, recursive = false } = options;
  return new Data(new ListStage(() => pathsIn(path, extensions, recursive)));
}
