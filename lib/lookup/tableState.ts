import type { Fetches } from '../fetchTypes.js';
import type { Graph } from '../graph.js';
import { NDArray } from '../ndArray.js';
import type { RunOptions } from '../runOptions.js';
import { fitsStatic, formatShape } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { type TableContent, type TableEntry, tablesOf } from './tables.js';

type Tensors = Readonly<Record<string, NDArray>>;

/** Tables that change, with what a file holds for them. */
export interface FoundTables {
  readonly found: readonly FoundTable[];
  /** Tables of which the file has nothing. */
  readonly missing: readonly string[];
  /** Why the content of one does not fit. */
  readonly mismatched: readonly string[];
  /** Everything else of the file. */
  readonly others: Tensors;
}

export interface FoundTable {
  readonly name: string;
  readonly content: TableContent;
  readonly keys: NDArray;
  readonly values: NDArray;
}

/** The content of all tables that change, as tensors for a file. */
export function tableTensors(
  graph: Graph,
  runSync: (fetches: readonly Tensor[]) => readonly NDArray[],
): Tensors {
  const tensors: Record<string, NDArray> = {};
  for (const { name, content } of growing(graph)) {
    const [keys, values] = runSync([content.keys, content.values]);
    Object.assign(tensors, storable(`${name}/keys`, keys!), storable(`${name}/values`, values!));
  }
  return tensors;
}

export function hasTables(graph: Graph): boolean {
  return growing(graph).length > 0;
}

function growing(graph: Graph): (TableEntry & { readonly content: TableContent })[] {
  return tablesOf(graph).flatMap(({ name, content }) => (content ? { name, content } : []));
}

/** Finds the content of the graph's tables in a file. */
export function findTables(graph: Graph, tensors: Tensors): FoundTables {
  const others = { ...tensors };
  const found: FoundTable[] = [];
  const missing: string[] = [];
  const mismatched: string[] = [];
  for (const { name, content } of growing(graph)) {
    const keys = taken(others, `${name}/keys`, content.replace.keys);
    const values = taken(others, `${name}/values`, content.replace.values);
    if (keys && values) {
      const wrong = differenceOf(keys, content.keys) ?? differenceOf(values, content.values);
      if (wrong) mismatched.push(`table '${name}': ${wrong}`);
      else found.push({ name, content, keys, values });
    } else missing.push(name);
  }
  return { found, missing, mismatched, others };
}

/** What a run takes to replace the content of these tables. */
export function replacing(found: readonly FoundTable[]): [fetches: Fetches, options: RunOptions] {
  const fetches = found.map(({ content }) => content.replace.op);
  const feeds = found.flatMap(({ content: { replace }, keys, values }) => [
    [replace.keys, keys] as const,
    [replace.values, values] as const,
  ]);
  return [fetches, { feeds }];
}

function differenceOf({ dtype, shape }: NDArray, own: Tensor): string | undefined {
  if (dtype === own.dtype && fitsStatic(shape, own.shape)) return undefined;
  const expected = `${own.dtype} ${formatShape(own.shape)}`;
  return `'${own.name}' is ${expected}, but in the checkpoint ${dtype} ${formatShape(shape)}`;
}

/** Strings as their bytes, one after another, and where each ends. */
function storable(name: string, array: NDArray): Tensors {
  if (array.dtype !== 'string') return { [name]: array };
  const parts = Array.from(array, (text) => Buffer.from(String(text)));
  const ends = new BigInt64Array(parts.length);
  let end = 0;
  for (const [i, part] of parts.entries()) {
    end += part.length;
    ends[i] = BigInt(end);
  }
  return {
    [name]: new NDArray(new Uint8Array(Buffer.concat(parts)), [end], 'uint8'),
    [`${name}/ends`]: new NDArray(ends, array.shape, 'int64'),
  };
}

/** Takes an array of the file out of the others. */
function taken(others: Record<string, NDArray>, name: string, own: Tensor): NDArray | undefined {
  const stored = Object.hasOwn(others, name) ? others[name] : undefined;
  const ends = Object.hasOwn(others, `${name}/ends`) ? others[`${name}/ends`] : undefined;
  if (!stored || (own.dtype === 'string' && !ends)) return undefined;
  delete others[name];
  if (own.dtype !== 'string') return stored;
  delete others[`${name}/ends`];
  const bytes = Buffer.from(Uint8Array.from(stored, Number));
  let from = 0;
  const texts = Array.from(ends!, (end) => {
    const text = bytes.toString('utf8', from, Number(end));
    from = Number(end);
    return text;
  });
  return new NDArray(texts, ends!.shape, 'string');
}
