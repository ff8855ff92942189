import type { Sliced } from '../sliced.js';
import { isWholeBytes } from './tensorValue.js';

/** A part of a file. */
export interface Range {
  readonly offset: number;
  readonly length: number;
}

/** A model file without the values of its large weights. */
export interface Skeleton {
  readonly bytes: Uint8Array;
  /** What was left out, by the place in `bytes` at which it is missing. */
  readonly cuts: ReadonlyMap<number, Range>;
}

/** Reads a part of the file that exists. */
export type ReadRange = (offset: number, length: number) => Sliced<Uint8Array>;

/** Values of this size on are left in the file until they are read into memory of the core. */
export const kStoredBytes = 64 << 10;

/** More text, nodes and small values than this are no skeleton. */
const kLargest = 16 << 20;

/** Bytes looked at together. */
const kWindow = 16 << 10;

/** By kind of message, the fields to look into. */
const kInside = { model: { 7: 'graph' }, graph: { 5: 'tensor' }, tensor: {} } as const;
type Kind = keyof typeof kInside;

const kDataType = 2;
const kRawData = 9;

/** Bytes as they are to be written, a range of the file, or one that is left out. */
type Part = Uint8Array | (Range & { readonly isCut: boolean });

/**
 * Reads a model file without the large raw data of its initializers. Undefined when the file is no
 * proper protobuf, or when too much is left of it: then it is to be read as a whole.
 */
export function* readSkeleton(size: number, read: ReadRange): Sliced<Skeleton | undefined> {
  const parts = yield* new Scanner(read).scan('model', 0, size);
  if (!parts) return undefined;
  const kept = parts.reduce((sum, part) => sum + keptLength(part), 0);
  if (kept > kLargest) return undefined;
  const bytes = new Uint8Array(kept);
  const cuts = new Map<number, Range>();
  let at = 0;
  for (const part of parts) {
    if (part instanceof Uint8Array) bytes.set(part, at);
    else if (part.isCut) cuts.set(at, { offset: part.offset, length: part.length });
    else bytes.set(yield* read(part.offset, part.length), at);
    at += keptLength(part);
    yield;
  }
  return { bytes, cuts };
}

function keptLength(part: Part): number {
  return part instanceof Uint8Array || !part.isCut ? part.length : 0;
}

class Scanner {
  readonly #read: ReadRange;
  #window: Uint8Array = new Uint8Array(0);
  #start = 0;

  constructor(read: ReadRange) {
    this.#read = read;
  }

  /** The parts of a message that lies in [at, end); undefined when it does not end there. */
  *scan(kind: Kind, at: number, end: number): Sliced<Part[] | undefined> {
    const parts: Part[] = [];
    let dataType = 0;
    for (let next = at; at < end; at = next) {
      yield;
      const tag = yield* this.#varint(at, end);
      if (!tag) return undefined;
      const field = Math.floor(tag.value / 8);
      const isMessage = tag.value % 8 === 2;
      const value = yield* this.#value(tag.value % 8, tag.next, end);
      if (!value) return undefined;
      next = value.next;
      if (kind === 'tensor' && field === kDataType && !isMessage) dataType = value.number;
      const length = next - value.start;
      const inside: Partial<Record<number, Kind>> = kInside[kind];
      const inner = isMessage && length >= kStoredBytes ? inside[field] : undefined;
      const isCut = kind === 'tensor' && field === kRawData && isMessage && length >= kStoredBytes;
      if (inner || isCut) this.#settle(parts);
      if (inner) {
        const content = yield* this.scan(inner, value.start, next);
        if (!content) return undefined;
        const kept = content.reduce((sum, part) => sum + keptLength(part), 0);
        parts.push(headOf(tag.value, kept), ...content);
      } else if (isCut && isWholeBytes(dataType)) {
        parts.push(headOf(tag.value, 0), { offset: value.start, length, isCut: true });
      } else {
        extend(parts, at, next);
      }
    }
    return parts;
  }

  /** Takes the last range from the window, where it lies there, instead of reading it again. */
  #settle(parts: Part[]): void {
    const last = parts.at(-1);
    if (!last || last instanceof Uint8Array || last.isCut) return;
    const from = last.offset - this.#start;
    const end = from + last.length;
    if (from < 0 || end > this.#window.length) return;
    parts[parts.length - 1] = this.#window.slice(from, end);
  }

  /** Where the value of a field lies; its number when it is one. */
  *#value(wire: number, at: number, end: number) {
    if (wire === 0) {
      const found = yield* this.#varint(at, end);
      return found && { start: at, next: found.next, number: found.value };
    }
    const head = wire === 2 ? yield* this.#varint(at, end) : undefined;
    if (wire === 2 && !head) return undefined;
    const start = head?.next ?? at;
    const length = head?.value ?? (wire === 1 ? 8 : wire === 5 ? 4 : Infinity);
    return start + length <= end ? { start, next: start + length, number: 0 } : undefined;
  }

  *#varint(at: number, end: number): Sliced<{ value: number; next: number } | undefined> {
    const most = Math.min(10, end - at);
    if (at < this.#start || at + most > this.#start + this.#window.length) {
      this.#window = yield* this.#read(at, Math.min(kWindow, end - at));
      this.#start = at;
    }
    let value = 0;
    for (let i = 0; i < most; i++) {
      const byte = this.#window[at - this.#start + i]!;
      value += (byte & 0x7f) * 2 ** (7 * i);
      if (byte < 0x80) return { value, next: at + i + 1 };
    }
    return undefined;
  }
}

/** Adds a range of the file, to the last part when it goes on there. */
function extend(parts: Part[], from: number, to: number): void {
  const last = parts.at(-1);
  const goesOn =
    last && !(last instanceof Uint8Array) && !last.isCut && last.offset + last.length === from;
  if (goesOn) parts[parts.length - 1] = { ...last, length: to - last.offset };
  else parts.push({ offset: from, length: to - from, isCut: false });
}

/** A tag and the length of what follows. */
function headOf(tag: number, length: number): Uint8Array {
  const bytes: number[] = [];
  for (let value of [tag, length]) {
    for (; value >= 0x80; value = Math.floor(value / 0x80)) bytes.push((value % 0x80) | 0x80);
    bytes.push(value);
  }
  return Uint8Array.from(bytes);
}
