import type { BlockHandle } from '../binding.js';
import { elementSize, type NumericDType } from '../dtype.js';
import { EngineError } from '../errors.js';
import { formatShape } from '../shape.js';
import type { Sliced } from '../sliced.js';
import type { Bundle, BundleEntry, Piece } from './bundle.js';
import type { Files } from './files.js';
import type { Source } from './restores.js';
import type { Extent } from './sliceKey.js';

/** The value of a variable in memory of the core. */
export interface StoredValue {
  readonly dtype: NumericDType;
  readonly shape: readonly number[];
  readonly block: BlockHandle;
}

/** Reads values of a checkpoint, each place of its files at most once. */
export class ValueReader {
  readonly #bundle: Bundle;
  readonly #files: Files;
  readonly #read = new Set<string>();
  /** The sizes of the files with values. */
  #sizes: ReadonlyMap<string, number> | undefined;
  #left = 0;

  constructor(bundle: Bundle, files: Files) {
    this.#bundle = bundle;
    this.#files = files;
  }

  /** The value, or the part of it that is wanted. */
  *value({ key, slice }: Source): Sliced<StoredValue> {
    const entry = this.#bundle.entry(key);
    const whole = regionOf(undefined, entry.shape, key);
    const wanted = slice ? regionOf(slice, entry.shape, key) : whole;
    if (entry.slices.length === 0) {
      const piece = this.#bundle.piece(key);
      if (isSame(wanted, whole)) return yield* this.#whole(piece, key);
      return yield* this.#joined([{ piece, region: whole }], wanted, key);
    }
    const parts = entry.slices.map((part) => this.#part(part, entry, key));
    const exact = parts.find(({ region }) => isSame(region, wanted));
    if (exact) return yield* this.#whole(exact.piece, key);
    return yield* this.#joined(parts, wanted, key);
  }

  #part(slice: readonly Extent[], { shape }: BundleEntry, key: string): Part {
    const region = regionOf(slice, shape, key);
    const piece = this.#bundle.piece(key, slice);
    const expected = region.map(({ length }) => length);
    if (String(piece.shape) === String(expected)) return { piece, region };
    throw damaged(key, `a part has shape ${formatShape(piece.shape)}, expected ${expected}`);
  }

  *#whole(piece: Piece, key: string): Sliced<StoredValue> {
    yield* this.#check(piece, key);
    const block = yield* this.#files.block(piece, key);
    return { dtype: piece.dtype, shape: piece.shape, block };
  }

  /** A region that is made of several pieces, or of a part of one. */
  *#joined(parts: readonly Part[], wanted: Region, key: string): Sliced<StoredValue> {
    const [first] = parts;
    if (!first) throw damaged(key, 'it has no parts');
    const { dtype } = first.piece;
    const size = elementSize(dtype);
    const shape = wanted.map(({ length }) => length);
    const count = shape.reduce((product, dim) => product * dim, 1);
    const whole = parts.reduce((sum, { piece }) => sum + piece.bytes, 0);
    if (count * size > whole) {
      throw damaged(key, `its parts have ${whole} bytes, expected ${count * size}`);
    }
    const to = new Uint8Array(count * size);
    let copied = 0;
    for (const { piece, region } of parts) {
      const common = wanted.map((extent, i) => intersection(extent, region[i]!));
      if (common.some(({ length }) => length <= 0)) continue;
      if (piece.dtype !== dtype) throw damaged(key, 'its parts have different dtypes');
      yield* this.#check(piece, key);
      const from = yield* this.#files.bytes(piece, key);
      copied += yield* copy(common, { region, bytes: from }, { region: wanted, bytes: to }, size);
    }
    if (copied !== count) throw damaged(key, `its parts give ${copied} of ${count} elements`);
    return { dtype, shape, block: yield* this.#files.filled(to) };
  }

  /** Pieces lie in their files, and all together are not larger than these. */
  *#check({ path, offset, bytes }: Piece, key: string): Sliced<void> {
    const sizes = this.#sizes ?? (yield* this.#files.sizes(this.#bundle.shards));
    if (this.#sizes === undefined) {
      this.#sizes = sizes;
      for (const size of sizes.values()) this.#left += size;
    }
    const size = sizes.get(path) ?? 0;
    if (offset + bytes > size) {
      const place = `bytes ${offset} to ${offset + bytes} of '${path}'`;
      throw damaged(key, `it lies in ${place}, which has ${size} bytes`);
    }
    const place = `${path}:${offset}:${bytes}`;
    if (!this.#read.has(place)) this.#left -= bytes;
    this.#read.add(place);
    if (this.#left < 0) throw damaged(key, 'the values are larger than the files that hold them');
  }
}

type Region = readonly Extent[];

interface Part {
  readonly piece: Piece;
  readonly region: Region;
}

interface Box {
  readonly region: Region;
  readonly bytes: Uint8Array;
}

/** Extents with the lengths that dims have. */
function regionOf(slice: Region | undefined, shape: readonly number[], key: string): Region {
  const extents = slice ?? shape.map(() => ({ start: 0, length: -1 }));
  const region = extents.map(({ start, length }, i) => {
    return { start, length: length === -1 ? (shape[i] ?? 0) - start : length };
  });
  const fits = region.every(
    ({ start, length }, i) => start >= 0 && length >= 0 && start + length <= (shape[i] ?? -1),
  );
  if (fits && region.length === shape.length) return region;
  const text = region.map(({ start, length }) => `${start}+${length}`).join(', ');
  throw damaged(key, `the part [${text}] is not inside of its shape ${formatShape(shape)}`);
}

function isSame(a: Region, b: Region): boolean {
  return a.every(({ start, length }, i) => start === b[i]?.start && length === b[i]?.length);
}

function intersection(a: Extent, b: Extent): Extent {
  const start = Math.max(a.start, b.start);
  return { start, length: Math.min(a.start + a.length, b.start + b.length) - start };
}

/** Copies the elements of a region from one box to another, and says how many. */
function* copy(common: Region, from: Box, to: Box, size: number): Sliced<number> {
  const rank = common.length;
  const row = rank === 0 ? 1 : common[rank - 1]!.length;
  const rows = common.slice(0, -1).reduce((product, { length }) => product * length, 1);
  const at = common.map(({ start }) => start);
  for (let i = 0; i < rows; i++) {
    const source = size * flat(at, from.region);
    to.bytes.set(from.bytes.subarray(source, source + row * size), size * flat(at, to.region));
    for (let dim = rank - 2; dim >= 0; dim--) {
      const { start, length } = common[dim]!;
      at[dim]! += 1;
      if (at[dim]! < start + length) break;
      at[dim] = start;
    }
    if (i % 256 === 255) yield;
  }
  return rows * row;
}

function flat(at: readonly number[], region: Region): number {
  return region.reduce((sum, { start, length }, i) => sum * length + at[i]! - start, 0);
}

function damaged(key: string, what: string): EngineError {
  return new EngineError('DATA_LOSS', `'${key}': ${what}; the checkpoint is damaged`);
}
