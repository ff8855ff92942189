import { PbfWriter } from 'pbf';

import { dataTypeCode } from '../graphdef/dataTypes.js';
import { writeInt64 } from '../graphdef/write.js';
import { runAtOnce, type Sliced } from '../sliced.js';
import { type Field, large, messages } from './textSchema.js';
import { Tokens } from './textTokens.js';

/** Messages inside each other; deeper files are taken for attacks. */
const kDeepest = 100;

/** A SavedModel in protobuf's text format, in the binary one: what is not read is left out. */
export function* binaryOf(text: Uint8Array, file: string): Sliced<Uint8Array> {
  const tokens = new Tokens(Buffer.from(text).toString('latin1'), file);
  return yield* new Translator(tokens).message('SavedModel', undefined);
}

class Translator {
  readonly #tokens: Tokens;

  constructor(tokens: Tokens) {
    this.#tokens = tokens;
  }

  /** The fields up to the sign that ends the message, or up to the end of the file. */
  *message(kind: string, end: string | undefined): Sliced<Uint8Array> {
    const tokens = this.#tokens;
    const fields = messages[kind] ?? {};
    const pbf = new PbfWriter();
    if (tokens.place.length > kDeepest) {
      tokens.fail(`messages lie in each other deeper than ${kDeepest}`);
    }
    while (end === undefined ? tokens.next : !tokens.takes(end)) {
      const name = this.#name(end);
      tokens.place.push(name);
      yield* this.#field(Object.hasOwn(fields, name) ? fields[name] : undefined, pbf);
      tokens.place.pop();
      if (!tokens.takes(',')) tokens.takes(';');
      if (large.has(kind)) yield;
    }
    return pbf.finish();
  }

  /** The name of a field, or of a type in brackets. */
  #name(end: string | undefined): string {
    const tokens = this.#tokens;
    if (!tokens.takes('[')) return tokens.word(end ? `a field or '${end}'` : 'a field');
    let name = '';
    while (!tokens.takes(']')) name += tokens.take("']'").text;
    return `[${name}]`;
  }

  /** One value, or a list of them. */
  *#field(field: Field | undefined, pbf: PbfWriter): Sliced<void> {
    const tokens = this.#tokens;
    const hasColon = tokens.takes(':');
    if (!tokens.takes('[')) {
      yield* this.#value(field, hasColon, pbf);
      return;
    }
    while (!tokens.takes(']')) {
      yield* this.#value(field, true, pbf);
      if (!tokens.takes(',') && tokens.next?.text !== ']') tokens.unexpected("',' or ']'");
    }
  }

  *#value(field: Field | undefined, hasColon: boolean, pbf: PbfWriter): Sliced<void> {
    const tokens = this.#tokens;
    const [number = 0, kind = ''] = field ?? [];
    const isMessage = kind.startsWith('.');
    if (tokens.next?.text === '{' || tokens.next?.text === '<') {
      if (field && !isMessage) tokens.unexpected('a value');
      const end = tokens.take('a message').text === '{' ? '}' : '>';
      const work = this.message(kind.slice(1), end);
      const bytes = large.has(kind.slice(1)) ? yield* work : runAtOnce(work);
      if (field) pbf.writeBytesField(number, bytes);
      return;
    }
    if (isMessage) tokens.unexpected("'{'");
    if (!hasColon) tokens.unexpected("':'");
    if (field) this.#scalar(number, kind, pbf);
    else this.#skip();
  }

  #scalar(number: number, kind: string, pbf: PbfWriter): void {
    const tokens = this.#tokens;
    if (kind === 'bytes') pbf.writeBytesField(number, tokens.quoted());
    else if (kind === 'int') writeInt64(number, tokens.integer(), pbf);
    else if (kind === 'bool') pbf.writeBooleanField(number, tokens.flag());
    else if (kind === 'float') pbf.writeFloatField(number, tokens.number());
    else if (kind === 'double') pbf.writeDoubleField(number, tokens.number());
    else {
      const isNumber = /^\d/.test(tokens.next?.text ?? '');
      const code = isNumber ? Number(tokens.integer()) : dataTypeCode(tokens.word('a dtype'));
      pbf.writeVarintField(number, code);
    }
  }

  /** A value that is not read. */
  #skip(): void {
    const tokens = this.#tokens;
    if (tokens.next?.bytes) tokens.quoted();
    else if (/^[-+.\d]/.test(tokens.next?.text ?? '')) tokens.number();
    else tokens.word('a value');
  }
}
