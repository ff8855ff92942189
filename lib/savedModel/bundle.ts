import { elementSize, isNumeric, type NumericDType } from '../dtype.js';
import { EngineError } from '../errors.js';
import { dataTypeName, dtypeNamed } from '../graphdef/dataTypes.js';
import { readShape } from '../graphdef/read.js';
import type { TensorShapeProto } from '../graphdef/types.js';
import { formatShape } from '../shape.js';
import { WireReader } from '../wire.js';
import { type Extent, sliceKey } from './sliceKey.js';
import { readTable } from './table.js';

/** Where a tensor, or a part of one, lies in the files of a checkpoint. */
export interface BundleEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly shard: number;
  readonly offset: number;
  readonly size: number;
  /** Of the bytes, as it is, not in the masked form of the file. */
  readonly sum: number;
  /** The parts, when it was saved in parts: each has an entry of its own. */
  readonly slices: readonly (readonly Extent[])[];
}

/** A piece of a file that holds numbers. */
export interface Piece {
  readonly dtype: NumericDType;
  readonly shape: readonly number[];
  readonly path: string;
  readonly offset: number;
  readonly bytes: number;
  readonly sum: number;
}

/** The index of a checkpoint: PREFIX.index, beside PREFIX.data-00000-of-00001 and so on. */
export class Bundle {
  readonly #entries: ReadonlyMap<string, Uint8Array>;
  readonly #prefix: string;
  readonly #shards: number;

  /** `index`: the bytes of the file PREFIX.index. */
  constructor(index: Uint8Array, prefix: string) {
    this.#prefix = prefix;
    this.#entries = readTable(index, this.#file);
    this.#shards = this.#header();
  }

  get #file(): string {
    return `${this.#prefix}.index`;
  }

  get names(): string[] {
    const keys = [...this.#entries.keys()].filter((key) => key !== '' && !key.startsWith('\0'));
    return keys.map((key) => Buffer.from(key, 'latin1').toString());
  }

  /** The files with the values. */
  get shards(): string[] {
    return Array.from({ length: this.#shards }, (_, i) => this.#shard(i));
  }

  has(name: string): boolean {
    return this.#entries.has(latin1(name));
  }

  entry(name: string): BundleEntry {
    return this.#entry(latin1(name), name);
  }

  /** Where the numbers of a whole tensor or of one of its parts lie. */
  piece(name: string, slice?: readonly Extent[]): Piece {
    const key = slice ? sliceKey(name, slice) : latin1(name);
    const entry = this.#entry(key, name);
    const dtype = dtypeNamed(entry.dtype);
    if (dtype === undefined || !isNumeric(dtype)) {
      const text = `'${this.#file}': '${name}': values of ${entry.dtype} are not supported`;
      throw new EngineError('UNIMPLEMENTED', text);
    }
    const { shape, size, shard, offset, sum } = entry;
    const count = shape.reduce((product, dim) => product * dim, 1);
    const bytes = count * elementSize(dtype);
    if (bytes !== size) {
      const expected = `${bytes} for ${dtype} ${formatShape(shape)}`;
      this.#fail(`'${name}' has ${size} bytes, expected ${expected}`);
    }
    if (shard >= this.#shards) this.#fail(`'${name}' lies in file ${shard} of ${this.#shards}`);
    return { dtype, shape, path: this.#shard(shard), offset, bytes, sum };
  }

  #shard(shard: number): string {
    const five = (n: number) => String(n).padStart(5, '0');
    return `${this.#prefix}.data-${five(shard)}-of-${five(this.#shards)}`;
  }

  #header(): number {
    const bytes = this.#entries.get('');
    if (!bytes) return this.#fail('there is no header');
    const r = this.#reader(bytes);
    let shards = 0;
    for (let field = r.next(); field !== 0; field = r.next()) {
      if (field === 1) shards = r.int();
      else if (field === 2 && r.int() !== 0) {
        const text = `'${this.#file}': values of machines whose numbers begin with the high byte are not supported`;
        throw new EngineError('UNIMPLEMENTED', text);
      }
    }
    if (shards >= 1 && shards <= 99_999) return shards;
    return this.#fail(`the header says ${shards} files`);
  }

  #entry(key: string, name: string): BundleEntry {
    const bytes = this.#entries.get(key);
    if (!bytes) {
      throw new EngineError('NOT_FOUND', `Key ${name} not found in checkpoint '${this.#prefix}'`);
    }
    const entry = readEntry(this.#reader(bytes));
    const numbers = [...entry.shape, entry.shard, entry.offset, entry.size];
    if (numbers.some((n) => !(Number.isSafeInteger(n) && n >= 0))) {
      this.#fail(`'${name}' has a shape, a place or a size that cannot be: ${numbers.join(', ')}`);
    }
    return entry;
  }

  #reader(bytes: Uint8Array): WireReader {
    return new WireReader(bytes, `'${this.#file}'`, 'entry of a checkpoint');
  }

  #fail(what: string): never {
    throw new EngineError('DATA_LOSS', `'${this.#file}': ${what}; the file is damaged`);
  }
}

/** Keys are bytes; this is the text that has these bytes as its characters. */
function latin1(name: string): string {
  return Buffer.from(name).toString('latin1');
}

function readEntry(r: WireReader): BundleEntry {
  const entry = { dtype: 'DT_0', shard: 0, offset: 0, size: 0, sum: 0 };
  const slices: Extent[][] = [];
  let shape: TensorShapeProto = {};
  for (let field = r.next(); field !== 0; field = r.next()) {
    if (field === 1) entry.dtype = dataTypeName(r.int());
    else if (field === 2) shape = r.message('shape', () => readShape(r));
    else if (field === 3) entry.shard = r.int();
    else if (field === 4) entry.offset = r.int();
    else if (field === 5) entry.size = r.int();
    else if (field === 6) entry.sum = unmasked(r.packed(4));
    else if (field === 7) slices.push(r.message('slices', () => readSlice(r)));
  }
  return { ...entry, shape: (shape.dim ?? []).map(({ size }) => Number(size ?? 0)), slices };
}

function readSlice(r: WireReader): Extent[] {
  const extents: Extent[] = [];
  for (let field = r.next(); field !== 0; field = r.next()) {
    if (field === 1) extents.push(r.message('extent', () => readExtent(r)));
  }
  return extents;
}

function readExtent(r: WireReader): Extent {
  const extent = { start: 0, length: -1 };
  for (let field = r.next(); field !== 0; field = r.next()) {
    if (field === 1) extent.start = r.int();
    else if (field === 2) extent.length = r.int();
  }
  return extent;
}

/** Undoes the rotation and the sum of the masked form. */
function unmasked(bytes: Uint8Array): number {
  const masked = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
  const turned = (masked - 0xa282ead8) >>> 0;
  return ((turned >>> 17) | (turned << 15)) >>> 0;
}
