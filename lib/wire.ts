import { PbfReader } from 'pbf';

import { EngineError } from './errors.js';
import type { Sliced } from './sliced.js';

/** How a value lies in a protobuf file. */
const kVarint = 0;
const kFixed64 = 1;
const kBytes = 2;
const kFixed32 = 5;

/** Messages inside each other; deeper files are taken for attacks. */
const kDeepest = 100;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Ranges of a file by the place where they are missing. */
type Cuts = ReadonlyMap<number, { readonly offset: number; readonly length: number }>;

const kNoCuts: Cuts = new Map();

/**
 * Reads protobuf fields from a file that may be damaged or hostile: no value reaches past the
 * message that holds it, and each error names the file, the byte and the message. Bytes are views
 * into the file.
 */
export class WireReader {
  readonly #pbf: PbfReader;
  readonly #file: string;
  readonly #kind: string;
  readonly #cuts: Cuts;
  readonly #place: string[] = [];
  #end: number;
  #field = 0;
  #unread = false;

  /**
   * `kind`: what the file should be, for error messages. `cuts`: bytes that were left out of the
   * file, by the place where they are missing.
   */
  constructor(bytes: Uint8Array, file: string, kind = 'ONNX model', cuts: Cuts = kNoCuts) {
    this.#cuts = cuts;
    this.#pbf = new PbfReader(bytes);
    this.#file = file;
    this.#kind = kind;
    this.#end = bytes.length;
  }

  /** Moves to the next field of the message and gives its number, 0 at the end of the message. */
  next(): number {
    if (this.#unread) this.#skip();
    if (this.#pbf.pos >= this.#end) return 0;
    const tag = this.#varint();
    this.#pbf.type = tag % 8;
    this.#field = Math.floor(tag / 8);
    if (this.#field === 0) this.fail('a field has the number 0');
    this.#unread = true;
    return this.#field;
  }

  /** Runs `read` over the fields of the message that this field holds; it must call next() to 0. */
  message<T>(name: string, read: () => T): T {
    const outer = this.#enter(name);
    const result = read();
    this.#leave(outer);
    return result;
  }

  /** `message` for a reader that gives way now and then. */
  *slicedMessage<T>(name: string, read: () => Sliced<T>): Sliced<T> {
    const outer = this.#enter(name);
    const result = yield* read();
    this.#leave(outer);
    return result;
  }

  bytes(): Uint8Array {
    const length = this.#length();
    const start = this.#pbf.pos;
    this.#pbf.pos = start + length;
    return this.#pbf.buf.subarray(start, start + length);
  }

  /** What was left out of the file where these bytes of it are. */
  cutAt(bytes: Uint8Array): { readonly offset: number; readonly length: number } | undefined {
    if (bytes.length > 0 || this.#cuts.size === 0) return undefined;
    return this.#cuts.get(bytes.byteOffset - this.#pbf.buf.byteOffset);
  }

  string(): string {
    const bytes = this.bytes();
    try {
      return utf8.decode(bytes);
    } catch {
      return this.fail('the text is not UTF-8');
    }
  }

  /** A varint that holds a small number: an enum, a version. Larger ones lose digits. */
  int(): number {
    this.#expect(kVarint);
    return Number(BigInt.asIntN(64, this.#bigVarint()));
  }

  int64(): bigint {
    this.#expect(kVarint);
    return BigInt.asIntN(64, this.#bigVarint());
  }

  float(): number {
    this.#fixed(kFixed32, 4);
    return this.#pbf.readFloat();
  }

  /** Appends one value or a packed run of them. */
  int64s(list: bigint[]): void {
    if (this.#pbf.type !== kBytes) {
      list.push(this.int64());
      return;
    }
    const end = this.#length() + this.#pbf.pos;
    while (this.#pbf.pos < end) list.push(BigInt.asIntN(64, this.#bigVarint()));
    if (this.#pbf.pos > end) this.fail('a number reaches past its list');
  }

  /** Appends one value or a packed run of them. */
  floats(list: number[]): void {
    if (this.#pbf.type !== kBytes) {
      list.push(this.float());
      return;
    }
    const end = this.#length(4) + this.#pbf.pos;
    while (this.#pbf.pos < end) list.push(this.#pbf.readFloat());
  }

  /**
   * The bytes of one number or of a packed run of numbers, as they lie in the file: `size` bytes
   * each, or varints when the size is 0.
   */
  packed(size: 0 | 4 | 8): Uint8Array {
    if (this.#pbf.type === kBytes) {
      const length = this.#length(size || 1);
      const start = this.#pbf.pos;
      this.#pbf.pos = start + length;
      return this.#pbf.buf.subarray(start, start + length);
    }
    const start = this.#pbf.pos;
    if (size === 0) this.int64();
    else this.#fixed(size === 4 ? kFixed32 : kFixed64, size);
    if (size !== 0) this.#pbf.pos = start + size;
    return this.#pbf.buf.subarray(start, this.#pbf.pos);
  }

  fail(what: string): never {
    const place =
      this.#place.length > 0
        ? this.#place.join('.')
        : `the ${this.#kind === 'ONNX model' ? 'model' : 'record'}`;
    throw new EngineError(
      'DATA_LOSS',
      `${this.#file}: byte ${this.#pbf.pos}, in ${place}: ${what}; the file is damaged or is no ` +
        this.#kind,
    );
  }

  #enter(name: string): number {
    const end = this.#length() + this.#pbf.pos;
    if (this.#place.length >= kDeepest) {
      throw new EngineError(
        'INVALID_ARGUMENT',
        `${this.#file}: byte ${this.#pbf.pos}: messages lie in each other deeper than ${kDeepest}`,
      );
    }
    const outer = this.#end;
    this.#end = end;
    this.#place.push(name);
    return outer;
  }

  #leave(outer: number): void {
    this.#place.pop();
    this.#end = outer;
    this.#unread = false;
  }

  #skip(): void {
    const { type } = this.#pbf;
    if (type === kVarint) this.int64();
    else if (type === kBytes) this.bytes();
    else if (type === kFixed32) this.#advance(kFixed32, 4);
    else if (type === kFixed64) this.#advance(kFixed64, 8);
    else this.fail(`field ${this.#field} has the unknown wire type ${type}`);
  }

  #advance(type: number, size: number): void {
    this.#fixed(type, size);
    this.#pbf.pos += size;
  }

  #fixed(type: number, size: number): void {
    this.#expect(type);
    const left = this.#end - this.#pbf.pos;
    if (left < size) this.fail(`field ${this.#field} takes ${size} bytes, but ${left} are left`);
  }

  #expect(type: number): void {
    this.#unread = false;
    if (this.#pbf.type === type) return;
    this.fail(`field ${this.#field} has wire type ${this.#pbf.type}, expected ${type}`);
  }

  #length(multiple = 1): number {
    this.#expect(kBytes);
    const length = this.#varint();
    const left = this.#end - this.#pbf.pos;
    if (length > left) {
      this.fail(`field ${this.#field} says ${length} bytes, but ${left} are left`);
    }
    if (length % multiple !== 0) {
      this.fail(`field ${this.#field} has ${length} bytes, expected a multiple of ${multiple}`);
    }
    return length;
  }

  /** A varint of tags and lengths, which are far below 2^53 in any file that is read. */
  #varint(): number {
    const { buf, pos } = this.#pbf;
    const first = buf[pos];
    if (first !== undefined && first < 0x80 && pos < this.#end) {
      this.#pbf.pos = pos + 1;
      return first;
    }
    this.#checkVarint();
    return this.#pbf.readVarint();
  }

  #bigVarint(): bigint {
    const end = this.#checkVarint();
    const { buf, pos } = this.#pbf;
    this.#pbf.pos = end;
    return varint64(buf, pos, end);
  }

  /** The end of the varint at the reader's position, after making sure that it is whole. */
  #checkVarint(): number {
    const { buf, pos } = this.#pbf;
    const limit = Math.min(pos + 10, this.#end);
    let at = pos;
    while (at < limit && buf[at]! >= 0x80) at++;
    if (at < limit) return at + 1;
    return this.fail(at === pos + 10 ? 'a number has more than 10 bytes' : 'a number is cut off');
  }
}

/** The 64-bit value of the varint in bytes [start, end). */
function varint64(bytes: Uint8Array, start: number, end: number): bigint {
  let low = 0;
  let high = 0;
  for (let i = start; i < end; i++) {
    const bits = bytes[i]! & 0x7f;
    const shift = 7 * (i - start);
    if (shift <= 28) low += bits * 2 ** shift;
    else high += bits * 2 ** (shift - 35);
  }
  return high === 0 ? BigInt(low) : BigInt(low) + (BigInt(high) << 35n);
}
