import { EngineError } from '../errors.js';

/** A word, a number or a sign as it is written, or the bytes of a text in quotes. */
export interface Token {
  readonly at: number;
  readonly text: string;
  readonly bytes?: Uint8Array;
}

const plain = /[A-Za-z_][\w]*|[-+]?(?:\.\d|\d)(?:[eE][-+]|[\w.])*|[-{}[\]<>:,;/.]/y;
const space = /(?:[ \t\r\n\f\v]+|#[^\n]*)*/y;

const escapes: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
};

/** Reads protobuf's text format token by token. A character of `text` is a byte of the file. */
export class Tokens {
  readonly #text: string;
  readonly #file: string;
  #at = 0;
  #next: Token | undefined;
  /** The names of the messages around, for errors. */
  readonly place: string[] = [];

  constructor(text: string, file: string) {
    this.#text = text;
    this.#file = file;
  }

  /** The next token, which stays; undefined at the end. */
  get next(): Token | undefined {
    this.#next ??= this.#read();
    return this.#next;
  }

  take(expected: string): Token {
    const token = this.next;
    if (!token) return this.fail(`expected ${expected} but the file ends`);
    this.#next = undefined;
    return token;
  }

  /** Takes the sign if it comes next. */
  takes(sign: string): boolean {
    const found = this.next;
    if (found?.text !== sign || found.bytes) return false;
    this.#next = undefined;
    return true;
  }

  expect(sign: string): void {
    if (!this.takes(sign)) this.unexpected(`'${sign}'`);
  }

  unexpected(expected: string, token = this.next): never {
    if (!token) return this.fail(`expected ${expected} but the file ends`);
    const found = token.bytes ? 'text in quotes' : `'${token.text}'`;
    return this.fail(`expected ${expected} but found ${found}`, token.at);
  }

  word(expected: string): string {
    const token = this.take(expected);
    return /^[A-Za-z_]/.test(token.text) ? token.text : this.unexpected(expected, token);
  }

  /** Text in quotes; pieces that follow each other are one. */
  quoted(): Uint8Array {
    const first = this.take('text in quotes');
    if (!first.bytes) return this.unexpected('text in quotes', first);
    if (!this.next?.bytes) return first.bytes;
    const pieces = [first.bytes];
    while (this.next?.bytes) {
      pieces.push(this.next.bytes);
      this.#next = undefined;
    }
    return Buffer.concat(pieces);
  }

  integer(): bigint {
    const sign = this.takes('-') ? -1n : 1n;
    const token = this.take('an integer');
    const [, minus, octal, rest = ''] =
      /^([-+]?)(0(?=\d))?(0x[\da-f]+|\d+)$/i.exec(token.text) ?? [];
    if (minus === undefined) return this.unexpected('an integer', token);
    return sign * (minus === '-' ? -1n : 1n) * BigInt(octal ? `0o${rest}` : rest);
  }

  number(): number {
    const sign = this.takes('-') ? -1 : 1;
    const token = this.take('a number');
    const text = token.text.toLowerCase();
    if (/^inf(inity)?f?$/.test(text)) return sign * Number.POSITIVE_INFINITY;
    if (/^nanf?$/.test(text)) return Number.NaN;
    const value = Number(text.replace(/f$/, ''));
    return Number.isNaN(value) ? this.unexpected('a number', token) : sign * value;
  }

  flag(): boolean {
    const token = this.take('true or false');
    if (/^(true|True|t|1)$/.test(token.text)) return true;
    return /^(false|False|f|0)$/.test(token.text) ? false : this.unexpected('true or false', token);
  }

  fail(what: string, at = this.next?.at ?? this.#text.length): never {
    const before = this.#text.slice(0, at).split('\n');
    const inside = this.place.length > 0 ? `, in ${this.place.join('.')}` : '';
    throw new EngineError(
      'DATA_LOSS',
      `'${this.#file}': line ${before.length}, column ${before.at(-1)!.length + 1}${inside}: ` +
        `${what}; the file is damaged or is no SavedModel in protobuf's text format`,
    );
  }

  #read(): Token | undefined {
    space.lastIndex = this.#at;
    space.exec(this.#text);
    const at = space.lastIndex;
    if (at >= this.#text.length) return undefined;
    const sign = this.#text[at]!;
    if (sign === '"' || sign === "'") return { at, text: sign, bytes: this.#quoted(at, sign) };
    plain.lastIndex = at;
    const [text] = plain.exec(this.#text) ?? this.fail(`'${sign}' begins nothing`, at);
    this.#at = plain.lastIndex;
    return { at, text };
  }

  /** The bytes up to the closing quote. */
  #quoted(start: number, quote: string): Uint8Array {
    const text = this.#text;
    const pieces: Buffer[] = [];
    const escaped: number[] = [];
    let at = start + 1;
    for (;;) {
      const end = endOfPlain(text, at, quote);
      if (end > at) {
        pieces.push(Buffer.from(escaped.splice(0)), Buffer.from(text.slice(at, end), 'latin1'));
      }
      at = end;
      if (text[at] === quote) break;
      if (text[at] !== '\\') return this.fail('a text has no end', start);
      at = this.#escape(at + 1, escaped);
    }
    this.#at = at + 1;
    return Buffer.concat([...pieces, Buffer.from(escaped)]);
  }

  /** Appends what is behind a backslash, and gives where it ends. */
  #escape(at: number, bytes: number[]): number {
    const text = this.#text;
    const letter = text[at] ?? '';
    const octal = /[0-7]{1,3}/y;
    const code = /x([\da-fA-F]{1,2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})/y;
    octal.lastIndex = code.lastIndex = at;
    const digits = octal.exec(text)?.[0];
    if (digits !== undefined) {
      bytes.push(Number.parseInt(digits, 8) & 0xff);
      return octal.lastIndex;
    }
    const [, byte, ...points] = code.exec(text) ?? [];
    if (byte !== undefined) bytes.push(Number.parseInt(byte, 16));
    const point = Number.parseInt(points.find((each) => each !== undefined) ?? '', 16);
    if (point <= 0x10ffff) bytes.push(...Buffer.from(String.fromCodePoint(point)));
    if (code.lastIndex > at) return code.lastIndex;
    const known = Object.hasOwn(escapes, letter) ? escapes[letter] : undefined;
    if (known === undefined && !['\\', "'", '"', '?'].includes(letter)) {
      this.fail(`'\\${letter}' is no escape`, at - 1);
    }
    bytes.push(known ?? letter.charCodeAt(0));
    return at + 1;
  }
}

function endOfPlain(text: string, at: number, quote: string): number {
  const code = quote.charCodeAt(0);
  for (let i = at; i < text.length; i++) {
    const found = text.charCodeAt(i);
    if (found === code || found === 0x5c || found === 0x0a) return i;
  }
  return text.length;
}
