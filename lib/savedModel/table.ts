import { EngineError } from '../errors.js';
import { maskedCrc32c } from '../io/crc32c.js';

// A sorted table of keys and values, as LevelDB lays it out: blocks of entries, an index block
// with the place of each, and a footer with the place of the index.

const kFooterBytes = 48;
const kTrailerBytes = 5;
const kMagic = 0xdb4775248b80fb57n;

/** Keys share beginnings, so that a small file may hold long ones; more than this is an attack. */
const kKeyBytesPerByte = 64;

/** The entries of a table, keys as latin1 text of their bytes, values as views into the file. */
export function readTable(bytes: Uint8Array, file: string): Map<string, Uint8Array> {
  return new TableReader(bytes, file).entries();
}

class TableReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #file: string;
  #keyBytesLeft: number;

  constructor(bytes: Uint8Array, file: string) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#file = file;
    this.#keyBytesLeft = 4096 + kKeyBytesPerByte * bytes.length;
  }

  entries(): Map<string, Uint8Array> {
    const end = this.#bytes.length;
    if (end < kFooterBytes) {
      this.#fail(end, `expected a footer of ${kFooterBytes} bytes, the file has ${end}`);
    }
    const magic = this.#view.getBigUint64(end - 8, true);
    if (magic !== kMagic) {
      this.#fail(end - 8, `expected the magic number ${hex(kMagic)}, got ${hex(magic)}`);
    }
    const footer = new Cursor(this.#bytes, end - kFooterBytes, end - 8, this.#fail);
    const meta = this.#handle(footer);
    const index = this.#block(this.#handle(footer));
    const all = new Map<string, Uint8Array>();
    // The meta index holds nothing, but has a checksum.
    this.#block(meta).next();
    for (const [, handle] of index) {
      const cursor = new Cursor(handle, 0, handle.length, this.#fail);
      for (const [key, value] of this.#block(this.#handle(cursor))) all.set(key, value);
    }
    return all;
  }

  #handle(cursor: Cursor): { readonly offset: number; readonly size: number } {
    const offset = cursor.varint();
    const size = cursor.varint();
    const most = this.#bytes.length - kFooterBytes - kTrailerBytes;
    if (offset + size > most) {
      this.#fail(offset, `a block of ${size} bytes at ${offset} reaches past the file`);
    }
    return { offset, size };
  }

  *#block({ offset, size }: { offset: number; size: number }): Generator<[string, Uint8Array]> {
    const end = offset + size;
    const compression = this.#bytes[end]!;
    const sum = maskedCrc32c(this.#bytes.subarray(offset, end + 1));
    const expected = this.#view.getUint32(end + 1, true);
    if (sum !== expected) {
      this.#fail(offset, `a block has the checksum ${hex(sum)}, expected ${hex(expected)}`);
    }
    if (compression !== 0) {
      const name = compression === 1 ? 'Snappy' : `method ${compression}`;
      const text = `'${this.#file}': a block is compressed by ${name}, which is not supported`;
      throw new EngineError('UNIMPLEMENTED', text);
    }
    const restarts = size < 4 ? 0 : this.#view.getUint32(end - 4, true);
    const entriesEnd = end - 4 - 4 * restarts;
    if (size < 4 || entriesEnd < offset) this.#fail(offset, `a block has ${restarts} restarts`);
    const cursor = new Cursor(this.#bytes, offset, entriesEnd, this.#fail);
    for (let key = ''; !cursor.done; ) {
      const shared = cursor.varint();
      const own = cursor.varint();
      const length = cursor.varint();
      if (shared > key.length) {
        this.#fail(cursor.at, `a key shares ${shared} bytes with one of ${key.length}`);
      }
      this.#keyBytesLeft -= shared + own;
      if (this.#keyBytesLeft < 0) this.#fail(cursor.at, 'the keys are too long for the file');
      key = key.slice(0, shared) + Buffer.from(cursor.take(own)).toString('latin1');
      yield [key, cursor.take(length)];
    }
  }

  readonly #fail = (at: number, what: string): never => {
    const text = `'${this.#file}': byte ${at}: ${what}; the file is damaged or is no index of a checkpoint`;
    throw new EngineError('DATA_LOSS', text);
  };
}

/** Reads numbers and bytes one after the other, never past the end. */
class Cursor {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  readonly #fail: (at: number, what: string) => never;
  at: number;

  constructor(
    bytes: Uint8Array,
    start: number,
    end: number,
    fail: (at: number, what: string) => never,
  ) {
    this.#bytes = bytes;
    this.at = start;
    this.#end = end;
    this.#fail = fail;
  }

  get done(): boolean {
    return this.at >= this.#end;
  }

  /** A number below 2^53 in groups of seven bits, low ones first. */
  varint(): number {
    let value = 0;
    for (let shift = 0; shift < 56; shift += 7) {
      const byte = this.at < this.#end ? this.#bytes[this.at] : undefined;
      if (byte === undefined) return this.#fail(this.at, 'a number is cut off');
      this.at += 1;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80 && value <= Number.MAX_SAFE_INTEGER) return value;
    }
    return this.#fail(this.at, 'a number is too large');
  }

  take(length: number): Uint8Array {
    const left = this.#end - this.at;
    if (length > left) this.#fail(this.at, `${length} bytes are expected, ${left} are left`);
    this.at += length;
    return this.#bytes.subarray(this.at - length, this.at);
  }
}

function hex(value: number | bigint): string {
  return `0x${value.toString(16)}`;
}
